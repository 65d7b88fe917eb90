"""The link with which a person sets a password, and the page where one is asked for."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework import clock, extensions
from casework.accounts import directory, links, people
from casework.audit.events import newest_first
from casework.audit.record import Origin, log_size
from casework.database import begin_write
from casework.models import AuditEvent, OutboxMail, Person
from casework.signing_in.links import views
from config import Settings
from tests import factories

NEW = "seven herons over a weir"
ASH = "ash@office.example"
PAGE = "/set-password"


@pytest.fixture
def settings(environment: dict[str, str]) -> Settings:
    """An office with a mail server, which nothing here needs to answer."""
    mail = {"CASEWORK_SMTP_HOST": "127.0.0.1", "CASEWORK_SMTP_FROM": "office@office.example"}
    return Settings.from_environment({**environment, **mail})


@pytest.fixture
def ash(db: Session) -> Person:
    begin_write(db)
    person = people.add_person(db, ASH, "Ash Reed", ["administrator"], Origin("command"))
    db.commit()
    return person


@pytest.fixture
def link(db: Session, ash: Person) -> str:
    return new_link(db, ash)


def new_link(db: Session, person: Person) -> str:
    begin_write(db)
    secret = links.new_link(db, person)
    db.commit()
    return f"{PAGE}/{secret}"


def can_sign_in(client: FlaskClient, password: str) -> bool:
    fields = {"email": ASH, "password": password}
    return factories.post(client, "/sign-in", **fields).status_code == 302


def opened(client: FlaskClient, link: str) -> TestResponse:
    """The page that a link leads to, as a browser follows it."""
    return client.get(link, follow_redirects=True)


def test_s21_a_link_sets_a_password_once(client: FlaskClient, db: Session, link: str) -> None:
    assert ASH in opened(client, link).text
    assert factories.post(client, PAGE, password=NEW).location == "/sign-in"
    for again in (opened(client, link), client.get(PAGE)):
        assert again.status_code == 404
        assert "no longer works" in again.text
    assert factories.post(client, PAGE, password="another one altogether").status_code == 404
    person = db.execute(select(Person)).scalar_one()
    (told, _) = newest_first(db, (), 10)
    assert (told.action, told.actor, told.role) == (
        "password_set",
        person.token,
        "administrator",
    )
    assert can_sign_in(client, NEW)


@pytest.mark.one_database
def test_a_links_secret_is_on_no_page_and_in_no_address_but_its_own(
    client: FlaskClient, link: str
) -> None:
    secret = link.removeprefix(f"{PAGE}/")
    first = client.get(link)
    assert first.location == PAGE
    cookie = client.get_cookie("link")
    assert cookie and cookie.value == secret
    assert (cookie.http_only, cookie.same_site, cookie.max_age) == (True, "Lax", 1800)
    assert secret not in client.get(PAGE).text
    assert secret not in factories.post(client, PAGE, password="short").text
    factories.post(client, PAGE, password=NEW)
    assert client.get_cookie("link") is None


@pytest.mark.one_database
def test_looking_at_a_link_does_not_use_it_up(client: FlaskClient, db: Session, link: str) -> None:
    size = log_size(db)
    for _ in range(3):
        assert opened(client, link).status_code == 200
    assert log_size(db) == size


@pytest.mark.one_database
def test_the_same_form_sent_twice_is_one_password(
    client: FlaskClient, db: Session, link: str
) -> None:
    client.get(link)
    answers = [factories.post(client, PAGE, password=NEW, req="a" * 32) for _ in range(2)]
    assert [answer.location for answer in answers] == ["/sign-in", "/sign-in"]
    assert log_size(db) == 2


def test_the_same_form_sent_twice_at_once_is_one_password(
    app: Flask, db: Session, link: str
) -> None:
    """Both answers say that it is set, also the one that waited for the other."""
    db.rollback()
    answers: list[str | None] = []

    def send() -> None:
        client = app.test_client()
        client.get(link)
        both.wait()
        answers.append(factories.post(client, PAGE, password=NEW, req="a" * 32).location)

    both = threading.Barrier(2)
    threads = [threading.Thread(target=send) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert answers == ["/sign-in", "/sign-in"]
    assert log_size(db) == 2


@pytest.mark.one_database
def test_only_the_form_that_set_a_password_is_told_so(
    client: FlaskClient, db: Session, link: str
) -> None:
    """Not the key of something else that is on the log; and no words are kept as one."""
    begin_write(db)
    people.add_person(db, "bob@office.example", "Bob", ["panel"], Origin("command", req="b" * 32))
    db.commit()
    client.get(link)
    assert factories.post(client, PAGE, password=NEW, req="Words of mine").status_code == 400
    stranger = client.application.test_client()
    assert factories.post(stranger, PAGE, password=NEW, req="b" * 32).status_code == 404
    assert log_size(db) == 2


@pytest.mark.one_database
def test_a_link_opens_nothing_for_whom_the_directory_vouches(
    client: FlaskClient, db: Session, ash: Person, link: str
) -> None:
    begin_write(db)
    directory.link(db, ash, "https://directory.example", "7", Origin("web"))
    db.commit()
    assert client.get(link).status_code == 404
    assert links.person_of_link(db, link.removeprefix(f"{PAGE}/")) is None


def test_who_was_kept_out_by_guesses_comes_in_with_a_new_password(
    client: FlaskClient, db: Session, link: str
) -> None:
    """And however long somebody guesses, the log says so once."""
    with time_machine.travel(clock.now(), tick=False) as traveller:
        for turn in range(14):
            can_sign_in(client, "wrong password")
            traveller.shift(timedelta(minutes=15) if turn >= 9 else timedelta(0))
        can_sign_in(client, "wrong password")
        client.get(link)
        factories.post(client, PAGE, password=NEW)
        assert can_sign_in(client, NEW)
    locked = newest_first(db, [AuditEvent.action == "sign_in_locked"], 10)
    assert [each.stat["failures"] for each in locked] == [10]


@pytest.mark.one_database
def test_s21_a_link_ends_after_a_day(client: FlaskClient, link: str) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        traveller.shift(timedelta(hours=23, minutes=59))
        assert opened(client, link).status_code == 200
        traveller.shift(timedelta(minutes=2))
        assert opened(client, link).status_code == 404
        assert factories.post(client, PAGE, password=NEW).status_code == 404
        assert not can_sign_in(client, NEW)


def test_s21_every_link_of_a_person_ends_with_the_first_that_is_used(
    client: FlaskClient, db: Session, ash: Person, link: str
) -> None:
    another = new_link(db, ash)
    client.get(link)
    factories.post(client, PAGE, password=NEW)
    assert client.get(another).status_code == 404


@pytest.mark.one_database
def test_nobodys_link_and_a_disabled_persons_are_not_there(
    client: FlaskClient, db: Session, ash: Person, link: str
) -> None:
    assert client.get(f"{PAGE}/nobodys").status_code == 404
    assert opened(client, link).status_code == 200
    begin_write(db)
    people.disable(db, ash, "Left.", Origin("command"), role="system")
    db.commit()
    assert client.get(PAGE).status_code == 404
    begin_write(db)
    people.enable(db, ash, "Came back.", Origin("command"), role="system")
    db.commit()
    assert client.get(link).status_code == 404


@pytest.mark.one_database
def test_s22_whoever_has_new_passwords_weighed_again_and_again_waits_and_keeps_the_link(
    client: FlaskClient, db: Session, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody else waits, and it is counted before anything is weighed."""
    monkeypatch.setattr(views, "WEIGHED", replace(views.WEIGHED, most=2))
    other = factories.person(db, "reviewer", email="bea@office.example")
    client.get(link)
    with time_machine.travel(clock.now(), tick=False) as traveller:
        tries = [factories.post(client, PAGE, password="short") for _ in range(2)]
        refused = factories.post(client, PAGE, password=NEW)
        assert [answer.status_code for answer in (*tries, refused)] == [422, 422, 429]
        assert 0 < int(refused.headers["Retry-After"]) <= 15 * 60
        elsewhere = client.application.test_client()
        elsewhere.get(new_link(db, other))
        assert factories.post(elsewhere, PAGE, password=NEW).location == "/sign-in"
        traveller.shift(timedelta(seconds=int(refused.headers["Retry-After"])))
        assert factories.post(client, PAGE, password=NEW).location == "/sign-in"


