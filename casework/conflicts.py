"""The only place that keeps out of every change to a case who may not have a part in it.

That is who has a declared conflict with it, and a contractor to whom the case was not given; of
a case that was erased, everybody. Whoever calls, a page or a command, comes through here before
the engine is asked. What such a person may read is `permissions.visible_to`.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from casework.models import Case, Item
from casework.models.base import table_of
from casework.permissions import may_see
from workflows import WORKFLOWS
from workflows.attempt import Attempt, StepRefused
from workflows.conflict import CONFLICT, DECLARED
from workflows.definition import Workflow
from workflows.instruction import INSTRUCTION
from workflows.roles import CONTRACTOR

_CASES, _ITEMS = table_of(Case), table_of(Item)
# Statements are built once: building one costs several times what running it does.
_BARRING = (
    select(_CASES.c.erased_on, _ITEMS.c.person)
    .outerjoin_from(
        _CASES,
        _ITEMS,
        and_(
            _ITEMS.c.case_token == _CASES.c.token,
            _ITEMS.c.workflow == CONFLICT.name,
            _ITEMS.c.state == DECLARED,
        ),
    )
    .where(_CASES.c.token == bindparam("given"))
)


def with_conflict(session: Session, case: str) -> frozenset[str]:
    """The tokens of the people who have a declared conflict with the case of this token."""
    return _conflicted(session.execute(_BARRING, {"given": case}))


def _conflicted(barring: Iterable[Any]) -> frozenset[str]:
    return frozenset(row.person for row in barring if row.person is not None)


def refuse_kept_out(session: Session, case: str, workflow: Workflow, attempt: Attempt) -> None:
    """Raise StepRefused when who acts, or whom the step names, may have no part in the case.

    An import tells what happened, whoever did it; but nothing is added to a case that is erased.
    """
    barring = session.execute(_BARRING, {"given": case}).all()
    if any(row.erased_on is not None for row in barring):
        raise StepRefused.because(
            "This case was erased at the end of its retention, so nothing more is recorded on it. "
            "Log what came in as a new case."
        )
    if attempt.is_import:
        return
    barred = _conflicted(barring)
    if attempt.actor.token in barred:
        raise StepRefused.because(
            "You have a declared conflict with this case, so you can do nothing on it. Ask "
            "somebody else, or have the conflict ended."
        )
    if CONTRACTOR in attempt.actor.roles and not may_see(session, attempt.actor.token, case):
        raise StepRefused.because(
            "This case is not with you: it is not assigned to you, and no instruction to you is "
            "open on it. Ask the office."
        )
    for name in _people_named(workflow, attempt) if barred else ():
        if attempt.facts.get(name) in barred:
            raise StepRefused.because(_named(workflow), name)


def _people_named(workflow: Workflow, attempt: Attempt) -> Iterator[str]:
    """The facts that give people a part in the case, of the step or of all that may be corrected.

    What is kept on a case may name anybody: who once saw a paper saw it.
    """
    if workflow not in (CONFLICT, INSTRUCTION) and workflow.name not in WORKFLOWS:
        return
    step = workflow.steps_by_name.get(attempt.step)
    for each in (step,) if step else workflow.steps:
        for fact in each.facts:
            if fact.is_person:
                yield fact.name if step else fact.code


def _named(workflow: Workflow) -> str:
    if workflow is CONFLICT:
        return "This person’s conflict is declared already."
    return "This person has a declared conflict with the case. Choose somebody else."
