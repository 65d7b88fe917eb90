"""The only place that says which milestones entries make: what they begin and end, and when.

It is read off the workflow's definition, a case's and those of the items kept on it alike. After
every event what it moved is folded before and after it: a row that is no longer so was known
until that event, and what is new is known from it on.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from casework.audit.events import ITEM, Event, entry_of
from casework.audit.items import KeptItem, histories, own_event
from workflows import ITEMS
from workflows.definition import Entry, Step, Workflow
from workflows.history import EFFECTIVE_ON, standing_entries

RECEIVED = "received"
"""The kind of milestone that says from which day on a case is the office's."""

Items = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Row:
    """Something true of a case from `from_on` until before `to_on` (None: still).

    `item` tells rows of one kind apart: the entry that began it, or the item it is about, which
    ties a response to its recommendation. `received_on` is the day the case was received; None
    for what is true of an item.
    """

    item: str
    kind: str
    code: str
    from_on: date
    to_on: date | None
    is_estimated: bool
    received_on: date | None = None


Rows = frozenset[Row]


class Known(NamedTuple):
    """A row of a case, known from the event at `since_seq` until that at `until_seq`."""

    case: str
    row: Row
    since_seq: int
    until_seq: int | None


def fold(workflow: Workflow, entries: Sequence[Entry], item: str = "") -> Rows:
    """The milestones of a case, or of an item of it, from its standing entries as they took effect.

    What begins and ends on one day never stood and leaves no row.
    """
    received_on = None if item else _received_on(workflow, entries)
    standing: list[Row] = []
    ended: list[Row] = []
    for entry in entries:
        step = workflow.steps_by_name[entry.step]
        begun = tuple(_begun_by(step, entry, item or entry.token, received_on))
        ends = {*step.ends, *_counted_kinds(step, entry)}
        ended += [replace(row, to_on=entry.effective_on) for row in standing if row.kind in ends]
        standing = [row for row in standing if row.kind not in ends]
        standing += begun
    return frozenset(row for row in (*standing, *ended) if row.to_on != row.from_on)


def _received_on(workflow: Workflow, entries: Sequence[Entry]) -> date | None:
    """The day of the entry that says so; None when it was annulled."""
    for entry in entries:
        if any(mark.kind == RECEIVED for mark in workflow.steps_by_name[entry.step].begins):
            return entry.effective_on
    return None


def _counted_kinds(step: Step, entry: Entry) -> Iterator[str]:
    """The kinds of the counted facts this entry gives: a new value ends the one before."""
    return (
        fact.code
        for fact in step.facts
        if fact.is_counted and entry.facts.get(fact.code) is not None
    )


def _begun_by(step: Step, entry: Entry, item: str, received_on: date | None) -> Iterator[Row]:
    since = (entry.effective_on, None, EFFECTIVE_ON in entry.estimated, received_on)
    for mark in step.begins:
        yield Row(item, mark.kind, mark.code, *since)
    for fact in step.facts:
        value = entry.facts.get(fact.code)
        if fact.is_counted and value is not None:
            for place, code in _items(item, value):
                yield Row(place, fact.code, code, *since)


def _items(item: str, value: Any) -> Items:
    if isinstance(value, tuple):
        return tuple((f"{item}.{place}", code) for place, code in enumerate(value))
    return ((item, "yes" if value is True else str(value)),)


def of_item(item: KeptItem) -> Rows:
    """The milestones of an item as it stands."""
    return fold(item.workflow, item.standing.entries, item.token)


def projected(workflows: Mapping[str, Workflow], events: Iterable[Event]) -> Iterator[Known]:
    """Every milestone that the events give: the projection, from nothing.

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
            yield Known(event.case, row, since, event.seq)
    for case, folded in cases.items():
        yield from (Known(case, row, since, None) for row, since in folded.rows())


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