@pytest.mark.one_database
@pytest.mark.parametrize("password", ["short", "password1234", ASH, "x" * 129, ""])
def test_s22_a_password_that_will_not_do_is_said_and_the_link_kept(
    client: FlaskClient, link: str, password: str
) -> None:
    client.get(link)
    answer = factories.post(client, PAGE, password=password)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert factories.post(client, PAGE, password=NEW).status_code == 302


@pytest.mark.one_database
def test_s17_a_new_password_ends_the_sessions_there_were(
    client: FlaskClient, ash: Person, link: str
) -> None:
    elsewhere = factories.sign_in(client.application.test_client(), ash)
    assert elsewhere.get("/settings/").status_code == 200
    client.get(link)
    factories.post(client, PAGE, password=NEW)
    assert elsewhere.get("/settings/").status_code == 302


def ask(client: FlaskClient, email: str) -> TestResponse:
    return factories.post(client, "/forgotten-password", email=email)


def waiting(db: Session) -> list[tuple[str, str]]:
    db.rollback()
    rows = db.execute(select(OutboxMail.recipient, OutboxMail.status))
    return sorted((recipient, status) for recipient, status in rows)


def test_s19_who_forgot_a_password_gets_a_link_and_nobody_learns_who_has_an_account(
    client: FlaskClient, db: Session, ash: Person
) -> None:
    size = log_size(db)
    known, unknown = ask(client, " Ash@office.example "), ask(client, "bob@office.example")
    assert known.status_code == unknown.status_code == 302
    assert known.location == unknown.location
    assert sorted(known.headers.keys()) == sorted(unknown.headers.keys())
    assert "We do not say here" in client.get(known.location).text
    assert waiting(db) == [(ASH, "queued")]
    ask(client, ASH)
    assert waiting(db) == [(ASH, "cancelled"), (ASH, "queued")]
    assert log_size(db) == size
    begin_write(db)
    people.disable(db, db.merge(ash), "Left.", Origin("command"), role="system")
    db.commit()
    assert ask(client, ASH).location == known.location
    assert len(waiting(db)) == 2


