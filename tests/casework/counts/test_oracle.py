"""Every figure of a report is what a slow fold of the raw events gives, for lives made at random."""

import json
from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit import record
from casework.audit.items import columns_of
from casework.counts import milestones
from casework.counts.plain import as_plain
from casework.counts.report import Report, annual_report, period_report
from casework.counts.tallies import tally
from casework.database import begin_write
from casework.items import items_on
from casework.models import AuditEvent, Case, Item
from casework.models.base import table_of
from tests.casework.counts import oracle, random_lives
from tests.casework.counts.random_lives import Question
from workflows import WORKFLOWS
from workflows.calendar import FinancialYear

ITEMS = table_of(Item)
SHARE = {"sqlite": 0.4, "postgres": 0.1}


def asked(session: Session, question: Question, size: int) -> Report:
    if question.year:
        return annual_report(session, FinancialYear(question.year), question.status_on, size)
    return period_report(session, question.first, question.last, question.status_on, size)


def counted_slowly(session: Session, question: Question, size: int) -> dict[str, Any]:
    query = select(AuditEvent.body).where(AuditEvent.seq < size).order_by(AuditEvent.seq)
    bodies = list(session.execute(query).scalars())
    if question.year:
        year = FinancialYear(question.year)
        return oracle.report(bodies, year.first_on, year.last_on, question.status_on, year.label)
    return oracle.report(bodies, question.first, question.last, question.status_on)


def answers(session: Session, questions: list[Question], size: int) -> Iterator[Report]:
    for question in questions:
        at_size = size * question.eighths // 8
        report = asked(session, question, at_size)
        plain = as_plain(report)
        for name in ("narrative", "edition", "measures"):  # words, which have tests of their own
            del plain[name]
        counted = counted_slowly(session, question, at_size)
        if question.year:
            assert_withheld(plain.pop("characteristics"), counted.pop("characteristics"))
        assert plain == counted
        yield report


def assert_withheld(printed: dict[str, Any], true: dict[str, Any]) -> None:
    """What is printed is true, and nothing small is."""
    under = true["withheld_under"]
    assert printed["withheld_under"] == under
    assert printed["rows"].keys() == true["rows"].keys()
    assert printed["rows"]["any"] == true["rows"]["any"]
    pairs = [
        (printed["rows"][row][name], count)
        for row, counts in true["rows"].items()
        for name, count in counts.items()
        if row != "any"
    ]
    is_small = [0 < count < under for _, count in pairs]
    assert all(shown in (None, count) for shown, count in pairs)
    assert all(pair[0] is None for pair, small in zip(pairs, is_small, strict=True) if small)


def assert_reconciles(report: Report) -> None:
    for part in (report.whole, *report.quarters, *report.year_to_date):
        flows = {name: part.count(f"activity.{name}") for name in FLOWS}
        comes = sum(flows[name] for name in ("brought_forward", "received", "reopened"))
        goes = sum(flows[name] for name in ("found_invalid", "forwarded", "withdrawn", "completed"))
        assert comes - goes == flows["carried_forward"]
        cohort = {name: part.count(f"cohort.{name}") for name in COHORT}
        received = cohort.pop("received")
        assert received == sum(cohort.values())


def assert_tallied(session: Session, report: Report) -> None:
    """A number is the length of its list, also where it was counted without one."""
    for part in (*report.quarters, *report.year_to_date):
        assert part.numbers == {name: len(counted) for name, counted in part.figures.items()}
    tallies = tally(session, [report.whole.period], report.status_on, report.log_size)
    for block, numbers in (("cohort", tallies.cohort(0, 0)), ("activity", tallies.activity(0, 0))):
        listed = {name: report.whole.count(f"{block}.{name}") for name in numbers}
        assert numbers == listed


def assert_worded(report: Report) -> None:
    """Every figure has its published words, whatever code it is of."""
    assert all(report.edition.words_of(name).definition for name in report.whole.figures)


FLOWS: tuple[str, ...] = (
    "brought_forward",
    "received",
    "reopened",
    "found_invalid",
    "forwarded",
    "withdrawn",
)
FLOWS += ("completed", "carried_forward")
COHORT = ("received", "valid", "invalid", "forwarded", "undetermined", "withdrawn_undetermined")


def days_of(session: Session) -> list[date]:
    bodies = session.execute(select(AuditEvent.body)).scalars()
    days = (json.loads(body)["effective_on"] for body in bodies)
    return sorted({date.fromisoformat(day) for day in days if day})


def shared(database_kind: str) -> Any:
    """Most examples run on the database that is quick; the other shows that it is alike."""
    return settings(
        max_examples=int(settings().max_examples * SHARE[database_kind]),
        suppress_health_check=[HealthCheck.too_slow],
    )


def test_the_report_is_what_the_oracle_counts(db: Session, database_kind: str) -> None:
    @shared(database_kind)
    @given(
        st.lists(st.sampled_from(random_lives.RECEIVED), min_size=2, max_size=5),
        st.binary(min_size=8, max_size=8),
        st.integers(40, 80),
    )
    def check(received: list[date], seed: bytes, tries: int) -> None:
        begin_write(db)
        try:
            random_lives.live(db, received, random_lives.acts(repr((seed, received)), tries))
            size = record.log_size(db)
            asked = random_lives.questions(Random(repr((seed, tries))), days_of(db), 12)
            for report in answers(db, asked, size):
                assert_reconciles(report)
                assert_tallied(db, report)
            milestones.rebuild(db, WORKFLOWS, size)
            for report in answers(db, asked[:5], size):
                assert_reconciles(report)
                assert_worded(report)
        finally:
            db.rollback()

    check()


def assert_kept_as_logged(session: Session) -> None:
    """The table of what is kept on cases is what the whole log gives."""
    stored = {row["token"]: dict(row) for row in session.execute(select(ITEMS)).mappings()}
    derived = {
        kept.token: {"token": kept.token, **columns_of(kept), "words": kept.words}
        for case in session.execute(select(Case.token)).scalars()
        for kept in items_on(session, case)
    }
    assert {token: stored[token] | row for token, row in derived.items()} == stored


def test_recommendations_are_counted_as_the_oracle_does(db: Session, database_kind: str) -> None:
    @shared(database_kind)
    @given(
        st.lists(st.sampled_from(random_lives.RECEIVED), min_size=1, max_size=2),
        st.binary(min_size=8, max_size=8),
    )
    def check(upheld: list[date], seed: bytes) -> None:
        begin_write(db)
        try:
            tried = random_lives.acts(repr((seed, upheld)), 24, random_lives.AFTERWARDS)
            random_lives.live_on(db, upheld, tried)
            size = record.log_size(db)
            asked = random_lives.questions(Random(repr(seed)), days_of(db), 8)
            for report in answers(db, asked, size):
                assert_reconciles(report)
            assert milestones.differences(db, WORKFLOWS, size) == set()
            assert_kept_as_logged(db)
        finally:
            db.rollback()

    check()
