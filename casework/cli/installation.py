"""The only place that opens an installation for a command: its settings and its database."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from casework.backups import unfinished
from casework.cli.program import Refused
from casework.database import known_revisions, prepare, revision_of
from config import Settings

PRIVATE = 0o700


@contextmanager
def open_office(settings: Settings | None = None) -> Iterator[Session]:
    """A session on the installation's database. Raises Refused unless it is there and ready.

    It reads until `casework.database.begin_write`; only commands commit.
    """
    settings = settings or Settings.from_environment()
    url = database_url(settings)
    if url.get_backend_name() == "sqlite" and not _is_there(url):
        refuse_unfinished(settings)
        raise Refused(f"There is no database at {url.database} yet. Run: casework init")
    engine = prepare(_engine(url))
    try:
        _check_schema(engine, settings)
        with Session(engine, autoflush=False) as session:
            yield session
    finally:
        engine.dispose()


def database_url(settings: Settings) -> URL:
    """Where the database is. Raises Refused for what is no address of SQLite or PostgreSQL."""
    try:
        url = make_url(settings.database_url)
        backend = url.get_backend_name()
    except (ArgumentError, ValueError):
        backend = ""
    if backend not in ("sqlite", "postgresql"):
        raise Refused(
            "CASEWORK_DATABASE_URL is not the address of a database that Casework uses. Write it "
            "as sqlite:////folder/casework.sqlite3 or postgresql+psycopg://user@host/name."
        )
    return url


def make_folders(settings: Settings) -> None:
    """Make the folders that an installation keeps its data in, for its own user alone."""
    url = database_url(settings)
    folders = [settings.data_dir]
    if url.get_backend_name() == "sqlite" and url.database:
        folders.append(Path(url.database).parent)
    for folder in folders:
        folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)


@contextmanager
def private_files() -> Iterator[None]:
    """Files made meanwhile are for this user alone: a database holds personal data."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def check_not_newer(settings: Settings) -> None:
    """Raise Refused when the database was made by a newer release; none at all is fine."""
    url = database_url(settings)
    if url.get_backend_name() == "sqlite" and not _is_there(url):
        return
    engine = prepare(_engine(url))
    try:
        found = _revision(engine)
    finally:
        engine.dispose()
    if found is not None and found not in known_revisions():
        raise Refused(
            "The database was made by a newer release of Casework, and was left as it is. "
            "Install that release."
        )


def _engine(url: URL) -> Engine:
    try:
        return create_engine(url)
    except ModuleNotFoundError:
        raise Refused(
            "PostgreSQL needs one more library. Install it with: pip install 'casework[postgres]'"
        ) from None
    except (ArgumentError, ValueError):
        raise Refused(
            "CASEWORK_DATABASE_URL names a driver that Casework does not use. Write it as "
            "postgresql+psycopg://user@host/name."
        ) from None


def _is_there(url: URL) -> bool:
    return bool(url.database) and Path(str(url.database)).exists()


def refuse_unfinished(settings: Settings) -> None:
    """Raise Refused where there is no office because a restore of one was ended."""
    if unfinished.is_left(settings):
        raise Refused(unfinished.ENDED)


def _check_schema(engine: Engine, settings: Settings) -> None:
    found = _revision(engine)
    known = known_revisions()
    if found is None:
        refuse_unfinished(settings)
        raise Refused("The database holds no office yet. Run: casework init")
    if found not in known:
        raise Refused("The database was made by a newer release of Casework. Install that release.")
    if found != known[0]:
        raise Refused("The database is of an older release of Casework. Run: casework init")


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return revision_of(connection)
