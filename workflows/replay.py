"""The only place that runs entries through a state machine; the only user of `transitions`.

One Machine per definition, shared; each replay fires it with a throw-away holder, which
costs microseconds where a Machine per case costs hundreds.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache, partial
from typing import Any

from transitions import Machine, MachineError

from workflows.attempt import Attempt, StepRefused
from workflows.calendar import in_words
from workflows.definition import (
    AS_SAID,
    STAYS,
    WHERE_IT_WAS,
    Entry,
    OfficeRules,
    Refusal,
    Situation,
    Standing,
    Step,
    Workflow,
)
from workflows.history import standing_entries

logging.getLogger("transitions").setLevel(logging.WARNING)


class _Holder:
    """A throw-away model for one move: `transitions` reads and writes its `state`."""

    def __init__(self, state: str) -> None:
        self.state = state


def _came_from(state: str, came_from: str | None, _: Mapping[str, Any]) -> bool:
    return state == came_from


def _is_said(code: str, state: str, _: str | None, facts: Mapping[str, Any]) -> bool:
    return facts.get(code) == state


@lru_cache(maxsize=32)
def machine_of(workflow: Workflow) -> Machine:
    """The one Machine of a definition, made on first use and shared by every case."""
    machine = Machine(
        model=None,
        states=[state.name for state in (workflow.initial, *workflow.states)],
        initial=workflow.initial.name,
        auto_transitions=False,
        send_event=False,
    )
    for step in workflow.steps:
        for source, dest in step.moves:
            _add_move(machine, workflow, step.name, source, dest)
    return machine


def _add_move(machine: Machine, workflow: Workflow, step: str, source: str, dest: str) -> None:
    if dest == WHERE_IT_WAS:
        for state in (state.name for state in workflow.states if not state.is_closed):
            machine.add_transition(step, source, state, conditions=partial(_came_from, state))
    elif dest.startswith(AS_SAID):
        for state in workflow.steps_by_name[step].said_states(dest):
            is_said = partial(_is_said, dest.removeprefix(AS_SAID), state)
            machine.add_transition(step, source, state, conditions=is_said)
    else:
        machine.add_transition(step, source, None if dest == STAYS else dest)


def apply_entry(workflow: Workflow, before: Standing, entry: Entry) -> Standing:
    """The standing after one entry; StepRefused when the case's state does not allow it."""
    event = machine_of(workflow).events.get(entry.step)
    if event is None:
        raise StepRefused.because(f"There is no step called {entry.step!r}.")
    holder = _Holder(before.state)
    try:
        event.trigger(holder, before.came_from, entry.facts)
    except MachineError:
        raise StepRefused.because(_not_from_here(workflow, before, entry)) from None
    was_closed = workflow.states_by_name[before.state].is_closed
    is_closed = workflow.states_by_name[holder.state].is_closed
    if was_closed and not is_closed and before.closure and entry.target != before.closure.seq:
        raise StepRefused.because(_names_another_closure(workflow, before.closure, entry))
    closes = is_closed and not was_closed
    return Standing(
        state=holder.state,
        entries=(*before.entries, entry),
        values={**before.values, **entry.facts} if entry.facts else before.values,
        closure=entry if closes else before.closure if is_closed else None,
        came_from=before.state if closes else before.came_from if is_closed else None,
    )


def replay(
    workflow: Workflow,
    entries: Sequence[Entry],
    office: OfficeRules,
    case: Standing | None = None,
) -> Standing:
    """The standing after all entries, in the order given, with `history` guards checked.

    For an item, `case` is how the case stands that it is kept on.

    Raises StepRefused about the first entry that could not have happened where it stands.
    """
    standing = Standing(state=workflow.initial.name)
    for entry in entries:
        standing = apply_next(workflow, standing, entry, office, case)
    return standing


def apply_next(
    workflow: Workflow,
    before: Standing,
    entry: Entry,
    office: OfficeRules,
    case: Standing | None = None,
) -> Standing:
    """The standing after one entry, with its `history` guards checked; StepRefused as `replay`."""
    after = apply_entry(workflow, before, entry)
    step = workflow.steps_by_name[entry.step]
    check_guards(step, Situation(before, entry, office, case=case), ("history",))
    return after


def standing_of(workflow: Workflow, log: Sequence[Entry], on: date | None = None) -> Standing:
    """How a case stands by its log, now or at the end of the day `on`.

    Trusts the log: moves are replayed, guards are not asked again.
    """
    standing = Standing(state=workflow.initial.name)
    for entry in standing_entries(log):
        if on is None or entry.effective_on <= on:
            standing = apply_entry(workflow, standing, entry)
    return standing


def refusal_of(step: Step, situation: Situation, about: tuple[str, ...]) -> Refusal | None:
    """The first refusal by a guard of these kinds, None when all of them hold."""
    checked = (guard.check(situation) for guard in step.guards if guard.about in about)
    return next((refusal for refusal in checked if refusal is not None), None)


def check_guards(step: Step, situation: Situation, about: tuple[str, ...]) -> None:
    """Raise StepRefused with the first refusal by a guard of these kinds."""
    refusal = refusal_of(step, situation, about)
    if refusal is not None:
        raise StepRefused(refusal)


def check_left(
    step: Step, left: Standing, entry: Entry, office: OfficeRules, attempt: Attempt
) -> None:
    """Raise StepRefused where a person may not leave it so: by this step, or by amending one."""
    case, kept = attempt.case, attempt.kept
    check_guards(
        step, Situation(left, entry, office, attempt.actor, case=case, kept=kept), ("left",)
    )


def _not_from_here(workflow: Workflow, before: Standing, entry: Entry) -> str:
    step = workflow.steps_by_name[entry.step]
    if not before.entries:
        begins = [s for s in workflow.steps if s.leads_from(before.state) and not s.is_implied]
        first = " or ".join(f"“{s.label}”" for s in begins)
        return (
            f"“{step.label}” is not possible on {in_words(entry.effective_on)}, because nothing "
            f"of the {workflow.noun} stands by then: it begins with {first}. Enter a later day."
        )
    state = workflow.states_by_name[before.state].label.lower()
    sources = [workflow.states_by_name[source].label.lower() for source, _ in step.moves]
    allowed = " or ".join(dict.fromkeys(sources))
    return (
        f"“{step.label}” is not possible on {in_words(entry.effective_on)}, because the "
        f"{workflow.noun} is then “{state}”. It can be done while a {workflow.noun} is {allowed}."
    )


def _names_another_closure(workflow: Workflow, closure: Entry, entry: Entry) -> str:
    step, closing = workflow.steps_by_name[entry.step], workflow.steps_by_name[closure.step]
    return (
        f"“{step.label}” on {in_words(entry.effective_on)} names entry {entry.target}, but the "
        f"case was closed by entry {closure.seq} (“{closing.done}”, "
        f"{in_words(closure.effective_on)}). Name that entry."
    )
