"""The only place that reads off the log what is kept on a case: its items, each with its life.

An item is an instance of a small workflow (`workflows.ITEMS`). Its events belong to the case
and name the item; they do not move the case. Where its definition says so (`Workflow.arises`),
entries of the case begin and end it too: a decision and its recommendations are one event.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

from casework.audit.events import (
    ITEM,
    ITEM_STATE,
    ITEM_VERSION,
    PINNED,
    Event,
    entries,
)
from casework.audit.versions import Versions, versions_of
from workflows import ITEMS, WORKFLOWS
from workflows.definition import Entry, Standing, State, Workflow
from workflows.ending import last_day
from workflows.facts import to_stat
from workflows.history import AMENDMENTS
from workflows.replay import standing_of

_ABOUT_ITEM = frozenset({ITEM, ITEM_STATE, ITEM_VERSION, *PINNED})


@dataclass(frozen=True)
class KeptItem:
    """One item of a case as the log leaves it; `history` and `events` are in log order.

    `events` are its own; `history` also has what arises for it from the case's entries. What
    the case no longer begins has no standing, whatever it has of its own. `pinned` is the
    definition it was begun under: name, version and hash.
    """

    token: str
    case: str
    workflow: Workflow
    events: tuple[Event, ...]
    history: tuple[Entry, ...]
    standing: Standing
    pinned: Mapping[str, str]

    @property
    def state(self) -> State:
        """The state it is in; the initial one when it was entered in error."""
        return self.workflow.states_by_name[self.standing.state]

    @property
    def is_kept(self) -> bool:
        """Whether it still stands: what was entered in error is shown in the timeline only."""
        return self.standing.state != self.workflow.initial.name

    @property
    def is_open(self) -> bool:
        """Whether something about it is still to be done."""
        return self.is_kept and not self.state.is_closed

    @property
    def version(self) -> int:
        """How many entries it has of its own; a form that was opened on fewer is stale."""
        return len(self.events)

    @property
    def began_on(self) -> date | None:
        """The day of its first entry, None when that was annulled."""
        return self.standing.entries[0].effective_on if self.standing.entries else None

    @property
    def due_on(self) -> date | None:
        """The day by which something is wanted, None when nothing is."""
        if not self.is_open or self.workflow.due is None:
            return None
        return self.workflow.due(self.standing)

    @property
    def values(self) -> Mapping[str, Any]:
        """Its coded values, by the key the log holds them under."""
        return self.standing.values

    @property
    def versions(self) -> Versions:
        """What corrections and annulments did to each of its entries."""
        return versions_of(self.history, {event.seq: event.words or {} for event in self.events})

    @property
    def title(self) -> str:
        """What it is, in words: "Recommendation: Apology"."""
        kinds = (
            choice.label
            for fact in self.workflow.begins_with.facts
            if isinstance(fact.choices, tuple)
            for choice in fact.choices
            if choice.code == self.values.get(fact.code)
        )
        return ": ".join((self.workflow.title, *islice(kinds, 1)))

    @property
    def words(self) -> dict[str, str]:
        """Its texts by name as all entries leave them; a blank one is gone."""
        versions = self.versions
        left: dict[str, str] = {}
        for seq, version in versions.now.items():
            if version.entry.step not in AMENDMENTS and seq not in versions.annulled_by:
                left.update(version.texts)
        return {name: text for name, text in left.items() if text}

    @property
    def is_erased(self) -> bool:
        """Whether words of it were there and are erased."""
        return any(event.is_erased for event in self.events)

    @property
    def is_withheld(self) -> bool:
        """Whether its words are kept from who reads, and its pages with them."""
        return any(event.is_withheld for event in self.events)


def items_in(events: Sequence[Event]) -> tuple[KeptItem, ...]:
    """The items of one case from all its events, in the order they were begun.

    Raises StepRefused when an item's entries cannot have happened under those of the case.
    """
    of_each: dict[str, list[Event]] = {}
    for event in events:
        token = event.stat.get(ITEM)
        if token is not None:
            of_each.setdefault(token, []).append(event)
    own = {token: own_entries(found) for token, found in of_each.items()}
    standing = histories(_entries_of_case(events), own)
    without = {token: kept for token, kept in own.items() if token not in standing}
    items = [
        _item(token, kept, tuple(of_each.get(token, ())), events[0], token in standing)
        for token, kept in {**standing, **without}.items()
    ]
    return tuple(sorted(items, key=lambda item: item.history[0].seq))


def standings_by_kind(items: Iterable[KeptItem]) -> dict[str, tuple[Standing, ...]]:
    """How everything kept on a case stands, by kind; what was entered in error is left out."""
    found: dict[str, list[Standing]] = {}
    for item in items:
        if item.is_kept:
            found.setdefault(item.workflow.name, []).append(item.standing)
    return {kind: tuple(standings) for kind, standings in found.items()}


def latest_of(events: Iterable[Event]) -> int | None:
    """The position of the last of these events that is an entry of a case or an item, not a download."""
    found = (e.seq for e in events if e.version is not None or ITEM_VERSION in e.stat)
    return max(found, default=None)


def own_entries(events: Sequence[Event]) -> tuple[Workflow, tuple[Entry, ...]]:
    """What an item runs by, and its own entries, from its own events."""
    workflow = ITEMS[events[0].stat[PINNED[0]]]
    return workflow, entries(workflow, (own_event(event) for event in events))


Histories = Mapping[str, tuple[Workflow, tuple[Entry, ...]]]
"""What runs by which definition, with its entries in log order, by item."""


def histories(case: Sequence[Entry], own: Histories) -> Histories:
    """The whole history of every item that has standing, from a case's entries and their own."""
    found = {token: kept for token, kept in own.items() if kept[0].arises is None}
    for workflow in ITEMS.values():
        if workflow.arises is not None:
            of_kind = {token: log for token, (runs_by, log) in own.items() if runs_by is workflow}
            arisen = workflow.arises(case, of_kind)
            found |= {token: (workflow, log) for token, log in arisen.items()}
    return found


def _entries_of_case(events: Sequence[Event]) -> tuple[Entry, ...]:
    workflow = WORKFLOWS.get(events[0].stat.get(PINNED[0], "")) if events else None
    return entries(workflow, events) if workflow else ()


def _item(
    token: str,
    kept: tuple[Workflow, tuple[Entry, ...]],
    own: tuple[Event, ...],
    first_of_case: Event,
    has_standing: bool,
) -> KeptItem:
    workflow, history = kept
    # What arose with the case's entry was begun under the case's definition.
    pinned_by = (own[0] if own else first_of_case).stat
    return KeptItem(
        token=token,
        case=first_of_case.case or "",
        workflow=workflow,
        events=own,
        history=history,
        standing=standing_of(workflow, history if has_standing else ()),
        pinned={**{name: pinned_by[name] for name in PINNED}, PINNED[0]: workflow.name},
    )


def own_event(event: Event) -> Event:
    """The event without what says that it is about an item, as the item's own history has it."""
    own = {code: value for code, value in event.stat.items() if code not in _ABOUT_ITEM}
    return replace(event, stat=own)


def columns_of(item: KeptItem) -> dict[str, Any]:
    """The columns of an item's row but its words: `casework.items` writes, the verifier compares."""
    values = item.values
    return {
        "case_token": item.case,
        **item.pinned,
        "state": item.standing.state,
        "version": item.version,
        "began_on": item.began_on,
        "due_on": item.due_on,
        "active_on": last_day(item.standing),
        "person": values.get("person"),
        "kind": values.get("kind"),
        "codes": to_stat(values),
    }
