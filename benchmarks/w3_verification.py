"""W3: the whole log verified, columns tied to the stored bytes, subtrees and root built again.

The limit is a chain of SHA-256 over the same bytes, in memory already: each hashed with the hash
before. Beside it stands what canonicalising alone takes with the library for it, in memory too.
"""

import hashlib
import json
import tracemalloc
from collections.abc import Iterator

import rfc8785
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from benchmarks import databases
from benchmarks.databases import Kind
from benchmarks.measuring import Row, measured, rows_of
from casework import database
from casework.audit.reading import read_by
from casework.audit.record import Appending, NewEvent, Origin
from casework.audit.verify import verify_log
from casework.database import Together, begin_write
from casework.models import AuditEvent
from casework.models.base import table_of

WORK = "W3 verification"
GOALS = {"this project": 6.0, "this project, 2 processes": 3.0}
AT_ONCE = 2_000
"""Events that are written together."""
TRACED = 50_000
"""Events of which memory is measured, as that is slow; more of them take no more."""


def measure(kind: Kind, rounds: int, events: int, notes: list[str]) -> Iterator[Row]:
    """Rows of W3 on a log of so many events; what memory it took is added to the notes."""
    url = databases.new_database(kind)
    fill(url, events)
    ours, limit = Ours(url, 1), Limit(url)
    contenders = (ours, Ours(url, 2), limit, Canonicalising(limit.bodies))
    try:
        took = measured(contenders, max(1, rounds // 3), 1)
        notes.append(
            f"On {kind.label} verifying took {ours.memory() / 1_000_000:.1f} MB of Python."
        )
        size = sum(map(len, limit.bodies)) // events
        notes.append(f"Its {events:,} events are of {size} bytes.")
    finally:
        for each in contenders:
            each.close()
    yield from rows_of(WORK, kind.label, took, limit.name, GOALS)


def fill(url: str, events: int) -> None:
    """Write a log of so many events, three to a request and every third with words."""
    engine = database.prepare(create_engine(url))
    with Session(engine) as session:
        begin_write(session)
        rows = Together()
        log = Appending(session, rows)
        for number in range(events):
            if number % 3 == 0:
                origin = Origin("web", f"u_{number % 7:032x}")
            said = {"item": f"i_{number:032x}", "kind": "note"}
            words = {"note": f"What was said of {number}."} if number % 3 == 0 else {}
            log.append(NewEvent("told", "reviewer", stat=said, texts=words), origin)
            if number % AT_ONCE == 0:
                rows.write(session)
        rows.write(session)
        session.commit()
    engine.dispose()


class Ours:
    """This project, by one process or several, which are started for each verification."""

    def __init__(self, url: str, processes: int) -> None:
        self.engine, self.processes = database.prepare(create_engine(url)), processes
        self.name = "this project" + (f", {processes} processes" if processes > 1 else "")

    def ready(self, numbers: range) -> None:
        """Nothing is to be prepared."""

    def act(self, number: int) -> None:
        self.verify()

    def verify(self, log_size: int | None = None) -> None:
        """Verify so much of the log, or all."""
        with (
            Session(self.engine, autoflush=False) as session,
            read_by(session, self.processes, lambda _what, _done, _of: None) as reading,
        ):
            assert all(f.holds for f in verify_log(session, log_size, reading=reading))

    def memory(self) -> int:
        """The most bytes of Python's that verifying takes at once."""
        with Session(self.engine) as session:
            size = len(session.execute(select(table_of(AuditEvent).c.seq).limit(TRACED)).all())
        tracemalloc.start()
        self.verify(size)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    def close(self) -> None:
        self.engine.dispose()


class Limit:
    """A chain of hashes over the bytes of all events."""

    name = "the limit"

    def __init__(self, url: str) -> None:
        engine, table = create_engine(url), table_of(AuditEvent)
        with engine.connect() as connection:
            stored = connection.execute(select(table.c.body).order_by(table.c.seq)).scalars()
            self.bodies = [bytes(body) for body in stored]
        engine.dispose()

    def ready(self, numbers: range) -> None:
        """Nothing is to be prepared."""

    def act(self, number: int) -> None:
        before = b""
        for body in self.bodies:
            before = hashlib.sha256(before + body).digest()

    def close(self) -> None:
        self.bodies.clear()


class Canonicalising:
    """Each event read and written in canonical form by the library for it, compared and hashed."""

    name = "rfc8785, canonical form alone"

    def __init__(self, bodies: list[bytes]) -> None:
        self.bodies = bodies

    def ready(self, numbers: range) -> None:
        """Nothing is to be prepared."""

    def act(self, number: int) -> None:
        for body in self.bodies:
            assert rfc8785.dumps(json.loads(body)) == body
            hashlib.sha256(body).digest()

    def close(self) -> None:
        """Nothing was opened."""
