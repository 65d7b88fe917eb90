"""The only place that writes the milestones, the bitemporal rows that measures count.

Rows that are no longer so are closed at the event's position and new ones begin there, so any
older log size can still be counted. All of them follow from the log, and can be made anew.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from casework.audit.events import Event, events_by_case
from casework.audit.record import log_size
from casework.counts.projection import Known, Row, Rows, projected
from casework.database import Adds
from casework.models import AuditEvent, Milestone, MilestoneSource
from casework.models.base import table_of
from workflows import ITEMS
from workflows.definition import Workflow

_TABLE, _SOURCE = table_of(Milestone), table_of(MilestoneSource)
# Statements are built once: building one costs several times what running it does.
_ADD = insert(_TABLE)
_CLOSE = (
    update(_TABLE)
    .where(
        _TABLE.c.case_token == bindparam("of_case"),
        _TABLE.c.until_seq.is_(None),
        _TABLE.c.item == bindparam("of_item"),
        _TABLE.c.kind == bindparam("of_kind"),
        _TABLE.c.code == bindparam("of_code"),
        _TABLE.c.from_on == bindparam("of_day"),
    )
    .values(until_seq=bindparam("closed_at"))
)
_NEWEST = select(func.coalesce(func.max(table_of(AuditEvent).c.seq), -1)).scalar_subquery()
_BEYOND = select(_TABLE.c.case_token).where(
    or_(_TABLE.c.since_seq > _NEWEST, _TABLE.c.until_seq > _NEWEST)
)
"""Of milestones that no event can have begun yet, or ended."""
_COMPARED = tuple(column.name for column in _TABLE.c if column.name != "id")

MADE_AS = 2
"""How rows follow from entries, by number: to be raised whenever `projection` makes others."""


def project(session: Session, case: str, old: Rows, new: Rows, seq: int) -> None:
    """Bring milestones of a case from what they were before the event at `seq` to what they are.

    Within the caller's write transaction.
    """
    for row in old - new:
        found = {"of_item": row.item, "of_kind": row.kind, "of_code": row.code}
        of_row = {"of_case": case, "of_day": row.from_on, **found}
        session.execute(_CLOSE, {**of_row, "closed_at": seq})
    begun = [columns_of(Known(case, row, seq, None)) for row in sorted(new - old, key=_place)]
    if begun:
        session.execute(_ADD, begun)


def _place(row: Row) -> tuple[date, str, str, str]:
    return (row.from_on, row.kind, row.item, row.code)


def columns_of(known: Known) -> dict[str, Any]:
    """A milestone as a row of the table."""
    row = known.row
    return {
        "case_token": known.case,
        "item": row.item,
        "kind": row.kind,
        "code": row.code,
        "from_on": row.from_on,
        "to_on": row.to_on,
        "is_estimated": row.is_estimated,
        "received_on": row.received_on,
        "lasted": (row.to_on - row.from_on).days.bit_length() if row.to_on else None,
        "since_seq": known.since_seq,
        "until_seq": known.until_seq,
    }


def add_all(adds: Adds, workflows: Mapping[str, Workflow], events: Iterable[Event]) -> None:
    """Write every milestone of cases that are new with all these events."""
    rows = [columns_of(known) for known in projected(workflows, events)]
    if rows:
        adds.execute(_ADD, rows)


def rebuild(session: Session, workflows: Mapping[str, Workflow], log_size: int) -> None:
    """Drop every milestone and project the whole log anew, within the caller's write transaction.

    Memory holds the events of some hundred cases at a time, however long the log is.
    """
    session.execute(delete(_TABLE))
    for _, events in events_by_case(session, log_size):
        add_all(session, workflows, events)


def differences(
    session: Session,
    workflows: Mapping[str, Workflow],
    log_size: int,
    done: Callable[[int], None] = lambda _read: None,
) -> set[str]:
    """The tokens of cases whose milestones are not what the first `log_size` events give.

    Empty when all is well. After some hundred cases each, `done` is told how many events were read
    and may end the transaction: what is recorded meanwhile is left aside.
    """
    different = {str(token) for token in session.execute(_BEYOND).scalars()}
    after: str | None = None
    read = 0
    for last, events in events_by_case(session, log_size):
        derived = (columns_of(known) for known in projected(workflows, events))
        given = {tuple(row[name] for name in _COMPARED) for row in derived}
        stored = {_as_of(log_size, row) for row in _stored(session, log_size, after, last)}
        different |= {str(row[0]) for row in given ^ stored}
        after, read = last, read + len(events)
        done(read)
    return different


def _stored(
    session: Session, log_size: int, after: str | None, last: str | None
) -> Iterator[tuple[Any, ...]]:
    """The milestones of the cases whose tokens come after one, up to another, where there is one."""
    query = select(*(_TABLE.c[name] for name in _COMPARED)).where(_TABLE.c.since_seq < log_size)
    if after is not None:
        query = query.where(_TABLE.c.case_token > after)
    if last is not None:
        query = query.where(_TABLE.c.case_token <= last)
    yield from session.execute(query)


def _as_of(log_size: int, row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A milestone as it was stored when the log had so many events."""
    *rest, until_seq = row
    return (*rest, None if until_seq is not None and until_seq >= log_size else until_seq)


def bring_up_to_date(session: Session, workflows: Mapping[str, Workflow]) -> None:
    """Make the milestones anew when a release makes others of the same log; safe to repeat.

    Within the caller's write transaction.
    """
    fingerprint = _fingerprint(workflows)
    if session.execute(select(_SOURCE.c.fingerprint)).scalar() == fingerprint:
        return
    rebuild(session, workflows, log_size(session))
    session.execute(delete(_SOURCE))
    session.execute(insert(_SOURCE), {"fingerprint": fingerprint})


def _fingerprint(workflows: Mapping[str, Workflow]) -> str:
    """SHA-256 in hex of what the definitions say about milestones, and of how they are made."""
    marks = {name: list(_marks(kind)) for name, kind in {**workflows, **ITEMS}.items()}
    return sha256(json.dumps([MADE_AS, marks], sort_keys=True).encode()).hexdigest()


def _marks(workflow: Workflow) -> Iterator[tuple[Any, ...]]:
    for step in workflow.steps:
        begins = [(mark.kind, mark.code) for mark in step.begins]
        counted = [fact.code for fact in step.facts if fact.is_counted]
        yield step.name, step.event, begins, list(step.ends), counted
