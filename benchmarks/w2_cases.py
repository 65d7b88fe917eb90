"""The only place that fills a database with what is counted of many cases: ten years of an office.

Lives are made up as events, and their milestones are those of the project's own projection. What
that gives for a life is the same on any day, so it is asked once for each kind of life and end of
the log, and the rows are moved to each case's day. The log itself is not there: no figure reads it,
but for its size and the root over it.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import sha256
from random import Random
from typing import Any

from sqlalchemy import create_engine, insert, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from benchmarks.databases import Kind
from casework import database
from casework.audit.events import Event
from casework.audit.tree import peaks
from casework.counts.milestones import columns_of
from casework.counts.projection import projected
from casework.models import AuditEvent, AuditNode, Milestone
from casework.models.base import table_of
from workflows import WORKFLOWS
from workflows.complaint_review import COMPLAINT_REVIEW

FIRST_DAY, LAST_DAY = date(2016, 4, 1), date(2026, 3, 31)
DAYS = (LAST_DAY - FIRST_DAY).days + 1
KINDS = 400
"""How many different lives there are."""
LONGEST = 1_000
"""No life is longer, in days."""
DAY_ZERO = date(2000, 1, 1)
MILESTONES = table_of(Milestone)
DATED = ("from_on", "to_on", "received_on")

Happened = tuple[str, int, dict[str, Any]]
"""The event's name, the days since the case was received, and its facts as the log has them."""
LETTERS = ("A1", "B4", "D3", "H3", "L")
REASONS = ("out_of_time", "not_schedule_3", "no_outcome_letter", "incomplete")
ENDS = (
    *("not_upheld",) * 55,
    *("upheld",) * 13,
    *("found_invalid",) * 18,
    *("forwarded",) * 3,
    *("withdrawn",) * 5,
    *("reopened",) * 3,
    *("received later",) * 3,
)


def life(chance: Random) -> list[Happened]:
    """What happens to a case made up at random: about six events."""
    end, gap = chance.choice(ENDS), chance.randrange
    known = {
        "workflow": COMPLAINT_REVIEW.name,
        "force": "force",
        "route": chance.choice(["otherwise", "otherwise", "investigation"]),
        "categories": sorted(chance.sample(LETTERS, 2)),
    }
    found_on = 2 + gap(1, 14)
    decided_on = found_on + gap(8, 60) * chance.choice([1, 1, 1, 1, 4])
    happened: list[Happened] = [("logged", 0, known), ("acknowledged", gap(1, 5), {})]
    if end == "found_invalid":
        why = {"invalid_reason": chance.choice(REASONS)}
        return [*happened, (end, found_on, why), ("decision_notified", found_on + 1, {})]
    if end == "forwarded" or (end == "withdrawn" and gap(3) == 0):
        return [*happened, (end, found_on, {})]
    happened += [("file_requested", 3, {}), ("found_valid", found_on, {})]
    if end == "withdrawn":
        return [*happened, (end, decided_on, {})]
    happened.append(("review_written", decided_on - 2, {}))
    remedy: dict[str, Any] = {"recommendations": ["apology"]} if end == "upheld" else {}
    happened.append((end if end == "upheld" else "not_upheld", decided_on, remedy))
    if end == "reopened":
        again = decided_on + gap(30, 300)
        happened += [("reopened", again, {"reopen_reason": "own_error"})]
        happened += [("review_written", again + 20, {}), ("upheld", again + 22, {})]
    if end == "received later":
        return [*happened, ("corrected", decided_on + 3, {"effective_on": 1})]
    return [*happened, ("decision_notified", happened[-1][1] + 1, {})]


@cache
def _life(kind: int) -> list[Happened]:
    return life(Random(f"life {kind}"))


@cache
def _rows(kind: int, events: int) -> list[dict[str, Any]]:
    """The milestones of the first so many events of a life: its days from 0, its positions from 0."""
    of_life = enumerate(_life(kind)[:events])
    known = projected(WORKFLOWS, [_event(seq, *happened) for seq, happened in of_life])
    rows = [columns_of(each) for each in known]
    for row in rows:
        row |= {name: row[name] and (row[name] - DAY_ZERO).days for name in DATED}
    return rows


