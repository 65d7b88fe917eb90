"""The only place that starts, fills and ends the databases of a test run.

One run has one folder, in memory where the machine can. In it lie a migrated SQLite file
that every test copies, and one real PostgreSQL, started by the first test that needs it and
shared by all workers, with a migrated template that every test copies likewise.
"""

import fcntl
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine, event, inspect

from tests.abilities import lack, postgres_binaries

RUN_VARIABLE = "CASEWORK_TEST_RUN"
PREFIX = "casework-tests-"
SERVER_USERS = ("postgres", "nobody")
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "listen_addresses": "''",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
TEMPLATE = "casework_template"
numbers = itertools.count(1)


def begin_run() -> None:
    """Make this run's folder and name it to the workers; clear what a killed run left behind."""
    base = Path("/dev/shm" if os.access("/dev/shm", os.W_OK) else tempfile.gettempdir())
    for left in base.glob(f"{PREFIX}{os.getuid()}-*"):
        if not Path(f"/proc/{left.name.rsplit('-', 1)[1]}").exists():
            end_folder(left)
    folder = base / f"{PREFIX}{os.getuid()}-{os.getpid()}"
    folder.mkdir(mode=0o711)
    os.environ[RUN_VARIABLE] = str(folder)


def end_run() -> None:
    """Stop this run's PostgreSQL, if one was started, and remove the folder."""
    if folder := os.environ.pop(RUN_VARIABLE, None):
        end_folder(Path(folder))


def end_folder(folder: Path) -> None:
    """Stop the server of a run's folder and remove the folder."""
    pid_file = folder / "postgres" / "postmaster.pid"
    with suppress(OSError, ValueError):
        os.kill(int(pid_file.read_text().split()[0]), signal.SIGINT)  # fast shutdown
        end = time.monotonic() + 20
        while pid_file.exists() and time.monotonic() < end:
            time.sleep(0.02)  # another program's doing; there is nothing to wait on
    shutil.rmtree(folder, ignore_errors=True)


def run_folder() -> Path:
    """This run's folder, the same for all its workers."""
    return Path(os.environ[RUN_VARIABLE])


