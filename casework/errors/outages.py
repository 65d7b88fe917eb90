"""The only place that tells why a database cannot be used now, from what its driver says."""

import errno
import os
import sqlite3
from dataclasses import dataclass, replace

from sqlalchemy.exc import DBAPIError, OperationalError

from casework.files.store import NO_ROOM


@dataclass(frozen=True)
class Outage:
    """Why the database cannot be used, and the sentences that say so and what to do."""

    name: str
    sentence: str
    remedy: str
    kept: str = "Nothing was changed."


UNSURE = "What you sent last may not have been kept: look before you send it again."
_ASK = "If this goes on, tell whoever looks after the server: {}."
BUSY = Outage(
    "busy",
    "Somebody else’s work is being kept, and it has taken too long.",
    "Wait a moment and try again. " + _ASK.format("the database is locked"),
)
FULL = Outage(
    "full",
    "There is no room left on the disk that the office’s database is on.",
    "Tell whoever looks after the server that the disk is full. Then try again.",
)
READ_ONLY = Outage(
    "read only",
    "The office’s database can be read but not written to.",
    "Tell whoever looks after the server that the database is read-only. Then try again.",
)
LOST = Outage(
    "lost",
    "The office’s database cannot be reached.",
    "Wait a moment and try again. " + _ASK.format("the database cannot be reached"),
    UNSURE,
)

NO_ROOM_FOR_FILES = Outage(
    "no room for files",
    "There is no room left on the disk that the office’s files are on.",
    "Tell whoever looks after the server that the disk is full. Then try again.",
)
DISK_FAILS = Outage(
    "disk fails",
    "The disk that the office’s files are on does not do what it is asked.",
    "Tell whoever looks after the server that reading or writing a file failed. Then try again.",
)

_SQLITE = (
    ("locked", BUSY),
    ("disk is full", FULL),
    ("readonly", READ_ONLY),
    ("read-only", READ_ONLY),
)
_SQLSTATES = {
    "55P03": BUSY,
    "57014": BUSY,
    "40P01": BUSY,
    "53100": FULL,
    "25006": READ_ONLY,
}
"""lock_not_available, query_canceled, deadlock, disk_full, read_only_sql_transaction"""
_LOST_CLASSES = ("08", "53", "57", "58")
"""Of SQLSTATEs: connection, resources, operator intervention, system."""
_OF_FILES = {**dict.fromkeys(NO_ROOM, NO_ROOM_FOR_FILES), errno.EIO: DISK_FAILS}


def outage_of_files(error: OSError) -> Outage | None:
    """The outage of the disk behind an error; None when it is a fault of the program's."""
    return _OF_FILES.get(error.errno or 0)


def outage_of(error: DBAPIError) -> Outage | None:
    """The outage behind an error; None when it is a fault of the program's."""
    state = getattr(error.orig, "sqlstate", None)
    if state in _SQLSTATES:
        return _of_server(_SQLSTATES[state], error)
    if isinstance(error.orig, sqlite3.Error):
        return _of_sqlite(error)
    if state == "42501" and os.strerror(errno.EROFS).lower() in str(error.orig).lower():
        return READ_ONLY  # to PostgreSQL, a disk that refuses is a want of privilege
    if error.connection_invalidated:
        return LOST
    if not isinstance(error, OperationalError) or (state and state[:2] not in _LOST_CLASSES):
        return None
    return LOST


def _of_server(outage: Outage, error: DBAPIError) -> Outage:
    """The outage, with doubt where PostgreSQL gave up while it wrote: the commit may be on disk."""
    severity = getattr(getattr(error.orig, "diag", None), "severity_nonlocalized", None)
    return replace(outage, kept=UNSURE) if severity in ("FATAL", "PANIC") else outage


def _of_sqlite(error: DBAPIError) -> Outage | None:
    said = str(error.orig).lower()
    if not isinstance(error, OperationalError) or "no such" in said or "syntax error" in said:
        return None
    return next((outage for word, outage in _SQLITE if word in said), LOST)
