"""The only place that records and reads which key signs checkpoints: entries of the log itself.

A key is valid for checkpoints that cover the entry that names it, until they cover the next such
entry. So a checkpoint says by its size alone which key has to have signed it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit import record
from casework.audit.events import Event, parse
from casework.audit.notes import VerifierKey
from casework.models import AuditEvent
from casework.models.base import table_of

SIGNING_KEY_CHANGED = "signing_key_changed"
_EVENTS = table_of(AuditEvent)
_CHANGES = (
    select(_EVENTS.c.body).where(_EVENTS.c.action == SIGNING_KEY_CHANGED).order_by(_EVENTS.c.seq)
)


@dataclass(frozen=True)
class KeyChange:
    """From the entry `seq` on, `key` signs; `before` did until then, None for the first key.

    `is_lost` when the key before cannot vouch for the new one: lost, or known to somebody else.
    """

    seq: int
    at: datetime
    key: VerifierKey
    before: VerifierKey | None
    is_lost: bool


def key_changes(session: Session) -> tuple[KeyChange, ...]:
    """Every change of the key, in log order; nothing while the log never had one."""
    return tuple(_change(parse(body)) for body in session.execute(_CHANGES).scalars())


def change_at(changes: Sequence[KeyChange], size: int) -> KeyChange | None:
    """The change by whose key a checkpoint over `size` entries is signed; None before the first."""
    return next((each for each in reversed(changes) if each.seq < size), None)


def change_key(
    session: Session, key: VerifierKey, before: VerifierKey | None, *, is_lost: bool = False
) -> None:
    """Record that `key` signs from here on, within the caller's write transaction."""
    stat = {
        "before": before.encoded if before else None,
        "after": key.encoded,
        "is_lost": is_lost,
    }
    event = record.NewEvent(SIGNING_KEY_CHANGED, record.SYSTEM, stat=stat)
    record.append(session, event, record.Origin("command"))


def _change(event: Event) -> KeyChange:
    stat = event.stat
    before = VerifierKey.read(stat["before"]) if stat["before"] else None
    return KeyChange(event.seq, event.at, VerifierKey.read(stat["after"]), before, stat["is_lost"])
