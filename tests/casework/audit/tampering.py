"""The only place where tests play the person who can write to the database past the triggers."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.orm import Session

from casework.audit.record import LEAF_PREFIX
from casework.audit.tree import leaf_hash
from casework.audit.verify import Finding, verify_log


@contextmanager
def past_the_triggers(url: str) -> Iterator[Connection]:
    """A committed transaction on a database whose triggers and constraints on the log are gone."""
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            drop_triggers(connection)
            yield connection
    finally:
        engine.dispose()


def drop_triggers(connection: Connection) -> None:
    """Take away what stops people from changing the log, and what its rows must refer to."""
    (_drop_sqlite if connection.dialect.name == "sqlite" else _drop_postgres)(connection)


def _drop_sqlite(connection: Connection) -> None:
    names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    for name in names.scalars().all():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")


def _drop_postgres(connection: Connection) -> None:
    connection.exec_driver_sql("DROP FUNCTION IF EXISTS audit_append_only() CASCADE")
    for table, column in (
        ("audit_detail", "seq"),
        ("item", "case_token"),
        ("search_entry", "case_token"),
    ):
        drop = f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS fk_{table}_{column}"
        connection.exec_driver_sql(drop)


def execute(connection: Connection, statement: str, **values: Any) -> Any:
    """One statement that must touch something."""
    result = connection.execute(text(statement), values)
    assert result.rowcount != 0, "nothing was tampered with"
    return result


def body_at(connection: Connection, seq: int) -> dict[str, Any]:
    held = execute(connection, "SELECT body FROM audit_event WHERE seq = :seq", seq=seq).scalar()
    read: dict[str, Any] = orjson.loads(bytes(held))
    return read


def rewrite(connection: Connection, seq: int, /, *, and_hash: bool = False, **fields: Any) -> None:
    body = orjson.dumps({**body_at(connection, seq), **fields}, option=orjson.OPT_SORT_KEYS)
    set_body(connection, seq, body)
    if and_hash:
        leaf = leaf_hash(LEAF_PREFIX + body)
        execute(connection, "UPDATE audit_event SET leaf_hash = :h WHERE seq = :s", h=leaf, s=seq)


def set_body(connection: Connection, seq: int, body: Any) -> None:
    execute(connection, "UPDATE audit_event SET body = :body WHERE seq = :seq", body=body, seq=seq)


def swap(connection: Connection, one: int, other: int) -> None:
    for old, new in ((one, -1), (other, one), (-1, other)):
        execute(connection, f"UPDATE audit_event SET seq = {new} WHERE seq = {old}")


def insert_copy(connection: Connection, seq: int, of: int = 8) -> None:
    names = "at, actor, action, case_token, body, leaf_hash"
    execute(
        connection,
        f"INSERT INTO audit_event (seq, id, req, part, {names}) "
        f"SELECT {seq}, 'x', 'x', 0, {names} FROM audit_event WHERE seq = {of}",
    )


def delete(connection: Connection, seq: int) -> None:
    connection.exec_driver_sql(f"DELETE FROM audit_detail WHERE seq = {seq}")
    execute(connection, f"DELETE FROM audit_event WHERE seq = {seq}")


def failed(session: Session, size: int | None = None) -> dict[str, Finding]:
    """The first finding of each check that does not hold."""
    found: dict[str, Finding] = {}
    for finding in verify_log(session, size):
        if not finding.holds:
            found.setdefault(finding.check, finding)
    return found
