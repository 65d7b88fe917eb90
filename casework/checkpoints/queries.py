"""The only place that reads which checkpoints there are, which of them left, and what none covers."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.models import AuditEvent, Checkpoint, CheckpointCopy
from casework.models.base import table_of

FOLDER, MAIL, REPORT = "folder", "mail", "report"
_EVENTS = table_of(AuditEvent)


def newest(session: Session) -> Checkpoint | None:
    """The checkpoint over most entries."""
    return session.scalars(select(Checkpoint).order_by(Checkpoint.size.desc()).limit(1)).first()


def covering(session: Session, seq: int) -> Checkpoint | None:
    """The first checkpoint that covers the entry `seq`; always the same one once it is there."""
    query = select(Checkpoint).where(Checkpoint.size > seq).order_by(Checkpoint.size).limit(1)
    return session.scalars(query).first()


def newest_outside(session: Session) -> Checkpoint | None:
    """The checkpoint over most entries of which a copy left the machine."""
    size = session.scalar(select(func.max(CheckpointCopy.size)))
    return session.get(Checkpoint, size) if size is not None else None


def not_left(session: Session, kind: str, place: str) -> tuple[int, ...]:
    """The sizes of the checkpoints of which no copy was left there yet."""
    left = select(CheckpointCopy.size).where(
        CheckpointCopy.kind == kind, CheckpointCopy.place == place
    )
    return tuple(session.scalars(select(Checkpoint.size).where(Checkpoint.size.not_in(left))))


def copies_of(session: Session, sizes: Sequence[int]) -> dict[int, tuple[CheckpointCopy, ...]]:
    """The copies of checkpoints, by their sizes, in the order in which they left."""
    query = select(CheckpointCopy).where(CheckpointCopy.size.in_(sizes))
    found: dict[int, tuple[CheckpointCopy, ...]] = dict.fromkeys(sizes, ())
    for copy in session.scalars(query.order_by(CheckpointCopy.left_at, CheckpointCopy.place)):
        found[copy.size] += (copy,)
    return found


def entered_at(session: Session, seq: int) -> datetime | None:
    """When the entry at a position was entered (UTC); None when there is none."""
    at = session.scalar(select(_EVENTS.c.at).where(_EVENTS.c.seq == seq))
    return datetime.fromisoformat(at) if at is not None else None
