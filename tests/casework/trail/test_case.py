"""The trail of one case: who did what under which authority, what was known when, and what changed."""

import re
from datetime import date

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from casework.audit import record
from casework.audit.record import Origin
from casework.database import begin_write
from casework.models import AccessRead, Person
from casework.office_settings import OfficeSettings, change_settings
from casework.progress import Moved
from tests import factories


@pytest.fixture
def reader(client: FlaskClient, db: Session) -> Person:
    """A reviewer, signed in."""
    person = factories.person(db, "reviewer", name="Ada Reviewer")
    factories.sign_in(client, person)
    return person


def told(client: FlaskClient, case: Moved, **asked: str) -> str:
    """The page's words, with spaces and line breaks made one space."""
    response = client.get(f"/cases/{case.case}/trail", query_string=asked)
    assert response.status_code == 200
    words = re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))
    return re.sub(r"\s+", " ", words)


def order_of(client: FlaskClient, case: Moved, **asked: str) -> list[int]:
    page = client.get(f"/cases/{case.case}/trail", query_string=asked).get_data(as_text=True)
    return [int(seq) for seq in re.findall(r'id="entry-(\d+)"', page)]


def test_day_and_moment_stand_beside_each_other_and_lateness_is_said(
    client: FlaskClient, db: Session, reader: Person
) -> None:
    with time_machine.travel("2026-04-08T22:30:00Z"):  # 11.30pm in London
        case = factories.case(db, on=date(2026, 4, 8), by=reader)
        factories.move(db, case.reference, "acknowledge", date(2026, 4, 8), by=reader)
    with time_machine.travel("2026-04-16T23:30:00Z"):  # 17 April in London
        late = factories.move(db, case.reference, "request_file", date(2026, 4, 9), by=reader)
    factories.sign_in(client, reader)
    page = told(client, case)
    assert "Ada Reviewer, as reviewer." in page
    assert "Happened 8 April 2026 Recorded 8 April 2026 at 11:30pm Log entry" in page
    assert "Happened 9 April 2026 Recorded 17 April 2026 at 12:30am, late Log" in page
    assert page.count("Entered late") == 1
    assert f"entry {late.seq}; the case was then “Received”" in page


def test_it_stands_in_the_order_of_days_or_of_the_log(
    client: FlaskClient, db: Session, reader: Person
) -> None:
    case = factories.case(db, on=date(2026, 4, 1), by=reader)
    second = factories.move(db, case.reference, "request_file", date(2026, 4, 9), by=reader)
    first = factories.move(db, case.reference, "acknowledge", date(2026, 4, 2), by=reader)
    assert order_of(client, case) == [case.seq, first.seq, second.seq]
    assert order_of(client, case, order="log") == [case.seq, second.seq, first.seq]
    moved = {"effective_on": "2026-04-20", "reason": "typo"}
    fix = factories.move(db, case.reference, "correct", None, moved, target=first.seq, by=reader)
    assert order_of(client, case) == [case.seq, second.seq, first.seq, fix.seq]


def test_corrections_and_annulments_show_what_was_and_what_is(
    client: FlaskClient, db: Session, reader: Person
) -> None:
    case = factories.case(db, on=date(2026, 4, 1), by=reader, route="otherwise")
    change = {"route": "investigation", "reason": "Misread the letter"}
    fix = factories.move(db, case.reference, "correct", None, change, target=case.seq, by=reader)
    page = told(client, case)
    assert f"Shown as corrected by entry {fix.seq} ." in page
    assert "“Otherwise than by investigation” became “By investigation”" in page
    assert "as first entered Otherwise than by investigation" in page
    assert "Misread the letter" in page
    reason = {"reason": "It was right"}
    undo = factories.move(db, case.reference, "annul", None, reason, target=fix.seq, by=reader)
    page = told(client, case)
    assert f"Annulled by entry {undo.seq} : it is as if this had never been entered." in page
    assert "Shown as corrected" not in page


