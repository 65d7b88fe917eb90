"""The only place that reads tables for an export: raw, in short batches, as they were at one log size.

Nothing need stand still while an office works. What came after the size is left out; a row that
follows from later events is marked, because how it stood is no longer stored. What tampering left is
written as it is: an export that left it out would hide it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Boolean, Column, LargeBinary, select, tuple_, type_coerce
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.types import JSON, NullType

from casework.audit import record
from casework.audit.erasures import ERASED, ERASED_AGAIN, POSITIONS, SHARED_ERASED
from casework.exporting.columns import CHECKPOINTS, HASHES, NODES, Exported
from casework.models import AuditEvent
from casework.models.base import Instant, table_of

BATCH, BATCH_OF_WORDS = 1_000, 100
Row = dict[str, Any]
_EVENTS = table_of(AuditEvent)
_ABOUT = ("person", "publication")
"""What `stat` names whose row an event moves, beside the case."""


class Moved:
    """What events after an export's size are about, by token; followed as the office works on."""

    def __init__(self, session: Session, size: int) -> None:
        self._session, self._size = session, size
        self.now = size
        self.tokens: set[str] = set()
        self.erased_cases: set[str] = set()
        self.erased_entries: set[int] = set()

    def follow(self) -> None:
        """Read the events since it was asked last: after the rows, so that none is ahead of it."""
        query = select(_EVENTS.c.body).where(_EVENTS.c.seq >= self.now).order_by(_EVENTS.c.seq)
        for body in self._session.execute(query).scalars():
            read = orjson.loads(body)
            self.now = read["seq"] + 1
            named = (read["case"], *(read["stat"].get(name) for name in _ABOUT))
            self.tokens |= {token for token in named if isinstance(token, str)}
            if read["action"] in (ERASED, ERASED_AGAIN) and read["case"] is not None:
                self.erased_cases.add(read["case"])
            elif read["action"] == SHARED_ERASED:
                self.erased_entries.update(read["stat"].get(POSITIONS, ()))

    def is_after(self, position: Any) -> bool:
        """Whether a position is one of those that came after the export's size."""
        return isinstance(position, int) and self._size <= position < self.now


def rows_of(
    session: Session, exported: Exported, moved: Moved, *, has_words: bool = False
) -> Iterator[Row]:
    """The rows of a table as an export has them, each value as JSON can hold it."""
    columns = [exported.table.c[name] for name in exported.names(has_words=has_words)]
    for row in _raw_rows(session, exported, columns, moved):
        if moved.is_after(_last_covered(exported, row)):
            continue
        if exported.until and moved.is_after(row[exported.until]):
            row[exported.until] = None
        if exported.moved_by and row[exported.moved_by] in moved.tokens:
            row["is_later"] = True
        yield row


def _last_covered(exported: Exported, row: Row) -> Any:
    """The position of the last entry that a row follows from, None where no single one says so."""
    if exported is CHECKPOINTS:
        return row["size"] - 1 if isinstance(row["size"], int) else None
    if exported is NODES:
        level, position = row["level"], row["position"]
        if not isinstance(level, int) or not isinstance(position, int) or not 0 < level < 63:
            return None
        return ((position + 1) << level) - 1
    return row[exported.since] if exported.since else None


def _raw_rows(
    session: Session, exported: Exported, columns: Sequence[Column[Any]], moved: Moved
) -> Iterator[Row]:
    key = [exported.table.c[name] for name in exported.key]
    raw = [type_coerce(column, NullType()) for column in (*key, *columns)]
    limit = BATCH_OF_WORDS if exported.words else BATCH
    last: tuple[Any, ...] | None = None
    while True:
        after = [] if last is None else [tuple_(*key) > last]
        query = select(*raw).where(*after).order_by(*key).limit(limit)
        try:
            rows: list[tuple[Any, ...]] = [tuple(row) for row in session.execute(query)]
        except DBAPIError:
            session.rollback()
            keys = [tuple(row) for row in session.execute(query.with_only_columns(*key))]
            rows = [_alone(session, raw, key, columns, place) for place in keys]
        moved.follow()
        session.rollback()
        if not rows:
            return
        for row in rows:
            yield _plain_row(columns, row[len(key) :])
        last = rows[-1][: len(key)]


def _alone(
    session: Session,
    raw: Sequence[Any],
    key: Sequence[Column[Any]],
    columns: Sequence[Column[Any]],
    place: tuple[Any, ...],
) -> tuple[Any, ...]:
    """One row; of one that the database cannot read back, its key and nothing else."""
    try:
        return tuple(session.execute(select(*raw).where(tuple_(*key) == place)).one())
    except DBAPIError:
        session.rollback()
        known = {column.name: value for column, value in zip(key, place, strict=True)}
        return (*place, *(known.get(column.name) for column in columns))


def _plain_row(columns: Iterable[Column[Any]], values: Iterable[Any]) -> Row:
    return {
        column.name: _plain(column, value) for column, value in zip(columns, values, strict=True)
    }


def _plain(column: Column[Any], value: Any) -> Any:
    """A stored value as JSON holds it, the same of both databases, whatever is stored there."""
    if isinstance(column.type, LargeBinary):
        return _of_bytes(column, value)
    if isinstance(column.type, Instant):
        return _instant(value)
    if isinstance(column.type, Boolean) and value in (0, 1):
        return bool(value)
    if isinstance(column.type, JSON) and isinstance(value, str):
        return _of_json(value)
    if isinstance(value, bytes | memoryview):
        return {"hex": bytes(value).hex()}
    return repr(value) if isinstance(value, float) else value


def _of_bytes(column: Column[Any], value: Any) -> Any:
    """Hashes in hexadecimal, others as text in UTF-8 if they are; null where no bytes are stored."""
    if not isinstance(value, bytes | memoryview):
        return None
    content = bytes(value)
    try:
        return content.hex() if column.name in HASHES else content.decode()
    except UnicodeDecodeError:
        return {"hex": content.hex()}


def _instant(value: Any) -> Any:
    """An instant as the log writes it; SQLite keeps text, without its time zone."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else value
        return record.instant(found if found.tzinfo else found.replace(tzinfo=UTC))
    except (AttributeError, ValueError):
        return str(value)


def _of_json(value: str) -> Any:
    try:
        return orjson.loads(value)
    except ValueError:
        return value
