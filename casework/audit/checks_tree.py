"""The only place that judges the stored tree: it is built again from the entries' own bytes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError, NoResultFound
from sqlalchemy.orm import Session

from casework.audit.findings import Check, Finding
from casework.audit.record import log_root, log_size
from casework.audit.stored import HEIGHT, RANGE, Range, as_bytes, subtree_at
from casework.audit.tree import EMPTY_ROOT, completed_by, nodes_above, peaks, root
from casework.models import AuditNode
from casework.models.base import table_of

_NODES = table_of(AuditNode)
_WRONG = "The stored hash of a subtree is not that of its entries"
_MISSING = "The stored hash of a subtree is missing"


@dataclass(frozen=True)
class RootsAt:
    """The roots over the first so many entries, `sizes`, as the entries themselves give them.

    For checkpoints, whose log may not be trusted. While the log is read once, `found` fills, by
    size; what is then missing is beyond the log, or behind an entry that cannot be read.
    """

    sizes: frozenset[int]
    found: dict[int, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Subtree:
    """The tree over the first `size` entries of a range that begins at `start`.

    `peaks` are the hashes, by level, of the largest subtrees that make up the whole of it and of
    each size that was asked for, the size in the log. `is_wrong`: its top, or one below, is.
    """

    start: int
    size: int
    peaks: dict[int, dict[int, bytes]]
    check: Check
    is_wrong: bool


def subtree_over(
    of: Range,
    seqs: Sequence[int],
    leaves: Sequence[bytes | None],
    stored: list[tuple[int, int, Any]],
    sizes: frozenset[int],
) -> Subtree:
    """Build the tree over a range's entries as far as none is missing; compare what is stored."""
    hashes = {seq: leaf for seq, leaf in zip(seqs, leaves, strict=True) if leaf is not None}
    follow = takewhile(lambda seq: seq in hashes, range(of.start, of.stop))
    levels = [[hashes[seq] for seq in follow]]
    while len(levels[-1]) > 1:
        levels.append(nodes_above(levels[-1]))
    size = len(levels[0])
    asked = {of.start + size, *(each for each in sizes if of.start < each <= of.start + size)}
    made_up = {
        each: {level: levels[level][index] for level, index in peaks(each - of.start)}
        for each in asked
    }
    check = Check("tree")
    is_wrong = _compare(check, of.start, levels, stored)
    return Subtree(of.start, size, made_up, check, is_wrong)


def _compare(
    check: Check, start: int, levels: list[list[bytes]], stored: list[tuple[int, int, Any]]
) -> bool:
    """Compare the subtrees of a range with those stored; whether the uppermost is not right."""
    built = [
        (level, (start >> level) + index, hash_)
        for level, hashes in enumerate(levels)
        if level
        for index, hash_ in enumerate(hashes)
    ]
    if stored == built:
        return False
    kept = {(level, position): hash_ for level, position, hash_ in stored}
    wrong: set[tuple[int, int]] = set()
    for level, position, hash_ in built:
        below = {(level - 1, 2 * position), (level - 1, 2 * position + 1)} & wrong
        if _judge(check, level, position, kept.get((level, position)), hash_, bool(below)):
            wrong.add((level, position))
    return bool(built) and built[-1][:2] in wrong


def _judge(
    check: Check, level: int, position: int, stored: Any, hash_: bytes, is_below: bool
) -> bool:
    """Whether a subtree is not as it is stored; named, unless one below it is (`is_below`).

    A wrong leaf makes every subtree above it wrong; the smallest says where.
    """
    if stored is not None and as_bytes(stored) == hash_:
        return False
    if stored is None or not is_below:
        first, last = position << level, ((position + 1) << level) - 1
        check.fault(_MISSING if stored is None else _WRONG, first, last)
    return True


class TreeCheck:
    """The tree as the subtrees of ranges are joined in order; keeps one hash for each level."""

    def __init__(self, roots: RootsAt | None = None) -> None:
        self.check = Check("tree")
        self.size = 0
        self._roots = roots or RootsAt(frozenset())
        self._is_whole = True
        self._latest: dict[int, bytes] = {}
        self._wrong: dict[int, bool] = {}
        if 0 in self._roots.sizes:
            self._roots.found[0] = EMPTY_ROOT

    def take(self, session: Session, subtree: Subtree) -> None:
        """Join the next subtree, and compare those that it completes with those stored.

        After a missing or unreadable entry nothing can be built any more, and that is reported
        where it belongs.
        """
        self.check.take(subtree.check)
        if not self._is_whole or subtree.start != self.size:
            self._is_whole = False
            return
        for size, hashes in subtree.peaks.items():
            if size < subtree.start + RANGE:
                self._note(size, {**self._latest, **hashes})
        self.size = subtree.start + subtree.size
        hashes = subtree.peaks[self.size]
        self._is_whole = subtree.size == RANGE
        if self._is_whole:
            self._complete(session, subtree.start >> HEIGHT, hashes[HEIGHT], subtree.is_wrong)
            self._note(self.size, self._latest)
        else:
            self._latest |= hashes

    def _note(self, size: int, latest: dict[int, bytes]) -> None:
        if size in self._roots.sizes:
            self._roots.found[size] = root(size, lambda level, _index: latest[level])

    def _complete(self, session: Session, index: int, top: bytes, is_wrong: bool) -> None:
        """Go up from the top of a range, the `index`-th, to all that is complete with it."""
        above = completed_by(index, top, lambda level, _index: self._latest[HEIGHT + level])
        for node in above:
            level = HEIGHT + node.level
            is_below = is_wrong or self._wrong.get(level - 1, False)
            stored = subtree_at(session, level, node.index)
            is_wrong = _judge(self.check, level, node.index, stored, node.hash, is_below)
        if above:
            session.rollback()
        highest = HEIGHT + len(above)
        self._latest[highest] = above[-1].hash if above else top
        self._wrong[highest] = is_wrong

    def findings(self, session: Session, size: int) -> tuple[Finding, ...]:
        """What was found of the subtrees, and the root over the first `size` entries."""
        self._judge_extra(session)
        tree = self.check.findings(
            "The stored subtrees are those of the entries, and there are no others."
        )
        check = Check("root")
        if self.size != size:
            check.fault(
                f"The root cannot be built beyond entry {self.size - 1}"
                if self.size
                else "The root cannot be built"
            )
            return (*tree, *check.findings(""))
        built = root(size, lambda level, _index: self._latest[level])
        if _stored_root(session, size) != built:
            check.fault("The root from the stored hashes is not that of the entries")
        return (*tree, *check.findings(f"The root over {size:,} entries is {built.hex()}."))

    def _judge_extra(self, session: Session) -> None:
        columns = _NODES.c
        query = select(columns.level, func.min(columns.position), func.max(columns.position))
        spans = session.execute(query.group_by(columns.level).order_by(columns.level)).all()
        now = log_size(session)  # asked afterwards: the log may have grown in between
        session.rollback()
        for level, lowest, highest in spans:
            if level < 1 or lowest < 0 or highest >= now >> level:
                self.check.fault(f"Hashes of subtrees that cannot be are stored (level {level})")


def _stored_root(session: Session, size: int) -> bytes | None:
    try:
        return log_root(session, size)
    except (DBAPIError, NoResultFound, TypeError, ValueError):
        return None
    finally:
        session.rollback()
