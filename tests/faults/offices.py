"""The only place that makes offices for the harness, runs their processes and judges what they hold."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from tests import factories
from tests.faults.databases import Databases
from tests.faults.shim import Shim
from tests.faults.visitors import Visitor

ROOT = Path(__file__).parents[2]
WORKERS = 2
PEOPLE = ("supervisor", "reviewer", "chief_executive")
CASES = 4
SECONDS = 60
"""How long anything may take that takes a second at most when nothing is wrong."""


class Violation(Exception):
    """What must always hold does not; the sentence says what."""


@dataclass(frozen=True)
class Done:
    """What a command said, and its exit code, minus the signal that ended it."""

    code: int
    said: str


class Launcher:
    """The program that starts Casework's processes under the shim (`launcher.py`)."""

    def __init__(self, folder: Path, shim: Shim) -> None:
        self._said = folder / "said"
        program = [sys.executable, "-m", "tests.faults.launcher", str(folder)]
        self._program = subprocess.Popen(
            program,
            cwd=ROOT,
            env={**os.environ, **shim.environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()

    def start(self, environment: dict[str, str], *arguments: str) -> int:
        """Start `casework` with these arguments; its process id."""
        self._said.write_bytes(b"")
        asked = {"arguments": arguments, "environment": environment, "said": str(self._said)}
        return int(self._ask(asked))

    def end_of(self, pid: int, seconds: float = SECONDS) -> Done | None:
        """How a process ended; None when it goes on after so many seconds."""
        code = self._ask({"pid": pid, "seconds": seconds})
        return None if code is None else Done(code, self._said.read_text(errors="replace"))

    def run(self, environment: dict[str, str], *arguments: str) -> Done:
        """Run a command to its end; Violation when it has none."""
        done = self.end_of(self.start(environment, *arguments))
        if done is None:
            raise Violation(f"“casework {' '.join(arguments)}” did not end in {SECONDS} seconds.")
        return done

    def close(self) -> None:
        """End the program, and with it whatever it started."""
        self._program.communicate()

    def _ask(self, asked: Any) -> Any:
        assert self._program.stdin is not None
        self._program.stdin.write(json.dumps(asked) + "\n")
        self._program.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self._program.stdout is not None
        return json.loads(self._program.stdout.readline())


@dataclass(frozen=True)
class Office:
    """An installation: its folder, its database, and how to run its commands."""

    folder: Path
    database_url: str
    launcher: Launcher

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are told: it is a real office, not a demonstration."""
        return {
            "CASEWORK_ENV": "production",
            "CASEWORK_DATA_DIR": str(self.folder),
            "CASEWORK_DATABASE_URL": self.database_url,
            "CASEWORK_SECRET_KEY": "only-for-the-harness-" + "0" * 32,
            "CASEWORK_URL": "https://127.0.0.1",
            "CASEWORK_CHECKPOINT_DIR": str(self.outside),
            "PATH": os.environ["PATH"],
        }

    @property
    def outside(self) -> Path:
        """Where its checkpoints are left: it stands for another machine."""
        return self.folder.with_name(f"{self.folder.name}-outside")

    def run(self, *arguments: str) -> Done:
        """Run a command of Casework’s."""
        return self.launcher.run(self.environment, *arguments)

    def rows(self, query: str, **given: Any) -> list[Any]:
        """What a query gives, asked past Casework."""
        engine = create_engine(self.database_url)
        try:
            with engine.connect() as connection:
                return list(connection.execute(text(query), given))
        finally:
            engine.dispose()

    def must_verify(self) -> None:
        """Violation unless the log verifies, and all that follows from it."""
        for command in (("audit", "verify"), ("search", "check")):
            done = self.run(*command)
            if done.code not in (0, 3):
                wrong = [line for line in done.said.splitlines() if not line.startswith("holds")]
                raise Violation(f"“casework {' '.join(command)}” says: {' '.join(wrong)}")


class Serving:
    """The production server of an office, as a process with its workers."""

    def __init__(self, office: Office, workers: int = WORKERS) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.office, self._workers = office, str(workers)
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        arguments = ("serve", "--port", str(self.port), "--workers", self._workers)
        self.pid = self.office.launcher.start(self.office.environment, *arguments)
        self._ended = False
        until(lambda: Visitor(self.port).get("/sign-in") is not None or self._could_not())

    def _could_not(self) -> bool:
        done = self.office.launcher.end_of(self.pid, 0)
        if done is not None:
            raise Violation(f"The server ended with {done.code}: {done.said}")
        return False

    @property
    def worker_pids(self) -> list[int]:
        """Its workers."""
        with suppress(OSError):
            children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
            return [int(pid) for pid in children.split()]
        return []

    @property
    def has_ended(self) -> bool:
        """Whether it was killed."""
        return self._ended

    def kill_master(self) -> None:
        """SIGKILL to the server alone; its workers go on until they notice."""
        os.kill(self.pid, signal.SIGKILL)
        self.office.launcher.end_of(self.pid)
        self._ended = True

    def kill(self) -> None:
        """SIGKILL to the server and all its workers at once, as a machine’s out-of-memory killer."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        if not self._ended:
            self.office.launcher.end_of(self.pid)
        self._ended = True


def until(holds: Callable[[], bool], seconds: float = SECONDS) -> None:
    """Ask again and again until something holds; Violation when it does not in time."""
    import time

    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise Violation(f"Something that must come about has not within {seconds:g} seconds.")
        time.sleep(0.01)  # another process's doing; there is nothing to wait on


class Place:
    """Where the trials of one fault on one kind of database happen."""

    def __init__(self, folder: Path, databases: Databases, shim: Shim, launcher: Launcher) -> None:
        self.databases, self.shim, self.launcher = databases, shim, launcher
        self.disk = folder / "disk"
        self.disk.mkdir(exist_ok=True)
        self._made = 0
        self.template = self._made_template()

    @property
    def kind(self) -> str:
        """Of which kind the database is."""
        return self.databases.kind

    def _made_template(self) -> Office:
        folder = self.disk / "template"
        folder.mkdir(mode=0o700)
        office = self._office(folder, self.databases.new("template"))
        done = office.run("init")
        if done.code:
            raise Violation(f"“casework init” says: {done.said}")
        with session_on(office) as session:
            for role in PEOPLE:
                email = f"{role}@office.example"
                factories.person(session, role, email=email, password=factories.PASSWORD)
            for _ in range(CASES):
                factories.case(session)
        return office

    def office(self) -> Office:
        """A fresh office with some people and cases."""
        folder = self._new_folder()
        shutil.copytree(self.template.folder, folder)
        return self._office(folder, self.databases.copied("template", folder.name))

    def empty_office(self) -> Office:
        """What is to be an office: a folder, and where a database is to be."""
        folder = self._new_folder()
        folder.mkdir(mode=0o700)
        return self._office(folder, self.databases.new(folder.name))

    def _new_folder(self) -> Path:
        self._made += 1
        return self.disk / f"office-{self._made}"

    def _office(self, folder: Path, url: str) -> Office:
        office = Office(folder, url, self.launcher)
        office.outside.mkdir()
        return office

    def done_with(self, office: Office) -> None:
        """Remove an office."""
        self.databases.drop(office.folder.name)
        for folder in (office.folder, office.outside):
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def session_on(office: Office) -> Iterator[Any]:
    """A session of the harness’s own on an office’s database, by the same rules."""
    from sqlalchemy.orm import Session

    from casework.database import prepare

    engine = prepare(create_engine(office.database_url))
    try:
        with Session(engine, autoflush=False) as session:
            yield session
    finally:
        engine.dispose()


def case_tokens(office: Office) -> Sequence[str]:
    """The cases that an office has."""
    return [row.token for row in office.rows('SELECT token FROM "case" ORDER BY id')]
