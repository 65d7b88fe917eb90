"""The only place that changes what is kept on a case: papers, parties, recommendations, notes.

`begin_item` and `move_item` are to items what `progress` is to cases: they ask the engine,
record the event, project its milestones and change the row, in the caller's write transaction.
An item's event belongs to the case but does not move it, so adding a note makes nobody's open
form stale. What a case's own entries begin and end is `casework.arising`'s.
"""

import secrets
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from casework import clock
from casework.audit import record
from casework.audit.events import (
    ITEM,
    ITEM_STATE,
    ITEM_VERSION,
    PINNED,
    Event,
    entries,
    events_of,
)
from casework.audit.items import KeptItem, columns_of, items_in, latest_of, standings_by_kind
from casework.conflicts import refuse_kept_out
from casework.counts import milestones, projection
from casework.database import Adds
from casework.index.entries import keep_words
from casework.models import Case, Item
from casework.models.base import table_of
from casework.office_rules import rules_for
from workflows import ITEMS, WORKFLOWS
from workflows.amendments import EVENTS as AMENDMENT_EVENTS
from workflows.attempt import Attempt, Move, StepRefused
from workflows.definition import Standing, Workflow
from workflows.engine import take_step
from workflows.facts import stat_of
from workflows.history import ANNUL
from workflows.replay import standing_of

_ITEMS, _CASES = table_of(Item), table_of(Case)
_ADD = insert(_ITEMS)
_CHANGE = update(_ITEMS).where(
    _ITEMS.c.token == bindparam("moved"), _ITEMS.c.version == bindparam("moved_from")
)
_REF = select(
    _ITEMS.c.token, _ITEMS.c.case_token, _ITEMS.c.workflow, _ITEMS.c.state, _ITEMS.c.version
)


class StaleItem(Exception):
    """Somebody else changed the item since the form was opened; nothing was changed."""


@dataclass(frozen=True)
class ItemRef:
    """Enough of an item to move it: what its row said when it was read."""

    token: str
    case: str
    workflow: str
    state: str
    version: int


@dataclass(frozen=True)
class ItemMoved:
    """What a step did: where its event is in the log, and how the item now stands."""

    seq: int
    item: str
    case: str
    state: str
    version: int


def item_ref(session: Session, token: str) -> ItemRef | None:
    """The item with this token, None when there is none."""
    row = session.execute(_REF.where(_ITEMS.c.token == token)).first()
    return ItemRef(*row) if row else None


def items_on(session: Session, case: str) -> tuple[KeptItem, ...]:
    """Everything kept on the case with this token, in the order it was begun."""
    return items_in(events_of(session, case))


def begin_item(
    session: Session, case: str, workflow: Workflow, attempt: Attempt, origin: record.Origin
) -> ItemMoved:
    """Begin an item on the case with this token by its first step; the caller commits.

    Raises StepRefused with a sentence.
    """
    refuse_kept_out(session, case, workflow, attempt)
    events = events_of(session, case)
    move = _try(session, workflow, (), events, attempt)
    token = f"i_{secrets.token_hex(16)}"
    return _record(session, _About(workflow, token, case, events), move, origin)


def move_item(
    session: Session, item: ItemRef, attempt: Attempt, origin: record.Origin
) -> ItemMoved:
    """Take a step on an item, correct or annul an entry of it. The caller commits.

    Raises StepRefused with a sentence, StaleItem when `item.version` is no longer the item's.
    """
    refuse_kept_out(session, item.case, ITEMS[item.workflow], attempt)
    events = events_of(session, item.case)
    kept = next(each for each in items_in(events) if each.token == item.token)
    if kept.version != item.version:
        raise StaleItem(item.token)
    _require_own(kept, attempt)
    move = _try(session, kept.workflow, kept.history, events, attempt)
    about = _About(kept.workflow, item.token, item.case, events, kept)
    return _record(session, about, move, origin)


def _require_own(kept: KeptItem, attempt: Attempt) -> None:
    """StepRefused when an entry is to be amended that the item has from the case."""
    if attempt.target is None or attempt.target in {event.seq for event in kept.events}:
        return
    if any(entry.seq == attempt.target for entry in kept.history):
        raise StepRefused.because(
            f"Entry {attempt.target} is the case’s own; the {kept.workflow.noun} follows from it. "
            "Correct or annul it on the case."
        )


