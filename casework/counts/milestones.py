"""The only place that projects the log into milestones, the bitemporal rows that measures count.

What an entry begins and ends is read off the workflow's definition. After every event the
case is folded before and after it; rows that are no longer so are closed at the event's
position and new ones begin there, so any older log size can still be counted.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from casework.audit.events import Event, all_events, entry_of
from casework.models import Milestone
from casework.models.base import table_of
from workflows.definition import Entry, Step, Workflow
from workflows.history import EFFECTIVE_ON, standing_entries

_TABLE = table_of(Milestone)
# Statements are built once: building one costs several times what running it does.
_ADD = insert(_TABLE)
_CLOSE = (
    update(_TABLE)
    .where(
        _TABLE.c.case_token == bindparam("of_case"),
        _TABLE.c.until_seq.is_(None),
        _TABLE.c.item == bindparam("of_item"),
        _TABLE.c.kind == bindparam("of_kind"),
    )
    .values(until_seq=bindparam("closed_at"))
)
Items = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Row:
    """Something true of a case from `from_on` until before `to_on` (None: still).

    `item` tells rows of one kind apart and ties a response to its recommendation.
    """

    item: str
    kind: str
    code: str
    from_on: date
    to_on: date | None
    is_estimated: bool


def fold(workflow: Workflow, entries: Sequence[Entry]) -> frozenset[Row]:
    """The milestones of a case from its standing entries, ordered as they took effect.

    What begins and ends on one day never stood and leaves no row.
    """
    standing: list[Row] = []
    ended: list[Row] = []
    for entry in entries:
        step = workflow.steps_by_name[entry.step]
        begun = tuple(_begun_by(step, entry))
        ends = {*step.ends, *_counted_kinds(step, entry)}
        ended += [replace(row, to_on=entry.effective_on) for row in standing if row.kind in ends]
        standing = [row for row in standing if row.kind not in ends]
        standing += begun
    return frozenset(row for row in (*standing, *ended) if row.to_on != row.from_on)


def _counted_kinds(step: Step, entry: Entry) -> Iterator[str]:
    """The kinds of the counted facts this entry gives: a new value ends the one before."""
    return (
        fact.code
        for fact in step.facts
        if fact.is_counted and entry.facts.get(fact.code) is not None
    )


def _begun_by(step: Step, entry: Entry) -> Iterator[Row]:
    is_estimated = EFFECTIVE_ON in entry.estimated
    for mark in step.begins:
        yield Row(entry.token, mark.kind, mark.code, entry.effective_on, None, is_estimated)
    for fact in step.facts:
        value = entry.facts.get(fact.code)
        if fact.is_counted and value is not None:
            for item, code in _items(entry.token, value):
                yield Row(item, fact.code, code, entry.effective_on, None, is_estimated)


def _items(token: str, value: Any) -> Items:
    if isinstance(value, tuple):
        return tuple((f"{token}.{place}", code) for place, code in enumerate(value))
    return ((token, str(value)),)


def project(
    session: Session,
    workflow: Workflow,
    case: str,
    before: Sequence[Entry],
    after: Sequence[Entry],
    seq: int,
) -> None:
    """Bring a case's milestones from its entries before the event at `seq` to those after it.

    `before` and `after` are in log order. Within the caller's write transaction.
    """
    old = fold(workflow, standing_entries(before))
    new = fold(workflow, standing_entries(after))
    for row in old - new:
        found = {"of_case": case, "of_item": row.item, "of_kind": row.kind}
        session.execute(_CLOSE, {**found, "closed_at": seq})
    begun = [_columns(case, row, seq) for row in sorted(new - old, key=_place)]
    if begun:
        session.execute(_ADD, begun)


def _place(row: Row) -> tuple[date, str, str]:
    return (row.from_on, row.kind, row.item)


def _columns(case: str, row: Row, seq: int) -> dict[str, Any]:
    return {
        "case_token": case,
        "item": row.item,
        "kind": row.kind,
        "code": row.code,
        "from_on": row.from_on,
        "to_on": row.to_on,
        "is_estimated": row.is_estimated,
        "since_seq": seq,
        "until_seq": None,
    }


def projected(
    workflows: Mapping[str, Workflow], events: Iterable[Event]
) -> Iterator[dict[str, Any]]:
    """Every milestone that the events give, as rows of the table: the projection, from nothing.

    Memory grows with the cases, not with the rows.
    """
    definitions: dict[str, Workflow] = {}
    histories: dict[str, tuple[Entry, ...]] = {}
    current: dict[str, dict[Row, int]] = {}
    for event in events:
        if event.case is None:
            continue
        if event.case not in definitions:
            definitions[event.case] = workflows[event.stat["workflow"]]
        workflow = definitions[event.case]
        entry = entry_of(workflow, event)
        if entry is None:
            continue
        history = histories[event.case] = (*histories.get(event.case, ()), entry)
        new = fold(workflow, standing_entries(history))
        rows = current.setdefault(event.case, {})
        for row in rows.keys() - new:
            yield {**_columns(event.case, row, rows.pop(row)), "until_seq": event.seq}
        rows.update(dict.fromkeys(new - rows.keys(), event.seq))
    for case, rows in current.items():
        yield from (_columns(case, row, since) for row, since in rows.items())


def rebuild(session: Session, workflows: Mapping[str, Workflow], log_size: int) -> None:
    """Drop every milestone and project the whole log anew, within the caller's write transaction."""
    session.execute(delete(_TABLE))
    batch: list[dict[str, Any]] = []
    for row in projected(workflows, all_events(session, log_size)):
        batch.append(row)
        if len(batch) == 1_000:
            session.execute(_ADD, batch)
            batch.clear()
    if batch:
        session.execute(_ADD, batch)


def differences(session: Session, workflows: Mapping[str, Workflow], log_size: int) -> set[str]:
    """The tokens of cases whose milestones are not what the log gives; empty when all is well."""
    stored = {
        tuple(row) for row in session.execute(select(*[_TABLE.c[name] for name in _COMPARED]))
    }
    derived = {
        tuple(row[name] for name in _COMPARED)
        for row in projected(workflows, all_events(session, log_size))
    }
    return {str(row[0]) for row in stored ^ derived}


_COMPARED = (
    "case_token",
    "item",
    "kind",
    "code",
    "from_on",
    "to_on",
    "is_estimated",
    "since_seq",
    "until_seq",
)
