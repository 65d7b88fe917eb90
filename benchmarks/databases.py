"""The only place that makes the databases to be measured: on a disk, and as durable as an office's.

The tests' databases are as forgetful as they are fast; these flush before they answer.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import databases as of_tests
from tests.abilities import postgres_binaries

JOURNALS = {"DELETE": "EXTRA", "WAL": "FULL"}


@dataclass(frozen=True)
class Kind:
    """A database as an office might have it; a journal mode is SQLite's alone."""

    label: str
    journal: str | None

    @property
    def is_sqlite(self) -> bool:
        """Whether it is SQLite."""
        return self.journal is not None


WRITTEN = (
    Kind("SQLite DELETE/EXTRA", "DELETE"),
    Kind("SQLite WAL/FULL", "WAL"),
    Kind("PostgreSQL", None),
)
READ = (Kind("SQLite", "DELETE"), Kind("PostgreSQL", None))
"""Where nothing is written, how a write is made durable makes no difference."""


@contextmanager
def run_folder() -> Iterator[Path]:
    """A folder on a disk for one run; the PostgreSQL in it ends with it."""
    folder = Path(tempfile.mkdtemp(prefix="casework-bench-"))
    folder.chmod(0o711)  # PostgreSQL may run as another user, who must come through
    os.environ[of_tests.RUN_VARIABLE] = str(folder)
    of_tests.SETTINGS.update(fsync="on", synchronous_commit="on", full_page_writes="on")
    try:
        yield folder
    finally:
        of_tests.end_run()


def available(kinds: tuple[Kind, ...], named: str) -> tuple[Kind, ...]:
    """Of these kinds, those that this machine can measure and that have `named` in their name."""
    return tuple(
        kind
        for kind in kinds
        if named in kind.label.lower() and (kind.is_sqlite or postgres_binaries() is not None)
    )


def new_database(kind: Kind) -> str:
    """The URL of a fresh migrated database."""
    return of_tests.new_database("sqlite" if kind.is_sqlite else "postgres")


def copy_of(kind: Kind, url: str) -> str:
    """The URL of a database that holds what this one does; nobody may be connected to it."""
    if kind.is_sqlite:
        path = sqlite_path(url)
        copy = path.with_name(f"copy-of-{path.name}")
        shutil.copyfile(path, copy)
        return f"sqlite:///{copy}"
    server, name = of_tests.postgres(), database_name(url)
    server.execute(f"CREATE DATABASE copy_of_{name} TEMPLATE {name} STRATEGY WAL_LOG")
    return server.url(f"copy_of_{name}")


def sqlite_path(url: str) -> Path:
    """Where a SQLite database is."""
    return Path(url.removeprefix("sqlite:///"))


def database_name(url: str) -> str:
    """What PostgreSQL calls a database."""
    return url.split("@/")[1].partition("?")[0]


def pragmas(kind: Kind) -> list[str]:
    """What a connection to SQLite says first, so that all are equally durable."""
    journal = kind.journal or ""
    return [f"PRAGMA journal_mode={journal}", f"PRAGMA synchronous={JOURNALS[journal]}"]
