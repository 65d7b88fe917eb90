"""The only place that knows the two databases: connections, transactions, migrations.

A transaction either reads, and then the database refuses to write, or it was begun with
`begin_write`, which takes the one write lock first: SQLite's by BEGIN IMMEDIATE, PostgreSQL's
as an advisory lock. So what a writer has read cannot change before it commits.
"""

import sqlite3
from pathlib import Path
from typing import Any, Protocol

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, ExceptionContext, Insert, create_engine, event
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

WRITE_LOCK = 0x6361_7365
"""The number of PostgreSQL's advisory lock: "case" in ASCII."""
BUSY_SECONDS = 10
SAFE_WAL = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
"""SQLite releases free of the WAL-reset race; before them the rollback journal is safer."""
_OF_THE_DISK = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN)


def prepare(engine: Engine) -> Engine:
    """Teach an engine the rules above; to be called once for each engine."""
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", _spoil)
    event.listen(engine, "commit", _refuse_spoiled)
    is_sqlite = engine.dialect.name == "sqlite"
    event.listen(engine, "connect", _prepare_sqlite if is_sqlite else _prepare_postgresql)
    if is_sqlite:
        event.listen(engine, "checkin", _end_unfit)
    return engine


def begin_write(session: Session) -> None:
    """End what the session was reading and begin a transaction that may write.

    Objects read before are expired, so what is decided on is what the lock protects.
    """
    session.rollback()
    session.info.pop("audit_part", None)
    session.connection(execution_options={"writes": True})


def at_one_moment(session: Session) -> None:
    """End what the session was reading; what it reads next it sees as of one moment, until it ends."""
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


class Adds(Protocol):
    """What adds rows to a table: a session at once, `Together` when it is told to."""

    def execute(self, statement: Any, rows: Any) -> Any:
        """Add a row, given as a dict of its columns, or several of the same columns."""


class Together:
    """Rows to be added by one transaction, a statement for all of a table's, in the order they came."""

    def __init__(self) -> None:
        self._rows: dict[Insert, list[dict[str, Any]]] = {}

    def execute(self, statement: Insert, rows: dict[str, Any] | list[dict[str, Any]]) -> None:
        """Take rows to be written later."""
        waiting = self._rows.setdefault(statement, [])
        waiting += rows if isinstance(rows, list) else [rows]

    def write(self, session: Session) -> None:
        """Write what was taken; nothing is left to be written."""
        for statement, rows in self._rows.items():
            session.execute(statement, rows if len(rows) > 1 else rows[0])
        self._rows.clear()


class SpoiledTransaction(Exception):
    """A statement failed, so nothing of its transaction is kept, whoever caught the failure."""


def _spoil(context: ExceptionContext) -> None:
    # After a full disk, a driver may go on with half the transaction gone.
    if context.connection is not None and not context.connection.invalidated:
        context.connection.info["is_spoiled"] = True
        # What failed stays with a connection of SQLite's that could not even undo it.
        if getattr(context.original_exception, "sqlite_errorcode", 0) & 0xFF in _OF_THE_DISK:
            context.connection.info["is_unfit"] = True


def _refuse_spoiled(connection: Connection) -> None:
    if connection.info.get("is_spoiled"):
        raise SpoiledTransaction("A statement failed in this transaction: roll it back.")


def _begin(connection: Connection) -> None:
    connection.info.pop("is_spoiled", None)
    writes = connection.get_execution_options().get("writes", False)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
        return
    driver: Any = connection.connection.dbapi_connection
    driver.read_only = not writes
    if writes:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})")


def _prepare_postgresql(connection: Any, _record: object) -> None:
    # Said once for each connection: once for each transaction would be one more round trip.
    connection.autocommit = True  # what is set within a transaction would end with it
    connection.execute(f"SET lock_timeout = '{BUSY_SECONDS}s'")
    connection.autocommit = False


def _prepare_sqlite(connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
    # SQLAlchemy's "begin" event decides how a transaction begins, so the driver must not.
    connection.isolation_level = None
    if _only_reads(connection):
        record.info["is_unfit"] = True
    journal = "WAL" if is_wal_safe(sqlite3.sqlite_version_info) else "DELETE"
    for pragma in (
        f"busy_timeout={BUSY_SECONDS * 1000}",
        f"journal_mode={journal}",
        f"synchronous={'FULL' if journal == 'WAL' else 'EXTRA'}",
        "foreign_keys=ON",
        "secure_delete=ON",
        "recursive_triggers=ON",
        "trusted_schema=OFF",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _only_reads(connection: sqlite3.Connection) -> bool:
    """Whether SQLite could open its file for reading alone, as on a read-only or failing disk.

    It tells only whoever would write. A vacuum, of a file that is not kept for one, writes nothing.
    """
    connection.execute("PRAGMA busy_timeout=0")  # whoever writes meanwhile is not waited for
    try:
        connection.execute("PRAGMA incremental_vacuum(1)")
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_READONLY
    return False


def _end_unfit(_connection: object, record: ConnectionPoolEntry) -> None:
    """What the disk failed is ended at once, as is what could only be opened for reading.

    Kept, it would be refused for ever, however well the disk is, or hold a lock that it could not undo.
    """
    if "is_unfit" in record.info:
        record.invalidate()


def is_wal_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite release is free of the WAL-reset race, fixed in 3.51.3 and backported."""
    newest, *backports = SAFE_WAL
    return version >= newest or any(
        version[:2] == fixed[:2] and version >= fixed for fixed in backports
    )


def migrations_folder() -> Path:
    """The migrations: beside the package in a checkout, inside it in a wheel."""
    package = Path(__file__).parent
    beside = package.parent / "migrations"
    return beside if (beside / "env.py").exists() else package / "migrations"


def known_revisions() -> tuple[str, ...]:
    """Every revision of the schema that this release knows, the newest first."""
    script = ScriptDirectory(str(migrations_folder()))
    return tuple(revision.revision for revision in script.walk_revisions())


def revision_of(connection: Connection) -> str | None:
    """The revision that a database is of; None for one that holds no office."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at `url` to the newest schema, in one transaction; safe to repeat."""
    engine = prepare(create_engine(url))
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    try:
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
    finally:
        engine.dispose()