def case_standing(events: tuple[Event, ...]) -> Standing:
    """How the case stands whose events these are: what an item's rules may ask about."""
    workflow = WORKFLOWS[events[0].stat["workflow"]]
    return standing_of(workflow, entries(workflow, events))


def _try(
    session: Session, workflow: Workflow, history: Any, events: tuple[Event, ...], attempt: Attempt
) -> Move:
    office = rules_for(session, workflow, attempt)
    known = replace(attempt, case=case_standing(events))
    if workflow.sees_kept:
        own = {entry.seq for entry in history}
        others = (event for event in events if event.seq not in own)
        kept = standings_by_kind(items_in(events))
        known = replace(known, kept=kept, latest=latest_of(others))
    return take_step(workflow, history, known, office, clock.today())


@dataclass(frozen=True)
class _About:
    """The item that an event is about, its case's events so far, and how it stood before."""

    workflow: Workflow
    token: str
    case: str
    events: tuple[Event, ...]
    before: KeptItem | None = None

    @property
    def version(self) -> int:
        """How many entries of its own the item had."""
        return self.before.version if self.before else 0

    @property
    def pinned(self) -> dict[str, str]:
        """What an item's first event says: the definition it is begun under."""
        if self.version > 0:
            return {}
        kind = self.workflow
        return dict(zip(PINNED, (kind.name, kind.version, kind.content_hash), strict=True))


def _record(session: Session, about: _About, move: Move, origin: record.Origin) -> ItemMoved:
    said = {ITEM: about.token, ITEM_STATE: move.after.state, ITEM_VERSION: about.version + 1}
    event = record.NewEvent(
        action=move.action,
        role=move.role,
        case=about.case,
        effective_on=move.effective_on,
        target=move.target,
        stat={**stat_of(move), **about.pinned, **said},
        texts=move.texts,
    )
    recorded = record.append(session, event, origin)
    kept = _written(session, about, recorded.seq)
    if not kept.is_kept and move.action != AMENDMENT_EVENTS[ANNUL]:
        raise StepRefused.because(
            f"No {kept.workflow.noun} would be left of this: the entry of the case that it belongs "
            "to does not stand on that day. Check the day."
        )
    keep_words(session, about.workflow, event, recorded.seq)
    return ItemMoved(recorded.seq, about.token, about.case, move.after.state, about.version + 1)


def _written(session: Session, about: _About, seq: int) -> KeptItem:
    """The item as the log, with the event just recorded, gives it; its row and milestones too."""
    (event,) = events_of(session, about.case, since=seq)
    kept = next(k for k in items_in((*about.events, event)) if k.token == about.token)
    if about.before is None:
        add_row(session, kept)
    else:
        change_row(session, kept, about.version)
    project(session, about.case, about.before, kept, seq)
    return kept


def add_row(adds: Adds, kept: KeptItem) -> None:
    """Write the row of an item that has none yet."""
    adds.execute(_ADD, _row_of(kept))


def change_row(session: Session, kept: KeptItem, version: int) -> None:
    """Write an item's row anew. Raises StaleItem when it no longer has this version."""
    found = {"moved": kept.token, "moved_from": version}
    changed = session.execute(_CHANGE, {**_row_of(kept), **found})
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise StaleItem(kept.token)


def _row_of(kept: KeptItem) -> dict[str, Any]:
    return {"token": kept.token, **columns_of(kept), "words": kept.words}


def erase_words(session: Session, case: str) -> None:
    """Empty the words of everything kept on a case, within the caller's write transaction."""
    session.execute(update(_ITEMS).where(_ITEMS.c.case_token == case).values(words={}))


def project(
    session: Session, case: str, old: KeptItem | None, new: KeptItem | None, seq: int
) -> None:
    """Bring an item's milestones from what they were before the event at `seq` to what they are."""
    before, after = (projection.of_item(kept) if kept else frozenset() for kept in (old, new))
    milestones.project(session, case, before, after, seq)