def test_s19_a_known_address_takes_as_long_as_an_unknown_one(
    client: FlaskClient, db: Session, ash: Person
) -> None:
    """The database is asked and told just the same, the second time too."""
    begin_write(db)
    people.add_person(db, "new@office.example", "Nobody Agreed", (), Origin("web"))
    db.commit()
    assert ask(client, "first@office.example").status_code == 302
    for _ in range(2):
        said = [
            statements_of(client, email)
            for email in (ASH, "bob@office.example", "new@office.example")
        ]
        assert said[0] == said[1] == said[2]
        assert any(each.startswith("INSERT INTO outbox_mail") for each in said[0])
    assert waiting(db) == [(ASH, "cancelled"), (ASH, "queued")]


def statements_of(client: FlaskClient, email: str) -> list[str]:
    """What the database was told while a link was asked for, the ends of transactions too."""
    told: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        told.append(statement)

    with client.application.app_context():
        engine = extensions.db.engine
    listeners: list[tuple[str, Callable[..., object]]] = [
        ("before_cursor_execute", note),
        ("commit", lambda _: told.append("COMMIT")),
        ("rollback", lambda _: told.append("ROLLBACK")),
    ]
    for name, listener in listeners:
        event.listen(engine, name, listener)
    assert ask(client, email).status_code == 302
    for name, listener in listeners:
        event.remove(engine, name, listener)
    return told


@pytest.mark.one_database
def test_asking_again_and_again_has_to_wait_for_known_and_unknown_addresses_alike(
    client: FlaskClient, db: Session, ash: Person
) -> None:
    with time_machine.travel(clock.now().replace(minute=5), tick=False) as traveller:
        for email in (ASH, "bob@office.example"):
            assert [ask(client, email).status_code for _ in range(4)] == [302, 302, 302, 429]
        traveller.shift(timedelta(hours=1))
        assert ask(client, ASH).status_code == 302


@pytest.mark.one_database
def test_what_is_no_address_is_said(client: FlaskClient, db: Session, ash: Person) -> None:
    for typed in ("", "ash", "ash@office.example, bob@office.example"):
        answer = ask(client, typed)
        assert answer.status_code == 422
        assert "There is a problem" in answer.text
    assert waiting(db) == []
