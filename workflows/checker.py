"""The only place that proves a workflow's definition sound before any case is begun under it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import get_args

from workflows.definition import (
    STAYS,
    WHERE_IT_WAS,
    Fact,
    FactKind,
    Guard,
    Step,
    Workflow,
)
from workflows.history import AMENDMENTS
from workflows.moves import changes_of
from workflows.roles import PUBLIC, ROLES, SYSTEM

KINDS = get_args(FactKind)
KEPT_FOR_THE_LOG = {
    *("workflow", "workflow_version", "workflow_hash", "estimated", "effective_on"),
    *("item", "item_state", "item_ver"),
}
ABOUTS = ("history", "judgement", "case", "who", "left")


def check(workflow: Workflow) -> tuple[str, ...]:
    """What is wrong with a definition, a sentence each; empty when it is sound."""
    return tuple(
        chain(
            _states(workflow),
            _ways(workflow),
            _step_names(workflow),
            chain.from_iterable(_step(workflow, step) for step in workflow.steps),
            _guards_of_one_name(workflow),
            _codes(workflow),
            _milestones(workflow),
            _letters_and_deadlines(workflow),
        )
    )


def check_together(workflows: Iterable[Workflow]) -> tuple[str, ...]:
    """What is wrong between definitions that share one log; empty when nothing is."""
    workflows = tuple(workflows)
    events = _twice(step.event for workflow in workflows for step in workflow.steps)
    names = _twice(workflow.name for workflow in workflows)
    return (
        *(f"Two workflows are called “{name}”. Give each its own name." for name in names),
        *(
            f"Steps of two workflows make the event “{event}”. Give each its own."
            for event in events
        ),
    )


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


def _states(workflow: Workflow) -> Iterator[str]:
    states = (workflow.initial, *workflow.states)
    for name in _twice(state.name for state in states):
        yield f"Two states are called “{name}”. Give each its own name."
    for state in states:
        if not state.name.strip() or state.name in (STAYS, WHERE_IT_WAS):
            yield f"A state cannot be called “{state.name}”. Give it a name."
        if not state.label.strip():
            yield f"State “{state.name}” has no label. Say in words what it is called."


def _ways(workflow: Workflow) -> Iterator[str]:
    """States that no case can come to, and open states that no case can get out of."""
    # A return leads only to where a case has been already, so it opens no way of its own.
    pairs = {(way.source, way.dest) for way in changes_of(workflow) if not way.is_return}
    reached = _closure_under(pairs, {workflow.initial.name})
    closed = {state.name for state in workflow.states if state.is_closed}
    ending = _closure_under({(dest, source) for source, dest in pairs}, closed)
    for state in (workflow.initial, *workflow.states):
        if state.name not in reached:
            yield (
                f"State “{state.name}” cannot be reached from “{workflow.initial.name}”. "
                "Add a step that leads to it, or take it away."
            )
        if state.name not in ending:
            yield (
                f"State “{state.name}” is a dead end: no closed state can be reached from it. "
                "Add a step out of it, or mark it as closed."
            )


def _closure_under(pairs: set[tuple[str, str]], found: set[str]) -> set[str]:
    while more := {dest for source, dest in pairs if source in found} - found:
        found = found | more
    return found


def _step_names(workflow: Workflow) -> Iterator[str]:
    for name in _twice(step.name for step in workflow.steps):
        yield f"Two steps are called “{name}”. Give each its own name."
    for event in _twice(step.event for step in workflow.steps):
        yield f"Two steps make the event “{event}”. Give each its own event."
    for step in workflow.steps:
        if step.name in AMENDMENTS:
            yield f"Step “{step.name}” has a name kept for amendments. Choose another."
        for words in ("name", "label", "event", "done"):
            if not getattr(step, words).strip():
                yield f"Step “{step.name}” has no {words}. Give it one."


def _step(workflow: Workflow, step: Step) -> Iterator[str]:
    yield from _moves(workflow, step)
    yield from _roles(step)
    yield from _guards(step)
    for name in _twice(fact.name for fact in step.facts):
        yield f"Step “{step.name}” asks for the fact “{name}” twice. Ask once."
    for code in _twice(fact.code for fact in step.facts):
        yield f"Step “{step.name}” has two facts kept under “{code}”. Give each its own code."
    for fact in step.facts:
        yield from (f"Fact “{fact.name}” of “{step.name}” {fault}" for fault in _fact(fact))


def _moves(workflow: Workflow, step: Step) -> Iterator[str]:
    known = workflow.states_by_name
    if not step.moves:
        yield f"Step “{step.name}” has no moves, so nobody can ever take it. Give it one."
    for source in _twice(source for source, _ in step.moves):
        yield f"Two steps called “{step.name}” lead from “{source}”. Keep one of them."
    for source, dest in step.moves:
        ends = () if dest in (STAYS, WHERE_IT_WAS) else step.said_states(dest) or (dest,)
        for state in (source, *ends):
            if state not in known:
                yield f"Step “{step.name}” names the unknown state “{state}”. Add it or mend it."
        if dest == WHERE_IT_WAS and source in known and not known[source].is_closed:
            yield (
                f"Step “{step.name}” leads back from “{source}”, which is not a closed state. "
                "Name the state it leads to."
            )


def _roles(step: Step) -> Iterator[str]:
    if not step.roles and not step.is_implied:
        yield f"Step “{step.name}” has no role, so nobody may take it. Name one."
    if step.roles and step.is_implied:
        yield f"Step “{step.name}” is implied, so nobody takes it. Take its roles away."
    for role in (*step.roles, *step.amended_by):
        if role not in (*ROLES, PUBLIC, SYSTEM):
            yield f"Step “{step.name}” names the unknown role “{role}”. Use {', '.join(ROLES)}."


def _guards(step: Step) -> Iterator[str]:
    for guard in step.guards:
        fault = _guard_fault(guard)
        if fault:
            yield f"Step “{step.name}” has {fault}"
    for name in _twice(guard.name for guard in _known_guards(step)):
        yield f"Step “{step.name}” asks the guard “{name}” twice. Ask once."


def _known_guards(step: Step) -> list[Guard]:
    given: tuple[object, ...] = step.guards
    return [guard for guard in given if isinstance(guard, Guard)]


def _guard_fault(guard: object) -> str | None:
    """What is wrong with one guard; a definition is written by hand, so it may be anything."""
    if not isinstance(guard, Guard):
        return f"an unknown guard {guard!r}. Make it a Guard."
    if not guard.name.strip():
        return "a guard without a name. Name it as the fact it reads."
    if not guard.says.strip():
        return f"the guard “{guard.name}”, which does not say its rule. Put it in words."
    if guard.about not in ABOUTS:
        return (
            f"the guard “{guard.name}” about the unknown “{guard.about}”. Use {', '.join(ABOUTS)}."
        )
    return None


def _guards_of_one_name(workflow: Workflow) -> Iterator[str]:
    guards = {guard for step in workflow.steps for guard in _known_guards(step)}
    for name in sorted(_twice(guard.name for guard in guards)):
        yield f"Two different guards are called “{name}”. Give each its own name."


def _fact(fact: Fact) -> Iterator[str]:
    takes_choices = fact.kind in ("choice", "choices")
    if not fact.name.strip():
        yield "has no name. Give it one."
    if not fact.label.strip():
        yield "has no label. Say in words what is asked."
    if fact.kind not in KINDS:
        yield f"has the unknown kind “{fact.kind}”. Use {', '.join(KINDS)}."
    if takes_choices and not fact.choices:
        yield "has no choices. List them, or name the list the office keeps."
    if fact.choices and not takes_choices:
        yield f"is a {fact.kind} and takes no choices. Take them away."
    if fact.is_personal and fact.is_counted:
        yield "is words and cannot be counted: they stay outside the log. Make it a choice."
    if not isinstance(fact.choices, str):
        for code in _twice(choice.code for choice in fact.choices):
            yield f"offers the choice “{code}” twice. Offer it once."


def _codes(workflow: Workflow) -> Iterator[str]:
    """One key of the log means one thing, whichever step wrote it."""
    for code in sorted({f.code for step in workflow.steps for f in step.facts} & KEPT_FOR_THE_LOG):
        yield f"No fact may be kept under “{code}”: the log itself uses it. Choose another code."
    kinds: dict[str, set[str]] = {}
    for step in workflow.steps:
        for fact in step.facts:
            kinds.setdefault(fact.code, set()).add(fact.kind)
    for code, used in kinds.items():
        if len(used) > 1:
            yield (
                f"The facts kept under “{code}” are of different kinds: "
                f"{', '.join(sorted(used))}. Give each kind its own code."
            )


def _milestones(workflow: Workflow) -> Iterator[str]:
    """What a step ends must be something a step begins or a fact supplies."""
    supplied = {f.code for step in workflow.steps for f in step.facts}
    counted = {f.code for step in workflow.steps for f in step.facts if f.is_counted}
    begun = {mark.kind for step in workflow.steps for mark in step.begins}
    for kind in sorted(counted & begun):
        yield f"The milestone “{kind}” is both a mark and a counted fact. Keep one of them."
    for step in workflow.steps:
        if any(not mark.kind.strip() for mark in step.begins):
            yield f"Step “{step.name}” begins a milestone without a kind. Name the kind."
        for kind in step.ends:
            if kind not in supplied | begun:
                yield (
                    f"Step “{step.name}” ends the milestone “{kind}”, which no step begins and "
                    "no fact supplies. Mend the name, or take it away."
                )


def _letters_and_deadlines(workflow: Workflow) -> Iterator[str]:
    for name in _twice(letter.name for letter in workflow.letters):
        yield f"Two letters are called “{name}”. Give each its own name."
    for name in _twice(deadline.name for deadline in workflow.deadlines):
        yield f"Two deadlines are called “{name}”. Give each its own name."
    for letter in workflow.letters:
        for step in (*letter.after, *filter(None, [letter.records])):
            if step not in workflow.steps_by_name:
                yield (
                    f"Letter “{letter.name}” names the unknown step “{step}”. "
                    "Mend the name, or take it away."
                )
