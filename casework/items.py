"""The only place that changes what is kept on a case: papers, parties, recommendations, notes.

`begin_item` and `move_item` are to items what `progress` is to cases: they ask the engine,
record the event and change the row, in the caller's write transaction. An item's event belongs
to the case but does not move it, so adding a note makes nobody's open form stale.
"""

import secrets
from collections.abc import Mapping
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
    Event,
    entries,
    events_of,
)
from casework.audit.items import KeptItem, columns_of, items_in
from casework.index.entries import keep_words
from casework.models import Case, Item
from casework.models.base import table_of
from casework.office_rules import rules_for
from workflows import WORKFLOWS
from workflows.attempt import Attempt, Move
from workflows.definition import Standing, Workflow
from workflows.engine import take_step
from workflows.facts import stat_of
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
    events = events_of(session, case)
    move = _try(session, workflow, (), events, attempt)
    pinned = {
        "workflow": workflow.name,
        "workflow_version": workflow.version,
        "workflow_hash": workflow.content_hash,
    }
    token = f"i_{secrets.token_hex(16)}"
    return _record(session, _About(workflow, token, case, 0, events), move, pinned, origin)


def move_item(
    session: Session, item: ItemRef, attempt: Attempt, origin: record.Origin
) -> ItemMoved:
    """Take a step on an item, correct or annul an entry of it. The caller commits.

    Raises StepRefused with a sentence, StaleItem when `item.version` is no longer the item's.
    """
    events = events_of(session, item.case)
    kept = next(each for each in items_in(events) if each.token == item.token)
    if kept.version != item.version:
        raise StaleItem(item.token)
    move = _try(session, kept.workflow, kept.history, events, attempt)
    about = _About(kept.workflow, item.token, item.case, item.version, events)
    return _record(session, about, move, {}, origin)


def case_standing(events: tuple[Event, ...]) -> Standing:
    """How the case stands whose events these are: what an item's rules may ask about."""
    workflow = WORKFLOWS[events[0].stat["workflow"]]
    return standing_of(workflow, entries(workflow, events))


def _try(
    session: Session, workflow: Workflow, history: Any, events: tuple[Event, ...], attempt: Attempt
) -> Move:
    office = rules_for(session, workflow, attempt)
    known = replace(attempt, case=case_standing(events))
    return take_step(workflow, history, known, office, clock.today())


@dataclass(frozen=True)
class _About:
    """The item that an event is about, at the version before it, and its case's events so far."""

    workflow: Workflow
    token: str
    case: str
    version: int
    events: tuple[Event, ...]


def _record(
    session: Session,
    about: _About,
    move: Move,
    pinned: Mapping[str, str],
    origin: record.Origin,
) -> ItemMoved:
    said = {ITEM: about.token, ITEM_STATE: move.after.state, ITEM_VERSION: about.version + 1}
    event = record.NewEvent(
        action=move.action,
        role=move.role,
        case=about.case,
        effective_on=move.effective_on,
        target=move.target,
        stat={**stat_of(move), **pinned, **said},
        texts=move.texts,
    )
    recorded = record.append(session, event, origin)
    _write_row(session, about, recorded.seq)
    keep_words(session, about.workflow, event, recorded.seq)
    return ItemMoved(recorded.seq, about.token, about.case, move.after.state, about.version + 1)


def _write_row(session: Session, about: _About, seq: int) -> None:
    """The item's row as the log, with the event just recorded, gives it."""
    (event,) = events_of(session, about.case, since=seq)
    kept = next(k for k in items_in((*about.events, event)) if k.token == about.token)
    row = {**columns_of(kept), "words": kept.words}
    if about.version == 0:
        session.execute(_ADD, {"token": about.token, **row})
        return
    changed = session.execute(_CHANGE, {**row, "moved": about.token, "moved_from": about.version})
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise StaleItem(about.token)
