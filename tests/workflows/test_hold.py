"""Holds: anybody of the staff places one and says when it is looked at, who is in charge lifts it."""

from datetime import date, timedelta
from typing import Any

import pytest

from workflows.attempt import Attempt, StepRefused
from workflows.definition import Actor, Entry, OfficeRules, Workflow
from workflows.engine import take_step
from workflows.hold import HOLD, review_due
from workflows.pre_action import PRE_ACTION
from workflows.replay import standing_of

PLACED = date(2026, 5, 1)
LATER = PLACED + timedelta(days=60)
PLACE = Entry(1, "place_hold", PLACED, {"kind": "inquiry", "review_on": LATER}, "u")


def why_not(step: str, role: str, log: tuple[Entry, ...] = (), **facts: Any) -> str:
    attempt = Attempt(step, PLACED, facts, Actor("u", frozenset({role})))
    try:
        take_step(HOLD, log, attempt, OfficeRules(), LATER)
    except StepRefused as refused:
        return refused.sentence
    return ""


@pytest.mark.parametrize("role", ["reviewer", "supervisor", "chief_executive"])
def test_staff_place_a_hold_and_say_until_when(role: str) -> None:
    assert why_not("place_hold", role, kind="inquiry", review_on=LATER) == ""
    assert "Enter day to look" in why_not("place_hold", role, kind="inquiry")
    earlier = why_not("place_hold", role, kind="inquiry", review_on=PLACED)
    assert earlier == "Enter a day after this one on which the hold is looked at."
    other = why_not("place_hold", role, kind="other", review_on=LATER)
    assert other == "Enter why the case is held, as it is for another reason."
    assert why_not("place_hold", role, kind="other", review_on=LATER, why="A request.") == ""
    assert "needs the role" in why_not("place_hold", "contractor", kind="inquiry", review_on=LATER)


def test_who_is_in_charge_lifts_it_and_says_why() -> None:
    assert "needs the role" in why_not("lift_hold", "reviewer", (PLACE,), why_lifted="Over.")
    assert "no longer needed" in why_not("lift_hold", "supervisor", (PLACE,))
    assert why_not("lift_hold", "supervisor", (PLACE,), why_lifted="Over.") == ""


LETTER = Entry(1, "receive_pre_action", PLACED, {"from": "solicitor"}, "u")
HOLDS = [
    (HOLD, PLACE, {"review_on": LATER + timedelta(days=1)}),
    (PRE_ACTION, LETTER, {"from": "other"}),
]


@pytest.mark.parametrize(("kind", "began", "corrected"), HOLDS)
def test_a_hold_is_not_ended_by_saying_that_it_never_began(
    kind: Workflow, began: Entry, corrected: dict[str, Any]
) -> None:
    for step, given in (("annul", {}), ("correct", corrected)):
        facts = {**given, "reason": "It was mistyped."}
        reviewer, supervisor = (
            Attempt(step, None, facts, Actor("u", frozenset({role})), began.seq)
            for role in ("reviewer", "supervisor")
        )
        with pytest.raises(StepRefused, match="needs the role of supervisor or chief executive"):
            take_step(kind, (began,), reviewer, OfficeRules(), LATER)
        assert take_step(kind, (began,), supervisor, OfficeRules(), LATER).role == "supervisor"


def test_it_is_to_be_looked_at_until_it_is_lifted() -> None:
    again = Entry(2, "review_hold", LATER, {"review_on": LATER + timedelta(days=90)}, "u")
    lifted = Entry(3, "lift_hold", LATER, {}, "u")
    days = [
        review_due(standing_of(HOLD, log))
        for log in ((PLACE,), (PLACE, again), (PLACE, again, lifted))
    ]
    assert days == [LATER, LATER + timedelta(days=90), None]