def _event(seq: int, action: str, day: int, facts: dict[str, Any]) -> Event:
    on, target, stat = DAY_ZERO + timedelta(days=day), None, facts
    if action == "corrected":
        changed_on = DAY_ZERO + timedelta(days=facts["effective_on"])
        target, stat = 0, {"effective_on": changed_on.isoformat()}
    return Event(
        seq=seq,
        token=f"{seq:x}",
        at=datetime.combine(on, datetime.min.time(), UTC),
        actor="system",
        role="system",
        action=action,
        case="case",
        version=seq + 1,
        state=None,
        via="import",
        effective_on=None if target is not None else on,
        target=target,
        stat=stat,
        has_words=False,
    )


Cells = tuple[Any, ...]


def cases(count: int, days: Sequence[Any]) -> Iterator[tuple[int, list[Cells]]]:
    """Each case's milestones as rows of the table, with the size of the log after it.

    Cases are received evenly over the years; `days` has each day since the first as the driver
    takes it.
    """
    chance, size = Random("an office"), 0
    for number in range(count):
        on = number * DAYS // count
        kind = chance.randrange(KINDS)
        events = sum(day < DAYS - on for _, day, _ in _life(kind))
        rows = [_moved(row, number, days, on, size) for row in _rows(kind, events)]
        size += events
        yield size, rows


def _moved(row: dict[str, Any], number: int, days: Sequence[Any], on: int, size: int) -> Cells:
    """A milestone of a case received on a day, with so many events before it in the log."""
    later = {name: row[name] if row[name] is None else days[row[name] + on] for name in DATED}
    until = row["until_seq"]
    placed = {
        "case_token": f"c_{number:032x}",
        "item": f"{number:x}.{row['item']}",
        "since_seq": row["since_seq"] + size,
        "until_seq": until if until is None else until + size,
    }
    return tuple({**row, **later, **placed}.values())


def fill(kind: Kind, url: str, count: int) -> int:
    """Fill a fresh migrated database with so many cases; the size of their log."""
    engine = database.prepare(create_engine(url))
    with Session(engine) as session:
        database.begin_write(session)
        connection = session.connection()
        for index in MILESTONES.indexes:  # made at the end they are made in a fraction of the time
            index.drop(connection)
        size = _write(connection, kind, count)
        for index in MILESTONES.indexes:
            index.create(connection)
        _end_log(session, size)
        session.commit()
    if not kind.is_sqlite:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE milestone"))  # as autovacuum would
    engine.dispose()
    return size


def _write(connection: Connection, kind: Kind, count: int) -> int:
    """Write the milestones of so many cases past the ORM; the size of their log."""
    driver: Any = connection.connection.dbapi_connection
    days = [FIRST_DAY + timedelta(days=number) for number in range(DAYS + LONGEST)]
    columns = tuple(_rows(0, 1)[0])
    size = 0
    if kind.is_sqlite:
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT INTO milestone ({', '.join(columns)}) VALUES ({marks})"
        for size, rows in cases(count, [day.isoformat() for day in days]):  # noqa: B007
            driver.executemany(statement, rows)
        return size
    with driver.cursor().copy(f"COPY milestone ({', '.join(columns)}) FROM STDIN") as copy:
        for size, rows in cases(count, days):  # noqa: B007
            for row in rows:
                copy.write_row(row)
    return size


def _end_log(session: Session, size: int) -> None:
    """What is read of a log of this size: its newest entry, and the subtrees that its root needs."""
    nodes = [
        {"level": level, "position": index, "hash": sha256(b"%d %d" % (level, index)).digest()}
        for level, index in peaks(size)
    ]
    last = {"seq": size - 1, "leaf_hash": nodes[-1]["hash"], "body": b"{}", "at": "", "actor": ""}
    last |= {"id": "last", "action": "", "req": "last", "part": 0}
    session.execute(insert(table_of(AuditEvent)), last)
    session.execute(insert(table_of(AuditNode)), nodes)
