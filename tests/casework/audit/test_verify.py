"""Whatever is altered past the triggers is found and located; what nobody touched is whole."""

import json
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from casework.audit.bodies import read_body
from casework.audit.events import events_of
from casework.audit.timeline import lines
from casework.audit.verify import verify_log
from casework.database import begin_write
from casework.models import Case
from tests.casework.audit.tampering import (
    delete,
    execute,
    failed,
    insert_copy,
    past_the_triggers,
    rewrite,
    set_body,
    swap,
)
from tests.casework.counts import random_lives
from workflows import WORKFLOWS
from workflows.definition import OfficeRules


def test_a_log_nobody_touched_is_whole_at_every_size(log: Session) -> None:
    for size in range(12):
        assert failed(log, size) == {}


def test_a_size_beyond_the_log_is_refused_with_a_sentence(log: Session) -> None:
    with pytest.raises(ValueError, match="holds 11 entries, not 12"):
        verify_log(log, 12)


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.text("abcdef", min_size=1, max_size=8))
def test_the_log_of_any_lives_is_whole_and_can_be_told(db: Session, seed: str) -> None:
    """Refusals, returns, corrections, annulments and settings at random, each example after the last."""
    begin_write(db)
    random_lives.live(db, random_lives.RECEIVED, random_lives.acts(seed, 50))
    db.commit()
    assert failed(db) == {}
    for token in db.execute(select(Case.token)).scalars().all():
        events = events_of(db, token)
        told = lines(WORKFLOWS["complaint_review"], events, {}, OfficeRules())
        assert [line.seq for line in told] == [event.seq for event in events]


def test_the_empty_log_is_whole(db: Session) -> None:
    assert failed(db) == {}


Tampering = Callable[[Connection], object]
SQL = "UPDATE audit_event SET {} WHERE seq = 4"
LOG_TAMPERINGS: list[tuple[str, Tampering, dict[str, tuple[int, int]]]] = [
    (
        "body edited",
        lambda c: rewrite(c, 4, effective_on="2026-04-09"),
        {"hashes": (4, 4), "links": (5, 5), "tree": (4, 5)},
    ),
    (
        "body and its hash edited",
        lambda c: rewrite(c, 4, and_hash=True, effective_on="2026-04-09"),
        {"links": (5, 5), "tree": (4, 5)},
    ),
    ("field added", lambda c: rewrite(c, 4, extra=1), {"bytes": (4, 4), "hashes": (4, 4)}),
    ("a decimal", lambda c: rewrite(c, 4, stat={"x": 1.5}), {"bytes": (4, 4)}),
    ("a field of another type", lambda c: rewrite(c, 4, action=7), {"bytes": (4, 4)}),
    ("a truth as a number", lambda c: rewrite(c, 4, part=False), {"bytes": (4, 4)}),
    ("garbage", lambda c: set_body(c, 4, b"\xff\x00{"), {"bytes": (4, 4), "links": (5, 5)}),
    ("a list", lambda c: set_body(c, 4, b"[]"), {"bytes": (4, 4)}),
    ("nothing", lambda c: set_body(c, 4, b""), {"bytes": (4, 4)}),
    ("nested without end", lambda c: set_body(c, 4, b"[" * 100_000), {"bytes": (4, 4)}),
    ("actor column", lambda c: execute(c, SQL.format("actor = 'u_x'")), {"columns": (4, 4)}),
    ("time column", lambda c: execute(c, SQL.format("at = 'x'")), {"columns": (4, 4)}),
    ("id column", lambda c: execute(c, SQL.format("id = 'x'")), {"columns": (4, 4)}),
    ("action column", lambda c: execute(c, SQL.format("action = 'x'")), {"columns": (4, 4)}),
    ("case column", lambda c: execute(c, SQL.format("case_token = 'x'")), {"columns": (4, 4)}),
    ("req column", lambda c: execute(c, SQL.format("req = 'x'")), {"columns": (4, 4)}),
    (
        "part column",
        lambda c: execute(c, SQL.format("part = 3")),
        {"columns": (4, 4), "requests": (4, 4)},
    ),
    ("hash column", lambda c: execute(c, SQL.format("leaf_hash = body")), {"hashes": (4, 4)}),
    ("deleted", lambda c: delete(c, 4), {"sequence": (4, 4), "root": (None, None)}),  # type: ignore[dict-item]
    ("first deleted", lambda c: delete(c, 0), {"sequence": (0, 0)}),
    ("inserted before", lambda c: insert_copy(c, -5), {"sequence": (-5, -5), "columns": (-5, -5)}),
    ("inserted behind", lambda c: insert_copy(c, 11), {"columns": (11, 11), "links": (11, 11)}),
    (
        "inserted far behind",
        lambda c: insert_copy(c, 2**40),
        {"sequence": (11, 2**40 - 1), "columns": (2**40, 2**40)},
    ),
    ("two swapped", lambda c: swap(c, 4, 5), {"columns": (4, 5), "links": (4, 6), "tree": (4, 5)}),
    ("two swapped with words", lambda c: swap(c, 2, 4), {"columns": (2, 2), "details": (2, 2)}),
    (
        "node edited",
        lambda c: execute(
            c, "UPDATE audit_node SET hash = :h WHERE level=1 AND position=2", h=b"x"
        ),
        {"tree": (4, 5)},
    ),
    (
        "high node edited",
        lambda c: execute(
            c, "UPDATE audit_node SET hash = :h WHERE level=3 AND position=0", h=b"x" * 32
        ),
        {"tree": (0, 7), "root": (None, None)},  # type: ignore[dict-item]
    ),
    (
        "node deleted",
        lambda c: execute(c, "DELETE FROM audit_node WHERE level=2 AND position=1"),
        {"tree": (4, 7)},
    ),
    (
        "node inserted",
        lambda c: execute(c, "INSERT INTO audit_node VALUES (4, 0, :h)", h=b"x" * 32),
        {"tree": (None, None)},  # type: ignore[dict-item]
    ),
    (
        "words edited",
        lambda c: execute(c, "UPDATE audit_detail SET body = :b WHERE seq = 3", b=b'{"note":"x"}'),
        {"details": (3, 3)},
    ),
    (
        "salt edited",
        lambda c: execute(c, "UPDATE audit_detail SET salt = :b WHERE seq = 3", b=b"x" * 32),
        {"details": (3, 3)},
    ),
    (
        "words deleted",
        lambda c: execute(c, "DELETE FROM audit_detail WHERE seq = 3"),
        {"details": (3, 3)},
    ),
    (
        "words added",
        lambda c: execute(
            c, "INSERT INTO audit_detail SELECT 7, salt, body FROM audit_detail WHERE seq = 3"
        ),
        {"details": (7, 7)},
    ),
    (
        "words of no entry",
        lambda c: execute(
            c, "INSERT INTO audit_detail SELECT 99, salt, body FROM audit_detail WHERE seq = 3"
        ),
        {"stray words": (99, 99)},
    ),
]


