"""Who may correct or annul an entry, and what may not be left behind."""

from typing import Any

import pytest

from tests.workflows.lives import CHIEF, CHIEF_DECIDES, SECOND, SOLE, WAYS, WRITER, Life, day
from workflows.complaint_review import COMPLAINT_REVIEW
from workflows.definition import Actor
from workflows.engine import steps_open_to

COLLEAGUE = Actor("u_7", frozenset({"reviewer"}))
PANEL = Actor("u_8", frozenset({"panel"}))
ADMINISTRATOR = Actor("u_9", frozenset({"administrator"}))


def decided() -> Life:
    """Received, found valid, reviewed by WRITER, upheld by SECOND; positions 0 to 3."""
    life = Life("log", "find_valid")
    life.take("write_review", day(2), WRITER)
    life.take("uphold", day(3), SECOND)
    return life


def said(life: Life, step: str, by: Actor, target: int | None, **given: Any) -> str:
    refusal = life.refusal(step, by=by, target=target, given=given)
    assert refusal is not None, f"{step} was accepted"
    assert refusal.sentence.endswith(".")
    return refusal.sentence


# Who


@pytest.mark.parametrize("step", ["annul", "correct"])
def test_only_who_may_decide_may_change_a_decision(step: str) -> None:
    life, given = decided(), {"observations": 2} if step == "correct" else {}
    both = Actor(WRITER.token, WRITER.roles | SECOND.roles)
    assert "A supervisor or the Chief Executive decides" in said(life, step, COLLEAGUE, 3, **given)
    assert "You wrote the review" in said(life, step, WRITER, 3, **given)
    assert "You wrote the review" in said(life, step, both, 3, **given)
    assert "needs the role of" in said(life, step, PANEL, 3, **given)
    for decider in (SECOND, CHIEF):
        assert life.refusal(step, by=decider, target=3, given=given) is None


def test_an_annulled_decision_is_not_restored_by_who_may_not_decide() -> None:
    life = decided()
    life.take("annul", by=SECOND, target=3)
    assert life.standing().state == "reviewed"
    assert "You wrote the review" in said(life, "annul", WRITER, 4)
    assert life.take("annul", by=CHIEF, target=4).after.state == "upheld"


def test_the_sign_off_setting_holds_for_changes_too() -> None:
    life = decided()
    life.office = CHIEF_DECIDES
    assert "The Chief Executive decides" in said(life, "annul", SECOND, 3)
    assert life.refusal("annul", by=CHIEF, target=3) is None
    life.office = SOLE
    assert life.refusal("annul", by=WRITER, target=3) is None


@pytest.mark.parametrize("actor", [PANEL, ADMINISTRATOR, CHIEF])
def test_caseworkers_entries_are_theirs_to_change(actor: Actor) -> None:
    life = Life("log", "acknowledge")
    assert "needs the role of reviewer or supervisor" in said(life, "annul", actor, 1)
    assert life.refusal("annul", by=COLLEAGUE, target=1) is None


# What is left


def test_a_history_that_could_not_have_happened_is_refused() -> None:
    life = decided()
    for target in (0, 1, 2):
        sentence = said(life, "annul", SECOND if target == 2 else WRITER, target)
        assert "could not have happened" in sentence
        assert "first" in sentence  # what to do
    moved = {"effective_on": day(9).isoformat()}
    assert "could not have happened" in said(life, "correct", WRITER, 1, **moved)
    assert life.refusal("correct", by=SECOND, target=3, given=moved) is None


def test_the_only_entry_annulled_leaves_a_case_entered_in_error() -> None:
    life = Life("log")
    assert life.take("annul", target=0).after.state == "annulled"
    offered = steps_open_to(COMPLAINT_REVIEW, life.standing(), WRITER, life.office, day(9))
    assert [one.step.name for one in offered] == ["log"]
    assert life.take("annul", target=1).after.state == "received"


@pytest.mark.parametrize("state", ["invalid", "forwarded", "withdrawn", "upheld", "not_upheld"])
def test_annulling_what_closed_a_case_opens_it_again(state: str) -> None:
    life = Life(*WAYS[state])
    after = life.take("annul", by=CHIEF if "upheld" in state else WRITER, target=len(life.log) - 1)
    assert (after.after.state, after.after.closure) == (
        Life(*WAYS[state][:-1]).standing().state,
        None,
    )


def test_a_reopening_holds_on_to_the_closure_it_names() -> None:
    life = decided()
    life.take("reopen", day(5), SECOND)
    sentence = said(life, "annul", SECOND, 3)
    assert "could not have happened" in sentence
    life.take("annul", by=SECOND, target=4)
    assert life.take("annul", by=SECOND, target=3).after.state == "reviewed"


# What a correction says


def test_a_corrected_day_and_value_stand_as_if_always_so() -> None:
    life = Life("log", "find_valid")
    given = {"route": "investigation", "effective_on": day(3).isoformat()}
    move = life.take("correct", target=1, given=given)
    assert (move.action, move.target, move.effective_on) == ("corrected", 1, None)
    assert move.facts == {"route": "investigation", "effective_on": day(3)}
    assert life.standing(day(2)).state == "received"
    assert life.standing(day(3)).values["route"] == "investigation"
    blank = life.take("correct", target=1, given={"route": ""})
    assert blank.facts == {"route": None}
    assert "route" not in life.standing().values


def test_words_are_corrected_beside_the_log() -> None:
    life = Life("log", "find_valid")
    move = life.take("correct", target=1, given={"reasons": "Better reasons."})
    assert move.facts == {}
    assert move.texts == {"reasons": "Better reasons.", "reason": "It was mistyped."}


@pytest.mark.parametrize(
    ("step", "target", "given", "expected"),
    [
        ("annul", 9, {}, "no entry 9"),
        ("annul", None, {}, "Name the entry to change"),
        ("annul", 1, {"route": "otherwise"}, "a reason and nothing else"),
        ("annul", 1, {"reason": ""}, "Enter the reason for the change"),
        ("annul", 1, {"reason": 7}, "must be words"),
        ("correct", 1, {}, "Nothing would change"),
        ("correct", 1, {"effective_on": day(1).isoformat()}, "Nothing would change"),
        ("correct", 1, {"colour": "red"}, "What can be corrected: effective_on, route"),
        ("correct", 1, {"route": "sideways"}, "must be one of: investigation, otherwise"),
        ("correct", 1, {"effective_on": "2027-01-01"}, "is in the future"),
        ("correct", 1, {"effective_on": "1999-01-01"}, "Check the year"),
        ("correct", 1, {"effective_on": ""}, "Enter the day it happened"),
        ("correct", 1, {"reasons": " "}, "Enter reasons"),
        ("correct", 2, {"waiting_for": None}, "Select who the office is waiting for"),
        ("correct", 3, {"reason": "Twice"}, "itself a correction or annulment"),
        ("annul", 4, {}, "already annulled"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(
    step: str, target: int | None, given: dict[str, Any], expected: str
) -> None:
    life = Life("log", "find_valid", "wait")
    life.take("correct", target=1, given={"categories": ["A1"]})
    life.take("acknowledge", day(4))
    life.take("annul", target=4)
    assert expected in said(life, step, WRITER, target, **given)
