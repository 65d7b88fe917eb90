"""The only place for the time limits and targets of a complaint review, and how each is computed.

When a recommendation is to be answered is its own to say (`recommendation_rules`).
"""

from datetime import date

from workflows.calendar import in_words, last_day_to_apply
from workflows.complaint_review_validity_guards import made_on
from workflows.definition import Deadline, Due, OfficeRules, Standing

STARTS = {"received": "log", "acknowledged": "acknowledge"}


def _apply_by(standing: Standing, _: OfficeRules) -> Due | None:
    provided_on = standing.values.get("outcome_provided_on")
    if provided_on is None:
        how = "Not known until the day the outcome was provided is recorded."
        return Due("apply_by", "Application in time", None, None, how)
    how = (
        f"28 days starting with the day after the outcome was provided on "
        f"{in_words(provided_on)}; weekends and holidays count (reg 29(2))."
    )
    first_by = standing.values.get("first_received_by")
    if first_by == "iopc":
        how += " It was first received by the IOPC, and that day decides (reg 29(3))."
    elif first_by is not None:
        how += " It was first received elsewhere; the day it reached this office decides."
    last_day = last_day_to_apply(provided_on)
    return Due("apply_by", "Application in time", last_day, made_on(standing), how)


def _acknowledge_by(standing: Standing, office: OfficeRules) -> Due | None:
    received_on = standing.first_day("log")
    if received_on is None:
        return None
    days = office.acknowledge_target
    return Due(
        "acknowledge_by",
        "Acknowledge",
        office.calendar.add_working_days(received_on, days),
        standing.first_day("acknowledge"),
        f"{days} working days after it was received on {in_words(received_on)} (office target).",
    )


def _decide_by(standing: Standing, office: OfficeRules) -> Due | None:
    started_on = _started_on(standing, office.clock_start)
    days, start = office.decide_target, office.clock_start
    if started_on is None:
        how = f"{days} working days after the application is {start} (office target)."
        return None if standing.closure else Due("decide_by", "Decide", None, None, how)
    return Due(
        "decide_by",
        "Decide",
        office.calendar.add_working_days(started_on, days),
        _ended_on(standing),
        f"{days} working days after it was {start} on {in_words(started_on)} (office target; "
        "the law says as soon as practicable, reg 29(9)).",
    )


def _started_on(standing: Standing, clock_start: str) -> date | None:
    """The day the clock started; a case found valid again after reopening starts it anew."""
    if clock_start != "validated":
        return standing.first_day(STARTS[clock_start])
    found_valid = standing.last("find_valid")
    return found_valid.effective_on if found_valid else None


def _ended_on(standing: Standing) -> date | None:
    return standing.closure.effective_on if standing.closure else None


DEADLINES = (
    Deadline("apply_by", _apply_by),
    Deadline("acknowledge_by", _acknowledge_by),
    Deadline("decide_by", _decide_by),
)
