"""The pages that say what went wrong: the right status, nothing typed lost, nothing given away."""

import errno
import re
import sqlite3
import threading
from html import unescape
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from casework import database
from casework.accounts import sessions
from casework.audit.record import log_size
from casework.database import begin_write
from casework.errors import outages
from casework.extensions import csrf
from tests import factories

TYPED = {
    "reasons": "The letter came on 4 May.\nNobody had <b>rung</b> & “asked”.",
    "reviewed_on": "2026-05-04",
    "password": "zebra lighthouse umbrella",
    "new_password": "zebra lighthouse umbrella",
}


@pytest.fixture
def failing(new_app: Flask) -> Any:
    """Makes a client of an application whose page /fail raises this."""
    new_app.config["PROPAGATE_EXCEPTIONS"] = False

    def make(error: Exception) -> FlaskClient:
        def fail() -> str:
            raise error

        csrf.exempt(f"{__name__}.fail")
        new_app.add_url_rule("/fail", view_func=fail, methods=["GET", "POST"])
        return new_app.test_client()

    return make


def texts_given_back(page: str) -> list[str]:
    return [
        unescape(text)
        for text in re.findall(r"<textarea[^>]*>\n?(.*?)</textarea>", page, re.DOTALL)
    ]


def operational(driver_error: Exception) -> OperationalError:
    return OperationalError("UPDATE secret", {"name": "canary"}, driver_error)


class GaveUp(psycopg.errors.DiskFull):
    """PostgreSQL ends all connections when it cannot write its log: a commit may be in it."""

    diag = SimpleNamespace(severity_nonlocalized="PANIC")  # type: ignore[assignment]


OUTAGES = [
    (sqlite3.OperationalError("database is locked"), "Somebody else’s work"),
    (sqlite3.OperationalError("database or disk is full"), "no room left"),
    (sqlite3.OperationalError("attempt to write a readonly database"), "not written to"),
    (sqlite3.OperationalError("unable to open database file"), "cannot be reached"),
    (sqlite3.OperationalError("disk I/O error"), "cannot be reached"),
    (psycopg.errors.LockNotAvailable("canceling statement due to lock timeout"), "taken too long"),
    (psycopg.errors.DiskFull("could not extend file"), "no room left"),
    (psycopg.errors.ReadOnlySqlTransaction("cannot execute INSERT"), "not written to"),
    (psycopg.OperationalError("connection refused"), "cannot be reached"),
    (psycopg.errors.AdminShutdown("terminating connection"), "cannot be reached"),
    (psycopg.errors.InsufficientPrivilege("open: Read-only file system"), "not written to"),
    (GaveUp("could not write to file"), "may not have been kept"),
    (OSError(errno.ENOSPC, "No space left on device"), "no room left"),
    (OSError(errno.EIO, "Input/output error"), "does not do what it is asked"),
]


@pytest.mark.one_database
@pytest.mark.parametrize(("driver_error", "sentence"), OUTAGES)
def test_an_outage_is_told_with_its_cause_and_gives_everything_typed_back(
    failing: Any, driver_error: Exception, sentence: str
) -> None:
    is_of_files = isinstance(driver_error, OSError)
    client = failing(driver_error if is_of_files else operational(driver_error))
    answer = client.post("/fail", data={**TYPED, "csrf_token": "t", "req": "r", "version": "3"})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert sentence in page
    assert texts_given_back(page) == [TYPED["reasons"], TYPED["reviewed_on"]]
    assert "zebra" not in page and "canary" not in page and "UPDATE" not in page


@pytest.mark.one_database
@pytest.mark.parametrize(
    "error",
    [
        operational(sqlite3.OperationalError("no such table: case")),
        operational(psycopg.errors.UndefinedTable("relation does not exist")),
        RuntimeError("canary"),
    ],
    ids=["no table", "no relation", "a fault"],
)
def test_s39_a_fault_of_the_program_is_a_500_without_a_trace(
    failing: Any, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    answer = failing(error).post("/fail", data=TYPED)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert "Traceback" not in page and "canary" not in page
    assert texts_given_back(page) == [TYPED["reasons"], TYPED["reviewed_on"]]


@pytest.mark.one_database
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"])))
def test_whatever_was_typed_comes_back_to_the_letter(client: FlaskClient, text: str) -> None:
    answer = client.post("/settings/office_name", data={"grounds": text})
    assert answer.status_code == 400
    given_back = texts_given_back(answer.get_data(as_text=True))
    assert given_back == ([text] if text.strip() else [])


@pytest.mark.one_database
def test_s09_a_form_from_elsewhere_is_refused_and_its_text_kept(
    client: FlaskClient, db: Session
) -> None:
    """A token that is absent, wrong, or of another's session."""
    person = factories.person(db, "administrator")
    factories.sign_in(client, person)
    other = factories.csrf_token(client.application.test_client())
    size = log_size(db)
    for token in ({}, {"csrf_token": "wrong"}, {"csrf_token": other}):
        answer = client.post("/settings/office_name", data={"value": "Borsetshire", **token})
        assert answer.status_code == 400
        assert "Borsetshire" in texts_given_back(answer.get_data(as_text=True))
    assert log_size(db) == size


def test_s16_who_was_signed_out_meanwhile_gets_the_text_back(
    client: FlaskClient, db: Session
) -> None:
    person = factories.person(db, "administrator")
    factories.sign_in(client, person)
    token = factories.csrf_token(client)
    begin_write(db)
    sessions.end_all(db, person.token, "ended")
    db.commit()
    answer = client.post(
        "/settings/office_name", data={"value": "Borsetshire", "csrf_token": token}
    )
    assert answer.status_code == 401
    assert texts_given_back(answer.get_data(as_text=True)) == ["Borsetshire"]


@pytest.mark.one_database
def test_an_error_page_never_writes_nor_needs_a_person(client: FlaskClient) -> None:
    page = client.get("/nowhere").get_data(as_text=True)
    assert "<title>Error: Page not found – Casework</title>" in page
    assert page.count("<h1") == 1


def test_a_lock_held_too_long_is_a_503_and_the_text_is_kept(
    client: FlaskClient, app: Flask, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F5: the other one's work is kept, and afterwards everything goes on."""
    from casework.extensions import db as extension

    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    with app.app_context():
        extension.engine.dispose()
    person = factories.person(db, "administrator")
    factories.sign_in(client, person)
    factories.csrf_token(client)
    held, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with app.app_context():
            begin_write(extension.session)
            held.set()
            let_go.wait(30)
            extension.session.rollback()

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(30)
    form = {"value": "Borsetshire", "since": "-1"}
    answer = factories.post(client, "/settings/office_name", **form)
    let_go.set()
    holder.join()
    page = answer.get_data(as_text=True)
    assert answer.status_code == 503
    assert "Somebody else’s work is being kept" in page
    assert texts_given_back(page) == ["-1", "Borsetshire"] or "Borsetshire" in page
    assert factories.post(client, "/settings/office_name", **form).status_code == 302


@pytest.mark.one_database
def test_a_lost_database_gives_the_page_without_asking_it_anything(
    client: FlaskClient, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = factories.person(db, "administrator")
    factories.sign_in(client, person)

    def lost(*_: object) -> None:
        raise operational(sqlite3.OperationalError("unable to open database file"))

    monkeypatch.setattr(Session, "execute", lost)
    answer = client.get("/settings/")
    assert answer.status_code == 503
    assert outages.LOST.sentence in answer.get_data(as_text=True)
