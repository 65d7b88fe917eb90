"""The only place that looks up the registers that were imported here: by their events in the log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from casework.audit.events import Event, newest_first
from casework.imports.service import IMPORTED
from casework.models import AuditEvent

MOST_SHOWN = 20


@dataclass(frozen=True)
class Done:
    """A register that was imported in the browser: by whom, when, and with how many rows."""

    seq: int
    at: datetime
    person: str
    counts: Mapping[str, Any]

    @classmethod
    def told_by(cls, event: Event) -> "Done":
        """What an event tells of an import."""
        return cls(event.seq, event.at, event.actor, event.stat)


def newest(session: Session) -> list[Done]:
    """The last registers that were imported, newest first."""
    return _found(session, MOST_SHOWN)


def at(session: Session, seq: int) -> Done | None:
    """The import that is told at this position of the log, None when there is none."""
    return next(iter(_found(session, 1, AuditEvent.seq == seq)), None)


def by_request(session: Session, req: str) -> Done | None:
    """The import that this very request has made, None when it has made none."""
    return next(iter(_found(session, 1, AuditEvent.req == req)), None)


def _found(session: Session, limit: int, *conditions: Any) -> list[Done]:
    events = newest_first(session, [AuditEvent.action == IMPORTED, *conditions], limit)
    return [Done.told_by(event) for event in events]
