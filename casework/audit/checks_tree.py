"""The only place that judges the stored tree: it is built again from the entries' own bytes."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, false, func, or_, select, type_coerce
from sqlalchemy.exc import DBAPIError, NoResultFound
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from casework.audit.findings import Check, Finding
from casework.audit.record import log_root, log_size
from casework.audit.tree import completed_by, root
from casework.models import AuditNode
from casework.models.base import table_of

_NODES = table_of(AuditNode)
_LEVELS = range(1, 63)


def stored_nodes(session: Session, start: int, stop: int) -> dict[tuple[int, int], Any]:
    """The stored subtrees that the leaves from `start` up to `stop` complete, by (level, position)."""
    columns = _NODES.c
    completed = or_(
        *(
            and_(
                columns.level == level,
                columns.position >= start >> level,
                columns.position < stop >> level,
            )
            for level in _LEVELS
            if stop >> level
        ),
        false(),
    )
    query = select(columns.level, columns.position, type_coerce(columns.hash, NullType()))
    rows = session.execute(query.where(completed)).all()
    session.rollback()
    return {(level, position): hash_ for level, position, hash_ in rows}


@dataclass(frozen=True)
class RootsAt:
    """The roots over the first so many entries, `sizes`, as the entries themselves give them.

    For checkpoints, whose log may not be trusted. While the log is read once, `found` fills, by
    size; what is then missing is beyond the log, or behind an entry that cannot be read.
    """

    sizes: frozenset[int]
    found: dict[int, bytes] = field(default_factory=dict)


class TreeCheck:
    """The tree as it grows over the entries' recomputed hashes; keeps one hash for each level."""

    def __init__(self, roots: RootsAt | None = None) -> None:
        self.check = Check("tree")
        self._roots = roots or RootsAt(frozenset())
        self.size = 0
        self.is_whole = True
        self._latest: dict[int, bytes] = {}
        self._worst_first = -1

    def take(self, seq: int, leaf: bytes | None, stored: dict[tuple[int, int], Any]) -> None:
        """Grow by one leaf and compare the subtrees it completes with those stored.

        After a missing or unreadable entry nothing can be built any more, and that is reported
        where it belongs.
        """
        if not self.is_whole or leaf is None or seq != self.size:
            self.is_whole = False
            return
        completed = completed_by(seq, leaf, self._latest_at)
        for node in completed:
            self._compare(node.level, node.index, node.hash, stored.get((node.level, node.index)))
        if seq % 2 == 0:
            self._latest[0] = leaf
        for node in completed[-1:]:
            self._latest[node.level] = node.hash
        self.size = seq + 1
        if self.size in self._roots.sizes:
            self._roots.found[self.size] = root(self.size, self._latest_at)

    def _latest_at(self, level: int, _index: int) -> bytes:
        return self._latest[level]

    def _compare(self, level: int, index: int, hash_: bytes, stored: Any) -> None:
        first, last = index << level, ((index + 1) << level) - 1
        if stored is None:
            self.check.fault("The stored hash of a subtree is missing", first, last)
        elif stored != hash_ and first > self._worst_first:
            self.check.fault("The stored hash of a subtree is not that of its entries", first, last)
        if stored != hash_:
            # A wrong leaf makes every subtree above it wrong; the smallest says where.
            self._worst_first = max(first, self._worst_first)

    def findings(self, session: Session, size: int) -> tuple[Finding, ...]:
        """What was found of the subtrees, and the root over the first `size` entries."""
        self._judge_extra(session)
        tree = self.check.findings(
            "The stored subtrees are those of the entries, and there are no others."
        )
        check = Check("root")
        if not self.is_whole or self.size != size:
            check.fault(
                f"The root cannot be built beyond entry {self.size - 1}"
                if self.size
                else "The root cannot be built"
            )
            return (*tree, *check.findings(""))
        built = root(size, self._latest_at)
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
