"""W7: a register imported, against W1's limit times its events; and what memory its check takes.

The limit is the bare driver writing the rows of an audited transition, as W1 measures it beside
this project on the same kind of database, just before. A register of so many rows is imported
whole, checked first, into an office of its own.
"""

import csv
import tracemalloc
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO, StringIO
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.orm import Session

from benchmarks import databases, w1_transition
from benchmarks.databases import Kind
from benchmarks.measuring import Row, Took, measured
from casework import database
from casework.audit import record
from casework.imports.checking import check_register
from casework.imports.columns import COLUMNS
from casework.imports.service import import_register

WORK = "W7 register"
GOAL = 3.0
FIRST_DAY = date(2021, 4, 1)
DAYS = 1_400


def measure(kind: Kind, rounds: int, size: int, rows: int) -> Iterator[Row]:
    """A row for the import and one for the limit, each for one event; memory as a note."""
    limit = _limit(kind, rounds, size)
    content = register(rows)
    took = [_imported(kind, content) for _ in range(max(1, rounds // 3))]
    each = median(seconds / events for seconds, events in took)
    yield Row(WORK, kind.label, "this project", Took(each, each), limit.median, GOAL)
    yield Row(WORK, kind.label, "the limit", limit, limit.median)


def memory(rows: int) -> str:
    """In words: the most bytes that checking a short and a long register took at once."""
    kind = databases.READ[0]
    peaks = [_peak(kind, register(count)) / 1_000_000 for count in (rows // 10, rows)]
    few, many = (f"{peak:.1f} MB" for peak in peaks)
    return f"Checking {rows // 10:,} rows took {few} of memory, {rows:,} rows {many}."


def _limit(kind: Kind, rounds: int, size: int) -> Took:
    url = databases.new_database(kind)
    ours = w1_transition.Ours(kind, url, (rounds + 1) * size)
    ours.close()  # nobody may be connected while it is copied
    limit = w1_transition.Limit(kind, databases.copy_of(kind, url), ours)
    try:
        return measured([ours, limit], rounds, size)[limit.name]
    finally:
        ours.close()
        limit.close()


def _imported(kind: Kind, content: bytes) -> tuple[float, int]:
    """Seconds that checking and importing took, and how many events it made."""
    engine = database.prepare(create_engine(databases.new_database(kind)))
    if kind.is_sqlite:
        event.listen(engine, "connect", lambda raw, _: w1_transition.configure(raw, kind))
    file = BytesIO(content)
    started = perf_counter()
    with Session(engine, autoflush=False) as session:
        assert not check_register(session, file).errors
        database.begin_write(session)
        import_register(session, file)
        session.commit()
        seconds = perf_counter() - started
        events = record.log_size(session)
    engine.dispose()
    return seconds, events


def _peak(kind: Kind, content: bytes) -> int:
    engine = database.prepare(create_engine(databases.new_database(kind)))
    with Session(engine, autoflush=False) as session:
        tracemalloc.start()
        check_register(session, BytesIO(content))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    engine.dispose()
    return peak


def register(rows: int) -> bytes:
    """A register of closed reviews, eight events each, one in nine upheld with a recommendation."""
    text = StringIO()
    writer = csv.DictWriter(text, list(COLUMNS), restval="")
    writer.writeheader()
    writer.writerows(_row(number, rows) for number in range(rows))
    return text.getvalue().encode()


def _row(number: int, rows: int) -> dict[str, Any]:
    received_on = FIRST_DAY + timedelta(days=number * DAYS // rows)

    def after(days: int) -> str:
        return (received_on + timedelta(days=days)).isoformat()

    is_upheld = number % 9 == 0
    return {
        "reference": f"CR/{number:06}",
        "force_reference": f"CO/{number}/22",
        "received_on": after(0),
        "outcome_provided_on": after(-10),
        "channel": "email",
        "route": "otherwise",
        "categories": "A1",
        "complainant_name": f"Rosa Mensah {number}",
        "complainant_email": f"rosa.{number}@home.example",
        "complainant_address": "4 Mill Lane, Ambridge",
        "grounds": "The officer did not look at the footage. " * 5,
        "acknowledged_on": after(2),
        "file_requested_on": after(3),
        "validity": "valid",
        "validity_on": after(6),
        "file_received_on": after(12),
        "reviewed_on": after(28),
        "outcome": "upheld" if is_upheld else "not_upheld",
        "decided_on": after(30),
        "notified_on": after(31),
        "recommendations": "apology" if is_upheld else "",
        "responses": "accepted" if is_upheld else "",
    }
