"""The only place that lists the changes of state a definition allows, one by one."""

from dataclasses import dataclass

from workflows.definition import STAYS, WHERE_IT_WAS, Step, Workflow


@dataclass(frozen=True)
class Change:
    """One step taken from one state to another."""

    step: Step
    source: str
    dest: str
    is_return: bool = False


def changes_of(workflow: Workflow) -> tuple[Change, ...]:
    """Every move that changes the state, in definition order.

    A move to what is said stands once for each choice; one back to where the case was once for
    each state it may have been in, marked `is_return`. Names are as written: a definition not
    yet checked may name unknown states.
    """
    written = [
        (step, source, end)
        for step in workflow.steps
        for source, dest in step.moves
        if dest != STAYS
        for end in step.said_states(dest) or (dest,)
    ]
    changes: list[Change] = []
    for step, source, dest in written:
        if dest != WHERE_IT_WAS:
            changes.append(Change(step, source, dest))
            continue
        origins = dict.fromkeys(origin for _, origin, end in written if end == source)
        changes += [Change(step, source, origin, is_return=True) for origin in origins]
    return tuple(changes)
