"""The only place that says what is no longer so once an office is made again from a backup.

All of it within the caller's write transaction.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from casework.audit.checks_erasures import RESTORED
from casework.audit.record import NewEvent, Origin, append, instant
from casework.backups.manifest import Manifest
from casework.outbox import queue
from casework.retention.erasing import Listed, Replayed, replay
from workflows.roles import SYSTEM


@dataclass(frozen=True)
class Revived:
    """What was erased again, and how many mails may have been sent since and wait for a person to look."""

    again: Replayed
    doubted: int


def revive(session: Session, manifest: Manifest, erased: Iterable[Listed]) -> Revived:
    """Record that the log was restored, erase again, doubt the mail that waits.

    What is erased again follows that entry directly: nowhere else does it count.
    """
    stat = {
        "size": manifest.log_size,
        "root": manifest.log_root,
        "made_at": instant(manifest.made_at),
    }
    append(session, NewEvent(RESTORED, SYSTEM, stat=stat), Origin("command"))
    again = replay(session, erased)
    return Revived(again, queue.doubt(session))
