"""The only place that reads lists of cases: a person's own, and everybody's as filtered."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, not_, or_, select, true
from sqlalchemy.orm import Session

from casework import permissions, targets
from casework.audit.events import events_of_each, histories_of
from casework.audit.items import KeptItem, items_in
from casework.desk import columns, forms
from casework.items import case_standing
from casework.models import Case, Item, Milestone
from casework.models.base import table_of
from casework.targets import is_open
from casework.web.case_words import ROW, Teller
from workflows import ITEMS, WORKFLOWS
from workflows.definition import Actor, Standing, Workflow
from workflows.replay import standing_of
from workflows.roles import CONTRACTOR

_CASES, _ITEMS, _MILESTONES = table_of(Case), table_of(Item), table_of(Milestone)
WEEK = timedelta(days=7)
LATELY = timedelta(days=90)
"""How long a closed case stays on its reviewer's list while something is left to do about it."""
MOST = 200
"""How many cases one part of a list of work is made from; the register has them all."""
_ROW = tuple(_CASES.c[name] for name in ROW)


def cases_of(session: Session, actor: Actor, today: date) -> list[Any]:
    """The open cases that a person works on, and those closed lately, the oldest first."""
    theirs = is_with(actor)
    lately = _CASES.c.closed_on >= today - LATELY
    return [
        *_rows(session, actor.token, theirs, is_open()),
        *_rows(session, actor.token, theirs, lately),
    ]


def unassigned(session: Session, person: str) -> list[Any]:
    """The open cases that nobody has yet, the oldest first."""
    return _rows(session, person, is_open(), _CASES.c.assignee.is_(None))


def awaiting_decision(session: Session, person: str) -> list[Any]:
    """The open cases with a decision to be taken by whoever may, the oldest first."""
    return _rows(session, person, is_open(), _awaits_decision())


def with_file_asked_for(session: Session, person: str, *conditions: Any) -> list[Any]:
    """The open cases for which the force was asked for its file, the oldest first."""
    asked = select(_MILESTONES.c.id).where(
        _MILESTONES.c.case_token == _CASES.c.token,
        _MILESTONES.c.until_seq.is_(None),
        _MILESTONES.c.kind == "file_requested",
    )
    return _rows(session, person, is_open(), asked.exists(), *conditions)


def unacknowledged(session: Session, person: str, *conditions: Any) -> list[Any]:
    """The open cases not acknowledged for which it is not too late, the oldest first."""
    is_owed = _CASES.c.acknowledged_on.is_(None) & not_(_awaits_decision())
    return _rows(session, person, is_open(), is_owed, *conditions)


def waiting(session: Session, person: str, *conditions: Any) -> list[Any]:
    """The open cases that wait for somebody, the oldest first."""
    return _rows(session, person, is_open(), _CASES.c.waiting_for.is_not(None), *conditions)


def is_with(actor: Actor) -> ColumnElement[bool]:
    """The condition of a case that a person works on; a contractor works on every case they see."""
    return true() if CONTRACTOR in actor.roles else _CASES.c.assignee == actor.token


def standings(session: Session, rows: Iterable[Any]) -> dict[str, Standing]:
    """How each of these cases stands, by its token: one statement for each kind of case."""
    found: dict[str, Standing] = {}
    by_kind: dict[str, list[str]] = {}
    for row in rows:
        by_kind.setdefault(row.workflow, []).append(row.token)
    for name, tokens in by_kind.items():
        workflow = WORKFLOWS[name]
        histories = histories_of(session, workflow, tokens)
        found |= {token: standing_of(workflow, log) for token, log in histories.items()}
    return found


def items_wanted(
    session: Session, person: str, *conditions: Any
) -> list[tuple[Any, KeptItem, Standing]]:
    """What is kept on cases and wants something done, with its case's row and standing.

    Whatever has a day, also after the case closed; without one only what open cases have.
    """
    has_day = _ITEMS.c.workflow.in_(list(ITEMS)) & _ITEMS.c.due_on.is_not(None)
    rests_open = is_open() & _ITEMS.c.due_on.is_(None) & or_(*_wanting())
    rows = [
        row
        for wanted in (has_day, rests_open)
        for row in session.execute(
            select(*_ROW, _ITEMS.c.token.label("item"))
            .join_from(_ITEMS, _CASES, _CASES.c.token == _ITEMS.c.case_token)
            .where(wanted, permissions.visible_to(person), *conditions)
            .order_by(_ITEMS.c.due_on, _ITEMS.c.id)
            .limit(MOST)
        )
    ]
    of_cases = events_of_each(session, {row.token for row in rows})
    kept = {item.token: item for events in of_cases.values() for item in items_in(events)}
    return [(row, kept[row.item], case_standing(of_cases[row.token])) for row in rows]


def _wanting() -> Iterator[ColumnElement[bool]]:
    """The conditions of items in a state in which their kind may want something done."""
    for kind in ITEMS.values():
        open_states = [state.name for state in kind.states if not state.is_closed]
        if kind.prompts and open_states:
            yield and_(_ITEMS.c.workflow == kind.name, _ITEMS.c.state.in_(open_states))


def _rows(session: Session, person: str, *conditions: Any) -> list[Any]:
    query = select(*_ROW).where(permissions.visible_to(person), *conditions)
    return list(session.execute(query.order_by(_CASES.c.received_on, _CASES.c.id).limit(MOST + 1)))


def _awaits_decision() -> ColumnElement[bool]:
    return or_(
        *(
            and_(_CASES.c.workflow == workflow.name, _CASES.c.state.in_(_deciding_states(workflow)))
            for workflow in WORKFLOWS.values()
        )
    )


def _deciding_states(workflow: Workflow) -> list[str]:
    """The open states from which a step whose guards ask who decides closes the case."""
    return sorted(
        {
            source
            for step in workflow.steps
            for source, dest in step.moves
            if any(guard.about == "who" for guard in step.guards)
            and _is_closed(workflow, dest)
            and not _is_closed(workflow, source)
        }
    )


def _is_closed(workflow: Workflow, name: str) -> bool:
    state = workflow.states_by_name.get(name)
    return state is not None and state.is_closed


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
