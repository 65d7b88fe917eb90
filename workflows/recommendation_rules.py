"""The only place for what may refuse a step of a recommendation, and when a response is due.

What the decision itself may recommend, and who may decide, is the complaint review's to say:
its guards are asked as if the decision had made the recommendation.
"""

from dataclasses import replace
from datetime import date

from workflows import complaint_review_guards as review
from workflows.calendar import in_words, response_due_on
from workflows.complaint_review_choices import DUTIES, RECOMMENDATIONS
from workflows.complaint_review_powers import POWERS
from workflows.definition import Choice, Entry, Guard, Refusal, Situation, Standing
from workflows.recommendation_arising import CARRY_OVER

DUTY = DUTIES[0].code
"""To notify the Director of Public Prosecutions: a duty that the force need not respond to."""


def is_duty(standing: Standing) -> bool:
    """Whether it is the duty that is recorded among the recommendations."""
    return standing.values.get("recommendations") == DUTY


def respond_by(standing: Standing) -> date | None:
    """The last day for the force's response, as extended; None where none is owed."""
    if is_duty(standing) or not standing.entries:
        return None
    extended: date | None = standing.values.get("response_due")
    return extended or response_due_on(standing.entries[0].effective_on)


def due(standing: Standing) -> date | None:
    """What an open recommendation waits for next: the response, then the day to look again."""
    if standing.state == "made":
        return respond_by(standing)
    follow_up_on: date | None = standing.values.get("follow_up_on")
    return follow_up_on


def open_kinds(case: Standing) -> tuple[Choice, ...]:
    """What may be recommended under the decision that stands, each with the paragraph cited."""
    route = case.values.get("route")
    is_upheld = case.closure is not None and case.closure.step == "uphold"
    cited = {
        power.code: power.paragraph(route)
        for power in POWERS
        if route and (is_upheld or not power.needs_upholding)
    }
    return tuple(
        replace(choice, hint=f"paragraph {cited[choice.code]}")
        for choice in RECOMMENDATIONS
        if cited.get(choice.code)
    )


def _decision(situation: Situation) -> Entry | None:
    """The decision that stands on the case, None when none does or the case is not looked at."""
    closure = situation.case.closure if situation.case else None
    return closure if closure and closure.step in review.DECISIONS else None


def _as_decided(situation: Situation, decision: Entry) -> Situation:
    """The same, as if the decision itself had made the recommendation."""
    kind = situation.entry.facts.get("recommendations")
    made = {"recommendations": (kind,)} if kind else {}
    entry = replace(situation.entry, step=decision.step, facts=made)
    return replace(situation, before=situation.case or situation.before, entry=entry)


def _decision_stands(situation: Situation) -> Refusal | None:
    decision, case = _decision(situation), situation.case
    if case is None:
        return None
    if decision is None:
        return Refusal(
            "Recommendations are made once a review is decided. Decide it first, or propose them "
            "in the review."
        )
    if case.values.get("route") is None:
        return Refusal(
            "What may be recommended depends on how the force handled the complaint, which is not "
            "recorded. Correct the review or the validity entry to say so first."
        )
    if not open_kinds(case):
        return Refusal(
            "Recommendations can only be made when upholding. Learning can be fed back on any "
            "review."
        )
    return None


def _may_decide(situation: Situation) -> Refusal | None:
    decision = _decision(situation)
    return review.MAY_DECIDE.check(_as_decided(situation, decision)) if decision else None


def _after_the_decision(situation: Situation) -> Refusal | None:
    decision = _decision(situation)
    if decision is None or situation.entry.effective_on >= decision.effective_on:
        return None
    return Refusal(
        f"The review was decided on {in_words(decision.effective_on)}, so a recommendation cannot "
        "have been sent before. Check the day.",
        "effective_on",
    )


def _within_the_routes_powers(situation: Situation) -> Refusal | None:
    decision = _decision(situation)
    if decision is None or situation.entry.effective_on < decision.effective_on:
        return None  # of a decision that was set aside: judged when it was made
    trial = _as_decided(situation, decision)
    for guard in (review.ROUTE_IS_KNOWN, review.WITHIN_THE_ROUTES_POWERS):
        refusal = guard.check(trial)
        if refusal is not None:
            return replace(refusal, fact="kind")
    return None


def _response_is_owed(situation: Situation) -> Refusal | None:
    if is_duty(situation.before):
        return Refusal(
            "This is a duty to notify the Director of Public Prosecutions. It needs no response "
            "from the force: record when the Director was notified."
        )
    return None


def _later_than_before(situation: Situation) -> Refusal | None:
    due_on, asked = respond_by(situation.before), situation.entry.facts.get("response_due")
    if due_on is None or asked is None or asked > due_on:
        return None
    return Refusal(
        f"The response is due on {in_words(due_on)} already. Enter a later day.", "respond_by"
    )


def _answered_first(situation: Situation) -> Refusal | None:
    if situation.before.state != "made" or is_duty(situation.before):
        return None
    return Refusal("The force has not responded yet. Record its response first.")


def _copied_what_there_is(situation: Situation) -> Refusal | None:
    copied = situation.entry.facts.get("copied", ())
    if "response" in copied and situation.before.last("respond", CARRY_OVER) is None:
        return Refusal("There is no response to copy yet. Record it first.", "copied")
    return None


DECISION_STANDS = Guard(
    "decision_stands", "A decision stands on the case.", _decision_stands, about="who"
)
MAY_RECOMMEND = Guard(
    "may_recommend", "Whoever may decide the review may recommend.", _may_decide, about="who"
)
AFTER_THE_DECISION = Guard(
    "after_the_decision", "Sent with or after the decision.", _after_the_decision, "judgement"
)
WITHIN_POWERS = Guard(
    "within_powers",
    "Only what the route allows is recommended, and only when upholding (paras 6A(6), 25(4E); "
    "notifying the Director is a duty of its own, para 25(4F)).",
    _within_the_routes_powers,
)
RESPONSE_IS_OWED = Guard(
    "response_is_owed", "The force owes a response (reg 30(4)).", _response_is_owed
)
LATER_THAN_BEFORE = Guard(
    "later_than_before", "An extension gives more time (reg 30(6)).", _later_than_before
)
ANSWERED_FIRST = Guard(
    "answered_first", "Carried out after it was answered; a duty needs no answer.", _answered_first
)
COPIED_WHAT_THERE_IS = Guard(
    "copied_what_there_is", "A response is copied once it is there.", _copied_what_there_is
)
