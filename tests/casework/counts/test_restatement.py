"""Restated minus published is exactly the actions listed, as a slow count of the raw events shows."""

import json
from collections.abc import Collection
from datetime import date
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit import record
from casework.counts.plain import as_plain
from casework.counts.report import Report
from casework.counts.restatement import Restatement, may_differ, restate
from casework.database import begin_write
from casework.models import AuditEvent
from tests.casework.counts import oracle, random_lives
from tests.casework.counts.random_lives import Question
from tests.casework.counts.test_oracle import asked, days_of
from workflows.calendar import FinancialYear

WORDS = ("edition", "measures", "narrative")
FIXED = ("log_size", "log_root", "office", "clock_start", "characteristics")
"""What the log's length or the office's name changes; and what is withheld, which is not restated."""

EXAMPLES = {"sqlite": 8, "postgres": 2}


def published(report: Report) -> dict[str, Any]:
    return {name: said for name, said in as_plain(report).items() if name not in FIXED + WORDS}


def counted(bodies: list[bytes], question: Question) -> dict[str, Any]:
    """The slow count of these events, whatever their positions."""
    days, label = (question.first, question.last), None
    if question.year:
        year = FinancialYear(question.year)
        days, label = (year.first_on, year.last_on), year.label
    found = oracle.report(bodies, *days, question.status_on, label)
    return {name: said for name, said in found.items() if name not in FIXED}


def bodies_without(session: Session, seqs: Collection[int]) -> list[bytes]:
    query = select(AuditEvent.seq, AuditEvent.body).order_by(AuditEvent.seq)
    return [body for seq, body in session.execute(query) if seq not in seqs]


def of_case(bodies: list[bytes], case: str) -> list[bytes]:
    """The events of one case, and the office's."""
    return [body for body in bodies if json.loads(body)["case"] in (case, None)]


def assert_exact(session: Session, question: Question, found: Restatement) -> None:
    listed = {event.seq for event in found.events}
    assert all(found.then.log_size <= seq < found.now.log_size for seq in listed)
    without = bodies_without(session, listed)
    assert counted(without, question) == published(found.then)
    everything = bodies_without(session, ())
    for case, events in found.causes.items():
        assert events
        own = of_case(everything, case)
        rest = of_case(bodies_without(session, {event.seq for event in events}), case)
        changes = [
            (change.left, change.joined)
            for change in found.changes
            if any(one.case == case for one in (*change.left, *change.joined))
        ]
        is_other = counted(own, question) != counted(rest, question)
        assert is_other or found.settings or all(left and joined for left, joined in changes)


def test_without_the_listed_actions_the_log_gives_the_published_figures(
    db: Session, database_kind: str
) -> None:
    @settings(max_examples=EXAMPLES[database_kind], suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.lists(st.sampled_from(random_lives.RECEIVED), min_size=2, max_size=5),
        st.binary(min_size=8, max_size=8),
        st.integers(40, 80),
        st.integers(2, 7),
    )
    def check(received: list[date], seed: bytes, tries: int, eighths: int) -> None:
        begin_write(db)
        try:
            random_lives.live(db, received, random_lives.acts(repr((seed, received)), tries))
            size = record.log_size(db)
            for question in random_lives.questions(Random(repr(seed)), days_of(db), 3):
                then = asked(db, question, size * eighths // 8)
                now = asked(db, question, size)
                found = restate(db, then, now)
                assert_exact(db, question, found)
                is_same = published(then) == published(now)
                assert bool(found.events) or is_same
                assert may_differ(db, then.status_on, then.log_size, size) or not found.events
        finally:
            db.rollback()

    check()
