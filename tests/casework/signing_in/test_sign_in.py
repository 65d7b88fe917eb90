"""Signing in and out: who may, who waits, and what the answer gives away."""

import statistics
import threading
import time
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import Cookie, TestResponse

from casework import clock
from casework.accounts import attempts
from casework.audit.events import newest_first
from casework.audit.record import Origin
from casework.database import begin_write
from casework.models import AuditEvent, Person, SignInAttempt, StaffSession
from casework.office_settings import change_settings, settings_at
from casework.signing_in import guesses
from tests import factories
from tests.factories import PASSWORD

ASH = "ash@office.example"


def attempt(
    client: FlaskClient, email: str = ASH, password: str = PASSWORD, **fields: str
) -> TestResponse:
    return factories.post(client, "/sign-in", email=email, password=password, **fields)


@pytest.fixture
def ash(db: Session) -> Person:
    return factories.person(db, "administrator", email=ASH, password=PASSWORD)


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/settings/").status_code == 200


def test_the_right_password_opens_the_office(client: FlaskClient, ash: Person) -> None:
    assert not is_signed_in(client)
    answer = attempt(client, email="  ASH@office.example ")
    assert (answer.status_code, answer.location) == (302, "/settings/")
    assert is_signed_in(client)


def test_a_visitor_comes_back_to_the_page_asked_for(client: FlaskClient, ash: Person) -> None:
    asked = client.get("/settings/?changed=yes")
    assert asked.location == "/sign-in?next=/settings/?changed%3Dyes"
    page = client.get(asked.location).get_data(as_text=True)
    assert 'value="/settings/?changed=yes"' in page
    assert attempt(client, next="/settings/?changed=yes").location == "/settings/?changed=yes"


