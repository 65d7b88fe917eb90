"""The only place that refuses to sign a second past: what was signed before has to be how the log begins.

An older database that was put back knows nothing of what was signed since, so the folder outside is
asked too. Of an office that was restored from a backup the log itself says so, and from which size on.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from casework.audit import notes, record
from casework.audit.checks_erasures import RESTORED
from casework.audit.events import parse
from casework.audit.notes import NoteRefused, TreeHead
from casework.audit.words import entries_counted
from casework.checkpoints import queries
from casework.checkpoints.changes import key_changes
from casework.checkpoints.checks import Held, Restoring
from casework.models import AuditEvent, Checkpoint
from casework.models.base import table_of

_EVENTS = table_of(AuditEvent)
_RESTORINGS = select(_EVENTS.c.body).where(_EVENTS.c.action == RESTORED).order_by(_EVENTS.c.seq)


class LogForked(Exception):
    """The log is no longer the one that was signed before; nothing was signed. The message says so."""


def restorings(session: Session) -> tuple[Restoring, ...]:
    """Each time that the office was made again from a backup, in log order."""
    events = (parse(body) for body in session.execute(_RESTORINGS).scalars())
    return tuple(Restoring(event.seq, event.at, int(event.stat["size"])) for event in events)


def refuse_fork(session: Session, left: Iterable[Held]) -> None:
    """Raise LogForked unless the log begins as its newest checkpoint and those in the folder say."""
    newest = queries.newest(session)
    if newest is not None and not _begins(session, newest.size, newest.root):
        raise LogForked(
            f"The log no longer begins with the {entries_counted(newest.size)} of its newest "
            "checkpoint, so nothing was signed. Run “casework audit verify” and keep every "
            "checkpoint there is."
        )
    known = {note.encode() for note in session.scalars(select(Checkpoint.note))}
    restored = restorings(session)
    for held in left:
        if held.content in known or (head := _signed_by_us(session, held)) is None:
            continue
        if not (_begins(session, head.size, head.root) or _is_lost(held, head.size, restored)):
            raise LogForked(
                f"{held.place} is signed, and the log does not begin with the "
                f"{entries_counted(head.size)} that it covers: an older database was put back, or the log "
                "was rewritten. Nothing was signed. Run “casework audit verify” and keep every "
                "checkpoint there is."
            )


def _begins(session: Session, size: int, root: bytes) -> bool:
    try:
        return size <= record.log_size(session) and record.log_root(session, size) == root
    except NoResultFound:
        return False


def _signed_by_us(session: Session, held: Held) -> TreeHead | None:
    """What a checkpoint says, None where no key that the log names signed it."""
    try:
        notes.signers(held.note, [change.key for change in key_changes(session)])
        return held.head
    except NoteRefused:
        return None


def _is_lost(held: Held, size: int, restored: Sequence[Restoring]) -> bool:
    """Whether it covers what a restore lost: more than the backup had, and left before that."""
    return any(
        size > each.size and held.left_at is not None and held.left_at < each.at
        for each in restored
    )
