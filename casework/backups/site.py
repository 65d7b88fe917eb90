"""The only place where a restored office is built: beside where it will be, until it is whole.

Nobody is served from there. On SQLite it is a file beside the database, on PostgreSQL a schema
beside the one that Casework uses; putting it in place is one step, which happens or does not.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.schema import CreateSchema, DropSchema

from casework.backups.refusal import BackupRefused
from casework.files.whole import flush_folder
from config import Settings

LOCK = "restoring.lock"
"""A file in the data folder that is locked while an office is built."""
_SCHEMA = "casework_restoring"
_FUNCTIONS = text(
    "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = to_regnamespace(:schema)"
)


class Site(Protocol):
    """Where an office is built; `url` is the address of its database until it is in place."""

    @property
    def url(self) -> str:
        """The address, with its password."""

    def is_taken(self) -> bool:
        """Whether anything is where the office is to be."""

    def begin(self) -> None:
        """Make room for building, once what an earlier restore left is cleared."""

    def clear(self) -> bool:
        """Delete what was built; whether anything was."""

    def put_in_place(self) -> None:
        """Let the office be where it is to be, in one step. BackupRefused if something came there."""


def site_of(settings: Settings) -> Site:
    """Where the office of an installation is built."""
    url = make_url(settings.database_url)
    return _FileBeside(url) if url.get_backend_name() == "sqlite" else _SchemaBeside(url)


def _came_between() -> BackupRefused:
    return BackupRefused(
        "Meanwhile an office was made where this one was to be. It was left as it is, and nothing "
        "was restored."
    )


@dataclass(frozen=True)
class _FileBeside:
    """An SQLite file beside the one that it is to be."""

    place: URL

    @property
    def url(self) -> str:
        return _written(self.place.set(database=str(self._built)))

    @property
    def _path(self) -> Path:
        return Path(str(self.place.database))

    @property
    def _built(self) -> Path:
        return self._path.with_name(f"{self._path.name}.restoring")

    def is_taken(self) -> bool:
        return self._path.exists()

    def begin(self) -> None:
        self.clear()

    def clear(self) -> bool:
        was_there = self._built.exists()
        for ending in ("-journal", "-wal", "-shm", ""):
            Path(f"{self._built}{ending}").unlink(missing_ok=True)
        return was_there

    def put_in_place(self) -> None:
        try:
            os.link(self._built, self._path)
        except FileExistsError:
            raise _came_between() from None
        self._built.unlink()
        flush_folder(self._path.parent)


@dataclass(frozen=True)
class _SchemaBeside:
    """A schema of the PostgreSQL database, whose tables move to where they are to be."""

    place: URL

    @property
    def url(self) -> str:
        options = f"{self.place.query.get('options', '')} -csearch_path={_SCHEMA}".strip()
        return _written(self.place.update_query_dict({"options": options}))

    def is_taken(self) -> bool:
        with self._transaction() as connection:
            return bool(inspect(connection).get_table_names())

    def begin(self) -> None:
        self.clear()
        with self._transaction() as connection:
            connection.execute(CreateSchema(_SCHEMA))

    def clear(self) -> bool:
        with self._transaction() as connection:
            was_there = inspect(connection).has_schema(_SCHEMA)
            connection.execute(DropSchema(_SCHEMA, cascade=True, if_exists=True))
        return was_there

    def put_in_place(self) -> None:
        try:
            with self._transaction() as connection:
                _move(connection)
        except ProgrammingError as fault:
            if "already exists" in str(fault.orig):
                raise _came_between() from None
            raise

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        engine = create_engine(self.place)
        try:
            with engine.begin() as connection:
                yield connection
        finally:
            engine.dispose()


def _move(connection: Connection) -> None:
    """Move all of the schema to the one that Casework uses; rights that are given there stay."""
    quote = connection.dialect.identifier_preparer.quote
    target = quote(str(connection.dialect.default_schema_name))
    tables = inspect(connection).get_table_names(schema=_SCHEMA)
    moved = [f"TABLE {_SCHEMA}.{quote(name)}" for name in tables]
    functions = connection.scalars(_FUNCTIONS, {"schema": _SCHEMA})
    moved += [f"FUNCTION {signature}" for signature in functions]
    for each in moved:
        connection.exec_driver_sql(f"ALTER {each} SET SCHEMA {target}")
    connection.execute(DropSchema(_SCHEMA))


def _written(url: URL) -> str:
    return url.render_as_string(hide_password=False)
