"""The only place that reads off the log what is kept on a case: its items, each with its life.

An item is an instance of a small workflow (`workflows.ITEMS`). Its events belong to the case
and name the item; they do not move the case.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
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
from workflows import ITEMS
from workflows.definition import Entry, Standing, State, Workflow
from workflows.facts import to_stat
from workflows.history import AMENDMENTS
from workflows.replay import standing_of

_ABOUT_ITEM = frozenset({ITEM, ITEM_STATE, ITEM_VERSION, *PINNED})


@dataclass(frozen=True)
class KeptItem:
    """One item of a case as its events leave it; `history` and `events` are in log order.

    `pinned` is the definition it was begun under: name, version and hash.
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
        """How many entries it has in the log; a form that was opened on fewer is stale."""
        return len(self.history)

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
        return any(event.has_words and event.words is None for event in self.events)


def items_in(events: Iterable[Event]) -> tuple[KeptItem, ...]:
    """The items of one case from all its events, in the order they were begun."""
    of_each: dict[str, list[Event]] = {}
    for event in events:
        token = event.stat.get(ITEM)
        if token is not None:
            of_each.setdefault(token, []).append(event)
    return tuple(_item(token, found) for token, found in of_each.items())


def _item(token: str, events: Sequence[Event]) -> KeptItem:
    first = events[0]
    workflow = ITEMS[first.stat[PINNED[0]]]
    history = entries(workflow, (own_event(event) for event in events))
    return KeptItem(
        token=token,
        case=first.case or "",
        workflow=workflow,
        events=tuple(events),
        history=history,
        standing=standing_of(workflow, history),
        pinned={name: first.stat[name] for name in PINNED},
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
        "person": values.get("person"),
        "kind": values.get("kind"),
        "codes": to_stat(values),
    }
