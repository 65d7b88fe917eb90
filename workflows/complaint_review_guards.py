"""The only place for the rules that may refuse a step of a complaint review."""

from datetime import date

from workflows.calendar import in_words, last_day_to_apply
from workflows.complaint_review_powers import POWERS, beyond
from workflows.definition import Actor, Guard, Refusal, Situation, Standing

DECISIONS = ("uphold", "not_uphold")
SET_ASIDE = frozenset({"quashed", "conceded", "own_error"})
"""The reasons for reopening after which somebody else must decide."""
BOUND = frozenset(power.code for power in POWERS if not power.needs_upholding)
"""Duties that do not depend on upholding."""
DECIDING = "decide"
"""The power of the register of delegations that lets somebody decide reviews."""
CHIEF_DECIDES = Refusal(
    "The Chief Executive decides in this office, or whoever holds a delegation of deciding on "
    "that day. Ask them to decide."
)


def made_on(standing: Standing) -> date | None:
    """The day the application was made: with the IOPC if that was first (reg 29(3)), else here.

    The days between the force's receipt and ours are not left out.
    """
    received_on = standing.first_day("log")
    first_on: date | None = standing.values.get("first_received_on")
    if standing.values.get("first_received_by") == "iopc" and first_on is not None:
        return first_on if received_on is None else min(first_on, received_on)
    return received_on


def _days_late(situation: Situation) -> tuple[date, date] | None:
    """The day made and the last day (reg 29(2)) of a late application; None if in time or unknown."""
    provided_on, made = situation.value("outcome_provided_on"), made_on(situation.before)
    if provided_on is None or made is None:
        return None
    last_day = last_day_to_apply(provided_on)
    return (made, last_day) if made > last_day else None


def _first_days_come_first(situation: Situation) -> Refusal | None:
    received_on = situation.entry.effective_on
    for code, said in (
        ("complaint_made_on", "complaint was made"),
        ("letter_dated_on", "outcome letter is dated"),
        ("outcome_provided_on", "outcome was provided"),
        ("first_received_on", "application was first received elsewhere"),
    ):
        day = situation.entry.facts.get(code)
        if day is not None and day > received_on:
            return Refusal(
                f"The {said} on {in_words(day)}, after the application reached this office on "
                f"{in_words(received_on)}. Check both days.",
                code,
            )
    return None


def _provided_before_received(situation: Situation) -> Refusal | None:
    day = situation.entry.facts.get("outcome_provided_on")
    received_on = situation.before.first_day("log")
    if day is not None and received_on is not None and day > received_on:
        return Refusal(
            f"The outcome was provided on {in_words(day)}, after the application reached this "
            f"office on {in_words(received_on)}. Check both days.",
            "outcome_provided_on",
        )
    return None


def _office_is_review_body(situation: Situation) -> Refusal | None:
    if situation.value("review_body") == "iopc":
        return Refusal(
            "The IOPC is the relevant review body, so this office cannot find the application "
            "valid. Forward it to the IOPC, or change the finding on the review body.",
            "review_body",
        )
    return None


def _is_in_time_or_extended(situation: Situation) -> Refusal | None:
    late = _days_late(situation)
    if not situation.entry.facts.get("time_extended"):
        if late is None:
            return None
        made, last_day = late
        return Refusal(
            f"The application was made on {in_words(made)}; the last day was "
            f"{in_words(last_day)} (reg 29(2)). Decide whether special circumstances make it "
            "just to extend the time, or find the application invalid.",
            "time_extended",
        )
    if late is None:
        return Refusal(
            "The application is in time by the days given, so there is nothing to extend. "
            "Leave the extension unticked, or correct the day the outcome was provided.",
            "time_extended",
        )
    return _circumstances_decided(situation)


def _is_late_if_said_to_be(situation: Situation) -> Refusal | None:
    if situation.entry.facts.get("invalid_reason") != "out_of_time":
        return None
    if situation.value("outcome_provided_on") is None:
        return Refusal(
            "Nobody can say that it is out of time before the day the outcome was provided is "
            "known. Ask the force, and enter the day here.",
            "outcome_provided_on",
        )
    if _days_late(situation) is None:
        provided_on = situation.value("outcome_provided_on")
        return Refusal(
            "The application is in time: the last day was "
            f"{in_words(last_day_to_apply(provided_on))} (reg 29(2)). Choose another reason, or "
            "correct the day the outcome was provided.",
            "reason",
        )
    return _circumstances_decided(situation)


def _circumstances_decided(situation: Situation) -> Refusal | None:
    if situation.value("review_body") != "lpb":
        return Refusal(
            "Only the relevant review body may decide about extra time. Record the office’s "
            "finding on the review body first.",
            "review_body",
        )
    if not situation.texts.get("special_circumstances"):
        return Refusal(
            "A late application needs a reasoned decision on special circumstances "
            "(reg 29(4)). Enter what was considered and decided.",
            "special_circumstances",
        )
    return None


def _is_waiting(situation: Situation) -> Refusal | None:
    last = situation.before.last("wait", "resume", "reopen")
    if last is None or last.step != "wait":
        return Refusal("The case is not waiting for anybody. Start waiting first.")
    return None


def _whose_decision_was_set_aside(standing: Standing) -> set[str]:
    """The deciders of decisions that were quashed, conceded or the office's own error."""
    reopened_for = {
        entry.target for entry in standing.entries if entry.facts.get("reopen_reason") in SET_ASIDE
    }
    return {
        entry.actor
        for entry in standing.entries
        if entry.step in DECISIONS and entry.seq in reopened_for
    }


