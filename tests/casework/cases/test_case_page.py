"""What a case’s page and a person’s own lists tell, and to whom, and that reading is noted."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import clock
from casework.audit.record import log_size
from casework.models import AccessRead, Person
from tests import factories
from tests.casework.cases.pages import Page
from tests.casework.cases.states import ON, case_in, url


@pytest.mark.parametrize("role", ["panel", "administrator"])
def test_those_without_cases_see_none(db: Session, client: FlaskClient, role: str) -> None:
    person = factories.person(db, role)
    moved = factories.case(db, complainant_name="Canary Wren")
    factories.sign_in(client, person)
    addresses = ["/cases", url(moved), url(moved, "steps", "acknowledge")]
    addresses += [url(moved, "entries", moved.seq, kind) for kind in ("correct", "annul")]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 403
        assert "Canary" not in answer.text
    assert factories.post(client, "/cases/export", format="csv").status_code == 403
    home = client.get("/")
    assert home.status_code == 302
    assert home.location not in ("/", "/cases")


def test_the_case_page_tells_what_there_is_to_know(
    db: Session, visitor: FlaskClient, supervisor: Person
) -> None:
    day = clock.today()
    moved = factories.case(
        db, on=day, outcome_provided_on=day - timedelta(days=10), complainant_name="Jo Wren"
    )
    factories.move(db, moved.reference, "wait", day, {"waiting_for": "applicant"})
    page = Page.get(visitor, url(moved))
    assert page.heading == f"Case {moved.reference} Received"
    assert "Waiting for: the applicant." in page.words
    assert "18 days left" not in page.words  # made in time, so met
    assert "28 days starting with the day after the outcome was provided" in page.words
    assert "Met on" in page.words
    drawn = Page.get(visitor, url(moved, "timeline"))
    assert drawn.tree.xpath("//*[name()='svg'][contains(@class, 'workflow-diagram')]")
    assert page.tree.xpath(f"//a[@href='{url(moved, 'letters')}']")


def test_s24_words_typed_by_a_complainant_are_shown_as_words(
    db: Session, visitor: FlaskClient, supervisor: Person
) -> None:
    attack = "</textarea><script>alert(1)</script>{{7*7}}"
    moved = case_in(db, "received", supervisor, complainant_name=attack, grounds=attack)
    factories.move(db, moved.reference, "acknowledge", ON, {"note": attack})
    for address in (url(moved), "/cases", "/", url(moved, "entries", moved.seq, "correct")):
        text = visitor.get(address).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in text, address


def reads(db: Session) -> int:
    db.rollback()
    return db.execute(select(func.count()).select_from(AccessRead)).scalar_one()


def test_reading_a_case_is_noted_once_in_half_an_hour(
    db: Session, visitor: FlaskClient, supervisor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = case_in(db, "received", supervisor)
    start = clock.now().replace(minute=2)
    monkeypatch.setattr(clock, "now", lambda: start)
    before = log_size(db)
    for address in (url(moved), url(moved), url(moved, "steps", "acknowledge")):
        assert visitor.get(address).status_code == 200
    assert reads(db) == 1
    noted = db.execute(select(AccessRead)).scalar_one()
    assert (noted.person_token, noted.case_token) == (supervisor.token, moved.case)
    assert noted.began_at == start.replace(minute=0, second=0, microsecond=0)
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(minutes=28))
    visitor.get(url(moved))
    assert reads(db) == 2
    assert log_size(db) == before


@pytest.mark.one_database
def test_a_case_stays_readable_when_its_reading_cannot_be_noted(
    db: Session, visitor: FlaskClient, supervisor: Person, caplog: pytest.LogCaptureFixture
) -> None:
    moved = case_in(db, "received", supervisor)
    from casework.database import begin_write

    begin_write(db)
    db.connection().exec_driver_sql(
        "CREATE TRIGGER full BEFORE INSERT ON access_read BEGIN SELECT RAISE(ABORT, 'full'); END"
    )
    db.commit()
    assert visitor.get(url(moved)).status_code == 200
    assert moved.case in caplog.text
    assert supervisor.token in caplog.text
