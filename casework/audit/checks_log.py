"""The only place that judges stored events one after another: order, links, bytes, columns, words."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from sqlalchemy import func, or_, select, type_coerce
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from casework.audit.canonical import canonical
from casework.audit.erasures import Erasure
from casework.audit.findings import Check, Finding
from casework.audit.record import LEAF_PREFIX, commitment
from casework.audit.tree import leaf_hash
from casework.models import AuditDetail, AuditEvent
from casework.models.base import table_of
from workflows.calendar import in_words

_EVENTS, _DETAILS = table_of(AuditEvent), table_of(AuditDetail)
BATCH = 1_000
_TEXT, _NUMBER = (str,), (int,)
_TEXT_OR_NONE, _NUMBER_OR_NONE = (str, type(None)), (int, type(None))
FIELDS: dict[str, tuple[type, ...]] = {
    "v": _NUMBER,
    "seq": _NUMBER,
    "id": _TEXT,
    "at": _TEXT,
    "prev": _TEXT,
    "actor": _TEXT,
    "role": _TEXT,
    "action": _TEXT,
    "case": _TEXT_OR_NONE,
    "ver": _NUMBER_OR_NONE,
    "state": _TEXT_OR_NONE,
    "req": _TEXT,
    "part": _NUMBER,
    "via": _TEXT,
    "effective_on": _TEXT_OR_NONE,
    "target": _NUMBER_OR_NONE,
    "stat": (dict,),
    "detail_commit": _TEXT_OR_NONE,
    "build": _TEXT,
}
"""The closed schema of an event's body: every field, always, and no other."""
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


def _raw(column: Any) -> Any:
    # What tampering left may not be of the column's type, and must not stop the reading.
    return type_coerce(column, NullType()).label(column.name)


_ROWS = select(
    *(_raw(_EVENTS.c[name]) for name in (*COLUMNS, "body", "leaf_hash")),
    _raw(_DETAILS.c.salt),
    _raw(_DETAILS.c.body).label("words"),
    _raw(_DETAILS.c.seq).label("detail_seq"),
).select_from(_EVENTS.outerjoin(_DETAILS, _DETAILS.c.seq == _EVENTS.c.seq))


def stored_events(session: Session, log_size: int) -> Iterator[list[tuple[int, Any]]]:
    """Every stored event before `log_size` as (seq, row), in order, in short transactions.

    The row is None where the database cannot read it back.
    """
    last: int | None = None
    while True:
        after = [] if last is None else [_EVENTS.c.seq > last]
        batch = _batch(session, [_EVENTS.c.seq < log_size, *after])
        session.rollback()
        if not batch:
            return
        yield batch
        last = batch[-1][0]


def _batch(session: Session, conditions: list[Any]) -> list[tuple[int, Any]]:
    ordered = _EVENTS.c.seq
    query = _ROWS.where(*conditions).order_by(ordered).limit(BATCH)
    try:
        return [(row.seq, row) for row in session.execute(query).all()]
    except DBAPIError:
        session.rollback()
    seqs = select(ordered).where(*conditions).order_by(ordered).limit(BATCH)
    return [(seq, _one(session, seq)) for seq in session.execute(seqs).scalars().all()]


def _one(session: Session, seq: int) -> Any:
    try:
        return session.execute(_ROWS.where(_EVENTS.c.seq == seq)).first()
    except DBAPIError:
        session.rollback()
        return None


