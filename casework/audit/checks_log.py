"""The only place that judges stored events: order, links, bytes, columns, hashes, words.

A range is judged by itself, by whichever process; what one part of the log gave is then joined
to what the parts before it gave. Lists are compared whole, since nearly always they are equal.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import attrgetter, gt
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from casework.audit.bodies import read_bodies
from casework.audit.checks_tree import Subtree, subtree_over
from casework.audit.erasures import Erasures
from casework.audit.findings import Check, Finding
from casework.audit.record import LEAF_PREFIX, commitment
from casework.audit.stored import COLUMNS, Range, as_bytes, rows_of, subtrees_of, words_of
from casework.audit.tree import leaf_hashes
from casework.models import AuditDetail, AuditEvent
from casework.models.base import table_of

_EVENTS, _DETAILS = table_of(AuditEvent), table_of(AuditDetail)
_NAMES = ("sequence", "links", "bytes", "columns", "hashes", "details")
_DIGITS = "0123456789abcdef"
_BODY, _LEAF = len(COLUMNS), len(COLUMNS) + 1
"""Where in a row the columns end and its bytes are, and their hash."""
_UNLINKED = "The entry does not follow from the bytes of the one before it"
_said = attrgetter(*COLUMNS.values())


@dataclass(frozen=True)
class Known:
    """What every part of the log is judged by: where words may be missing, and must be.

    `sizes` are those at which the root of the tree is asked for.
    """

    erasures: Erasures
    sizes: frozenset[int]


@dataclass
class Part:
    """What the stored entries of a range gave, to be joined to those before it.

    `prev` and `at` are what the first of them says, `leaf` and `latest_at` what the last one is
    and says: None where it cannot be read.
    """

    first: int
    last: int
    subtree: Subtree
    prev: str | None = None
    leaf: bytes | None = None
    at: str | None = None
    latest_at: str | None = None
    regressions: int = 0
    checks: dict[str, Check] = field(default_factory=lambda: {name: Check(name) for name in _NAMES})


@dataclass(frozen=True)
class _Entries:
    """The stored entries of a range, in order: the same place in each list is the same entry.

    None stands for a row, bytes, a hash of them or a body that cannot be read.
    """

    seqs: list[int]
    rows: list[Any]
    bodies: list[bytes | None]
    leaves: list[bytes | None]
    reads: list[Any]

    @classmethod
    def of(cls, session: Session, of: Range) -> "_Entries":
        """The entries as they are stored."""
        stored = rows_of(session, of)
        rows = [row for _, row in stored]
        bodies = [as_bytes(row[_BODY]) if row is not None else None for row in rows]
        leaves = leaf_hashes(LEAF_PREFIX, bodies)
        return cls([seq for seq, _ in stored], rows, bodies, leaves, read_bodies(bodies))


def judge(session: Session, known: Known, of: Range) -> Part:
    """Judge the stored entries of a range, in a short transaction; there is at least one."""
    entries = _Entries.of(session, of)
    words, nodes = _commitments(session, of), subtrees_of(session, of)
    session.rollback()
    seqs, leaves = entries.seqs, entries.leaves
    subtree = subtree_over(of, seqs, leaves, nodes, known.sizes)
    part = Part(seqs[0], seqs[-1], subtree, leaf=leaves[-1])
    _judge_sequence(part, seqs)
    _judge_bytes(part, entries)
    _judge_hashes(part, entries)
    _judge_columns(part, entries)
    _judge_links(part, entries)
    _judge_clock(part, entries)
    _judge_words(part, entries, words, known)
    return part


def _different(found: Sequence[Any], expected: Sequence[Any]) -> Iterator[int]:
    """Where two lists of the same length differ."""
    if found != expected:
        for place, (one, other) in enumerate(zip(found, expected, strict=True)):
            if one != other:
                yield place


def _judge_sequence(part: Part, seqs: list[int]) -> None:
    check = part.checks["sequence"]
    for seq in seqs:
        if seq >= 0:
            break
        check.fault("An entry stands before the beginning of the log", seq)
    if len(seqs) != seqs[-1] - seqs[0] + 1:
        for before, seq in pairwise(seqs):
            expected = max(before + 1, 0)
            if seq > expected:
                check.fault("Entries are missing", expected, seq - 1)


def _judge_bytes(part: Part, entries: _Entries) -> None:
    if None not in entries.reads:
        return
    for seq, body, read in zip(entries.seqs, entries.bodies, entries.reads, strict=True):
        if body is None:
            part.checks["bytes"].fault("The stored bytes cannot be read", seq)
        elif read is None:
            what = "The stored bytes are not an event in canonical form"
            part.checks["bytes"].fault(what, seq)


def _judge_hashes(part: Part, entries: _Entries) -> None:
    pairs = zip(entries.rows, entries.leaves, strict=True)
    stored = [row[_LEAF] if leaf is not None else None for row, leaf in pairs]
    for place in _different(stored, entries.leaves):
        if as_bytes(stored[place]) != entries.leaves[place]:
            what = "The stored hash is not the hash of the stored bytes"
            part.checks["hashes"].fault(what, entries.seqs[place])


def _judge_columns(part: Part, entries: _Entries) -> None:
    pairs = zip(entries.rows, entries.reads, strict=True)
    columns: list[Any] = [row[:_BODY] if read is not None else None for row, read in pairs]
    said: list[Any] = [_said(read) if read is not None else None for read in entries.reads]
    for place in _different(columns, said):
        both = zip(COLUMNS, columns[place], said[place], strict=True)
        names = ", ".join(name for name, stored, body in both if stored != body)
        what = f"Columns do not say what the stored bytes say ({names})"
        part.checks["columns"].fault(what, entries.seqs[place])


def _judge_links(part: Part, entries: _Entries) -> None:
    prevs = [read.prev if read is not None else None for read in entries.reads]
    given = [leaf.hex() if leaf is not None else None for leaf in entries.leaves]
    for place in _different(prevs[1:], given[:-1]):
        seq = entries.seqs[place + 1]
        is_known = given[place] is not None and prevs[place + 1] is not None
        if is_known and seq == entries.seqs[place] + 1:
            part.checks["links"].fault(_UNLINKED, seq)
    part.prev = prevs[0]


def _judge_clock(part: Part, entries: _Entries) -> None:
    ats = [read.at for read in entries.reads if read is not None]
    if ats:
        part.at, part.latest_at = ats[0], ats[-1]
        part.regressions = sum(map(gt, ats, ats[1:]))


def _commitments(session: Session, of: Range) -> dict[int, str | None]:
    """What the words beside a range's entries come to, by position; None where they are none."""
    found: dict[int, str | None] = {}
    for seq, stored_salt, stored_words in words_of(session, of):
        salt, words = as_bytes(stored_salt), as_bytes(stored_words)
        found[seq] = commitment(salt, words) if salt is not None else None
    return found


