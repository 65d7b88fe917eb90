"""The only place for the rules that may refuse a review, its decision or its reopening.

Those about the application itself are in `complaint_review_validity_guards`.
"""

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
