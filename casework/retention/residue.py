"""The only place that sees to it that what was deleted is not left in the files of the database.

A deleted row leaves its bytes where they were: PostgreSQL's heap and statistics keep them until
they are written over, SQLite's full-text index until its segments are merged, and a page of SQLite
keeps a copy of a row that moved to another one, which `secure_delete` does not reach. So the
tables are written anew. What journals, replicas and copies of the disk keep is no business of a
program's; `docs/retention.md` says how long.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from casework.database import BUSY_SECONDS

TABLES = (
    *("audit_detail", "case", "draft", "item", "letter_draft", "list_check", "list_finding"),
    *("outbox_mail", "register_row", "search_entry", "search_words", "stored_file"),
    *("waiting_application", "waiting_file"),
)
"""The tables out of which an erasure takes anything."""


class StillThere(Exception):
    """The tables could not be written anew now; the message says why, and what to do."""


def merge_words(session: Session) -> None:
    """Merge SQLite's index of words, so that it no longer holds those that were deleted.

    Within the caller's write transaction. PostgreSQL's is written anew with its table.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("INSERT INTO search_words(search_words) VALUES ('optimize')"))


def write_anew(engine: Engine) -> None:
    """Write the tables anew, without what was deleted before; others wait meanwhile.

    Raises StillThere, with a sentence, where that cannot be: somebody reads or writes for too long,
    the disk has no room for a second copy, or the tables are not the office's own.
    """
    write = _write_sqlite if engine.dialect.name == "sqlite" else _write_postgresql
    try:
        with _outside_transactions(engine) as connection:
            write(connection)
    except engine.dialect.loaded_dbapi.OperationalError as fault:
        said = " ".join(str(fault).split())
        raise StillThere(
            f"The tables could not be written anew ({said}), so bytes of what was erased are left in "
            "the database’s files for now. Run this again when the office is quiet."
        ) from None


@contextmanager
def _outside_transactions(engine: Engine) -> Iterator[Any]:
    """The driver's own connection, which begins no transaction by itself."""
    pooled = engine.raw_connection()
    try:
        driver: Any = pooled.driver_connection
        if engine.dialect.name == "postgresql":
            driver.read_only, driver.autocommit = None, True
        yield driver
    finally:
        pooled.invalidate()
        pooled.close()


def _write_sqlite(connection: Any) -> None:
    connection.execute("PRAGMA query_only=OFF")
    connection.execute("VACUUM")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _write_postgresql(connection: Any) -> None:
    _await_readers(connection)
    notices: list[str] = []
    connection.add_notice_handler(lambda notice: notices.append(notice.message_primary or ""))
    for table in TABLES:
        connection.execute(f'VACUUM (FULL, ANALYZE) "{table}"')
    # What is planned by holds the commonest values and bounds of each column, as written.
    connection.execute("VACUUM (FULL) pg_catalog.pg_statistic")
    if notices:
        raise StillThere(
            f"PostgreSQL did not write all tables anew: {notices[0]}. Let the office’s own user own "
            "the database and its tables, then run this again."
        )


def _await_readers(connection: Any) -> None:
    """Wait for those who began to read before: what they may still see is written along.

    Raises StillThere when that takes longer than anybody waits for the database.
    """
    older = """
        SELECT count(*) FROM pg_stat_activity
        WHERE backend_xmin IS NOT NULL AND pid <> pg_backend_pid()
        AND datname = current_database() AND xact_start < %s
    """
    (since,) = connection.execute("SELECT clock_timestamp()").fetchone()
    for _ in range(BUSY_SECONDS * 10):
        if connection.execute(older, (since,)).fetchone() == (0,):
            return
        connection.execute("SELECT pg_sleep(0.1)")
    raise StillThere(
        "Somebody has been reading the database for long, so what was erased stays in its files "
        "for now. Run this again when the office is quiet."
    )
