"""Tallies read nothing but ranges of indexes, also in a database that was never analysed.

What they count is compared with the lists and with the oracle in `test_oracle`.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from casework.counts.lives import Period, load
from casework.counts.tallies import tally

YEAR = Period(date(2022, 4, 1), date(2023, 3, 31))
STATUS_ON = date(2023, 7, 6)


@contextmanager
def planned(session: Session) -> Iterator[list[str]]:
    """How SQLite would answer each statement that is sent meanwhile."""
    engine = session.get_bind()
    plans: list[str] = []

    def note(connection: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            cursor = connection.connection.cursor()
            plan = cursor.execute(f"EXPLAIN QUERY PLAN {statement}", given).fetchall()
            plans.extend(row[3] for row in plan)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield plans
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.one_database
def test_what_is_counted_is_read_by_ranges_of_indexes(db: Session) -> None:
    with planned(db) as plans:
        tally(db, [YEAR], STATUS_ON, 1_000_000)
    reads = {plan for plan in plans if re.search(r"\b(milestone|valid)\b", plan)}
    beside = {read for read in reads if "COVERING INDEX" not in read}
    # Whether a withdrawn case was valid is looked up by case: they are few.
    ranges = {
        "SEARCH milestone USING INDEX ix_milestone_received (kind=? AND received_on>? AND received_on<?)",
        "SEARCH valid USING INDEX ix_milestone_case (case_token=? AND kind=? AND from_on<?)",
    }
    assert beside == ranges
    assert any("ix_milestone_open (kind=? AND until_seq=? AND lasted=?" in read for read in reads)
    with planned(db) as plans:
        load(db, YEAR, STATUS_ON, 1_000_000)
    assert [plan for plan in plans if re.match(r"SCAN milestone", plan)] == []
