"""The only place that notes who looked at which case: once per person, case and half hour.

An ordinary read is a row, and answered even when it cannot be noted: a case must stay readable on a
full disk, when the office needs it most. The failure goes to the server's log with the tokens of
person and case, so the gap is known. A read of a restricted case is an event as well, and fails
closed as exports and letters do.
"""

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from casework import clock
from casework.audit import record
from casework.database import begin_write
from casework.models import AccessRead, AuditEvent
from casework.models.base import table_of

_READS, _EVENTS = table_of(AccessRead), table_of(AuditEvent)
HALF_HOUR = timedelta(minutes=30)
RESTRICTED_READ = "restricted_case_read"


def half_hour_of(at: datetime) -> datetime:
    """The beginning of the half hour in which an instant falls."""
    return at - timedelta(minutes=at.minute % 30, seconds=at.second, microseconds=at.microsecond)


def note_read(session: Session, person: str, case: str) -> None:
    """Note that a person read a case, in a short transaction of its own after the page is made.

    Within a half hour already noted nothing is written, and no write lock is taken.
    """
    row = {
        "person_token": person,
        "case_token": case,
        "began_at": half_hour_of(clock.now()),
    }
    noted = select(_READS.c.began_at).where(*(_READS.c[name] == row[name] for name in row))
    try:
        if session.execute(noted).first() is None:
            begin_write(session)
            if session.execute(noted).first() is None:
                session.execute(insert(_READS), row)
            session.commit()
    except DBAPIError:
        session.rollback()
        current_app.logger.exception("A read of %s by %s could not be noted.", case, person)


def record_restricted_read(session: Session, person: str, role: str, case: str) -> None:
    """Enter on the log that a person reads a restricted case, in a short transaction of its own.

    It comes before anything of the case is read: where it cannot be entered, its error ends the
    request. Within a half hour already told nothing is written, and no write lock is taken.
    """
    told = select(_EVENTS.c.seq).where(
        _EVENTS.c.case_token == case,
        _EVENTS.c.actor == person,
        _EVENTS.c.action == RESTRICTED_READ,
        _EVENTS.c.at >= record.instant(half_hour_of(clock.now())),
    )
    if session.execute(told).first() is not None:
        return
    begin_write(session)
    if session.execute(told).first() is None:
        event = record.NewEvent(RESTRICTED_READ, role, case=case)
        record.append(session, event, record.Origin("web", person))
    session.commit()
