"""Each fault a definition can have is found and named; the real definitions have none."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows import WORKFLOWS
from workflows import complaint_review_facts as facts
from workflows.checker import check
from workflows.complaint_review import COMPLAINT_REVIEW as SOUND
from workflows.complaint_review_guards import IS_WAITING, MAY_DECIDE
from workflows.definition import (
    STAYS,
    WHERE_IT_WAS,
    Choice,
    Fact,
    Guard,
    Letter,
    Mark,
    State,
    Step,
    Workflow,
)


def with_state(state: State) -> Workflow:
    return replace(SOUND, states=(*SOUND.states, state))


def with_step(name: str, /, **changes: Any) -> Workflow:
    """The sound definition with one step's fields replaced."""
    return replace(
        SOUND,
        steps=tuple(
            replace(step, **changes) if step.name == name else step for step in SOUND.steps
        ),
    )


def with_fact(fact: Fact) -> Workflow:
    return with_step("acknowledge", facts=(fact,))


def with_guard(*guards: Any) -> Workflow:
    return with_step("resume", guards=guards)


def the(name: str) -> Step:
    return SOUND.steps_by_name[name]


A_CHOICE = (Choice("a", "A"),)
FAULTS: dict[str, tuple[Workflow, tuple[str, ...]]] = {
    "unreachable state": (
        with_state(State("lost", "Lost", is_closed=True)),
        ("lost", "cannot be reached"),
    ),
    "dead end": (
        replace(
            with_state(State("stuck", "Stuck")),
            steps=(
                *SOUND.steps,
                replace(
                    the("chase_file"), name="stick", event="stuck", moves=(("received", "stuck"),)
                ),
            ),
        ),
        ("stuck", "dead end"),
    ),
    "state without a label": (
        replace(SOUND, states=(replace(SOUND.states[0], label=" "), *SOUND.states[1:])),
        ("received", "no label"),
    ),
    "two states of one name": (
        with_state(SOUND.states[0]),
        ("Two states", "received"),
    ),
    "unknown role": (with_step("assign", roles=("sheriff",)), ("assign", "role", "sheriff")),
    "no role": (with_step("assign", roles=()), ("assign", "no role")),
    "no move": (with_step("assign", moves=()), ("assign", "no moves")),
    "unknown source": (
        with_step("assign", moves=(("dreaming", STAYS),)),
        ("assign", "unknown state", "dreaming"),
    ),
    "unknown destination": (
        with_step("withdraw", moves=(("received", "limbo"), ("valid", "withdrawn"))),
        ("withdraw", "unknown state", "limbo"),
    ),
    "back from an open state": (
        with_step("return_review", moves=(("reviewed", WHERE_IT_WAS),)),
        ("return_review", "reviewed", "not a closed state"),
    ),
    "two steps of one name": (
        replace(SOUND, steps=(*SOUND.steps, replace(the("wait"), event="waited_again"))),
        ("Two steps", "wait"),
    ),
    "one source twice": (
        with_step("find_valid", moves=(("received", "valid"), ("received", "reviewed"))),
        ("Two steps", "find_valid", "from “received”"),
    ),
    "two steps of one event": (
        with_step("chase_file", event="acknowledged"),
        ("event", "acknowledged"),
    ),
    "a step named as an amendment": (with_step("wait", name="annul"), ("annul", "amendments")),
    "a step without a label": (with_step("wait", label=""), ("wait", "no label")),
    "a guard that is none": (with_guard("is_waiting"), ("resume", "unknown guard", "is_waiting")),
    "a guard without a name": (
        with_guard(replace(IS_WAITING, name="")),
        ("resume", "guard without a name"),
    ),
    "a guard without words": (with_guard(replace(IS_WAITING, says="")), ("resume", "is_waiting")),
    "a guard asked twice": (
        with_guard(IS_WAITING, IS_WAITING),
        ("resume", "guard “is_waiting” twice"),
    ),
    "a guard about nothing known": (
        with_guard(replace(IS_WAITING, about=cast("Any", "weather"))),
        ("resume", "is_waiting", "weather"),
    ),
    "two guards of one name": (
        with_guard(Guard("may_decide", "Anybody may.", IS_WAITING.check)),
        ("Two different guards", MAY_DECIDE.name),
    ),
    "a fact of unknown kind": (
        with_fact(Fact("colour", cast("Any", "shade"), "Colour")),
        ("colour", "unknown kind", "shade"),
    ),
    "a fact without a label": (with_fact(replace(facts.NOTE, label="")), ("note", "no label")),
    "a choice without choices": (with_fact(Fact("pick", "choice", "Pick")), ("pick", "choices")),
    "a day with choices": (
        with_fact(Fact("on", "day", "On", choices=A_CHOICE)),
        ("on", "no choices"),
    ),
    "a choice offered twice": (
        with_fact(Fact("pick", "choices", "Pick", choices=A_CHOICE * 2)),
        ("pick", "“a” twice"),
    ),
    "words that are counted": (
        with_fact(replace(facts.NOTE, is_counted=True)),
        ("note", "cannot be counted"),
    ),
    "a fact asked twice": (
        with_step("acknowledge", facts=(facts.NOTE, facts.NOTE)),
        ("acknowledge", "note", "twice"),
    ),
    "two facts under one code": (
        with_step("acknowledge", facts=(facts.ROUTE, replace(facts.EXTENT, stat="route"))),
        ("acknowledge", "two facts", "route"),
    ),
    "one code of two kinds": (
        with_fact(Fact("route", "day", "Route")),
        ("route", "choice, day"),
    ),
    "an end of what never begins": (
        with_step("resume", ends=("sleeping",)),
        ("resume", "sleeping", "no step begins"),
    ),
    "a mark without a kind": (
        with_step("acknowledge", begins=(Mark(""),)),
        ("acknowledge", "milestone without a kind"),
    ),
    "a mark that is also a fact": (
        with_step("acknowledge", begins=(Mark("route"),)),
        ("route", "both"),
    ),
    "a letter after an unknown step": (
        replace(SOUND, letters=(Letter("thanks", "Thanks", ("complainant",), ("party",)),)),
        ("thanks", "unknown step", "party"),
    ),
    "two letters of one name": (
        replace(SOUND, letters=SOUND.letters * 2),
        ("Two letters", "chaser"),
    ),
    "two deadlines of one name": (
        replace(SOUND, deadlines=SOUND.deadlines * 2),
        ("Two deadlines", "decide_by"),
    ),
}


