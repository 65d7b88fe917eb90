"""The only place that says what is no longer so once an office is made again from a backup.

All of it within the caller's write transaction.
"""

from sqlalchemy import update
from sqlalchemy.orm import Session

from casework.audit.record import NewEvent, Origin, append, instant
from casework.backups.manifest import Manifest
from casework.models import Person
from casework.outbox import queue
from workflows.roles import SYSTEM

RESTORED = "log_restored"
_FAR = 1_000_000
"""Added to what counts a person's sessions: more than can have begun since the backup, anywhere."""


def revive(session: Session, manifest: Manifest) -> int:
    """Record that the log was restored, end every session, and doubt the mail that waits.

    How many mails may have been sent since the backup was made, and wait for a person to look.
    """
    stat = {
        "size": manifest.log_size,
        "root": manifest.log_root,
        "made_at": instant(manifest.made_at),
    }
    append(session, NewEvent(RESTORED, SYSTEM, stat=stat), Origin("command"))
    session.execute(update(Person).values(session_version=Person.session_version + _FAR))
    return queue.doubt(session)
