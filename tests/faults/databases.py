"""The only place that starts, copies, stops and ends the databases that the harness breaks."""

import ctypes
import os
import shutil
import signal
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import psycopg

from tests import databases
from tests.abilities import postgres_binaries
from tests.databases import Server
from tests.faults.shim import Shim


class Databases(Protocol):
    """The databases of one kind, by name."""

    kind: str

    def new(self, name: str) -> str:
        """The URL of one that is not there or empty yet."""

    def copied(self, template: str, name: str) -> str:
        """The URL of a copy."""

    def drop(self, name: str) -> None:
        """Remove one."""

    def recover(self) -> int:
        """Wait until they take connections, after a start where they must; how many starts."""

    def close(self) -> None:
        """End what was started for them."""


class SqliteFiles:
    """SQLite: a file each, in a folder of its own, as its journal lies beside it."""

    kind = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, name: str) -> Path:
        """The file of a database."""
        return self._folder / "disk" / "databases" / name / "casework.sqlite3"

    def new(self, name: str) -> str:
        """The URL of a file that is not there yet."""
        self.path(name).parent.mkdir(parents=True)
        return f"sqlite:///{self.path(name)}"

    def copied(self, template: str, name: str) -> str:
        """The URL of a copy of the file, which nobody may be using."""
        url = self.new(name)
        shutil.copy(self.path(template), self.path(name))  # for its own user alone, as that is
        return url

    def drop(self, name: str) -> None:
        """Remove a file and its journals."""
        shutil.rmtree(self.path(name).parent)

    def recover(self) -> int:
        """Nothing is started for a file."""
        return 0

    def close(self) -> None:
        """Nothing was started."""


PR_SET_CHILD_SUBREAPER = 36
RECOVERS_WITHIN = 30
"""Seconds that PostgreSQL may take."""
SETTINGS = {
    **databases.SETTINGS,
    # What an office runs with, as what is acknowledged must be there afterwards.
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    # So little that what is written to tables goes to the disk while a form is taken.
    "shared_buffers": "256kB",
}


def is_running(pid: int) -> bool:
    """Whether a process goes on; what has ended, and was left to us by a server, is let go."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    return Path(f"/proc/{pid}").exists()


class OnServer:
    """PostgreSQL: databases on a server that others look after."""

    kind = "postgres"

    def __init__(self, server: Server) -> None:
        self.server = server

    def new(self, name: str) -> str:
        """The URL of an empty database."""
        self.server.execute(f'CREATE DATABASE "{name}"')
        return self.server.url(name)

    def copied(self, template: str, name: str) -> str:
        """The URL of a copy."""
        self.server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return self.server.url(name)

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still connected."""
        self.server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def recover(self) -> int:
        """Nothing happens to this server."""
        return 0

    def close(self) -> None:
        """Nothing was started."""


class PostgresServer(OnServer):
    """PostgreSQL: a server of its own under a shim of its own, with the settings of an office."""

    def __init__(self, folder: Path, library: Path) -> None:
        binaries = postgres_binaries()
        if binaries is None:
            raise FileNotFoundError("There is no PostgreSQL here.")
        # Whoever is left over by a server that was killed is ours, so that it does not seem to run.
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
        self.shim = Shim(library, folder / "postgres-orders")
        super().__init__(Server(folder / "postgres"))
        self._binaries = binaries
        databases.make(self.server, binaries)
        self.start()

    def start(self) -> None:
        """Start the server, and wait until it takes connections."""
        databases.run(self.server, self._binaries, SETTINGS, self.shim.environment)

    def stop(self, how: str) -> None:
        """Stop the server as `pg_ctl stop --mode` does: fast or immediate."""
        databases.stop(self.server, self._binaries, how)

    def recover(self) -> int:
        """Wait until the server takes connections; start it where it gave up.

        After an error in its write-ahead log it ends all connections and recovers by itself; it
        ends where the disk fails at that as well.
        """
        import time

        for _ in range(RECOVERS_WITHIN * 20):
            try:
                self.server.execute("SELECT 1")
                return 0
            except psycopg.OperationalError:
                if not self._runs():
                    self.start()
                    return 1
            time.sleep(0.05)  # another program's doing; there is nothing to wait on
        raise TimeoutError("PostgreSQL does not recover.")

    def _runs(self) -> bool:
        """Whether there is a server at all."""
        pid = self.pid
        return pid is not None and is_running(pid)

    @property
    def pid(self) -> int | None:
        """The postmaster’s process; None while it does not run."""
        try:
            return int((self.server.folder / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return None

    def kill(self) -> None:
        """SIGKILL to the server and all its processes, as by a power cut but for the disk’s cache."""
        killed = [each for each in (self.pid, *self.connected()) if each is not None]
        for pid in killed:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for pid in killed:  # its processes are ours once it is gone itself
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)

    def connected(self) -> list[int]:
        """The processes of the server’s."""
        listed = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        return [int(pid) for pid in listed.split()]

    def close(self) -> None:
        """Stop the server and remove its folder."""
        if self._runs():
            self.stop("immediate")
