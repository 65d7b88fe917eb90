"""The only place that compares the table of what is kept on cases with the log it follows from."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from casework.audit.checks_tables import UNREADABLE, Batch, Upto, batches
from casework.audit.erasures import Erasure
from casework.audit.events import ITEM, ITEM_STATE, ITEM_VERSION, Event, entry_of, events_of_each
from casework.audit.findings import Check, Finding
from casework.audit.items import KeptItem, columns_of, items_in, own_event
from casework.audit.reading import ALONE, Reading
from casework.models import Case, Item
from casework.models.base import table_of
from workflows.definition import Entry
from workflows.replay import standing_of

_CASES, _ITEMS = table_of(Case), table_of(Item)
# As text, because tampering may have left what is not of the column's type.
_ROWS = select(
    *(cast(column, String).label(column.name) for column in _ITEMS.c if column.name != "id")
)
_HOMELESS = (
    select(_ITEMS.c.token)
    .where(~select(_CASES.c.id).where(_CASES.c.token == _ITEMS.c.case_token).exists())
    .order_by(_ITEMS.c.token)
)
_AS_JSON = frozenset({"codes", "words"})


def check_items(
    session: Session, log_size: int, erased: Mapping[str, Erasure], reading: Reading = ALONE
) -> tuple[Finding, ...]:
    """Whether the entries of everything kept on cases, replayed, give its rows and no others."""
    by = Upto(log_size, erased)
    check = Check("items")
    parts = batches(session)
    for done, found in enumerate(reading.each(session, _judge_items, by, parts), start=1):
        check.take(found)
        reading.told("items", done, len(parts))
    for token in session.execute(_HOMELESS).scalars():
        check.fault(f"Item {token} is of a case that is not there")
    session.rollback()
    return check.findings("Everything kept on a case is what its entries give when replayed.")


def _judge_items(session: Session, by: Upto, batch: Batch) -> Check:
    check = Check("items")
    found = session.execute(select(_CASES.c.token).where(*batch.here)).scalars()
    tokens = [token for token in found if isinstance(token, str)]
    stored: dict[str, list[Any]] = {token: [] for token in tokens}
    for row in session.execute(_ROWS.where(_ITEMS.c.case_token.in_(tokens))):
        stored[row.case_token].append(row)
    try:
        events = events_of_each(session, tokens)
    except UNREADABLE:
        events = {}
        check.fault("Entries of a case cannot be read, so what is kept on it cannot be either")
    session.rollback()
    for token, of_case in events.items():
        _judge(check, {row.token: row for row in stored[token]}, of_case, by)
    return check


def _judge(check: Check, rows: dict[str, Any], events: tuple[Event, ...], by: Upto) -> None:
    try:
        now = {item.token: item for item in items_in(events)}
        for token in rows.keys() - now.keys():
            check.fault(f"Item {token} is in the table but not in the log")
        for token, item in now.items():
            then = _then(events, item, rows.get(token), by.log_size)
            if then is not None:
                _judge_item(check, rows.get(token), (then, item), events, by)
    except UNREADABLE:
        check.fault("What is kept on a case cannot be replayed", events[0].seq, events[-1].seq)


def _then(events: tuple[Event, ...], item: KeptItem, row: Any, log_size: int) -> KeptItem | None:
    """The item as its row may still have it while the office works on beyond the size verified.

    None when it was only begun since.
    """
    if events[-1].seq < log_size:
        return item
    followed = [e for e in events if e.seq < log_size or _is_in_row(e, item, row)]
    return next((each for each in items_in(followed) if each.token == item.token), None)


def _is_in_row(event: Event, item: KeptItem, row: Any) -> bool:
    """Whether the row already follows an event of the item after the size that is verified."""
    is_own = row is not None and event.stat.get(ITEM) == item.token
    return is_own and int(event.stat[ITEM_VERSION]) <= int(row.version)


def _judge_item(
    check: Check, row: Any, stages: tuple[KeptItem, KeptItem], events: tuple[Event, ...], by: Upto
) -> None:
    """Judge a row by its item as it was at the size verified, or as it is by now."""
    item = stages[0]
    first, last = item.history[0].seq, item.history[-1].seq
    name = f"Item {item.token} ({item.workflow.noun})"
    if row is None:
        check.fault(f"{name} is in the log but not in the table", first, last)
        return
    for seq, what in _misstated(item, events):
        check.fault(f"{name} {what}", seq)
    is_erased = item.case in by.erased
    found = (list(_differences(row, stage, is_erased=is_erased)) for stage in stages)
    wrong = min(found, key=len)
    if wrong:
        check.fault(f"{name}: {'; '.join(wrong)}", first, last)


def _misstated(item: KeptItem, events: tuple[Event, ...]) -> Iterator[tuple[int, str]]:
    """Events whose stated version or state is not the one that replaying up to them gives."""
    log: list[Entry] = []
    for number, event in enumerate(item.events, start=1):
        if event.stat.get(ITEM_VERSION) != number:
            yield event.seq, f"has entries that are not counted from 1 ({number} expected)"
        entry = entry_of(item.workflow, own_event(event))
        if entry is None:
            yield event.seq, f"has an entry that is no step of it: {event.action}"
            continue
        log.append(entry)
        replayed = _state_then(item, log, events)
        if event.stat.get(ITEM_STATE) != replayed:
            yield (
                event.seq,
                f"is “{event.stat.get(ITEM_STATE)}” by its entry, “{replayed}” replayed",
            )


def _state_then(item: KeptItem, own: Sequence[Entry], events: tuple[Event, ...]) -> str:
    """The item's state after so many entries of its own."""
    if item.workflow.arises is None:
        return standing_of(item.workflow, own).state
    then = items_in([event for event in events if event.seq <= own[-1].seq])
    return next(each.standing.state for each in then if each.token == item.token)


def _differences(row: Any, item: KeptItem, *, is_erased: bool) -> Iterator[str]:
    expected = {"token": item.token, **columns_of(item)}
    if is_erased or not item.is_erased:
        expected["words"] = {} if is_erased else item.words
    for name, value in expected.items():
        stored = getattr(row, name)
        if name in _AS_JSON:
            if json.loads(stored or "null") != value:  # words are personal: named, never shown
                yield f"{name} are not what was recorded"
        elif stored != (None if value is None else str(value)):
            yield f"{name} is {stored or 'empty'}, the log gives {value}"
