"""The link with which a person sets a password."""

from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import clock
from casework.accounts import links, people
from casework.audit.events import newest_first
from casework.audit.record import Origin, log_size
from casework.database import begin_write
from casework.models import Person
from tests import factories

NEW = "seven herons over a weir"


@pytest.fixture
def link(db: Session) -> str:
    begin_write(db)
    ash = people.add_person(
        db, "ash@office.example", "Ash Reed", ["administrator"], Origin("command")
    )
    secret = links.new_link(db, ash)
    db.commit()
    return f"/set-password/{secret}"


def can_sign_in(client: FlaskClient, password: str) -> bool:
    fields = {"email": "ash@office.example", "password": password}
    return factories.post(client, "/sign-in", **fields).status_code == 302


def test_a_link_sets_a_password_once(client: FlaskClient, db: Session, link: str) -> None:
    """S21."""
    assert "ash@office.example" in client.get(link).get_data(as_text=True)
    assert factories.post(client, link, password=NEW).location == "/sign-in"
    assert client.get(link).status_code == 404
    assert factories.post(client, link, password="another one altogether").status_code == 404
    person = db.execute(select(Person)).scalar_one()
    (event, _) = newest_first(db, (), 10)
    assert (event.action, event.actor, event.role) == (
        "password_set",
        person.token,
        "administrator",
    )
    assert can_sign_in(client, NEW)


def test_looking_at_a_link_does_not_use_it_up(client: FlaskClient, db: Session, link: str) -> None:
    size = log_size(db)
    for _ in range(3):
        assert client.get(link).status_code == 200
    assert log_size(db) == size


def test_the_same_form_sent_twice_is_one_password(
    client: FlaskClient, db: Session, link: str
) -> None:
    answers = [factories.post(client, link, password=NEW, req="a" * 32) for _ in range(2)]
    assert [answer.location for answer in answers] == ["/sign-in", "/sign-in"]
    assert log_size(db) == 2


def test_a_link_ends_after_a_day(client: FlaskClient, link: str) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        traveller.shift(timedelta(hours=23, minutes=59))
        assert client.get(link).status_code == 200
        traveller.shift(timedelta(minutes=2))
        assert client.get(link).status_code == 404
        assert factories.post(client, link, password=NEW).status_code == 404
        assert not can_sign_in(client, NEW)


def test_every_link_of_a_person_ends_with_the_first_that_is_used(
    client: FlaskClient, db: Session, link: str
) -> None:
    begin_write(db)
    another = links.new_link(db, db.execute(select(Person)).scalar_one())
    db.commit()
    factories.post(client, link, password=NEW)
    assert client.get(f"/set-password/{another}").status_code == 404


def test_nobodys_link_and_a_disabled_persons_are_not_there(
    client: FlaskClient, db: Session, link: str
) -> None:
    assert client.get("/set-password/nobodys").status_code == 404
    begin_write(db)
    db.execute(select(Person)).scalar_one().is_active = False
    db.commit()
    assert client.get(link).status_code == 404


@pytest.mark.parametrize("password", ["short", "password1234", "ash@office.example", "x" * 129, ""])
def test_a_password_that_will_not_do_is_said_and_the_link_kept(
    client: FlaskClient, link: str, password: str
) -> None:
    """S22."""
    answer = factories.post(client, link, password=password)
    assert answer.status_code == 422
    assert "There is a problem" in answer.get_data(as_text=True)
    assert factories.post(client, link, password=NEW).status_code == 302


def test_a_new_password_ends_the_sessions_there_were(
    client: FlaskClient, db: Session, link: str
) -> None:
    """S17."""
    person = db.execute(select(Person)).scalar_one()
    elsewhere = client.application.test_client()
    factories.sign_in(elsewhere, person)
    assert elsewhere.get("/settings/").status_code == 200
    factories.post(client, link, password=NEW)
    assert elsewhere.get("/settings/").status_code == 302