@pytest.mark.one_database
def test_whoever_tries_many_addresses_from_one_network_waits_and_others_do_not(
    client: FlaskClient, ash: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(guesses.FROM_ONE_NETWORK, most=2)
    monkeypatch.setattr(guesses, "FROM_ONE_NETWORK", few)
    for name in ("elm", "oak"):
        assert attempt(client, f"{name}@office.example", "wrong password").status_code == 422
    refused = attempt(client)
    assert refused.status_code == 429 and int(refused.headers["Retry-After"]) <= 15 * 60
    elsewhere = client.application.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.1"
    assert attempt(elsewhere).status_code == 302


def test_who_is_signed_in_is_not_asked_again(client: FlaskClient, ash: Person) -> None:
    attempt(client)
    assert client.get("/sign-in").location == "/settings/"


def test_s14_the_session_is_new_after_signing_in(client: FlaskClient, ash: Person) -> None:
    """What was in the session before, the CSRF token too, is gone."""
    token = factories.csrf_token(client)
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
    before = client.get_cookie("casework")
    client.post("/sign-in", data={"csrf_token": token, "email": ASH, "password": PASSWORD})
    after = client.get_cookie("casework")
    assert before and after and before.value != after.value
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
    assert client.post("/sign-out", data={"csrf_token": token}).status_code == 400


def test_s15_a_cookie_is_worth_nothing_once_its_owner_has_signed_out(
    client: FlaskClient, ash: Person
) -> None:
    attempt(client)
    stolen = client.get_cookie("casework")
    assert stolen
    assert factories.post(client, "/sign-out").location == "/sign-in"
    assert not is_signed_in(client)
    client.set_cookie("casework", stolen.value)
    assert not is_signed_in(client)


@pytest.mark.one_database
def test_s15_signing_in_over_a_session_or_out_of_half_a_one_ends_it(
    client: FlaskClient, db: Session, ash: Person
) -> None:
    begin_write(db)
    required = replace(settings_at(db), second_factor_roles=("reviewer",))
    change_settings(db, required, role="system", origin=Origin("command"))
    db.commit()
    sam = factories.person(db, "reviewer", password=PASSWORD)
    left: list[Cookie | None] = []
    for email, leads_to in (
        (ASH, "/settings/"),
        (ASH, "/settings/"),
        (sam.email, "/sign-in/second-factor"),
        (sam.email, "/sign-in/second-factor"),
    ):
        assert attempt(client, email).location == leads_to
        left.append(client.get_cookie("casework"))
    factories.post(client, "/sign-out")
    for cookie in left:
        assert cookie
        client.set_cookie("casework", cookie.value)
        assert client.get("/account/").status_code == 302
        assert client.get("/sign-in/second-factor").location == "/sign-in"
    assert set(db.execute(select(StaffSession.ended_why)).scalars()) == {"signed_out"}


def test_signing_out_takes_a_post_with_a_token(client: FlaskClient, ash: Person) -> None:
    attempt(client)
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").status_code == 400
    assert is_signed_in(client)


def test_s17_disabling_a_person_ends_sessions_even_by_the_row_alone(
    client: FlaskClient, db: Session, ash: Person
) -> None:
    attempt(client)
    begin_write(db)
    db.execute(update(Person).values(is_active=False))
    db.commit()
    assert not is_signed_in(client)


def test_s16_idle_for_half_an_hour_ends_the_session(client: FlaskClient, ash: Person) -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        attempt(client)
        for _ in range(5):
            traveller.shift(timedelta(minutes=29))
            assert is_signed_in(client)
        traveller.shift(timedelta(minutes=31))
        assert not is_signed_in(client)


def test_s16_twelve_hours_end_the_session_however_busy(client: FlaskClient, ash: Person) -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        attempt(client)
        for _ in range(12 * 60 // 20 - 1):
            traveller.shift(timedelta(minutes=20))
            assert is_signed_in(client)
        traveller.shift(timedelta(minutes=20))
        assert not is_signed_in(client)


def answer_shown(answer: TestResponse, email: str) -> tuple[int, str, list[str]]:
    """An answer without what differs every time: the address typed, the tokens, the reference."""
    page = answer.get_data(as_text=True).replace(email, "EMAIL")
    differs = ("csrf_token", "say its reference")
    lines = [line for line in page.splitlines() if not any(mark in line for mark in differs)]
    return answer.status_code, "\n".join(lines), sorted(answer.headers.keys())


def test_s19_known_and_unknown_addresses_get_the_same_answer_ten_times_and_then(
    client: FlaskClient, ash: Person
) -> None:
    """Also for somebody without a password."""
    for _ in range(attempts.ALLOWED + 2):
        known = attempt(client, ASH, "wrong password")
        unknown = attempt(client, "bob@office.example", "wrong password")
        assert answer_shown(known, ASH) == answer_shown(unknown, "bob@office.example")


@pytest.mark.one_database
def test_s19_known_and_unknown_addresses_take_the_same_time(
    client: FlaskClient, db: Session
) -> None:
    """The middle of eight is within a factor of one and a half."""
    took: dict[str, list[float]] = {"known": [], "unknown": []}
    for turn in range(8):
        known = factories.person(db, email=f"known{turn}@office.example", password=PASSWORD)
        addresses = {"known": known.email, "unknown": f"nobody{turn}@office.example"}
        for kind, email in addresses.items():
            begun = time.perf_counter()
            assert attempt(client, email, "wrong password").status_code == 422
            took[kind].append(time.perf_counter() - begun)
    ratio = statistics.median(took["known"]) / statistics.median(took["unknown"])
    assert 2 / 3 < ratio < 3 / 2


def test_s18_ten_wrong_passwords_make_that_address_wait_and_nobody_else(
    client: FlaskClient, db: Session, ash: Person
) -> None:
    """Even the right password waits; others do not; the log has one lockout."""
    bea = factories.person(db, "administrator", email="bea@office.example", password=PASSWORD)
    with time_machine.travel(clock.now(), tick=False) as traveller:
        for _ in range(10):
            assert attempt(client, password="wrong password").status_code == 422
        refused = attempt(client)
        page = refused.get_data(as_text=True)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "900")
        assert "ten wrong passwords" in page and "Try again at" in page
        assert PASSWORD not in page
        assert attempt(client, bea.email).status_code == 302
        factories.post(client, "/sign-out")
        locked = newest_first(db, [AuditEvent.action == "sign_in_locked"], 10)
        assert [event.stat for event in locked] == [{"person": ash.token, "failures": 10}]
        traveller.shift(timedelta(minutes=14, seconds=59))
        assert attempt(client).status_code == 429
        traveller.shift(timedelta(seconds=1))
        assert attempt(client).status_code == 302
    assert db.execute(select(SignInAttempt)).all() == []


def test_after_the_wait_one_more_wrong_password_waits_again(
    client: FlaskClient, ash: Person
) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        for _ in range(10):
            attempt(client, password="wrong password")
        traveller.shift(attempts.WAIT)
        assert attempt(client, password="wrong password").status_code == 422
        assert attempt(client).status_code == 429


def test_wrong_passwords_are_forgotten_after_a_day(
    client: FlaskClient, db: Session, ash: Person
) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        for email in (ASH, "nobody@office.example"):
            attempt(client, email, password="wrong password")
        traveller.shift(attempts.FORGOTTEN_AFTER + timedelta(seconds=1))
        attempt(client, "another@office.example", "wrong password")
    assert len(db.execute(select(SignInAttempt)).all()) == 1


@pytest.mark.one_database
def test_whom_somebody_guessed_at_cannot_be_tried_without_the_installations_secret(
    client: FlaskClient, db: Session, ash: Person
) -> None:
    attempt(client, password="wrong password")
    client.application.secret_key = "another secret than that of the installation"
    attempt(client, password="wrong password")
    kept = set(db.scalars(select(SignInAttempt.email_hash)))
    assert len(kept) == 2 and sha256(ASH.encode()).hexdigest() not in kept


def test_s18_many_at_once_are_no_way_around_the_count(app: Flask, db: Session, ash: Person) -> None:
    """Of thirty simultaneous guesses ten are looked at."""
    db.rollback()
    statuses: list[int] = []

    def guess() -> None:
        statuses.append(attempt(app.test_client(), password="wrong password").status_code)

    guesses = [threading.Thread(target=guess) for _ in range(30)]
    for one in guesses:
        one.start()
    for one in guesses:
        one.join()
    assert sorted(statuses) == [422] * 10 + [429] * 20


@pytest.mark.one_database
def test_the_form_says_what_is_missing(client: FlaskClient) -> None:
    page = attempt(client, email="", password="")
    assert page.status_code == 422
    text = page.get_data(as_text=True)
    assert "Enter your email address." in text and "Enter your password." in text
    assert "<title>Error: Sign in – Casework</title>" in text


def test_no_password_comes_back_in_any_page(client: FlaskClient, ash: Person) -> None:
    canary = "zebra lighthouse umbrella"
    assert canary not in attempt(client, password=canary).get_data(as_text=True)
    without_token = client.post("/sign-in", data={"email": ASH, "password": canary})
    assert without_token.status_code == 400
    assert canary not in without_token.get_data(as_text=True)
