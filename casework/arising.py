"""The only place that brings what arises from a case's own entries after them.

A decision makes recommendations, its correction changes them, its annulment takes them away, a
reopening sets them aside: no event repeats what the case's entry said, so their rows and
milestones follow in the transaction that records it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from casework.audit.events import Event, events_of
from casework.audit.items import KeptItem, items_in
from casework.database import Adds
from casework.items import add_row, case_standing, change_row, items_on, project
from casework.models import Item, Milestone
from casework.models.base import table_of
from workflows import ITEMS
from workflows.attempt import StepRefused
from workflows.definition import Entry, OfficeRules
from workflows.history import AMENDMENTS, ANNUL
from workflows.replay import replay

_ITEMS, _MILESTONES = table_of(Item), table_of(Milestone)
# Statements are built once: building one costs several times what running it does.
_REMOVE = delete(_ITEMS).where(_ITEMS.c.token == bindparam("gone"))


def follow_case(
    session: Session,
    case: str,
    before: Sequence[Entry],
    after: Sequence[Entry],
    office: OfficeRules,
) -> None:
    """Bring what arises from a case's entries from `before` to `after` the event just recorded.

    Both are the case's entries in log order. Raises StepRefused when something that happened to
    an item since could not have happened then. Within the caller's write transaction.
    """
    kinds = [kind.arises for kind in ITEMS.values() if kind.arises is not None]
    if after[-1].target is None and all(
        arises(before, {}) == arises(after, {}) for arises in kinds
    ):
        return
    events = events_of(session, case)
    was = {kept.token: kept for kept in items_in(events[:-1])}
    now = {kept.token: kept for kept in _still_possible(events, office)}
    for token in dict.fromkeys((*was, *now)):
        old, new = was.get(token), now.get(token)
        if old != new:
            _refuse_loss(old, new, after)
            _settle(session, case, old, new, events[-1].seq)


def add_all(
    adds: Adds, log: Sequence[Entry], events: tuple[Event, ...], office: OfficeRules
) -> None:
    """Write the rows of what arose on a case that is new with all these entries, its events.

    Raises StepRefused when something of it could not have happened.
    """
    if any(kind.arises is not None and kind.arises(log, {}) for kind in ITEMS.values()):
        for kept in _still_possible(events, office):
            add_row(adds, kept)


def _still_possible(events: tuple[Event, ...], office: OfficeRules) -> tuple[KeptItem, ...]:
    """The items as all events leave them, with what was recorded of them judged anew."""
    case = case_standing(events)
    try:
        found = items_in(events)
        for kept in found:
            if kept.workflow.arises is not None and kept.is_kept:
                replay(kept.workflow, kept.standing.entries, office, case)
    except StepRefused as refused:
        raise StepRefused.because(
            f"Something kept on the case could then not have happened. {refused.sentence} Correct "
            "or annul that first."
        ) from None
    return found


def _refuse_loss(old: KeptItem | None, new: KeptItem | None, case: Sequence[Entry]) -> None:
    """StepRefused when something recorded of an item would silently be of another, or of none.

    It goes with the entry it arose from when that is annulled.
    """
    if old is None or not old.events or not old.is_kept:
        return
    newest = case[-1]
    named = next((entry for entry in case if entry.seq == newest.target), None)
    is_lost = new is None or not new.is_kept
    if is_lost and newest.step == ANNUL and named and named.step not in AMENDMENTS:
        return
    if is_lost or _beginning(new) != _beginning(old):
        raise StepRefused.because(
            f"What was recorded of a {old.workflow.noun} since, first in entry "
            f"{old.events[0].seq}, would then be about another one or about none. Annul that first."
        )


def _beginning(kept: KeptItem | None) -> Mapping[str, Any] | None:
    return kept.standing.entries[0].facts if kept else None


def _settle(
    session: Session, case: str, old: KeptItem | None, new: KeptItem | None, seq: int
) -> None:
    """Write an item's row and milestones as an entry of its case left them."""
    if old is None and new is not None:
        add_row(session, new)
    elif old is not None and new is None:
        session.execute(_REMOVE, {"gone": old.token})
    elif old is not None and new is not None:
        change_row(session, new, old.version)
    project(session, case, old, new, seq)


def write_missing_rows(session: Session) -> None:
    """Write the rows of recommendations from before this release kept any: their milestones tell.

    Within the caller's write transaction; safe to repeat.
    """
    known = select(_ITEMS.c.token)
    cases = select(_MILESTONES.c.case_token).where(
        _MILESTONES.c.kind == "recommendations",
        _MILESTONES.c.until_seq.is_(None),
        _MILESTONES.c.item.not_in(known),
    )
    tokens = set(session.execute(known).scalars())
    for case in session.execute(cases.distinct()).scalars().all():
        for kept in items_on(session, case):
            if kept.token not in tokens:
                add_row(session, kept)
