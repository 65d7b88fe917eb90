"""How a case stands after any life, corrections and annulments in it, agrees with the oracle."""

import copy
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.workflows.lives import LEAST, SOLE, TODAY, Life, day
from tests.workflows.oracle import Impossible, case_on, happened
from workflows.attempt import Attempt
from workflows.complaint_review import COMPLAINT_REVIEW
from workflows.definition import Actor, Standing
from workflows.engine import steps_open_to, take_step
from workflows.history import standing_entries
from workflows.roles import ROLES

ANYONE = Actor("u_5", frozenset(ROLES))
LONGEST = 40
STAYING = ["acknowledge", "request_file", "chase_file", "receive_file", "assign"]
ONWARD = {"find_valid", "write_review", "uphold", "not_uphold", "reopen"}
ROUTES = ["otherwise", "investigation", None]

days = st.integers(0, LONGEST).map(day)


def try_to(life: Life, step: str, *known: Any, **rest: Any) -> None:
    if life.refusal(step, *known, **rest) is None:
        life.take(step, *known, **rest)


def amend(draw: st.DrawFn, life: Life) -> None:
    """Correct a day or a route, or annul, any entry at all: amendments too."""
    target = draw(st.integers(0, len(life.log) - 1))
    kind = draw(st.sampled_from(["day", "route", "annul"]))
    if kind == "annul":
        try_to(life, "annul", by=ANYONE, target=target)
    elif kind == "day":
        moved = {"effective_on": draw(days).isoformat()}
        try_to(life, "correct", by=ANYONE, target=target, given=moved)
    else:
        coded = {"route": draw(st.sampled_from(ROUTES))}
        try_to(life, "correct", by=ANYONE, target=target, given=coded)


@st.composite
def lives(draw: st.DrawFn, longest: int = 9) -> Life:
    """A case with a random past: mostly onwards, now and then late, corrected or annulled."""
    life = Life(office=SOLE)
    life.take("log", draw(st.integers(0, 4).map(day)), ANYONE)
    for _ in range(draw(st.integers(0, longest))):
        if draw(st.integers(0, 3)) == 0:
            amend(draw, life)
            continue
        offered = steps_open_to(COMPLAINT_REVIEW, life.standing(), ANYONE, SOLE, TODAY)
        open_steps = [one.step for one in offered if not one.barred]
        onward = [step for step in open_steps if step.name in ONWARD]
        is_onward = draw(st.booleans())
        step = draw(st.sampled_from(onward if onward and is_onward else open_steps))
        happened_on = [entry.effective_on for entry in life.standing().entries]
        onwards = max(happened_on, default=day(0)) + timedelta(days=draw(st.integers(0, 3)))
        on = draw(st.just(onwards) | days)
        known = {"route": draw(st.sampled_from(ROUTES))} if "route" in step.facts_by_code else {}
        try_to(life, step.name, on, ANYONE, given=known)
    return life


def plainly(standing: Standing) -> tuple[Any, ...]:
    closed_by = standing.closure.seq if standing.closure else None
    return standing.state, closed_by, standing.came_from, dict(standing.values)


def is_possible(life: Life) -> bool:
    try:
        case_on(life.log)
    except Impossible:
        return False
    return True


@given(life=lives())
def test_every_day_stands_as_the_definition_says(life: Life) -> None:
    for on in [None, day(-1), *{entry.effective_on for entry in standing_entries(life.log)}]:
        case = case_on(life.log, on)
        assert plainly(life.standing(on)) == (case.state, case.closed_by, case.was, case.values)


@given(life=lives())
def test_what_happened_is_in_the_order_of_days_then_of_the_log(life: Life) -> None:
    found = [
        (entry.effective_on, entry.seq, entry.step, dict(entry.facts), entry.target)
        for entry in standing_entries(life.log)
    ]
    assert found == happened(life.log)


