"""A published report gives the same bytes for ever, and what was altered is named."""

from datetime import UTC, date, datetime
from random import Random

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, insert, select
from sqlalchemy.orm import Session

from casework.audit import record
from casework.counts import milestones
from casework.counts.lives import Period
from casework.database import begin_write, prepare
from casework.models import Base
from casework.publishing import recounting
from casework.publishing.history import all_published
from casework.web.files import files
from tests import databases, factories
from tests.casework.audit.tampering import body_at, execute, past_the_triggers, rewrite
from tests.casework.counts import random_lives
from tests.casework.publishing import lives
from tests.casework.publishing.conftest import People
from workflows import WORKFLOWS

YEAR = Period(date(2022, 4, 1), date(2023, 3, 31))
PERIODS = {"annual": YEAR, "panel": Period(date(2022, 3, 30), date(2022, 7, 1))}
RECEIVED, MOST_CASES = random_lives.RECEIVED, 4


def rebuilt(session: Session) -> None:
    begin_write(session)
    milestones.rebuild(session, WORKFLOWS, record.log_size(session))
    session.commit()


def published(session: Session, people: People, kind: str, status_on: date) -> bytes:
    """The figures of a report that was published just now."""
    row = lives.drafted(session, people["riley"], kind, PERIODS[kind], status_on=status_on)
    words = dict.fromkeys(row.words, "Words.")
    lives.worded(session, row, people["riley"], **words)
    lives.approved(session, row, people["charlie"])
    return lives.published(session, row, people["sam"]).figures


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(0, 10**6),
    st.sampled_from(sorted(PERIODS)),
    st.dates(*map(date.fromisoformat, ("2022-04-01", "2023-12-31"))),
)
def test_s55_later_entries_and_rebuilt_milestones_change_no_published_byte(
    db: Session, people: People, seed: int, kind: str, status_on: date
) -> None:
    acts, received = random_lives.acts(repr(seed), 40), Random(seed).sample(RECEIVED, MOST_CASES)
    begin_write(db)
    cases = [random_lives.begin(db, day, act) for day, act in zip(received, acts, strict=False)]
    for act in acts[:20]:
        random_lives.move(db, cases[act.case % MOST_CASES], act)
    db.commit()
    figures = published(db, people, kind, status_on)
    begin_write(db)
    for act in acts[20:]:
        random_lives.move(db, cases[act.case % MOST_CASES], act)
    random_lives.change_settings(db, acts[-1])
    db.commit()
    rebuilt(db)
    last = all_published(db)[-1]
    assert last.figures == figures
    assert recounting.recount(db, last, files()).faults == ()


@pytest.mark.postgres
@pytest.mark.one_database
def test_s55_the_same_log_gives_the_same_bytes_on_the_other_database(
    db: Session, people: People
) -> None:
    begin_write(db)
    random_lives.live(db, random_lives.RECEIVED, random_lives.acts("other", 80))
    db.commit()
    for kind in PERIODS:
        published(db, people, kind, date(2023, 7, 6))
    url = databases.new_database("postgres")
    engine = prepare(create_engine(url))
    try:
        with Session(engine) as other:
            begin_write(other)
            for table in Base.metadata.sorted_tables:
                if rows := [dict(row._mapping) for row in db.execute(select(table))]:
                    other.execute(insert(table), rows)
            other.commit()
            rebuilt(other)
            found = all_published(other)
            assert len(found) == len(PERIODS)
            assert [recounting.recount(other, each, files()).faults for each in found] == [(), ()]
            assert recounting.verify(other, files()).holds
    finally:
        engine.dispose()
        databases.drop_database(url)


def test_what_was_altered_is_named(db: Session, people: People, database_url: str) -> None:
    for number in range(2):
        with time_machine.travel(datetime(2026, 7, 6, 10 + number, tzinfo=UTC)):
            factories.case(db)
            published(db, people, "annual", date(2023, 7, 6))
    first, second = all_published(db)
    assert recounting.verify(db, files()).holds
    db.rollback()
    files().paths(first.files["docx"])[0].write_bytes(b"Another")
    (fault,) = recounting.recount(db, first, files()).faults
    assert fault == "Its published file, docx, is missing from the store or altered."
    assert recounting.recount(db, second, files()).is_same
    db.rollback()
    with past_the_triggers(database_url) as connection:
        stat = body_at(connection, second.event.seq)["stat"]
        rewrite(connection, second.event.seq, stat={**stat, "status_on": "2022-07-06"})
        execute(connection, "DELETE FROM audit_detail WHERE seq = :seq", seq=first.event.seq)
        execute(connection, "UPDATE publication SET number = 7 WHERE number = 2")
    finding = recounting.verify(db, files())
    assert not finding.holds
    for said in (
        "Report R/2026-27/1: The figures kept beside its entry in the log are not those",
        "Report R/2026-27/1: Its published file, docx, is missing",
        "Report R/2026-27/1: The words kept beside its entry in the log are not those",
        f"Report {second.token} is not in its table as in the log: number.",
        "Report R/2026-27/2: The log gives other figures than those published: ",
    ):
        assert said in finding.sentence


def test_every_column_that_the_log_gives_is_compared(
    db: Session, people: People, database_url: str
) -> None:
    draft = lives.drafted(db, people["riley"]).token
    published(db, people, "panel", date(2023, 7, 6))
    (report,) = all_published(db)
    fixed = {
        "kind": "period",
        "from_on": "2020-04-01",
        "to_on": "2021-03-31",
        "status_on": "2022-07-06",
        "log_size": 0,
        "edition": 0,
        "figures": "0" * 64,
    }
    ended = {
        "year": "2025-26",
        "number": 7,
        "published_on": "2026-07-01",
        "since_seq": 0,
        "changed_by": people["dee"].token,
        "words": "{}",
        "written_by": "[]",
    }
    db.rollback()
    with past_the_triggers(database_url) as connection:
        for token, columns in ((draft, fixed), (report.token, {**fixed, **ended})):
            put = ", ".join(f"{name} = :{name}" for name in columns)
            statement = f"UPDATE publication SET {put} WHERE token = :token"
            execute(connection, statement, token=token, **columns)
    finding = recounting.verify(db, files())
    for token, names in ((draft, [*fixed]), (report.token, [*fixed, *ended])):
        named = f"Report {token} is not in its table as in the log: {', '.join(names)}."
        assert named in finding.sentence


def test_what_was_published_was_approved(db: Session, people: People, database_url: str) -> None:
    published(db, people, "panel", date(2023, 7, 6))
    (report,) = all_published(db)
    db.rollback()
    with past_the_triggers(database_url) as connection:
        stat = body_at(connection, report.event.seq)["stat"]
        rewrite(connection, report.event.seq, stat={**stat, "content": "0" * 64})
    (altered,) = all_published(db)
    assert recounting.recount(db, altered, files()).kept == (
        "The words kept beside its entry in the log are not those that were published.",
        "What was published is not what was approved.",
    )