@pytest.mark.parametrize(
    ("tampering", "located"),
    [case[1:] for case in LOG_TAMPERINGS],
    ids=[c[0] for c in LOG_TAMPERINGS],
)
def test_s46_s47_s48_s53_every_kind_of_alteration_of_the_log_is_found_and_located(
    log: Session, database_url: str, tampering: Tampering, located: dict[str, tuple[int, int]]
) -> None:
    with past_the_triggers(database_url) as connection:
        tampering(connection)
    found = failed(log)
    assert {
        check: (found[check].first_seq, found[check].last_seq)
        for check in located
        if check in found
    } == located


def test_a_clock_that_went_back_is_noted_and_fails_nothing(log: Session, database_url: str) -> None:
    with past_the_triggers(database_url) as connection:
        rewrite(connection, 0, at="2999-01-01T00:00:00.000000Z")
    clock = next(finding for finding in verify_log(log) if finding.check == "clock")
    assert clock.holds
    assert clock.sentence.startswith("The server’s clock went back before 1 of the entries")


def test_s48_a_log_cut_off_at_its_end_shows_in_the_tables_and_in_no_check_of_the_log(
    log: Session, database_url: str
) -> None:
    """Without a checkpoint kept outside, the tables are all that remembers the end."""
    with past_the_triggers(database_url) as connection:
        execute(connection, "DELETE FROM audit_event WHERE seq >= 8")
        execute(connection, "DELETE FROM audit_node WHERE (position + 1) * (1 << level) > 8")
    assert failed(log).keys() == {"cases", "settings"}


def test_cut_off_with_its_tables_it_is_whole_by_all_it_says_of_itself(
    log: Session, database_url: str
) -> None:
    before = [f.sentence for f in verify_log(log) if f.check == "root"]
    with past_the_triggers(database_url) as connection:
        execute(connection, "DELETE FROM audit_event WHERE seq >= 9")
        execute(connection, "DELETE FROM office_setting WHERE since_seq >= 9")
        execute(connection, "DELETE FROM audit_node WHERE (position + 1) * (1 << level) > 9")
    assert failed(log) == {}
    assert [f.sentence for f in verify_log(log) if f.check == "root"] != before


@pytest.mark.one_database
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET body = 'text where bytes belong' WHERE seq = 4",
        "UPDATE audit_event SET actor = CAST(x'ff' AS TEXT) WHERE seq = 4",
        "UPDATE audit_event SET case_token = x'ff00' WHERE seq = 4",
        "UPDATE audit_event SET part = 'many' WHERE seq = 4",
        "UPDATE audit_event SET leaf_hash = 7 WHERE seq = 4",
        "UPDATE audit_node SET hash = 'x' WHERE level = 1",
        "UPDATE audit_node SET position = 'x' WHERE level = 3",
        "UPDATE audit_detail SET body = 'x' WHERE seq = 3",
        "UPDATE audit_detail SET salt = 3 WHERE seq = 3",
        """UPDATE "case" SET received_on = 'long ago' WHERE reference = 'CR/1'""",
        """UPDATE "case" SET grounds = CAST(x'ff' AS TEXT) WHERE reference = 'CR/1'""",
        """UPDATE "case" SET version = 'x' WHERE reference = 'CR/1'""",
        """UPDATE "case" SET token = x'ff' WHERE reference = 'CR/1'""",
        "UPDATE office_setting SET value = CAST(x'ff' AS TEXT) WHERE since_seq = 1",
        "UPDATE office_setting SET since_seq = 'x' WHERE since_seq = 1",
        "UPDATE person SET token = x'ff'",
    ],
)
def test_values_of_another_type_are_findings_and_no_crash(
    log: Session, database_url: str, statement: str
) -> None:
    """SQLite keeps whatever it is given."""
    with past_the_triggers(database_url) as connection:
        execute(connection, statement)
    assert failed(log) != {}


@pytest.mark.one_database
@settings(max_examples=30)
@given(
    body=st.binary(max_size=200) | st.text(max_size=50).map(lambda text: json.dumps(text).encode())
)
def test_no_bytes_crash_the_reading_of_an_event(body: bytes) -> None:
    assert read_body(body) is None
