"""A month at the office: the list is sent, its columns are named once, and what it tells is settled."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework.audit.events import newest_first
from casework.audit.verify import verify_log
from casework.database import begin_write
from casework.extensions import db as extension
from casework.models import AuditEvent, HeldList, ListCheck, ListFinding, ListReading, Person
from casework.progress import Moved
from casework.reconciliation import holding, service, views
from tests import factories
from tests.list_factory import csv_list

TITLES = ("Complaint reference", "Complainant", "Letter date", "How handled")
COLUMNS = {
    "reference": "Complaint reference",
    "letter_dated_on": "Letter date",
    "route": "How handled",
    "day_order": "day",
}
MARCH = {"from": "2026-03-01", "to": "2026-03-31"}
LETTER_ON = date(2026, 2, 20)


@pytest.fixture(autouse=True)
def april() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 4, 7, 10, 0, tzinfo=UTC)):
        yield


@pytest.fixture
def reviewer(db: Session) -> Person:
    return factories.person(db, "reviewer", name="Riley Marsh")


@pytest.fixture
def visitor(client: FlaskClient, reviewer: Person) -> FlaskClient:
    return factories.sign_in(client, reviewer)


def case(db: Session, reference: str, day: int = 10, **facts: Any) -> Moved:
    """A case received in March, with the force's reference."""
    known = {"letter_dated_on": LETTER_ON, "route": "otherwise", **facts}
    return factories.case(db, on=date(2026, 3, day), force_reference=reference, **known)


def rows(*references: str) -> list[list[str]]:
    """Rows that tell of these references what the cases tell."""
    return [[each, "Canary Birdsong", "20/02/2026", "OTBI"] for each in references]


def send(
    visitor: FlaskClient, content: bytes, days: dict[str, str] = MARCH, **more: Any
) -> TestResponse:
    """Send a list as its form does."""
    fields = {"force": "force", "file": (io.BytesIO(content), "list.csv"), **more}
    for which, day in days.items():
        parts = zip(("year", "month", "day"), day.split("-"), strict=True)
        fields |= {f"{which}_on-{part}": value for part, value in parts}
    return factories.post(visitor, "/reconciliation/check", **fields)


def check(visitor: FlaskClient, content: bytes, days: dict[str, str] = MARCH) -> str:
    """The page of a list that is sent, its columns named where that is asked."""
    answer = send(visitor, content, days)
    if answer.location == "/reconciliation/columns":
        answer = factories.post(visitor, answer.location, **COLUMNS)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def parts(visitor: FlaskClient, page: str) -> dict[str, int]:
    """The headings of a page of a list with their counts."""
    found = re.findall(r"<h2[^>]*>\s*([^<(]+?) \((\d+)\)\s*</h2>", visitor.get(page).text)
    return {title: int(count) for title, count in found}


def found(db: Session, kind: str) -> ListFinding:
    """The one finding of a kind that no check has ended."""
    query = select(ListFinding).where(ListFinding.kind == kind, ListFinding.ended_at.is_(None))
    return db.execute(query).scalar_one()


def settle(visitor: FlaskClient, row: ListFinding, answer: str, **more: Any) -> TestResponse:
    fields = {"answer": answer, "seen": row.settled_seq or "", **more}
    return factories.post(visitor, f"/reconciliation/findings/{row.token}", **fields)


