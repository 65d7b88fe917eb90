"""The only place that keeps out of every change to a case who may not have a part in it.

That is who has a declared conflict with it, who is not named where it is restricted to people
named, and a contractor to whom it was not given; of a case that was erased, everybody. Whoever calls, a page or a command, comes through here before
the engine is asked. What such a person may read is `permissions.visible_to`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from casework.audit.record import SYSTEM
from casework.models import Case, Item
from casework.models.base import table_of
from casework.permissions import may_see
from workflows import WORKFLOWS
from workflows.attempt import Attempt, StepRefused
from workflows.conflict import CONFLICT, DECLARED
from workflows.definition import Workflow
from workflows.instruction import INSTRUCTION
from workflows.restriction import PEOPLE, RESTRICTED, RESTRICTION
from workflows.roles import CONTRACTOR

_CASES, _ITEMS = table_of(Case), table_of(Item)
# Statements are built once: building one costs several times what running it does.
_BARRING = (
    select(_CASES.c.erased_on, _ITEMS.c.workflow, _ITEMS.c.person, _ITEMS.c.codes)
    .outerjoin_from(
        _CASES,
        _ITEMS,
        and_(
            _ITEMS.c.case_token == _CASES.c.token,
            or_(
                and_(_ITEMS.c.workflow == CONFLICT.name, _ITEMS.c.state == DECLARED),
                and_(_ITEMS.c.workflow == RESTRICTION.name, _ITEMS.c.state == RESTRICTED),
            ),
        ),
    )
    .where(_CASES.c.token == bindparam("given"))
)


@dataclass(frozen=True)
class Barring:
    """Who may have no part in a case, by token: who has a conflict, and all but those `named`.

    `named` is None where the case is not restricted.
    """

    conflicted: frozenset[str]
    named: frozenset[str] | None
    is_erased: bool

    def bars(self, person: str) -> bool:
        """Whether this person is kept out of the case, whatever their roles."""
        return person in self.conflicted or (self.named is not None and person not in self.named)


def barring(session: Session, case: str) -> Barring:
    """Who may have no part in the case of this token."""
    rows = session.execute(_BARRING, {"given": case}).all()
    named = [row.codes[PEOPLE.code] for row in rows if row.workflow == RESTRICTION.name]
    return Barring(
        frozenset(row.person for row in rows if row.workflow == CONFLICT.name),
        frozenset.intersection(*map(frozenset, named)) if named else None,
        any(row.erased_on is not None for row in rows),
    )


def refuse_kept_out(session: Session, case: str, workflow: Workflow, attempt: Attempt) -> None:
    """Raise StepRefused when who acts, or whom the step names, may have no part in the case.

    An import tells what happened, whoever did it; but nothing is added to a case that is erased.
    """
    found, actor = barring(session, case), attempt.actor
    if found.is_erased:
        raise StepRefused.because(
            "This case was erased at the end of its retention, so nothing more is recorded on it. "
            "Log what came in as a new case."
        )
    if attempt.is_import:
        return
    if actor.token in found.conflicted:
        raise StepRefused.because(
            "You have a declared conflict with this case, so you can do nothing on it. Ask "
            "somebody else, or have the conflict ended."
        )
    if actor.token != SYSTEM and found.bars(actor.token):
        raise StepRefused.because(
            "This case is restricted to people named, and you are none of them. Ask a supervisor "
            "or the Chief Executive."
        )
    if CONTRACTOR in actor.roles and not may_see(session, actor.token, case):
        raise StepRefused.because(
            "This case is not with you: it is not assigned to you, and no instruction to you is "
            "open on it. Ask the office."
        )
    _refuse_naming(found, workflow, attempt)


def _refuse_naming(found: Barring, workflow: Workflow, attempt: Attempt) -> None:
    """StepRefused when the step would give a part in the case to somebody who may have none."""
    for name in _people_named(workflow, attempt):
        given = attempt.facts.get(name) or ()
        people = {str(each) for each in (given if isinstance(given, list | tuple) else (given,))}
        if people & found.conflicted:
            raise StepRefused.because(_has_conflict(workflow), name)
        if workflow not in _ABOUT_WHO and any(map(found.bars, people)):
            raise StepRefused.because(
                "This case is restricted, and they are not one of those named. Choose somebody "
                "else, or have them named first.",
                name,
            )


_ABOUT_WHO = (CONFLICT, RESTRICTION)
"""What says who may have a part: naming anybody in it gives them none by itself."""


def _people_named(workflow: Workflow, attempt: Attempt) -> Iterator[str]:
    """The facts that give people a part in the case, of the step or of all that may be corrected.

    What is kept on a case may name anybody: who once saw a paper saw it.
    """
    if workflow not in (*_ABOUT_WHO, INSTRUCTION) and workflow.name not in WORKFLOWS:
        return
    step = workflow.steps_by_name.get(attempt.step)
    for each in (step,) if step else workflow.steps:
        for fact in each.facts:
            if fact.is_person:
                yield fact.name if step else fact.code


def _has_conflict(workflow: Workflow) -> str:
    if workflow is CONFLICT:
        return "This person’s conflict is declared already."
    return "Somebody chosen has a declared conflict with the case. Choose somebody else."