def _may_decide(situation: Situation) -> Refusal | None:
    actor, office = situation.actor, situation.office
    if actor is None or office.sign_off == "sole":
        return None
    is_chief = "chief_executive" in actor.roles
    stands_in = office.is_delegated(DECIDING, actor.token, situation.entry.effective_on)
    if office.sign_off == "chief_executive":
        if not is_chief and not stands_in:
            return CHIEF_DECIDES
        return _is_somebody_else(situation, actor, may_be_writer=is_chief)
    if refusal := _is_somebody_else(situation, actor):
        return refusal
    if stands_in or actor.roles & {"supervisor", "chief_executive"}:
        return None
    return Refusal("A supervisor or the Chief Executive decides. Ask one of them.")


def _is_somebody_else(
    situation: Situation, actor: Actor, *, may_be_writer: bool = False
) -> Refusal | None:
    """Refuses whoever wrote the review, and whoever made a decision that was set aside."""
    review = situation.before.last("write_review")
    if review is not None and review.actor == actor.token and not may_be_writer:
        return Refusal(
            "You wrote the review, so a second person must decide. Ask a supervisor or the "
            "Chief Executive."
        )
    if actor.token in _whose_decision_was_set_aside(situation.before):
        return Refusal(
            "You made the decision that was set aside, so somebody else must decide again. Ask "
            "another supervisor or the Chief Executive, or whoever deciding is delegated to."
        )
    return None


def _route_is_known(situation: Situation) -> Refusal | None:
    if situation.entry.facts.get("recommendations") and situation.value("route") is None:
        return Refusal(
            "What may be recommended depends on how the force handled the complaint, which is "
            "not recorded. Correct the review or the validity entry to say so first.",
            "recommendations",
        )
    return None


def _within_the_routes_powers(situation: Situation) -> Refusal | None:
    made = set(situation.entry.facts.get("recommendations", ()))
    if situation.entry.step == "not_uphold" and made - BOUND:
        return Refusal("Recommendations can only be made when upholding.", "recommendations")
    return _beyond_the_route(made, situation.value("route"), "recommendations")


def _proposals_within_powers(situation: Situation) -> Refusal | None:
    proposed = set(situation.entry.facts.get("proposed", ()))
    return _beyond_the_route(proposed, situation.value("route"), "proposed")


def _beyond_the_route(made: set[str], route: str | None, fact: str) -> Refusal | None:
    excess = sorted(beyond(made, route))
    if not excess:
        return None
    handled = "by investigation" if route == "investigation" else "otherwise"
    paragraph = "25(4E)" if route == "investigation" else "6A(6)"
    return Refusal(
        f"The force handled this complaint {handled}; paragraph {paragraph} does not allow "
        f"{', '.join(excess)}. Take that away, or correct how it was handled.",
        fact,
    )


def _responses_fit(situation: Situation) -> Refusal | None:
    made = situation.entry.facts.get("recommendations", ())
    if len(situation.entry.facts.get("responses", ())) > len(made):
        return Refusal("There are more responses than recommendations.", "responses")
    return None


def _reason_fits_closure(situation: Situation) -> Refusal | None:
    reason, closed_by = situation.entry.facts.get("reopen_reason"), situation.before.state
    if reason == "returned_by_iopc" and closed_by != "forwarded":
        return Refusal("Only a case that was forwarded can come back from the IOPC.", "reason")
    if reason == "withdrawal_retracted" and closed_by != "withdrawn":
        return Refusal("Only a withdrawn case can have its withdrawal taken back.", "reason")
    return None


FIRST_DAYS_COME_FIRST = Guard(
    "first_days_come_first",
    "What came before the application cannot be dated after it.",
    _first_days_come_first,
)
PROVIDED_BEFORE_RECEIVED = Guard(
    "provided_before_received",
    "The outcome was provided before the application arrived.",
    _provided_before_received,
)
OFFICE_IS_REVIEW_BODY = Guard(
    "office_is_review_body",
    "The Commissioner is the relevant review body (para 30, reg 32).",
    _office_is_review_body,
    about="judgement",
)
IS_IN_TIME_OR_EXTENDED = Guard(
    "is_in_time_or_extended",
    "Made within 28 days, or time extended for special circumstances (reg 29(2) and (4)).",
    _is_in_time_or_extended,
    about="judgement",
)
IS_LATE_IF_SAID_TO_BE = Guard(
    "is_late_if_said_to_be",
    "Out of time only when late, the review body is settled and time was refused (reg 29(4)).",
    _is_late_if_said_to_be,
    about="judgement",
)
IS_WAITING = Guard("is_waiting", "The case is waiting for somebody.", _is_waiting)
MAY_DECIDE = Guard(
    "may_decide",
    "Whoever the office’s sign-off setting names decides.",
    _may_decide,
    about="who",
)
ROUTE_IS_KNOWN = Guard(
    "route_is_known",
    "The route is recorded before anything is recommended.",
    _route_is_known,
    about="judgement",
)
WITHIN_THE_ROUTES_POWERS = Guard(
    "within_the_routes_powers",
    "Only what the route allows is recommended (paras 6A(6), 25(4E), 25(4F)).",
    _within_the_routes_powers,
)
PROPOSALS_WITHIN_POWERS = Guard(
    "proposals_within_powers",
    "Only what the route allows is proposed (paras 6A(6), 25(4E), 25(4F)).",
    _proposals_within_powers,
    about="judgement",
)
RESPONSES_FIT = Guard("responses_fit", "No more responses than recommendations.", _responses_fit)
REASON_FITS_CLOSURE = Guard(
    "reason_fits_closure",
    "Only the IOPC’s own case comes back, only a withdrawal is taken back.",
    _reason_fits_closure,
)
