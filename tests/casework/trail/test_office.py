"""The whole office's trail: newest first, narrowed down, paged, each entry with its position."""

import re
from datetime import date

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from casework.audit import record
from casework.audit.record import NewEvent, Origin
from casework.database import begin_write
from casework.models import Person
from tests import factories


@pytest.fixture
def chief(client: FlaskClient, db: Session) -> Person:
    """The Chief Executive, signed in."""
    person = factories.person(db, "chief_executive", name="Chris Executive")
    factories.sign_in(client, person)
    return person


def shown(client: FlaskClient, **asked: str) -> list[int]:
    """The positions of the entries shown, in order."""
    response = client.get("/trail", query_string=asked)
    assert response.status_code == 200
    page = response.get_data(as_text=True)
    return [int(seq) for seq in re.findall(r'<tr[^>]* id="entry-(\d+)"', page)]


def text_of(client: FlaskClient, **asked: str) -> str:
    page = client.get("/trail", query_string=asked).get_data(as_text=True)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def record_at(db: Session, moment: str, action: str = "list_exported") -> int:
    with time_machine.travel(moment, tick=False):
        begin_write(db)
        recorded = record.append(db, NewEvent(action, "reviewer"), Origin("web"))
        db.commit()
    return recorded.seq


def test_it_is_newest_first_and_leads_to_the_cases(
    client: FlaskClient, db: Session, chief: Person
) -> None:
    case = factories.case(db, complainant_name="Ms Private")
    moved = factories.move(db, case.reference, "acknowledge", date(2026, 4, 2))
    assert shown(client) == list(range(record.log_size(db) - 1, -1, -1))
    page = client.get("/trail").get_data(as_text=True)
    assert f"/cases/{case.case}/trail#entry-{moved.seq}" in page
    assert case.reference in page
    assert "Ms Private" not in page
    assert record.log_root(db, record.log_size(db)).hex() in page


def test_it_is_narrowed_by_person_action_and_case(
    client: FlaskClient, db: Session, chief: Person
) -> None:
    ada = factories.person(db, "reviewer", name="Ada Reviewer")
    first = factories.case(db, by=ada)
    other = factories.case(db)
    ack = factories.move(db, first.reference, "acknowledge", date(2026, 4, 2), by=ada)
    assert shown(client, person=ada.token) == [ack.seq, first.seq]
    assert shown(client, action="logged") == [other.seq, first.seq]
    assert shown(client, reference=f" {first.reference} ") == [ack.seq, first.seq]
    assert shown(client, reference="CR/none") == []
    assert shown(client, person=ada.token, action="acknowledged") == [ack.seq]
    assert "Person: Ada Reviewer" in text_of(client, person=ada.token)
    assert "There are no such entries." in text_of(client, reference="CR/none")


def test_days_are_cut_at_midnight_in_london(
    client: FlaskClient, db: Session, chief: Person
) -> None:
    before, first, last, after = (
        record_at(db, moment)
        for moment in (
            "2026-06-09T22:59:59.999999Z",
            "2026-06-09T23:00:00Z",
            "2026-06-10T22:59:59.999999Z",
            "2026-06-10T23:00:00Z",
        )
    )
    factories.sign_in(client, chief)
    only = {"action": "list_exported"}
    assert shown(client, entered_from="10/6/2026", entered_to="10/6/2026", **only) == [last, first]
    assert shown(client, entered_to="9/6/2026", **only) == [before]
    assert shown(client, entered_from="2026-06-11", **only) == [after]
    winter = record_at(db, "2026-01-10T23:59:59Z")
    assert shown(client, entered_from="10/1/2026", entered_to="10/1/2026", **only) == [winter]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"entered_from": "31/2/2026"}, "Entered from must be a real day"),
        ({"entered_to": "yesterday"}, "Entered to must be a real day"),
        ({"entered_from": "2/1/2026", "entered_to": "1/1/2026"}, "must not be before"),
        ({"person": "u_nobody"}, "Choose “Person” from the list."),
        ({"action": "kettle"}, "Choose “Action” from the list."),
        ({"reference": "x" * 61}, "No reference is that long."),
    ],
)
def test_what_cannot_be_asked_is_said_at_its_field(
    client: FlaskClient, chief: Person, asked: dict[str, str], sentence: str
) -> None:
    response = client.get("/trail", query_string=asked)
    assert response.status_code == 422
    page = response.get_data(as_text=True)
    assert sentence in page
    assert "Error: Audit trail" in page


def test_long_trails_are_paged_and_counted_no_further_than_a_thousand(
    client: FlaskClient, db: Session, chief: Person
) -> None:
    begin_write(db)
    origin = Origin("command")
    for _ in range(1_002):
        record.append(db, NewEvent("list_exported", "system"), origin)
    db.commit()
    size = record.log_size(db)
    assert shown(client) == list(range(size - 1, size - 51, -1))
    assert shown(client, page="3") == list(range(size - 101, size - 151, -1))
    assert "1 to 50 of over 1,000 entries" in text_of(client)
    assert shown(client, page="22") == []
    for page in ("0", "-1", "x", "9" * 40, "١"):
        assert client.get("/trail", query_string={"page": page}).status_code == 200


def test_a_page_takes_as_many_statements_for_many_cases_as_for_one(
    client: FlaskClient, db: Session, chief: Person
) -> None:
    statements: list[str] = []

    def listen(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    event.listen(db.get_bind(), "before_cursor_execute", listen)
    counts = []
    for more, size in ((1, 2), (30, 32)):  # of one binary digit, so that the root asks equally
        for _ in range(more):
            factories.case(db)
        assert record.log_size(db) == size
        statements.clear()
        shown(client)
        counts.append(len(statements))
    event.remove(db.get_bind(), "before_cursor_execute", listen)
    assert counts[0] == counts[1]


def test_corrections_off_the_page_are_known_on_it(
    client: FlaskClient, db: Session, chief: Person
) -> None:
    case = factories.case(db)
    change = {"effective_on": "2026-03-30", "reason": "typo"}
    factories.move(db, case.reference, "correct", None, change, target=case.seq)
    assert "Corrected" in text_of(client, action="logged").split("Happened", 1)[1]


@pytest.mark.one_database
@pytest.mark.parametrize("role", ["reviewer", "supervisor", "panel", "administrator"])
def test_only_the_chief_executive_reads_it(client: FlaskClient, db: Session, role: str) -> None:
    factories.sign_in(client, factories.person(db, role))
    assert client.get("/trail").status_code == 403


@pytest.mark.one_database
def test_signed_out_it_asks_to_sign_in(client: FlaskClient, db: Session) -> None:
    assert client.get("/trail").status_code == 302
