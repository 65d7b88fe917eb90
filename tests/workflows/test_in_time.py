"""Whether an application is in time, against a count of days one by one (reg 29(2) and (3))."""

from datetime import date, timedelta

import pytest

from tests.workflows.lives import SOLE
from workflows.complaint_review_deadlines import DEADLINES
from workflows.complaint_review_validity_guards import is_late, made_on
from workflows.definition import Entry, Standing

DAY = timedelta(days=1)
APPLY_BY = next(deadline for deadline in DEADLINES if deadline.name == "apply_by")


def logged(provided_on: date, received_on: date, first: tuple[str, date] | None = None) -> Standing:
    """A case as it is when its application has been logged."""
    facts = {"outcome_provided_on": provided_on}
    if first:
        facts |= {"first_received_by": first[0], "first_received_on": first[1]}  # type: ignore[dict-item]
    entry = Entry(0, "log", received_on, facts, "u_0")
    return Standing("received", (entry,), facts)


def days_in_time(provided_on: date) -> set[date]:
    """The days on which an application may be made, walked through one by one.

    The day the outcome was provided, then twenty-eight days of which the next is the first.
    """
    days, day = {provided_on}, provided_on
    for _ in range(28):
        day += DAY
        days.add(day)
    return days


@pytest.mark.parametrize(
    ("provided_on", "received_on", "first", "in_time"),
    [
        # rule 1: all of 29 April; no day more for a holiday
        (date(2026, 4, 1), date(2026, 4, 29), None, True),
        (date(2026, 4, 1), date(2026, 4, 30), None, False),
        (date(2026, 11, 27), date(2026, 12, 25), None, True),
        (date(2026, 11, 27), date(2026, 12, 26), None, False),
        # rule 2: the IOPC's receipt decides, the force's does not
        (date(2026, 4, 1), date(2026, 5, 6), ("iopc", date(2026, 4, 25)), True),
        (date(2026, 4, 1), date(2026, 5, 6), ("force", date(2026, 4, 25)), False),
    ],
)
def test_the_published_examples(
    provided_on: date, received_on: date, first: tuple[str, date] | None, in_time: bool
) -> None:
    assert is_late(logged(provided_on, received_on, first)) is not in_time


def firsts_before(provided_on: date, received_on: date) -> list[tuple[str, date] | None]:
    """Every body that may have had it first, or none, on the days about the edge."""
    days = [provided_on + days * DAY for days in (28, 29)]
    bodies = ("iopc", "force", "other")
    return [None, *((body, day) for body in bodies for day in days if day <= received_on)]


def test_ten_years_of_outcomes_and_every_misdirection() -> None:
    """Each day of ten years, received here and first received elsewhere about the edge."""
    provided_on, tried = date(2020, 2, 1), 0
    while provided_on < date(2030, 2, 1):
        in_time = days_in_time(provided_on)
        for after in (28, 29, 40):
            received_on = provided_on + after * DAY
            for first in firsts_before(provided_on, received_on):
                tried += 1
                case = logged(provided_on, received_on, first)
                counts = first[1] if first and first[0] == "iopc" else received_on
                assert made_on(case) == counts
                assert is_late(case) is (counts not in in_time), (provided_on, received_on, first)
        due = APPLY_BY.work_out(case, SOLE)
        assert due is not None
        assert (due.due_on, due.met_on) == (max(in_time), counts)
        provided_on += DAY
    assert tried == 3653 * 18
