"""W2: the counts of an annual report: a year by quarter and to date, as at a day and a log size.

Of ten years of an office, one is counted that ended three years before the last. The limit is the
bare driver asking for 30 of the same figures, each by a range of the index that holds all it asks:
six kinds of cases, for each quarter and for the year. The peers keep a row for each case and know
neither what was corrected since nor what the office knew then, so they answer for less.
"""

import tracemalloc
from collections.abc import Iterator
from datetime import date
from time import perf_counter
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from benchmarks import databases, w2_cases
from benchmarks.databases import Kind
from benchmarks.measuring import Row, Took, measured, rows_of
from benchmarks.w4_pages import cursor_of
from casework import database
from casework.counts.lives import Period
from casework.counts.report import annual_report
from casework.counts.tallies import Numbers, tally
from workflows.calendar import FinancialYear

WORK = "W2 counts"
GOAL = 2.0
YEAR = FinancialYear(2022)
STATUS_ON = date(2023, 7, 6)
QUARTERS = tuple(Period(quarter.first_on, quarter.last_on) for quarter in YEAR.quarters)
COLUMNS = (*QUARTERS, Period(YEAR.first_on, YEAR.last_on))
FIGURES = {
    "received": ("received", ""),
    "valid": ("validity", "valid"),
    "invalid": ("closure", "invalid"),
    "withdrawn": ("closure", "withdrawn"),
    "upheld": ("closure", "upheld"),
    "not_upheld": ("closure", "not_upheld"),
}
"""What the limit counts of a cohort: a figure’s name, and the kind and code of its milestones."""
MOST_LISTED = 100_000
"""A whole report lists what each number counts, and is not measured for more cases than these."""


def measure(kind: Kind, rounds: int, cases: int, notes: list[str]) -> Iterator[Row]:
    """Rows of W2 on ten years of so many cases; what memory it took is added to the notes."""
    url = databases.new_database(kind)
    size = w2_cases.fill(kind, url, cases)
    ours, limit = Ours(url, size), Limit(kind, url, size)
    assert limit.counts() == [part[name] for part in ours.cohorts() for name in FIGURES]
    peers, missing = _peers(kind, url)
    contenders = [ours, limit, *peers]
    try:
        took = measured(contenders, rounds, 1)
        report = ours.report() if cases <= MOST_LISTED else None
        notes.append(f"On {kind.label} counting took {ours.memory() / 1_000_000:.2f} MB of Python.")
    finally:
        for each in contenders:
            each.close()
    against = took[limit.name].median
    yield from rows_of(WORK, kind.label, took, limit.name, {ours.name: GOAL})
    lists = "the whole report, with its lists"
    yield Row(WORK, kind.label, lists, report, against, note="not measured")
    for name in missing:
        yield Row(WORK, kind.label, name, None, against, note="not installed")


def _peers(kind: Kind, url: str) -> tuple[list[Any], list[str]]:
    try:
        from benchmarks import w2_django
    except ModuleNotFoundError:
        return [], ["Django annotate", "Django loop"]
    return w2_django.peers(kind, url, YEAR), []


class Ours:
    """This project: the cohort and the activity of the quarters, to date and of the year."""

    name = "this project"

    def __init__(self, url: str, size: int) -> None:
        self.engine, self.size = database.prepare(create_engine(url)), size

    def ready(self, numbers: range) -> None:
        """Nothing is to be prepared."""

    def act(self, number: int) -> None:
        self.counts()

    def counts(self) -> tuple[list[Numbers], list[Numbers]]:
        """The cohorts of the quarters and the year; the activity of them and to date."""
        with Session(self.engine, autoflush=False) as session:
            tallies = tally(session, QUARTERS, STATUS_ON, self.size)
        slots = [(place, place) for place in range(len(QUARTERS))]
        to_date = [(0, place) for place in range(len(QUARTERS))]
        cohorts: list[Numbers] = [tallies.cohort(*place) for place in (*slots, to_date[-1])]
        return cohorts, [tallies.activity(*place) for place in (*slots, *to_date)]

    def cohorts(self) -> list[Numbers]:
        """Of them what is known of the cases received."""
        return self.counts()[0]

    def report(self) -> Took:
        """How long one whole report took, whose lists are as long as these numbers say."""
        started = perf_counter()
        with Session(self.engine, autoflush=False) as session:
            report = annual_report(session, YEAR, STATUS_ON, self.size)
        took = perf_counter() - started
        cohorts, activities = self.counts()
        columns = (*report.quarters, *report.year_to_date)
        for part, numbers in zip(columns, activities, strict=True):
            assert {name: part.count(f"activity.{name}") for name in numbers} == numbers
        for part, numbers in zip((*report.quarters, report.whole), cohorts, strict=True):
            assert {name: part.count(f"cohort.{name}") for name in numbers} == numbers
        return Took(took, took)

    def memory(self) -> int:
        """The most bytes of Python's that counting takes at once."""
        tracemalloc.start()
        self.act(0)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    def close(self) -> None:
        self.engine.dispose()


class Limit:
    """The bare driver: 30 ranges of one index."""

    name = "the limit"

    def __init__(self, kind: Kind, url: str, size: int) -> None:
        self.cursor, mark = cursor_of(kind, url)
        self.statement = (
            f"SELECT count(*) FROM milestone WHERE kind = {mark} AND code = {mark} "
            f"AND received_on >= {mark} AND received_on <= {mark} "
            f"AND from_on <= {mark} AND (to_on IS NULL OR to_on > {mark}) "
            f"AND since_seq < {mark} AND (until_seq IS NULL OR until_seq >= {mark})"
        )
        days = str if kind.is_sqlite else _as_it_is
        known = (days(STATUS_ON), days(STATUS_ON), size, size)
        self.asked = [
            (*figure, days(column.from_on), days(column.to_on), *known)
            for column in COLUMNS
            for figure in FIGURES.values()
        ]

    def ready(self, numbers: range) -> None:
        """Nothing is to be prepared."""

    def act(self, number: int) -> None:
        self.counts()

    def counts(self) -> list[int]:
        """The 30 numbers, by column."""
        return [self.cursor.execute(self.statement, asked).fetchone()[0] for asked in self.asked]

    def close(self) -> None:
        self.cursor.connection.close()


def _as_it_is(day: date) -> date:
    return day