def _judge_words(
    part: Part, entries: _Entries, words: Mapping[int, str | None], known: Known
) -> None:
    for seq, read in zip(entries.seqs, entries.reads, strict=True):
        if read is None or (read.detail_commit is None and seq not in words):
            continue
        erasure = known.erasures.of(seq, read.case, read.action)
        if seq not in words:
            what = None if erasure else "Words are missing without an erasure event"
        elif read.detail_commit is None:
            what = "Words stand beside an entry that was made without any"
        elif words[seq] != read.detail_commit:
            what = "Words are not those that the entry commits to"
        else:
            what = "Words that were erased stand beside the entry again" if erasure else None
        if what is not None:
            part.checks["details"].fault(what, seq)


class Joined:
    """The parts of the log as they are joined, in order: each to what came before it."""

    def __init__(self) -> None:
        self._checks = {name: Check(name) for name in _NAMES}
        self._before: Part | None = None
        self._regressions = 0

    def take(self, part: Part) -> None:
        """Join the next part."""
        before = self._before
        expected = self._expected
        if part.first > expected:
            self._checks["sequence"].fault("Entries are missing", expected, part.first - 1)
        elif part.prev is not None and part.first == expected:
            leaf = before.leaf if before else b""
            if leaf is not None and part.prev != leaf.hex():
                self._checks["links"].fault(_UNLINKED, part.first)
        for name, check in part.checks.items():
            self._checks[name].take(check)
        is_earlier = bool(before and before.latest_at and part.at and part.at < before.latest_at)
        self._regressions += part.regressions + is_earlier
        self._before = part

    @property
    def _expected(self) -> int:
        return max(self._before.last + 1, 0) if self._before else 0

    def findings(self, log_size: int) -> tuple[Finding, ...]:
        """What was found once every part before `log_size` was taken."""
        found, expected = self._checks, self._expected
        if expected < log_size:
            found["sequence"].fault("Entries are missing", expected, log_size - 1)
        back = self._regressions
        clock = (
            f"The server’s clock went back before {back:,} of the entries"
            if back
            else "Time never goes back"
        )
        return (
            *found["sequence"].findings(f"The sequence is without a gap: {log_size:,} entries."),
            *found["links"].findings("Every entry names the hash of the one before it."),
            *found["bytes"].findings("Every entry’s stored bytes are in canonical form."),
            *found["columns"].findings("Every column says what the stored bytes say."),
            *found["hashes"].findings("Every stored hash is the hash of the stored bytes."),
            *found["details"].findings("The words beside the entries are those they commit to."),
            Finding("clock", True, f"{clock}; the order is that of positions."),
        )


def check_requests(session: Session, log_size: int) -> tuple[Finding, ...]:
    """Whether the events of each request are numbered from 0 without a gap or a repetition.

    Its key is 32 hexadecimal digits: free text could never be erased from there.
    """
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
    is_none = or_(func.length(_EVENTS.c.req) != 32, func.ltrim(_EVENTS.c.req, _DIGITS) != "")
    for place in session.execute(
        select(seq).where(seq < log_size, is_none).order_by(seq)
    ).scalars():
        check.fault("The request of an entry is not 32 hexadecimal digits", place)
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
