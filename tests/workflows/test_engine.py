"""Which steps may be taken from which state, by whom and where they lead: the published table."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.lives import (
    CHIEF,
    CHIEF_DECIDES,
    OFFICES,
    SECOND,
    SECOND_PERSON,
    SOLE,
    TODAY,
    WAYS,
    WRITER,
    Life,
    day,
)
from tests.workflows.oracle import LEGAL, OPEN, STEPS
from workflows.attempt import Attempt, StepRefused
from workflows.complaint_review import COMPLAINT_REVIEW
from workflows.definition import Actor, OfficeRules
from workflows.engine import OpenStep, steps_open_to, take_step
from workflows.roles import ROLES

DECISIONS = {"return_review", "uphold", "not_uphold", "reopen"}
MAY_TAKE = {
    "reviewer": set(STEPS),
    "supervisor": set(STEPS),
    "chief_executive": {*DECISIONS, "decide_time"},
    "casework_administrator": {
        *("log", "complete_application", "acknowledge", "request_file", "chase_file"),
        *("receive_file", "wait", "resume", "assign", "notify"),
    },
    "contractor": {"write_review"},
    "auditor": set(),
    "panel": set(),
    "administrator": set(),
}


def life_in(state: str, office: OfficeRules) -> Life:
    """A case in this state; an open one is waiting, so that there is something to stop."""
    life = Life(*WAYS[state], office=office)
    if state in OPEN:
        life.take("wait", day(5))
    return life


def is_late(life: Life) -> Life:
    """The same case, found late and for this office to decide about."""
    if life.standing().state in OPEN:
        life.take("find_outcome_day", day(6), outcome_provided_on=day(-40))
        life.take("find_review_body", day(6))
    return life


def open_to(life: Life, actor: Actor) -> tuple[OpenStep, ...]:
    return steps_open_to(COMPLAINT_REVIEW, life.standing(), actor, life.office, TODAY)


def is_accepted(life: Life, step: str, actor: Actor) -> bool:
    refusal = life.refusal(step, by=actor)
    assert refusal is None or refusal.sentence.endswith(".")
    return refusal is None


def test_the_published_steps_are_those_defined() -> None:
    assert [step.name for step in COMPLAINT_REVIEW.steps] == STEPS


@pytest.mark.parametrize("state", WAYS)
def test_each_step_from_each_state_in_each_role(state: str) -> None:
    in_time = life_in(state, SOLE)
    late = is_late(life_in(state, SOLE))
    for step, role in product(STEPS, ROLES):
        actor = Actor("u_9", frozenset({role}))
        leads_to = LEGAL.get((state, step)) if step in MAY_TAKE[role] else None
        life = late if step == "decide_time" else in_time
        assert is_accepted(life, step, actor) == (leads_to is not None), (step, role)
        if leads_to and leads_to != "where it was":
            assert life.attempt(step, by=actor).after.state == leads_to


@pytest.mark.parametrize("state", WAYS)
@pytest.mark.parametrize("office", OFFICES, ids=lambda office: office.sign_off)
def test_what_is_offered_is_what_is_accepted(state: str, office: OfficeRules) -> None:
    life = life_in(state, office)
    people = [WRITER, SECOND, CHIEF, Actor("u_1", frozenset({"reviewer", "supervisor"}))]
    people += [Actor("u_9", frozenset({role})) for role in ROLES]
    for actor in people:
        offered = [
            open_step.step.name for open_step in open_to(life, actor) if not open_step.barred
        ]
        assert offered == [step for step in STEPS if is_accepted(life, step, actor)]


def test_stopping_to_wait_is_explained_while_nobody_is_waited_for() -> None:
    life = Life("log")
    barred = {step.step.name: step.barred for step in open_to(life, WRITER)}
    assert barred["resume"] == "The case is not waiting for anybody. Start waiting first."
    life.take("wait", day(2))
    assert {step.barred for step in open_to(is_late(life), SECOND)} == {None}


def test_waiting_ends_once_and_with_the_case() -> None:
    life = Life("log", "wait", "resume")
    assert life.refusal("resume") is not None
    life = Life("log", "wait", "withdraw", "reopen")
    assert life.refusal("resume") is not None


def test_a_step_entered_late_is_judged_by_its_own_day() -> None:
    life = Life("log", "find_valid", "write_review", "not_uphold")
    assert life.refusal("acknowledge", day(2)) is None
    assert life.refusal("acknowledge", day(4)) is not None
    assert life.refusal("notify", day(2)) is not None
    too_early = life.refusal("find_invalid", day(1))
    assert too_early is not None
    assert "before entries that then could not have happened" in too_early.sentence
    assert too_early.fact == "effective_on"


def test_a_reopening_names_the_closure_that_stands() -> None:
    life = Life("log", "withdraw", "reopen", "withdraw")
    wrong = life.refusal("reopen", target=1)
    assert wrong is not None
    assert "the case was closed by entry 3" in wrong.sentence
    assert life.attempt("reopen", target=3).target == 3
    assert life.attempt("reopen").target == 3


@pytest.mark.parametrize("where", OPEN)
def test_a_withdrawal_taken_back_leads_to_where_the_case_was(where: str) -> None:
    life = Life(*WAYS[where], "withdraw")
    assert life.take("reopen", reason="withdrawal_retracted").after.state == where


@pytest.mark.parametrize("step", ["fly", "", "Log", "trigger", "to_valid", "__init__"])
def test_an_unknown_step_is_refused_with_those_known(step: str) -> None:
    with pytest.raises(StepRefused, match=r"log.*reopen.*correct.*annul"):
        Life("log").attempt(step)


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (TODAY + timedelta(days=1), "is in the future"),
        (day(-1), "nothing of the case stands by then"),
        (date(1999, 12, 31), "Check the year"),
    ],
)
def test_a_day_on_which_it_cannot_have_happened_is_refused(on: date, said: str) -> None:
    with pytest.raises(StepRefused, match=said):
        Life("log").attempt("acknowledge", on)


def test_a_missing_day_is_asked_for() -> None:
    attempt = Attempt("acknowledge", None, {}, WRITER)
    with pytest.raises(StepRefused, match=r"^Enter the day it happened\.$") as refused:
        take_step(COMPLAINT_REVIEW, Life("log").log, attempt, SOLE, TODAY)
    assert refused.value.refusals[0].fact == "effective_on"


# Who decides is the office's setting


@pytest.mark.parametrize("step", ["uphold", "not_uphold", "return_review"])
def test_the_sign_off_setting_names_who_decides(step: str) -> None:
    life = Life("log", "find_valid", "write_review")
    both = Actor(WRITER.token, frozenset({"reviewer", "supervisor", "chief_executive"}))
    colleague = Actor("u_8", frozenset({"reviewer"}))
    may_decide = (
        (SOLE, {WRITER, both, colleague, SECOND, CHIEF}),
        (SECOND_PERSON, {SECOND, CHIEF}),
        (CHIEF_DECIDES, {both, CHIEF}),
    )
    for office, deciders in may_decide:
        life.office = office
        for actor in (WRITER, both, colleague, SECOND, CHIEF):
            assert is_accepted(life, step, actor) == (actor in deciders), (office.sign_off, actor)


@given(roles=st.sets(st.sampled_from(ROLES)))
def test_whoever_wrote_the_review_never_decides_it_in_any_roles(roles: set[str]) -> None:
    life = Life("log", "find_valid", "write_review")
    for step in ("uphold", "not_uphold"):
        assert not is_accepted(life, step, Actor(WRITER.token, frozenset(roles)))


def test_a_decision_set_aside_is_made_again_by_somebody_else() -> None:
    life = Life("log", "find_valid", "write_review")
    life.take("uphold", day(5), SECOND)
    life.take("reopen", day(6), SECOND, reason="quashed")
    life.take("write_review", day(7))
    with pytest.raises(StepRefused, match="somebody else must decide again"):
        life.attempt("not_uphold", day(8), SECOND)
    assert life.take("not_uphold", day(8), CHIEF).after.state == "not_upheld"
