"""The only place that keeps people with a declared conflict out of every change to a case.

Whoever calls, a page or a command, comes through here before the engine is asked. What such a
person may read is `permissions.visible_to`.
"""

from collections.abc import Iterator

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from casework.models import Item
from casework.models.base import table_of
from workflows import WORKFLOWS
from workflows.attempt import Attempt, StepRefused
from workflows.conflict import CONFLICT, DECLARED
from workflows.definition import Workflow

_ITEMS = table_of(Item).c
# Statements are built once: building one costs several times what running it does.
_WITH_CONFLICT = select(_ITEMS.person).where(
    _ITEMS.case_token == bindparam("given"),
    _ITEMS.workflow == CONFLICT.name,
    _ITEMS.state == DECLARED,
)


def with_conflict(session: Session, case: str) -> frozenset[str]:
    """The tokens of the people who have a declared conflict with the case of this token."""
    found = session.execute(_WITH_CONFLICT, {"given": case}).scalars()
    return frozenset(person for person in found if person is not None)


def refuse_conflicted(session: Session, case: str, workflow: Workflow, attempt: Attempt) -> None:
    """Raise StepRefused when who acts, or whom the step names, has a conflict with the case.

    An import tells what happened, whoever did it.
    """
    barred = frozenset() if attempt.is_import else with_conflict(session, case)
    if attempt.actor.token in barred:
        raise StepRefused.because(
            "You have a declared conflict with this case, so you can do nothing on it. Ask "
            "somebody else, or have the conflict ended."
        )
    for name in _people_named(workflow, attempt) if barred else ():
        if attempt.facts.get(name) in barred:
            raise StepRefused.because(_named(workflow), name)


def _people_named(workflow: Workflow, attempt: Attempt) -> Iterator[str]:
    """The facts that give people a part in the case, of the step or of all that may be corrected.

    What is kept on a case may name anybody: who once saw a paper saw it.
    """
    if workflow is not CONFLICT and workflow.name not in WORKFLOWS:
        return
    step = workflow.steps_by_name.get(attempt.step)
    for each in (step,) if step else workflow.steps:
        for fact in each.facts:
            if fact.choices == "people":
                yield fact.name if step else fact.code


def _named(workflow: Workflow) -> str:
    if workflow is CONFLICT:
        return "This person’s conflict is declared already."
    return "This person has a declared conflict with the case. Choose somebody else."
