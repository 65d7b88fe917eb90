"""The pages of a list: what they refuse, keep and hide, and how long a list waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from casework import clock
from casework.audit.events import newest_first
from casework.database import begin_write
from casework.extensions import db as extension
from casework.models import AuditEvent, HeldFile, ListCheck, ListFinding, ListReading, Person
from casework.reconciliation import holding, views
from casework.reconciliation.queries import last_checks
from tests import factories
from tests.casework.reconciliation.lists import (
    MARCH,
    TITLES,
    case,
    check,
    found,
    rows,
    send,
    settle,
)
from tests.databases import statements
from tests.list_factory import csv_list


def test_a_form_comes_back_with_everything_and_sent_twice_has_one_effect(
    db: Session, visitor: FlaskClient
) -> None:
    content = csv_list([["CO/1/26", "04/03/2026"]], ("Ref", "Letter"))
    back = send(visitor, content, {"from": "2026-03-09", "to": "2026-03-01"})
    assert back.status_code == 422
    assert "must not be before the first" in back.text
    assert 'value="09"' in back.text
    sent = send(visitor, b"", MARCH, kept="y")  # the list need not be chosen again
    assert sent.location == "/reconciliation/columns"
    chosen = {"reference": "Letter", "letter_dated_on": "Letter", "day_order": "day"}
    twice = factories.post(visitor, sent.location, **chosen)
    assert twice.status_code == 422
    assert "is chosen twice" in twice.text
    req = {"req": "a" * 32, "reference": "Ref", "letter_dated_on": "Letter", "day_order": "month"}
    pages = {factories.post(visitor, "/reconciliation/columns", **req).location for _ in range(2)}
    assert len(pages) == 1
    assert len(db.execute(select(ListCheck)).all()) == 1
    row = found(db, "missing_here")
    assert row.listed[0]["told"] == {
        "letter_dated_on": "2026-04-03"
    }  # the month first, as was said

    settled = {"req": "b" * 32}
    for _ in range(2):
        assert settle(visitor, row, "not_a_review", **settled).status_code == 302
    stale = settle(visitor, row, "other", seen="", note="Another note")
    assert stale.status_code == 409
    assert "Another note" in stale.text
    assert len(newest_first(db, [AuditEvent.action == "list_finding_settled"], limit=3)) == 1
    assert settle(visitor, row, "other").status_code == 422


@pytest.mark.one_database
def test_what_waits_is_sealed_and_gone_when_it_was_checked(
    db: Session, visitor: FlaskClient, reviewer: Person
) -> None:
    content = csv_list(rows("CO/1/26"), TITLES)
    send(visitor, content)
    assert b"Birdsong" not in db.execute(select(HeldFile.content)).scalar_one()
    elsewhere = factories.sign_in(visitor.application.test_client(), reviewer)
    assert elsewhere.get("/reconciliation/columns").status_code == 302  # it has not the key
    assert "Birdsong" in visitor.get("/reconciliation/columns").text
    factories.post(visitor, "/reconciliation/columns", discard="y")
    assert db.execute(select(HeldFile)).all() == []
    check(visitor, content)
    assert db.execute(select(HeldFile)).all() == []
    tables = [table.__table__ for table in (ListCheck, ListFinding, ListReading)]
    kept = [tuple(row) for table in tables for row in db.execute(select(table))]
    assert "Birdsong" not in str(kept)


@pytest.mark.one_database
def test_a_list_waits_for_an_hour_and_is_then_deleted(db: Session) -> None:
    cookie: dict[str, Any] = {}
    begin_write(db)
    holding.hold(db, cookie, "u_1", b"A list", "force", None)
    db.commit()
    sent_at = db.execute(select(HeldFile.held_at)).scalar_one()
    for minutes, waits in ((59, True), (60, False)):
        with time_machine.travel(sent_at + timedelta(minutes=minutes), tick=False):
            held = holding.held(db, cookie, "u_1")
            assert (held is not None and held.file.read() == b"A list") == waits
            begin_write(db)
            assert holding.LISTS.forget_expired(db) == (0 if waits else 1)
            db.commit()


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (b"", 422, "Choose the force"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, 422, "old Excel workbook"),
        (b"Ref\n\xff\xfe", 422, "not in UTF-8"),
        (b"Ref\n" + b"CO/1/26\n" * 20_100, 422, "more than 20,000 rows"),
        (b"x" * 400_001, 413, "larger than 0.4 MB"),
        (b"PK\x03\x04 and no more", 422, ""),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, visitor: FlaskClient, content: bytes, status: int, said: str
) -> None:
    monkeypatch.setattr(views, "MOST_BYTES", 400_000)
    answer = send(visitor, content)
    assert answer.status_code == status
    assert said in answer.text
    assert "There is a problem" in answer.text


@pytest.mark.one_database
def test_s27_a_column_without_references_is_asked_for_again_and_formulas_are_words(
    db: Session, visitor: FlaskClient
) -> None:
    send(
        visitor,
        csv_list(
            [["=1+1", "Jo Wren"], ["CO/2/26", "Di Tarn"], ["CO/3/26", "Al Rook"]], ("Ref", "Who")
        ),
    )
    names = factories.post(visitor, "/reconciliation/columns", reference="Who", day_order="day")
    assert names.status_code == 422
    assert "Most rows have no reference" in names.text
    page = factories.post(visitor, "/reconciliation/columns", reference="Ref", day_order="day")
    assert "=1+1" in visitor.get(str(page.location)).text


@pytest.mark.one_database
def test_the_office_is_reminded_after_35_days(db: Session, visitor: FlaskClient) -> None:
    reminder = "was ever checked"
    case(db, "CO/1/26", 3)
    assert reminder not in visitor.get("/reconciliation/").text
    supervisor = factories.person(db, "supervisor")
    with time_machine.travel(datetime(2026, 4, 8, 10, 0, tzinfo=UTC), tick=False):
        desk = factories.sign_in(visitor.application.test_client(), supervisor)
        assert reminder in desk.get("/reconciliation/").text
        assert reminder in desk.get("/office").text
        check(desk, csv_list(rows("CO/1/26"), TITLES))
        assert reminder not in desk.get("/office").text
    with time_machine.travel(datetime(2026, 5, 14, 10, 0, tzinfo=UTC), tick=False):
        later = factories.sign_in(visitor.application.test_client(), supervisor)
        assert "36 days ago" in later.get("/office").text


@pytest.mark.one_database
def test_the_reminder_reads_no_case_of_a_force_that_was_checked_and_one_of_another(
    app: Flask, db: Session, visitor: FlaskClient
) -> None:
    case(db, "CO/1/26", 3)
    check(visitor, csv_list(rows("CO/1/26"), TITLES))
    with statements(app) as seen:
        forces = ("force", "elsewhere")
        last = last_checks(db, forces, clock.today())
    assert [(each.force, each.checked_on is None) for each in last] == [
        ("force", False),
        ("elsewhere", True),
    ]
    (of_cases,) = (each for each in seen if '"case"' in each)
    plan = db.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {of_cases}", ("elsewhere",))
    assert [row.detail for row in plan] == [
        "SEARCH case USING COVERING INDEX ix_case_force_received (force=?)"
    ]


@pytest.mark.one_database
def test_a_longer_list_asks_for_no_more_statements(db: Session, visitor: FlaskClient) -> None:
    asked: list[str] = []

    def note(*said: Any) -> None:
        asked.append(said[2])

    for number in range(100, 106):
        case(db, f"CO/{number}/26")
    counts = []
    for many in (2, 6):
        here = [f"CO/{number}/26" for number in range(100, 100 + many)]
        nowhere = [f"XY/{number}0/25" for number in range(100, 100 + 50 * many)]
        listed = csv_list(rows(*here, *nowhere), TITLES)
        check(visitor, listed)
        asked.clear()
        event.listen(extension.engine, "before_cursor_execute", note)
        visitor.get(check(visitor, listed))
        event.remove(extension.engine, "before_cursor_execute", note)
        counts.append(len(asked))
    assert counts[1] <= counts[0] + 2  # nodes of the log’s tree, which come as it grows