def compiled_templates() -> FileSystemBytecodeCache:
    """Where the run keeps its page templates compiled, which costs most of what an app costs."""
    folder = run_folder() / "templates"
    folder.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """Hold a lock that all workers of the run respect."""
    with (run_folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def migrate(url: str) -> None:
    """Bring an empty database to the newest migration."""
    from casework.database import upgrade

    upgrade(url)


def new_sqlite() -> str:
    """The URL of a fresh migrated SQLite file."""
    template = run_folder() / "template.sqlite"
    with one_at_a_time("sqlite"):
        if not template.exists():
            unfinished = template.with_suffix(".unfinished")
            migrate(f"sqlite:///{unfinished}")
            unfinished.rename(template)
    copy = run_folder() / f"{os.getpid()}-{next(numbers)}.sqlite"
    shutil.copyfile(template, copy)
    return f"sqlite:///{copy}"


def drop_sqlite(url: str) -> None:
    """Remove a test's file and its journals."""
    path = Path(url.removeprefix("sqlite:///"))
    for left in path.parent.glob(f"{path.name}*"):
        left.unlink()


@dataclass(frozen=True)
class Server:
    """The run's PostgreSQL, reached through a socket in its own folder."""

    folder: Path

    def url(self, database: str) -> str:
        """The address of one of its databases, as the application takes it."""
        return f"postgresql+psycopg://casework@/{database}?host={self.folder}"

    def execute(self, *statements: str) -> None:
        """Run statements that stand outside a transaction."""
        with psycopg.connect(
            host=str(self.folder), user="casework", dbname="postgres", autocommit=True
        ) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def new_database(self) -> str:
        """The URL of a fresh copy of the migrated template."""
        name = f"test_{os.getpid()}_{next(numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
        return self.url(name)

    def copy(self, source: str, copy: str) -> None:
        """Make a database as a copy of another, in place of what it was; nobody is connected."""
        self.execute(
            f"DROP DATABASE IF EXISTS {copy}",
            f"CREATE DATABASE {copy} TEMPLATE {source} STRATEGY FILE_COPY",
        )

    def empty_database(self) -> str:
        """The URL of a database that holds nothing, not even tables."""
        name = f"test_{os.getpid()}_{next(numbers)}"
        self.execute(f"CREATE DATABASE {name} STRATEGY FILE_COPY")
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Drop a test's database, whoever is still connected."""
        self.execute(f"DROP DATABASE {name_in(url)} WITH (FORCE)")


def name_in(url: str) -> str:
    """The name of the database in an address on the server."""
    return url.split("@/")[1].partition("?")[0]


def postgres() -> Server:
    """The run's server with its template; the first worker that asks starts it."""
    binaries = postgres_binaries()
    if binaries is None:
        lack("postgres", "no PostgreSQL server here (Debian: apt-get install postgresql)")
        raise AssertionError
    server = Server(run_folder() / "postgres")
    with one_at_a_time("postgres"):
        if not (server.folder / "template-is-migrated").exists():
            start(server, binaries)
            server.execute(f"CREATE DATABASE {TEMPLATE}")
            migrate(server.url(TEMPLATE))
            (server.folder / "template-is-migrated").touch()
    return server


def start(server: Server, binaries: Path) -> None:
    """Make and start a server that keeps nothing and listens on its socket alone."""
    make(server, binaries)
    run(server, binaries, SETTINGS)


def make(server: Server, binaries: Path) -> None:
    """Make the folder of a server."""
    server.folder.mkdir(mode=0o700, exist_ok=True)
    user, group = server_user()
    if user is not None:
        shutil.chown(server.folder, user, group)
    options = ("--no-sync", "--username=casework", "--auth=trust", "--encoding=UTF8")
    as_server(binaries / "initdb", *options, "--locale=C.UTF-8", f"--pgdata={server.folder}")


def run(
    server: Server,
    binaries: Path,
    settings: Mapping[str, str],
    environment: Mapping[str, str] | None = None,
) -> None:
    """Start a server that was made, and wait until it takes connections."""
    options = [f"-k {server.folder}", *(f"-c {name}={value}" for name, value in settings.items())]
    named = (f"--pgdata={server.folder}", f"--log={server.folder}/log")
    command = (binaries / "pg_ctl", "start", "--wait", *named, "--options", " ".join(options))
    as_server(*command, environment=environment)


def stop(server: Server, binaries: Path, mode: str) -> None:
    """Stop a server: `fast`, with what it has in memory kept, or `immediate`, as by a power cut."""
    as_server(binaries / "pg_ctl", "stop", "--wait", f"--pgdata={server.folder}", f"--mode={mode}")


def as_server(*command: str | Path, environment: Mapping[str, str] | None = None) -> None:
    """Run a command of PostgreSQL's, which refuses to run as root: root lends it another name."""
    user, group = server_user()
    subprocess.run(
        command,
        check=True,
        stdout=subprocess.DEVNULL,
        cwd="/",
        env={**os.environ, **(environment or {})},
        user=user,
        group=group,
        extra_groups=None if user is None else (),
    )


def server_user() -> tuple[int, int] | tuple[None, None]:
    """The user and group to run the server as: no change, unless we are root."""
    if os.getuid() != 0:
        return None, None
    for entry in pwd.getpwall():
        if entry.pw_name in SERVER_USERS:
            return entry.pw_uid, entry.pw_gid
    pytest.fail("PostgreSQL refuses to run as root, and there is no user postgres or nobody.")


def new_database(kind: str) -> str:
    """The URL of a fresh migrated database of a kind, `sqlite` or `postgres`."""
    return new_sqlite() if kind == "sqlite" else postgres().new_database()


def drop_database(url: str) -> None:
    """Remove a database that `new_database` made."""
    if url.startswith("sqlite"):
        drop_sqlite(url)
    else:
        postgres().drop_database(url)


@contextmanager
def kept(url: str) -> Iterator[Callable[[], None]]:
    """Lends what puts a database back to what it is now; called while nobody is connected to it."""
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        copy = path.with_suffix(".kept")
        shutil.copyfile(path, copy)

        def put_back() -> None:
            drop_sqlite(url)
            shutil.copyfile(copy, path)

        yield put_back
        copy.unlink()
    else:
        server, name = postgres(), name_in(url)
        server.copy(name, f"{name}_kept")
        yield lambda: server.copy(f"{name}_kept", name)
        server.execute(f"DROP DATABASE {name}_kept")


@contextmanager
def watched(engine: Engine) -> Iterator[Callable[[], object]]:
    """Lends what gives the same answer for as long as nobody writes to the database.

    It costs one small query. SQLite counts what others commit; in PostgreSQL a row that is new or
    changed bears a transaction's number above all before it, and one that is gone lowers the count.
    """
    query = "PRAGMA data_version"
    if engine.dialect.name == "postgresql":
        newest = '(SELECT (count(*), max(xmin::text::bigint))::text FROM "{}")'
        query = "SELECT " + ", ".join(map(newest.format, inspect(engine).get_table_names()))
    connection = engine.raw_connection()
    cursor = connection.cursor()

    def state() -> object:
        cursor.execute(query)
        found = cursor.fetchone()
        connection.rollback()
        return found

    yield state
    cursor.close()
    connection.close()


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """The statements that an application sends to its database meanwhile."""
    seen: list[str] = []

    def note(*args: Any) -> None:
        seen.append(args[2])

    from casework.extensions import db

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