def test_a_list_is_sent_its_columns_are_named_once_and_all_it_tells_is_shown(
    db: Session, visitor: FlaskClient
) -> None:
    for reference in ("CO/00123/26", "CO/124/26", "CO/125/26"):
        case(db, reference)
    case(db, "CO/7777/26", complainant_name="Somebody Else")
    twice = [case(db, "CO/8888/26").reference for _ in range(2)]
    listed = rows("co 123-26", "CO/124/26", "CO/9999/26", "CO/8888/26", "CO/7778/26")
    listed[1][2], listed[1][3] = "21/02/2026", "by magic"
    listed.append(["see above", "Canary Birdsong", "", ""])

    answer = send(visitor, csv_list(listed, TITLES))
    assert answer.location == "/reconciliation/columns"
    asked = visitor.get(answer.location).text
    assert "selected>Letter date" in asked  # by its title
    assert "20/02/2026 is 20 February 2026" in asked
    page = factories.post(visitor, answer.location, **COLUMNS).location

    assert parts(visitor, str(page)) == {
        "On the list, not here": 1,
        "Almost the same reference": 1,
        "Here, not on the list": 1,
        "On both, and told otherwise": 1,
        "Not as often on the list as here": 1,
        "Could not be read": 2,
    }
    text = visitor.get(str(page)).text
    assert "21 February 2026" in text
    assert "20 February 2026" in text
    assert "co 123-26 on the list, CO/00123/26 here" in text
    assert all(reference in text for reference in twice)
    assert "Birdsong" not in text

    (event,) = newest_first(db, [AuditEvent.action == service.RECONCILED], limit=2)
    figures = {name: value for name, value in event.stat.items() if isinstance(value, int)}
    assert figures == {
        "listed": 5,
        "matched": 1,
        "missing_here": 1,
        "close": 1,
        "missing_there": 1,
        "differing": 1,
        "uneven": 1,
        "unread": 2,
    }
    assert (event.stat["from_on"], event.stat["to_on"]) == ("2026-03-01", "2026-03-31")
    assert all(finding.holds for finding in verify_log(db))

    again = send(visitor, csv_list(rows("CO/124/26"), TITLES))
    assert str(again.location).startswith("/reconciliation/k_")  # the same titles: not asked again
    other = send(visitor, csv_list([["CO/124/26", "x"]], ("Complaint reference", "Remarks")))
    assert other.location == "/reconciliation/columns"
    assert "does not look like the last one" in visitor.get("/reconciliation/columns").text


def test_findings_stay_from_month_to_month_until_they_are_settled_or_put_right(
    db: Session, visitor: FlaskClient
) -> None:
    wrong = case(db, "CO/124/26")
    case(db, "CO/7777/26")
    first = check(
        visitor, csv_list([*rows("CO/9999/26"), *_dated("CO/124/26", "21/02/2026")], TITLES)
    )
    assert parts(visitor, first) == {
        "On the list, not here": 1,
        "Here, not on the list": 1,
        "On both, and told otherwise": 1,
    }

    april = {"from": "2026-04-01", "to": "2026-04-07"}
    second = check(visitor, csv_list(rows(), TITLES), april)
    assert parts(visitor, second) == {"Open from earlier lists": 3}

    # What was entered wrongly is corrected on the case, and the review that was missing is logged.
    correction = {"letter_dated_on": date(2026, 2, 21), "reason": "Mistyped."}
    factories.move(db, wrong.reference, "correct", None, correction, target=wrong.seq)
    form = visitor.get(f"/cases/log?listed={found(db, 'missing_here').token}").text
    assert 'value="CO/9999/26"' in form
    case(db, "CO/9999/26", letter_dated_on=LETTER_ON)
    assert parts(visitor, second) == {"Open from earlier lists": 1, "Settled or put right": 2}

    answer = settle(visitor, found(db, "missing_there"), "other_list", note="On February’s.")
    assert answer.status_code == 302
    assert parts(visitor, second) == {"Settled or put right": 3}
    (event,) = newest_first(db, [AuditEvent.action == "list_finding_settled"], limit=2)
    assert dict(event.stat) == {
        "finding": "missing_there",
        "force": "force",
        "settled_as": "other_list",
    }
    assert event.words == {"note": "On February’s."}
    assert event.case is not None

    # The same list again: what was settled is not asked again, what was put right is matched.
    third = check(
        visitor, csv_list([*rows("CO/9999/26"), *_dated("CO/124/26", "21/02/2026")], TITLES)
    )
    assert parts(visitor, third) == {"Settled or put right": 1}
    assert settle(visitor, found(db, "missing_there"), "not_settled").status_code == 302
    assert parts(visitor, third) == {"Here, not on the list": 1}