def test_a_decision_names_the_rule_it_was_taken_under_then(
    client: FlaskClient, db: Session, reader: Person
) -> None:
    chief = factories.person(db, "chief_executive", name="Chris Executive")
    case = factories.case(db, on=date(2026, 4, 1), by=reader)
    valid = {"route": "otherwise", "outcome_provided_on": "2026-03-20", "reasons": "In time"}
    valid["review_body"] = "lpb"
    factories.move(db, case.reference, "find_valid", date(2026, 4, 2), valid, by=reader)
    written = {"finding": "reasonable", "reasons": "Fair"}
    factories.move(db, case.reference, "write_review", date(2026, 4, 3), written, by=reader)
    decided = {"reasons": "Agreed"}
    factories.move(db, case.reference, "not_uphold", date(2026, 4, 7), decided, by=chief)
    begin_write(db)
    sole = OfficeSettings(sign_off="sole")
    change_settings(db, sole, role="chief_executive", origin=Origin("web", chief.token))
    db.commit()
    page = told(client, case)
    rule = "under the office’s rule that a second person decides."
    assert f"Chris Executive, as Chief Executive, {rule}" in page
    assert page.count("under the office’s rule") == 1


def test_waiting_is_told_from_day_to_day(client: FlaskClient, db: Session, reader: Person) -> None:
    case = factories.case(db, on=date(2026, 4, 1), by=reader)
    for day, step, facts in (
        (2, "wait", {"waiting_for": "force"}),
        (9, "resume", {}),
        (10, "wait", {"waiting_for": "legal"}),
    ):
        factories.move(db, case.reference, step, date(2026, 4, day), facts, by=reader)
    page = told(client, case)
    assert "The force: from 2 April 2026 to 9 April 2026" in page
    assert "Legal advice: from 10 April 2026 on, and still waiting" in page


def test_erased_words_are_said_to_be_erased(
    client: FlaskClient, db: Session, reader: Person
) -> None:
    case = factories.case(db, by=reader, complainant_name="Ms Gone")
    begin_write(db)
    db.execute(text("DELETE FROM audit_detail"))
    db.commit()
    page = told(client, case)
    assert "The words were erased." in page
    assert "Ms Gone" not in page


def test_the_heading_pins_the_rules_and_the_log(
    client: FlaskClient, db: Session, reader: Person
) -> None:
    case = factories.case(db, by=reader)
    page = told(client, case)
    size = record.log_size(db)
    assert f"{size} entries" in page
    assert record.log_root(db, size).hex() in page
    assert "Complaint review, version 1" in page
    assert "casework audit verify --json" in page


def test_s24_words_that_look_like_markup_are_words(
    client: FlaskClient, db: Session, reader: Person
) -> None:
    case = factories.case(db, by=reader, grounds="<script>alert(1)</script>")
    page = client.get(f"/cases/{case.case}/trail").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_reading_a_trail_is_noted_and_changes_nothing_else(
    client: FlaskClient, db: Session, reader: Person
) -> None:
    case = factories.case(db, by=reader)
    size = record.log_size(db)
    told(client, case)
    told(client, case)
    rows = db.execute(select(AccessRead.person_token, AccessRead.case_token)).all()
    assert [tuple(row) for row in rows] == [(reader.token, case.case)]
    assert record.log_size(db) == size


@pytest.mark.one_database
@pytest.mark.parametrize("token", ["c_" + "0" * 32, "c_", "x"])
def test_a_case_that_is_not_there_is_not_found(
    client: FlaskClient, db: Session, reader: Person, token: str
) -> None:
    assert client.get(f"/cases/{token}/trail").status_code == 404
    assert db.execute(select(func.count()).select_from(AccessRead)).scalar() == 0


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("reviewer", 200),
        ("supervisor", 200),
        ("chief_executive", 200),
        ("panel", 403),
        ("administrator", 403),
    ],
)
def test_only_those_who_see_cases_read_it(
    client: FlaskClient, db: Session, role: str, status: int
) -> None:
    case = factories.case(db)
    factories.sign_in(client, factories.person(db, role))
    assert client.get(f"/cases/{case.case}/trail").status_code == status
