"""The only place that reads the log as it is stored, range by range, for the verifier.

What tampering left may not be of a column's type, and must not stop the reading: every value
is as the database's driver gives it. Ranges are of `RANGE` positions, so that each is a subtree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select, type_coerce
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from casework.models import AuditDetail, AuditEvent, AuditNode
from casework.models.base import table_of

_EVENTS, _DETAILS, _NODES = (table_of(each) for each in (AuditEvent, AuditDetail, AuditNode))
HEIGHT = 11
RANGE = 1 << HEIGHT
"""Positions that are read at once, and go into one complete subtree of this height."""
COLUMNS = {
    "seq": "seq",
    "id": "id",
    "at": "at",
    "actor": "actor",
    "action": "action",
    "case_token": "case",
    "req": "req",
    "part": "part",
}
"""Each column of an event and the field of its body that it repeats."""


def _raw(*columns: Any) -> list[Any]:
    return [type_coerce(column, NullType()).label(column.name) for column in columns]


# Statements are built once: building one costs several times what running it does.
_OF_RANGE = _EVENTS.c.seq >= bindparam("start"), _EVENTS.c.seq < bindparam("stop")
_ROWS = (
    select(*_raw(*(_EVENTS.c[name] for name in (*COLUMNS, "body", "leaf_hash"))))
    .where(*_OF_RANGE)
    .order_by(_EVENTS.c.seq)
)
_SEQS = select(_EVENTS.c.seq).where(*_OF_RANGE).order_by(_EVENTS.c.seq)
_NEXT = select(func.min(_EVENTS.c.seq)).where(_EVENTS.c.seq >= bindparam("start"))
_FIRST = select(func.min(_EVENTS.c.seq))
_WORDS = select(*_raw(_DETAILS.c.seq, _DETAILS.c.salt, _DETAILS.c.body)).where(
    _DETAILS.c.seq >= bindparam("start"), _DETAILS.c.seq < bindparam("stop")
)
_SUBTREES = (
    select(_NODES.c.level, _NODES.c.position, *_raw(_NODES.c.hash))
    .where(
        or_(
            *(
                and_(
                    _NODES.c.level == level,
                    _NODES.c.position >= bindparam(f"from_{level}"),
                    _NODES.c.position < bindparam(f"to_{level}"),
                )
                for level in range(1, HEIGHT + 1)
            )
        )
    )
    .order_by(_NODES.c.level, _NODES.c.position)
)
_SUBTREE = select(*_raw(_NODES.c.hash)).where(
    _NODES.c.level == bindparam("level"), _NODES.c.position == bindparam("position")
)


@dataclass(frozen=True)
class Range:
    """Positions from `start` on, up to but not including `stop`, in one subtree of `RANGE`.

    The first one also has what stands before the beginning of the log.
    """

    start: int
    stop: int

    @property
    def values(self) -> dict[str, int]:
        """The range as statements take it."""
        return {"start": self.start or _BEFORE, "stop": self.stop}


_BEFORE = -(2**62)


def ranges(session: Session, log_size: int) -> Iterator[Range]:
    """Every range in which something is stored before `log_size`, in order."""
    found = session.execute(_FIRST).scalar()
    while isinstance(found, int) and found < log_size:
        start = max(found, 0) // RANGE * RANGE
        yield Range(start, min(start + RANGE, log_size))
        found = session.execute(_NEXT, {"start": start + RANGE}).scalar()
    session.rollback()


def _fetched(session: Session, statement: Any, values: dict[str, int]) -> list[Any]:
    """Rows as the driver gives them: to wrap a million costs as much as to read them."""
    result: Any = session.execute(statement, values)
    driver: Any = session.get_bind().dialect.dbapi
    try:
        rows: list[Any] = result.cursor.fetchall()
    except driver.Error as fault:
        raise DBAPIError(str(statement), values, fault) from fault
    result.close()
    return rows


def rows_of(session: Session, of: Range) -> list[tuple[int, Any]]:
    """Every stored event of a range as (seq, row), in order: the columns, then bytes and hash.

    The row is None where the database cannot read it back.
    """
    try:
        return [(row[0], row) for row in _fetched(session, _ROWS, of.values)]
    except DBAPIError:
        session.rollback()
    seqs = session.execute(_SEQS, of.values).scalars().all()
    return [(seq, _row(session, seq)) for seq in seqs]


def _row(session: Session, seq: int) -> Any:
    try:
        return session.execute(_ROWS, {"start": seq, "stop": seq + 1}).first()
    except DBAPIError:
        session.rollback()
        return None


def words_of(session: Session, of: Range) -> Iterator[tuple[int, Any, Any]]:
    """The words that stand beside the entries of a range: position, salt, bytes."""
    yield from session.execute(_WORDS, of.values)


def subtrees_of(session: Session, of: Range) -> list[tuple[int, int, Any]]:
    """The stored subtrees that lie within a range as (level, position, hash), in that order."""
    bounds: dict[str, int] = {}
    for level in range(1, HEIGHT + 1):
        bounds |= {f"from_{level}": of.start >> level, f"to_{level}": of.stop >> level}
    return _fetched(session, _SUBTREES, bounds)


def subtree_at(session: Session, level: int, position: int) -> Any:
    """The stored hash of one subtree; None when there is none."""
    return session.execute(_SUBTREE, {"level": level, "position": position}).scalar()


def as_bytes(value: Any) -> bytes | None:
    """Stored bytes as bytes; None when something else is stored."""
    return bytes(value) if isinstance(value, bytes | memoryview) else None