def _dated(reference: str, day: str) -> list[list[str]]:
    return [[reference, "Canary Birdsong", day, "OTBI"]]


def test_a_slip_is_the_same_review_or_two_different_ones(db: Session, visitor: FlaskClient) -> None:
    moved = case(db, "CO/7159/26")
    listed = csv_list(rows("CO/7195/26"), TITLES)
    page = check(visitor, listed)
    row = found(db, "close")
    assert settle(visitor, row, "apart").status_code == 302
    apart = {"On the list, not here": 1, "Here, not on the list": 1, "Settled or put right": 1}
    assert parts(visitor, page) == apart
    again = check(visitor, listed)
    assert parts(visitor, again) == {"On the list, not here": 1, "Here, not on the list": 1}
    there = found(db, "missing_here")
    assert settle(visitor, there, "logged_as", reference="CR/none").status_code == 422
    done = settle(visitor, there, "logged_as", reference=moved.reference)
    assert done.status_code == 302
    assert "Here, not on the list" not in parts(visitor, check(visitor, listed))


def test_a_case_with_a_conflict_is_counted_as_matched_and_not_shown(
    db: Session, visitor: FlaskClient, reviewer: Person
) -> None:
    hidden = [case(db, reference) for reference in ("CO/124/26", "CO/7777/26", "CO/4444/26")]
    listed = [*_dated("CO/124/26", "21/02/2026"), *rows("co 4444/26")]
    page = check(visitor, csv_list(listed, TITLES))
    assert len(parts(visitor, page)) == 2
    row = found(db, "differing")
    supervisor = factories.person(db, "supervisor")
    for moved in hidden:
        declared: dict[str, Any] = {"person": reviewer.token, "why": "A cousin."}
        factories.item(db, moved.case, "conflict", by=supervisor, **declared)
    text = visitor.get(page).text
    assert parts(visitor, page) == {}
    assert not [moved for moved in hidden if moved.reference in text]
    figures = re.findall(r"<dt>([^<]+)</dt>\s*<dd>\s*(\d+)", text)
    assert dict(figures) == {"Reviews listed": "2", "Matched, nothing differs": "2"}
    assert visitor.get(f"/reconciliation/findings/{row.token}").status_code == 404
    assert settle(visitor, row, "ours_stands").status_code == 404
    assert "Nothing" in visitor.get("/reconciliation/").text
    other = factories.sign_in(visitor.application.test_client(), supervisor)
    assert len(parts(other, page)) == 2


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
    assert b"Birdsong" not in db.execute(select(HeldList.content)).scalar_one()
    elsewhere = factories.sign_in(visitor.application.test_client(), reviewer)
    assert elsewhere.get("/reconciliation/columns").status_code == 302  # it has not the key
    assert "Birdsong" in visitor.get("/reconciliation/columns").text
    factories.post(visitor, "/reconciliation/columns", discard="y")
    assert db.execute(select(HeldList)).all() == []
    check(visitor, content)
    assert db.execute(select(HeldList)).all() == []
    tables = [table.__table__ for table in (ListCheck, ListFinding, ListReading)]
    kept = [tuple(row) for table in tables for row in db.execute(select(table))]
    assert "Birdsong" not in str(kept)


@pytest.mark.one_database
def test_a_list_waits_for_an_hour_and_is_then_deleted(db: Session) -> None:
    cookie: dict[str, Any] = {}
    begin_write(db)
    holding.hold(db, cookie, "u_1", b"A list", "force", None, None)
    db.commit()
    sent_at = db.execute(select(HeldList.held_at)).scalar_one()
    for minutes, waits in ((59, True), (60, False)):
        with time_machine.travel(sent_at + timedelta(minutes=minutes), tick=False):
            held = holding.held(db, cookie, "u_1")
            assert (held is not None and held.file.read() == b"A list") == waits
            begin_write(db)
            assert holding.forget_expired(db) == (0 if waits else 1)
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
def test_a_column_without_references_is_asked_for_again_and_formulas_are_words(
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
