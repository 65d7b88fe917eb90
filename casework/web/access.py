"""The only place that notes who looked at which case: one row per person, case and half hour.

An ordinary read is answered even when it cannot be noted: a case must stay readable on a full
disk, when the office needs it most. The failure goes to the server's log with the tokens of
person and case, so the gap is known. Exports and letters are events and fail closed instead.
"""

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from casework import clock
from casework.database import begin_write
from casework.models import AccessRead
from casework.models.base import table_of

_READS = table_of(AccessRead)
HALF_HOUR = timedelta(minutes=30)


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
