"""A register comes in through the browser: sent, checked beside its rows, asked about, imported once."""

import re
from datetime import timedelta
from html import unescape
from io import BytesIO
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework import clock
from casework.audit.events import newest_first
from casework.audit.verify import verify_log
from casework.database import begin_write
from casework.imports import forms, waiting
from casework.models import AuditEvent, Case, HeldFile, Person
from tests import factories
from tests.casework.imports.registers import DECIDED, PLAIN, VALID, register, taken

BAD = register(
    PLAIN | {"channel": "pigeon"}, DECIDED | {"reference": "CR/2", "notified_on": "2022-06-01"}
)
GOOD = register(DECIDED, VALID | {"reference": "CR/2"}, PLAIN | {"reference": "CR/3", "route": ""})


@pytest.fixture
def supervisor(db: Session) -> Person:
    return factories.person(db, "supervisor", name="Sam Weir")


@pytest.fixture
def visitor(client: FlaskClient, supervisor: Person) -> FlaskClient:
    return factories.sign_in(client, supervisor)


def send(client: FlaskClient, content: bytes, name: str = "old register.csv") -> TestResponse:
    answer = factories.post(client, "/imports/", file=(BytesIO(content), name))
    return client.get(answer.location) if answer.status_code == 302 else answer


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(req|register)"[^>]*value="([^"]*)"', page))


def words(answer: TestResponse) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def cases(db: Session) -> int:
    db.rollback()
    return db.scalar(select(func.count()).select_from(Case)) or 0


def test_a_register_is_checked_asked_about_and_imported_once(
    visitor: FlaskClient, db: Session, supervisor: Person
) -> None:
    taken(db, register(VALID | {"reference": "CR/2"}))
    page = send(visitor, GOOD)
    assert "old register.csv Import 2 reviews Rows 3 New 2 Imported before 1 Errors 0 " in words(
        page
    )
    assert "Row 4 route The route is not known" in words(page)
    asked = hidden(page.text)
    answers = [factories.post(visitor, "/imports/check", **asked) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.location for answer in answers}) == 1
    done = words(visitor.get(answers[0].location))
    assert "2 reviews imported By Sam Weir on" in done
    assert "1 row was imported before and stays as it is" in done
    assert cases(db) == 3
    (event,) = newest_first(db, [AuditEvent.action == "register_imported"], 9)
    assert (event.actor, event.role, event.via) == (supervisor.token, "supervisor", "web")
    begun = newest_first(db, [AuditEvent.req == asked["req"]], 99)
    assert {(each.via, each.actor) for each in begun if each != event} == {("import", "system")}
    assert db.scalars(select(HeldFile)).all() == []
    assert [finding for finding in verify_log(db) if not finding.holds] == []
    assert "2 1" in words(visitor.get("/imports/"))
    assert "Nothing to import" in words(send(visitor, GOOD))


def test_what_is_wrong_stands_beside_its_row_and_nothing_can_be_imported(
    visitor: FlaskClient, db: Session
) -> None:
    page = send(visitor, BAD)
    said = words(page)
    assert "2 errors in the register" in said
    assert "Row 2 channel 'pigeon' is not a code of channel. Accepted: web email post" in said
    assert "Row 3 notified_on notified_on is 1 June 2022, but decided_on is 6 June 2022." in said
    assert "Import 2" not in said
    of_one = words(visitor.get("/imports/check?column=channel"))
    assert "Row 2 channel" in of_one
    assert "Row 3 notified_on" not in of_one
    asked = {"register": hidden(page.text)["register"]}
    assert factories.post(visitor, "/imports/check", **asked).status_code == 409
    assert cases(db) == 0
    listed = visitor.get("/imports/check/list")
    assert listed.text.splitlines()[1].startswith("Error,2,channel,")
    assert send(visitor, GOOD).text.count("Import 3 reviews") > 0


@pytest.mark.one_database
def test_five_hundred_errors_come_in_pages(visitor: FlaskClient) -> None:
    rows = [PLAIN | {"reference": f"CR/{number}", "channel": "x"} for number in range(120)]
    send(visitor, register(*rows))
    pages = [visitor.get(f"/imports/check?page={number}").text for number in (1, 2, 3)]
    assert [page.count("is not a code of channel") for page in pages] == [50, 50, 20]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (None, 422, "Choose the register."),
        (b"x" * 20_001, 422, "larger than 0 MB"),
        (b"reference\n" + b"CR/1\n" * 1_001, 422, "has more than 500 rows"),
        (b"reference\n" + b"CR/1\n" * 501, 422, "casework import 'old register.csv'"),
        (b"", 200, "The header has no column reference, which is needed."),
        (b"PK\x03\x04", 200, "It cannot be read"),
        (b"reference;received_on\n", 200, "There is no column called 'reference;received_on'"),
    ],
)
def test_what_is_no_register_is_refused_with_what_to_do(
    visitor: FlaskClient,
    content: bytes | None,
    status: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(forms, "MOST_BYTES", 20_000)
    answer = factories.post(visitor, "/imports/") if content is None else send(visitor, content)
    assert (answer.status_code, said in words(answer)) == (status, True), words(answer)


@pytest.mark.one_database
def test_a_register_waits_sealed_for_a_day_for_whoever_sent_it(
    visitor: FlaskClient, db: Session, supervisor: Person
) -> None:
    send(visitor, register(PLAIN | {"complainant_name": "Canaryname"}))
    row = db.scalars(select(HeldFile)).one()
    assert b"Canaryname" not in row.content + row.told
    other = factories.sign_in(visitor.application.test_client(), supervisor)
    assert other.get("/imports/check").location == "/imports/"
    send(other, GOOD)
    assert visitor.get("/imports/check").location == "/imports/"  # another took its place
    assert "Import 3 reviews" in other.get("/imports/check").text
    later = clock.now() + timedelta(days=1)
    with other.session_transaction() as cookie, time_machine.travel(later, tick=False):
        begin_write(db)
        assert waiting.find(db, cookie, supervisor.token) is None
        waiting.REGISTERS.drop(db, {}, "u_of_somebody_else")
        assert db.scalars(select(HeldFile)).all() == []


def test_what_changed_since_the_check_is_checked_again_and_nothing_imported(
    visitor: FlaskClient, db: Session
) -> None:
    first = hidden(send(visitor, GOOD).text)
    factories.case(db, reference="CR/3")
    answer = factories.post(visitor, "/imports/check", **first)
    assert answer.status_code == 409
    assert "Nothing was imported" in words(answer)
    assert "CR/3 is already the reference of a case that was not imported" in words(answer)
    assert cases(db) == 1
    sent = send(visitor, register(PLAIN))
    stale = factories.post(visitor, "/imports/check", **first | {"req": "0" * 32})
    assert stale.status_code == 409  # the page that was answered showed another register
    assert factories.post(visitor, "/imports/check", **hidden(sent.text)).status_code == 302
    assert cases(db) == 2


@pytest.mark.one_database
def test_a_register_that_is_not_wanted_is_deleted(visitor: FlaskClient, db: Session) -> None:
    asked = hidden(send(visitor, GOOD).text)
    answer: Any = factories.post(visitor, "/imports/check", **asked, discard="y")
    assert "is deleted" in words(visitor.get(answer.location))
    assert (cases(db), db.scalars(select(HeldFile)).all()) == (0, [])
