"""The only place that reads lists of cases: a person's own, and everybody's as filtered."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, not_, or_, select
from sqlalchemy.orm import Session

from casework import clock, permissions
from casework.audit.events import histories_of
from casework.desk import columns, forms, targets
from casework.desk.targets import is_open
from casework.models import Case
from casework.models.base import table_of
from casework.web.case_words import ROW, Teller
from workflows import WORKFLOWS
from workflows.definition import Actor, Entry, OfficeRules, Workflow
from workflows.engine import steps_open_to
from workflows.replay import standing_of

_CASES = table_of(Case)
WEEK = timedelta(days=7)
MOST_MINE = 200
"""How many rows of each of a person's lists are shown; the list of all cases has the rest."""
_ROW = tuple(_CASES.c[name] for name in ROW)


def listed(*conditions: Any) -> Select[Any]:
    """The rows of a list of cases that meet the conditions: plain columns, one statement."""
    return select(*_ROW).where(*conditions)


def assigned_to(session: Session, actor: Actor, _: OfficeRules) -> list[Any]:
    """The open cases assigned to a person, the oldest first."""
    return _open_cases(session, actor, _CASES.c.assignee == actor.token)


def unassigned(session: Session, actor: Actor, _: OfficeRules) -> list[Any]:
    """The open cases that nobody has yet, the oldest first."""
    return _open_cases(session, actor, _CASES.c.assignee.is_(None))


def awaiting_decision_by(session: Session, actor: Actor, office: OfficeRules) -> list[Any]:
    """The open cases with a decision that this person may take now, the oldest first."""
    rows: list[Any] = []
    for workflow in WORKFLOWS.values():
        states = _deciding_states(workflow)
        is_one = (_CASES.c.workflow == workflow.name, _CASES.c.state.in_(states))
        found = _open_cases(session, actor, *is_one)
        histories = histories_of(session, workflow, [row.token for row in found])
        rows += [row for row in found if _may_decide(workflow, histories[row.token], actor, office)]
    return rows


def _open_cases(session: Session, actor: Actor, *conditions: Any) -> list[Any]:
    may_see = permissions.visible_to(actor.token)
    query = listed(is_open(), may_see, *conditions).order_by(_CASES.c.received_on, _CASES.c.id)
    return list(session.execute(query.limit(MOST_MINE)))


def _deciding_states(workflow: Workflow) -> set[str]:
    """The open states from which a step leads whose guards ask who decides."""
    return {
        source
        for step in workflow.steps
        for source, _ in step.moves
        if _is_decision(workflow, step.name) and not workflow.states_by_name[source].is_closed
    }


def _is_decision(workflow: Workflow, step: str) -> bool:
    return any(guard.about == "who" for guard in workflow.steps_by_name[step].guards)


def _may_decide(
    workflow: Workflow, history: Iterable[Entry], actor: Actor, office: OfficeRules
) -> bool:
    standing = standing_of(workflow, tuple(history))
    return any(
        _is_decision(workflow, each.step.name) and each.barred is None
        for each in steps_open_to(workflow, standing, actor, office, clock.today())
    )


def filtered(asked: forms.CaseFilter, teller: Teller, me: str) -> Select[Any]:
    """The cases that a filter asks for, sorted, as far as the person `me` may see them.

    Cases entered in error are listed only when that state is asked for.
    """
    conditions = [
        permissions.visible_to(me),
        *_by_state(asked.state.data),
        *_by_codes(asked, me),
        *_by_days(asked),
        *_by_target(asked.due.data, teller),
    ]
    if text := (asked.text.data or "").strip():
        kept = (_CASES.c.reference, _CASES.c.force_reference)
        conditions.append(or_(*(column.icontains(text, autoescape=True) for column in kept)))
    more = [column.read for column in asked.shown if column.read is not None]
    sort = asked.sort.data or forms.NEWEST_FIRST
    return select(*_ROW, *more).where(*conditions).order_by(*columns.ordered(sort, teller))


def _by_state(state: str | None) -> tuple[ColumnElement[bool], ...]:
    received = _CASES.c.received_on.is_not(None)
    if state == forms.OPEN:
        return (is_open(),)
    if state == forms.CLOSED:
        return (_CASES.c.closed_on.is_not(None),)
    return (_CASES.c.state == state,) if state else (received,)


def _by_codes(asked: forms.CaseFilter, me: str) -> Iterator[ColumnElement[bool]]:
    for column, value in (
        (_CASES.c.force, asked.force.data),
        (_CASES.c.route, asked.route.data),
        (_CASES.c.waiting_for, asked.waiting.data),
        (_CASES.c.assignee, asked.assignee.data),
    ):
        if value == forms.NONE:
            yield column.is_(None)
        elif value == forms.SOME:
            yield column.is_not(None)
        elif value:
            yield column == (me if value == forms.ME else value)


def _by_days(asked: forms.CaseFilter) -> Iterator[ColumnElement[bool]]:
    if asked.received_from.day:
        yield _CASES.c.received_on >= asked.received_from.day
    if asked.received_to.day:
        yield _CASES.c.received_on <= asked.received_to.day


def _by_target(due: str | None, teller: Teller) -> Iterator[ColumnElement[bool]]:
    office, today = teller.office, teller.today
    if due == forms.UNACKNOWLEDGED:
        yield targets.is_acknowledgement_late(office, today)
    if due in (forms.LATE, forms.SOON):
        is_late = targets.is_decision_late(office, today)
        is_soon = targets.is_decision_due_by(office, today + WEEK)
        yield is_late if due == forms.LATE else and_(is_soon, not_(is_late))