@given(life=lives(), seed=st.integers(0, 30))
def test_an_annulment_is_refused_just_when_the_history_left_is_impossible(
    life: Life, seed: int
) -> None:
    target = life.log[seed % len(life.log)].seq
    refusal = life.refusal("annul", by=ANYONE, target=target)
    assume(refusal is None or "already annulled" not in refusal.sentence)
    annulled = Life(office=SOLE)
    annulled.log = [*life.log, replace(life.log[0], seq=len(life.log), step="annul", target=target)]
    assert (refusal is None) == is_possible(annulled)


@given(life=lives(), seed=st.integers(0, 30), on=days)
def test_a_corrected_day_is_refused_just_when_the_history_left_is_impossible(
    life: Life, seed: int, on: Any
) -> None:
    standing = standing_entries(life.log)
    assume(standing)
    target = standing[seed % len(standing)]
    assume(on != target.effective_on)
    refusal = life.refusal("correct", by=ANYONE, target=target.seq, given={"effective_on": on})
    moved = Life(office=SOLE)
    correction = replace(
        target, seq=len(life.log), step="correct", target=target.seq, facts={"effective_on": on}
    )
    moved.log = [*life.log, correction]
    assert (refusal is None) == is_possible(moved)


@given(life=lives(), seed=st.integers(0, 30))
def test_annulling_an_annulment_restores_what_it_took_away(life: Life, seed: int) -> None:
    before, target = standing_entries(life.log), seed % len(life.log)
    assume(life.refusal("annul", by=ANYONE, target=target) is None)
    life.take("annul", by=ANYONE, target=target)
    assert standing_entries(life.log) != before or life.log[target].step == "correct"
    life.take("annul", by=ANYONE, target=life.log[-1].seq)
    assert standing_entries(life.log) == before


@given(life=lives(), seed=st.integers(0, 30), on=days)
def test_annulling_a_correction_restores_what_it_changed(life: Life, seed: int, on: Any) -> None:
    before, target = standing_entries(life.log), seed % len(life.log)
    known: dict[str, Any] = {"target": target, "given": {"effective_on": on}}
    assume(life.refusal("correct", by=ANYONE, **known) is None)
    life.take("correct", by=ANYONE, **known)
    assert standing_entries(life.log) != before
    life.take("annul", by=ANYONE, target=life.log[-1].seq)
    assert standing_entries(life.log) == before


@given(
    steps=st.lists(
        st.tuples(st.sampled_from(STAYING), days),
        min_size=2,
        max_size=6,
        unique_by=lambda one: one[1],
    ),
    shuffle=st.randoms(use_true_random=False),
)
def test_steps_that_change_no_state_may_be_entered_in_any_order(steps: Any, shuffle: Any) -> None:
    in_order, late = Life("log", office=SOLE), Life("log", office=SOLE)
    for step, on in sorted(steps, key=lambda one: one[1]):
        in_order.take(step, on)
    shuffle.shuffle(steps)
    for step, on in steps:
        late.take(step, on)
    for life in (in_order, late):
        life.log = [replace(entry, seq=0) for entry in standing_entries(life.log)]
    assert late.log == in_order.log


@given(life=lives(), step=st.sampled_from([*COMPLAINT_REVIEW.steps_by_name]), on=days)
def test_trying_a_step_changes_nothing_it_was_given(life: Life, step: str, on: Any) -> None:
    facts = {**LEAST.get(step, {}), "note": "  A note  "}
    kept = copy.deepcopy((life.log, facts))
    life.refusal(step, on, ANYONE, given=facts)
    assert (life.log, facts) == kept


@given(life=lives())
def test_the_move_says_how_the_case_stands_once_it_is_in_the_log(life: Life) -> None:
    attempt = Attempt("chase_file", TODAY, {}, ANYONE)
    assume(life.standing().closure is None and life.standing().entries)
    move = take_step(COMPLAINT_REVIEW, life.log, attempt, SOLE, TODAY)
    life.take("chase_file", TODAY, ANYONE)
    assert plainly(move.after) == plainly(life.standing())
    assert (move.action, move.role, move.effective_on) == ("file_chased", "reviewer", TODAY)