@pytest.mark.parametrize("workflow", WORKFLOWS.values(), ids=WORKFLOWS)
def test_what_an_office_runs_is_sound(workflow: Workflow) -> None:
    assert check(workflow) == ()


@pytest.mark.parametrize(("workflow", "words"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named(workflow: Workflow, words: tuple[str, ...]) -> None:
    faults = check(workflow)
    assert any(all(word in fault for word in words) for fault in faults), faults
    assert all(fault.endswith(".") for fault in faults)


@given(index=st.integers(0, len(SOUND.states) - 1), blank=st.sampled_from(["", " ", "\t\n"]))
def test_no_state_can_lose_its_label(index: int, blank: str) -> None:
    states = list(SOUND.states)
    states[index] = replace(states[index], label=blank)
    faults = check(replace(SOUND, states=tuple(states)))
    assert [SOUND.states[index].name in fault for fault in faults] == [True]


MUTATIONS: dict[str, Callable[[Step], Step]] = {
    "role": lambda step: replace(step, roles=(*step.roles, "nobody")),
    "label": lambda step: replace(step, label=""),
    "move": lambda step: replace(step, moves=(*step.moves, step.moves[0])),
    "state": lambda step: replace(step, moves=(*step.moves, ("nowhere", STAYS))),
    "ends": lambda step: replace(step, ends=(*step.ends, "nothing")),
    "guard": lambda step: replace(step, guards=(*step.guards, cast("Any", None))),
    "fact": lambda step: replace(step, facts=(*step.facts, facts.ROUTE, facts.ROUTE)),
}


@given(name=st.sampled_from([*SOUND.steps_by_name]), mutation=st.sampled_from([*MUTATIONS]))
def test_no_step_can_be_broken_unnoticed(name: str, mutation: str) -> None:
    broken = MUTATIONS[mutation](the(name))
    steps = tuple(broken if step.name == name else step for step in SOUND.steps)
    faults = check(replace(SOUND, steps=steps))
    assert any(f"“{name}”" in fault for fault in faults), faults


@given(
    name=st.sampled_from(
        [
            "log",
            "find_valid",
            "write_review",
            "uphold",
            "not_uphold",
            "find_invalid",
            "forward",
            "withdraw",
        ]
    )
)
def test_no_step_on_the_way_can_be_taken_out(name: str) -> None:
    steps = tuple(step for step in SOUND.steps if step.name != name)
    assert any("cannot be reached" in fault for fault in check(replace(SOUND, steps=steps)))
