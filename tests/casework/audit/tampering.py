"""The only place where tests play the person who can write to the database past the triggers."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, create_engine, text


@contextmanager
def past_the_triggers(url: str) -> Iterator[Connection]:
    """A committed transaction on a database whose triggers and constraints on the log are gone."""
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            drop = _drop_sqlite if engine.dialect.name == "sqlite" else _drop_postgres
            drop(connection)
            yield connection
    finally:
        engine.dispose()


def _drop_sqlite(connection: Connection) -> None:
    names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    for name in names.scalars().all():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")


def _drop_postgres(connection: Connection) -> None:
    connection.exec_driver_sql("DROP FUNCTION IF EXISTS audit_append_only() CASCADE")
    drop = "ALTER TABLE audit_detail DROP CONSTRAINT IF EXISTS fk_audit_detail_seq"
    connection.exec_driver_sql(drop)


def execute(connection: Connection, statement: str, **values: Any) -> Any:
    """One statement that must touch something."""
    result = connection.execute(text(statement), values)
    assert result.rowcount != 0, "nothing was tampered with"
    return result