class LogChecks:
    """The checks that need one event and the one before it; fed in log order.

    Words may be missing where they were erased: of cases, by token, or by the position of an entry.
    """

    def __init__(self, of_cases: Mapping[str, Erasure], shared: Mapping[int, Erasure]) -> None:
        self._of_cases, self._shared = of_cases, shared
        self.sequence = Check("sequence")
        self.links = Check("links")
        self.bytes = Check("bytes")
        self.columns = Check("columns")
        self.hashes = Check("hashes")
        self.details = Check("details")
        self.regressions = 0
        self.expected = 0
        self._before: bytes | None = b""
        self._latest_at = ""

    def take(self, seq: int, row: Any) -> bytes | None:
        """Judge one stored event; its leaf's hash from its bytes, None when there are none."""
        if seq != self.expected:
            self._judge_gap(seq)
        self.expected = seq + 1
        body = as_bytes(row.body) if row is not None else None
        if row is None or body is None:
            self.bytes.fault("The stored bytes cannot be read", seq)
            self._before = None
            return None
        leaf = leaf_hash(LEAF_PREFIX + body)
        if as_bytes(row.leaf_hash) != leaf:
            self.hashes.fault("The stored hash is not the hash of the stored bytes", seq)
        read = read_body(body)
        if read is None:
            self.bytes.fault("The stored bytes are not an event in canonical form", seq)
        else:
            self._judge_body(seq, row, read)
        self._before = leaf
        return leaf

    def _judge_gap(self, seq: int) -> None:
        if seq < self.expected:
            self.sequence.fault("An entry stands before the beginning of the log", seq)
        else:
            self.sequence.fault("Entries are missing", self.expected, seq - 1)
        self._before = None

    def _judge_body(self, seq: int, row: Any, read: dict[str, Any]) -> None:
        wrong = [name for name, key in COLUMNS.items() if getattr(row, name) != read[key]]
        if wrong:
            self.columns.fault(
                f"Columns do not say what the stored bytes say ({', '.join(wrong)})", seq
            )
        if self._before is not None and read["prev"] != self._before.hex():
            self.links.fault("The entry does not follow from the bytes of the one before it", seq)
        if read["at"] < self._latest_at:
            self.regressions += 1
        self._latest_at = max(read["at"], self._latest_at)
        self._judge_words(seq, row, read)

    def _judge_words(self, seq: int, row: Any, read: dict[str, Any]) -> None:
        committed = read["detail_commit"]
        erasure = self._of_cases.get(read["case"]) or self._shared.get(seq)
        is_erased = committed is not None and erasure is not None and seq < erasure.seq
        if row.detail_seq is None:
            if committed is not None and not is_erased:
                self.details.fault("Words are missing without an erasure event", seq)
            elif erasure is not None and is_erased and not erasure.was_due:
                self.details.fault(
                    f"Words were erased by entry {erasure.seq} before the day that it says they "
                    f"were due, {in_words(erasure.due_on)}",
                    seq,
                )
            return
        salt, words = as_bytes(row.salt), as_bytes(row.words)
        if committed is None:
            self.details.fault("Words stand beside an entry that was made without any", seq)
        elif salt is None or words is None or commitment(salt, words) != committed:
            self.details.fault("Words are not those that the entry commits to", seq)
        elif is_erased:
            self.details.fault("Words that were erased stand beside the entry again", seq)

    def findings(self, log_size: int) -> tuple[Finding, ...]:
        """What was found once every stored event before `log_size` was taken."""
        if self.expected < log_size:
            self.sequence.fault("Entries are missing", self.expected, log_size - 1)
        back = self.regressions
        clock = (
            f"{back:,} entries bear an earlier time than one before them"
            if back
            else "Time never goes back"
        )
        return (
            *self.sequence.findings(f"The sequence is without a gap: {log_size:,} entries."),
            *self.links.findings("Every entry names the hash of the one before it."),
            *self.bytes.findings("Every entry’s stored bytes are in canonical form."),
            *self.columns.findings("Every column says what the stored bytes say."),
            *self.hashes.findings("Every stored hash is the hash of the stored bytes."),
            *self.details.findings("The words beside the entries are those they commit to."),
            Finding("clock", True, f"{clock}; the order is that of positions."),
        )


def as_bytes(value: Any) -> bytes | None:
    """Stored bytes as bytes; None when something else is stored."""
    return bytes(value) if isinstance(value, bytes | memoryview) else None


def read_body(body: bytes) -> dict[str, Any] | None:
    """An event's body, None unless it is of the closed schema and in canonical form."""
    try:
        read = orjson.loads(body)
        if not isinstance(read, dict) or read.keys() != FIELDS.keys() or read["v"] != 1:
            return None
        if canonical(read) != body:
            return None
    except ValueError:
        return None
    is_typed = all(
        isinstance(read[name], types) and not isinstance(read[name], bool)
        for name, types in FIELDS.items()
    )
    return read if is_typed else None


def check_requests(session: Session, log_size: int) -> tuple[Finding, ...]:
    """Whether the events of each request are numbered from 0 without a gap or a repetition."""
    check = Check("requests")
    seq, part = _EVENTS.c.seq, _EVENTS.c.part
    query = (
        select(func.min(seq).label("first"), func.max(seq).label("last"))
        .where(seq < log_size)
        .group_by(_EVENTS.c.req)
        .having(
            or_(func.count() != func.count(part.distinct()), func.count() != func.max(part) + 1)
        )
        .order_by(func.min(seq))
    )
    for row in session.execute(query):
        check.fault("The entries of one request are not numbered from 0 on", row.first, row.last)
    session.rollback()
    return check.findings("The entries of every request are numbered from 0 on, each once.")


def check_stray_details(session: Session, _log_size: int) -> tuple[Finding, ...]:
    """Whether words stand beside entries that are not there, at any position."""
    check = Check("stray words")
    query = (
        select(_DETAILS.c.seq)
        .where(~select(_EVENTS.c.seq).where(_EVENTS.c.seq == _DETAILS.c.seq).exists())
        .order_by(_DETAILS.c.seq)
    )
    for seq in session.execute(query).scalars():
        check.fault("Words stand beside an entry that is not in the log", seq)
    session.rollback()
    return check.findings("No words stand beside entries that are not there.")
