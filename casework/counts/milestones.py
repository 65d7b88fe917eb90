"""The only place that projects the log into milestones, the bitemporal rows that measures count.

What an entry begins and ends is read off the workflow's definition, a case's and those of the
items kept on it alike. After every event what it moved is folded before and after it; rows that
are no longer so are closed at the event's position and new ones begin there, so any older log
size can still be counted.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from casework.audit.events import ITEM, Event, all_events, entry_of
from casework.audit.items import KeptItem, histories, own_event
from casework.database import Adds
from casework.models import Milestone
from casework.models.base import table_of
from workflows import ITEMS
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
        _TABLE.c.code == bindparam("of_code"),
        _TABLE.c.from_on == bindparam("of_day"),
    )
    .values(until_seq=bindparam("closed_at"))
)
Items = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Row:
    """Something true of a case from `from_on` until before `to_on` (None: still).

    `item` tells rows of one kind apart: the entry that began it, or the item it is about, which
    ties a response to its recommendation.
    """

    item: str
    kind: str
    code: str
    from_on: date
    to_on: date | None
    is_estimated: bool


Rows = frozenset[Row]


def fold(workflow: Workflow, entries: Sequence[Entry], item: str = "") -> Rows:
    """The milestones of a case, or of an item of it, from its standing entries as they took effect.

    What begins and ends on one day never stood and leaves no row.
    """
    standing: list[Row] = []
    ended: list[Row] = []
    for entry in entries:
        step = workflow.steps_by_name[entry.step]
        begun = tuple(_begun_by(step, entry, item or entry.token))
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


def _begun_by(step: Step, entry: Entry, item: str) -> Iterator[Row]:
    is_estimated = EFFECTIVE_ON in entry.estimated
    for mark in step.begins:
        yield Row(item, mark.kind, mark.code, entry.effective_on, None, is_estimated)
    for fact in step.facts:
        value = entry.facts.get(fact.code)
        if fact.is_counted and value is not None:
            for place, code in _items(item, value):
                yield Row(place, fact.code, code, entry.effective_on, None, is_estimated)


def _items(item: str, value: Any) -> Items:
    if isinstance(value, tuple):
        return tuple((f"{item}.{place}", code) for place, code in enumerate(value))
    return ((item, "yes" if value is True else str(value)),)


def of_item(item: KeptItem) -> Rows:
    """The milestones of an item as it stands."""
    return fold(item.workflow, item.standing.entries, item.token)


def project(session: Session, case: str, old: Rows, new: Rows, seq: int) -> None:
    """Bring milestones of a case from what they were before the event at `seq` to what they are.

    Within the caller's write transaction.
    """
    for row in old - new:
        found = {"of_item": row.item, "of_kind": row.kind, "of_code": row.code}
        of_row = {"of_case": case, "of_day": row.from_on, **found}
        session.execute(_CLOSE, {**of_row, "closed_at": seq})
    begun = [_columns(case, row, seq) for row in sorted(new - old, key=_place)]
    if begun:
        session.execute(_ADD, begun)


def _place(row: Row) -> tuple[date, str, str, str]:
    return (row.from_on, row.kind, row.item, row.code)


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


def add_all(adds: Adds, workflows: Mapping[str, Workflow], events: Iterable[Event]) -> None:
    """Write every milestone of cases that are new with all these events."""
    rows = list(projected(workflows, events))
    if rows:
        adds.execute(_ADD, rows)


def projected(
    workflows: Mapping[str, Workflow], events: Iterable[Event]
) -> Iterator[dict[str, Any]]:
    """Every milestone that the events give, as rows of the table: the projection, from nothing.

    Memory grows with the cases, not with the rows.
    """
    cases: dict[str, _Folded] = {}
    for event in events:
        if event.case is None:
            continue
        if event.case not in cases:
            cases[event.case] = _Folded(workflows[event.stat["workflow"]])
        folded = cases[event.case]
        for row, since in folded.take(event):
            yield {**_columns(event.case, row, since), "until_seq": event.seq}
    for case, folded in cases.items():
        yield from (_columns(case, row, since) for row, since in folded.rows())


class _Folded:
    """A case under way: its entries, those of its items, and each one's rows as last folded.

    What is folded is known by the item's token, the case itself by none.
    """

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow
        self.history: tuple[Entry, ...] = ()
        self.own: dict[str, tuple[Workflow, tuple[Entry, ...]]] = {}
        self.since: dict[str, dict[Row, int]] = {}

    def rows(self) -> Iterator[tuple[Row, int]]:
        """The rows that are so now, each with the position it is known from."""
        for rows in self.since.values():
            yield from rows.items()

    def take(self, event: Event) -> Iterator[tuple[Row, int]]:
        """Take the next event of the case; the rows that end with it, as `rows` gives them."""
        for token, new in self._moved_by(event).items():
            rows = self.since.setdefault(token, {})
            for row in rows.keys() - new:
                yield row, rows.pop(row)
            rows.update(dict.fromkeys(new - rows.keys(), event.seq))

    def _moved_by(self, event: Event) -> dict[str, Rows]:
        """The rows of whatever the event moved: an item, or the case and what arises from it."""
        about = event.stat.get(ITEM)
        if about is None:
            entry = entry_of(self.workflow, event)
            if entry is None:
                return {}
            self.history = (*self.history, entry)
            return {"": fold(self.workflow, standing_entries(self.history)), **self._arisen()}
        workflow, log = self.own.get(about) or (ITEMS[event.stat["workflow"]], ())
        entry = entry_of(workflow, own_event(event))
        kept = self.own[about] = (workflow, (*log, entry) if entry else log)
        return self._arisen() if workflow.arises else {about: _rows_of(about, *kept)}

    def _arisen(self) -> dict[str, Rows]:
        """The rows of the items that the case's entries begin or end; none of what lost standing."""
        own = {token: kept for token, kept in self.own.items() if kept[0].arises}
        arisen = {
            token: _rows_of(token, *kept) for token, kept in histories(self.history, own).items()
        }
        known = (token for token in self.since if token and (token in own or token not in self.own))
        return {**dict.fromkeys(known, frozenset()), **arisen}


def _rows_of(item: str, workflow: Workflow, log: tuple[Entry, ...]) -> Rows:
    return fold(workflow, standing_entries(log), item)


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
