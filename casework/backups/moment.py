"""The only place that holds a moment of the database still while people go on writing."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import StaticPool, create_engine
from sqlalchemy.orm import Session

from casework.backups.refusal import BackupRefused
from casework.database import at_one_moment


@contextmanager
def held(session: Session) -> Iterator[Session]:
    """A session in which every statement sees the database as it is now; for reading alone.

    Raises BackupRefused where there is no room for the copy that this takes of SQLite.
    """
    if session.get_bind().dialect.name == "postgresql":
        at_one_moment(session)
        try:
            yield session
        finally:
            session.rollback()
        return
    session.rollback()
    source: Any = session.connection().connection.dbapi_connection
    session.rollback()
    with closing(_nameless(source)) as copy:
        _copy(source, copy)
        reading = create_engine("sqlite://", creator=lambda: copy, poolclass=StaticPool)
        with Session(reading, autoflush=False) as still:
            yield still


def _nameless(beside: sqlite3.Connection) -> sqlite3.Connection:
    """An empty SQLite database beside another, in a file that has no name any more.

    So nobody finds it, and the system takes it away whenever and however this process ends.
    """
    _, _, path = beside.execute("PRAGMA database_list").fetchone()
    descriptor, name = tempfile.mkstemp(prefix=".casework-copy-", dir=Path(path).parent)
    os.close(descriptor)
    copy = sqlite3.connect(name, isolation_level=None)
    try:
        # Without a journal SQLite does not ask whether the file still has its name.
        copy.execute("PRAGMA journal_mode=OFF")
        copy.execute("PRAGMA synchronous=OFF")
    finally:
        Path(name).unlink()
    return copy


def _copy(source: sqlite3.Connection, copy: sqlite3.Connection) -> None:
    """Copy the database in one step, for which a writer waits: a second for some 400 MB.

    With a rollback journal, nobody can write while somebody reads for long; and a copy in several
    steps begins anew with every write in between.
    """
    try:
        source.backup(copy, pages=-1)
    except sqlite3.OperationalError as fault:
        raise BackupRefused(
            f"The database could not be copied beside itself ({fault}). Nothing was kept; see that "
            "its disk has room for it twice, and try again."
        ) from None
