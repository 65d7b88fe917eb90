"""The public form against thieves, programs and accidents: what waits is sealed, counted, and whole."""

import errno
import logging
import re
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from casework.apply import robots, service, views, waiting
from casework.database import begin_write
from casework.files.store import Store, StoreFull
from casework.index.checking import differences
from casework.models import Base, Case, OutboxMail, WaitingApplication
from casework.web.files import files
from config import Settings
from tests.applicant import COOKIE, Applicant, address, grow_older, place, told
from tests.casework.cli.conftest import Console
from tests.factories import picture

CANARY = "Canarywords Nightjar"
SAID = {
    "name": {"name": CANARY},
    "reach-you": {"email": "canary@nightjar.example"},
    "complaint": {"complaint": f"{CANARY} was told nothing."},
}


def everything_in(session: Session) -> str:
    session.rollback()
    rows = (session.execute(select(table)).all() for table in Base.metadata.sorted_tables)
    return repr(list(rows))


def another(app: Flask) -> Applicant:
    return Applicant(app.test_client())


def test_before_it_is_sent_nothing_of_it_can_be_read_anywhere(
    applicant: Applicant, db: Session, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answers = []
    for page, fields in ((applicant.where(), {}), *SAID.items()):
        applicant.fill(SAID)
        answers.append(applicant.post(page, **fields))
    kept = everything_in(db)
    kept += "".join(
        path.read_bytes().decode("latin-1")
        for path in Path(settings.database_url.removeprefix("sqlite:///")).parent.glob("*.sqlite3*")
    )
    lines = "".join(record.getMessage() for record in caplog.records)
    headers = "".join(f"{answer.headers}" for answer in answers)
    for words in ("Canarywords", "nightjar.example", applicant.token):
        assert words not in kept + lines
        assert words not in headers or words == applicant.token
    assert CANARY in applicant.rows().values()


@pytest.mark.one_database
def test_the_cookie_is_for_the_server_alone_and_for_a_day(
    app: Flask, applicant: Applicant, db: Session, settings: Settings
) -> None:
    stranger = app.test_client()
    assert "Set-Cookie" not in stranger.get("/apply").headers
    assert "Set-Cookie" not in stranger.get("/apply/privacy").headers
    given = stranger.get("/apply/questions/outcome-letter").headers["Set-Cookie"]
    assert re.fullmatch(
        r"apply=[\w-]{43}; Expires=.*; Max-Age=86400; HttpOnly; Path=/; SameSite=Lax", given
    )
    assert "Set-Cookie" not in app.test_client().post("/apply/questions/outcome-letter").headers
    app.extensions["casework"] = replace(settings, environment="production")
    secured = app.test_client().get("/apply/questions/outcome-letter").headers["Set-Cookie"]
    assert secured.startswith("__Host-apply=") and "Secure;" in secured


@pytest.mark.one_database
def test_a_form_without_its_own_token_keeps_nothing_and_gives_back_what_was_typed(
    app: Flask, applicant: Applicant, db: Session
) -> None:
    version = applicant.ready(db)
    others = another(app).csrf
    before = everything_in(db)
    for page, fields in (
        ("outcome-letter", {"outcome_letter": "yes"}),
        ("complaint", {"complaint": "Longwords"}),
        ("papers", {}),
        ("check", {"version": version}),
        ("forget", {}),
    ):
        for token in ({"csrf_token": ""}, {"csrf_token": "##" + "0" * 40}, others):
            answer = applicant.post(page, **{**fields, **token})
            assert answer.status_code == 400, page
            assert "Longwords" in answer.text or page != "complaint"
    assert everything_in(db) == before


@pytest.mark.one_database
def test_anothers_cookie_a_changed_row_and_another_secret_open_nothing(
    app: Flask, applicant: Applicant, db: Session
) -> None:
    applicant.fill(SAID)
    stranger = another(app)
    stranger.client.set_cookie(COOKIE, waiting.new_token())
    assert stranger.where() == "outcome-letter"
    assert place(stranger.get("check")) == "outcome-letter"
    assert stranger.post("name", name="Somebody").status_code == 410

    app.config["SECRET_KEY"] = "another-secret-" + "0" * 32
    assert applicant.where() == "outcome-letter"
    app.config["SECRET_KEY"] = "only-for-the-tests-" + "0" * 32
    assert applicant.where() == "check"

    sealed = db.scalars(select(WaitingApplication.sealed)).one()
    assert sealed is not None
    begin_write(db)
    changed = sealed[:-9] + bytes([sealed[-9] ^ 1]) + sealed[-8:]
    db.execute(update(WaitingApplication).values(sealed=changed))
    db.commit()
    assert applicant.where() == "outcome-letter"
    assert place(applicant.post("outcome-letter", outcome_letter="yes")) == "whose-complaint"


@pytest.mark.one_database
def test_a_program_is_told_politely_and_a_person_who_is_taken_for_one_loses_nothing(
    applicant: Applicant, db: Session
) -> None:
    applicant.fill()
    version = applicant.version()
    quick = applicant.post("check", version=version)
    assert (quick.status_code, "faster than most people" in told(quick)) == (422, True)
    grow_older(db)
    trapped = applicant.post("check", version=version, website="https://example.org")
    assert (
        trapped.status_code,
        "Your answers are kept" in told(trapped).replace("your", "Your"),
    ) == (422, True)
    assert db.scalars(select(Case)).all() == []
    db.rollback()
    assert 'value="https://example.org"' not in trapped.text
    assert place(applicant.post("check", version=version, website="")) == "sent"


def test_an_address_may_send_only_so_many_a_day_whichever_worker_it_meets(
    app: Flask, applicant: Applicant, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("BEGIN", "UPLOAD", "SEND"):
        monkeypatch.setattr(robots, name, replace(getattr(robots, name), most=1))
    first, second, third = applicant, another(app), another(app)
    versions = [each.ready(db) for each in (first, second)]
    assert place(first.post("check", version=versions[0])) == "sent"
    limited = second.post("check", version=versions[1])
    assert limited.status_code == 429
    assert "Email reviews@office.example" in told(limited)
    assert place(second.get("begin")) == "check"
    assert second.post("papers", file=picture()).status_code == 302
    assert second.post("papers", file=picture("other.png")).status_code == 429
    assert third.post("outcome-letter", outcome_letter="yes").status_code == 302
    fourth = another(app)
    assert fourth.post("outcome-letter", outcome_letter="yes").status_code == 429
    # Of what is said on the way, only the word of the server in front counts, and of it the last.
    elsewhere = {"X-Forwarded-For": "127.0.0.1, 192.0.2.7"}
    sent = {**fourth.csrf, "outcome_letter": "yes"}
    answer = fourth.client.post("/apply/questions/outcome-letter", data=sent, headers=elsewhere)
    assert answer.status_code == 302


def test_many_sendings_at_once_make_one_case(app: Flask, applicant: Applicant, db: Session) -> None:
    version = applicant.ready(db)
    twins = [another(app) for _ in range(6)]
    for twin in twins:
        twin.client.set_cookie(COOKIE, applicant.token)
    db.rollback()
    with ThreadPoolExecutor(len(twins)) as pool:
        answers = list(pool.map(lambda twin: place(twin.post("check", version=version)), twins))
    assert set(answers) == {"sent"}
    assert len(db.scalars(select(Case.token)).all()) == 1
    assert len(db.scalars(select(OutboxMail.token)).all()) == 1
    db.rollback()


@pytest.mark.one_database
def test_killed_between_the_commit_and_the_answer_it_was_sent(
    app: Flask, applicant: Applicant, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = applicant.ready(db)
    commit = Session.commit

    def commit_and_die(session: Session) -> None:
        commit(session)
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(Session, "commit", commit_and_die)
        with pytest.raises(KeyboardInterrupt):
            applicant.post("check", version=version)
    reference = db.scalars(select(Case.reference)).one()
    db.rollback()
    assert place(applicant.post("check", version=version)) == "sent"
    assert reference in told(applicant.get("sent"))
    assert len(db.scalars(select(Case.token)).all()) == 1
    db.rollback()


@pytest.mark.one_database
def test_when_the_database_or_the_disk_cannot_take_it_nothing_typed_is_lost(
    app: Flask, applicant: Applicant, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = applicant.ready(db)

    def failing(error: Exception) -> Any:
        def fail(*_: object, **__: object) -> None:
            raise error

        return fail

    locked = OperationalError("", {}, sqlite3.OperationalError("database is locked"))
    full = OSError(errno.ENOSPC, "No space left on device")
    for name, where, error, page, fields in (
        ("keep", waiting, locked, "complaint", {"complaint": "Longwords"}),
        ("finish", waiting, locked, "check", {"version": version}),
        ("keep_made", Store, full, "check", {"version": version}),
        ("keep", Store, StoreFull("It could not be stored."), "papers", {"file": picture()}),
    ):
        with monkeypatch.context() as failure:
            failure.setattr(where, name, failing(error))
            answer = applicant.post(page, **fields)
        assert answer.status_code == 503, (name, page)
        assert "My work" not in answer.text and "Ask for a review of a complaint" in answer.text
        assert "Longwords" in answer.text or page != "complaint"
    assert db.scalars(select(Case)).all() == []
    db.rollback()
    assert place(applicant.post("check", version=version)) == "sent"


@pytest.mark.one_database
def test_all_the_world_together_is_bounded_too(
    app: Flask, applicant: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(robots, "BEGIN", replace(robots.BEGIN, most=1, everybody=2))
    statuses = []
    for last in (1, 2, 3):
        other = another(app)
        sent = {**other.csrf, "outcome_letter": "yes"}
        headers = {"X-Forwarded-For": f"192.0.2.{last}"}
        answer = other.client.post("/apply/questions/outcome-letter", data=sent, headers=headers)
        statuses.append(answer.status_code)
    assert statuses == [302, 302, 429]


@pytest.mark.one_database
def test_a_token_that_somebody_noted_opens_nothing_of_who_comes_next(
    app: Flask, applicant: Applicant
) -> None:
    noted = applicant.token
    applicant.post("outcome-letter", outcome_letter="yes")
    assert applicant.where() == "whose-complaint"
    spy = another(app)
    spy.client.set_cookie(COOKIE, noted)
    assert spy.where() == "outcome-letter"


@pytest.mark.one_database
def test_s35_only_pages_for_papers_take_much_and_leave_room_on_the_disk(
    app: Flask, applicant: Applicant, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    applicant.ready(db)
    monkeypatch.setattr(views, "LARGEST", 300_000)
    kind = "multipart/form-data; boundary=x"
    for page, size in (("name", 1_050_000), ("papers", 2_250_000)):
        answer = applicant.client.post(address(page), data=bytes(size), content_type=kind)
        assert (answer.status_code, "was not taken" in answer.text) == (413, False), page
    head = f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{applicant.csrf["csrf_token"]}'
    head += '\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="large.pdf"\r\n\r\n'
    for size, status in ((290_000, 422), (1_050_000, 413)):  # the first is no PDF
        sent = head.encode() + b"%PDF-1.7" + bytes(size) + b"\r\n--x--\r\n"
        answer = applicant.client.post(address("papers"), data=sent, content_type=kind)
        assert (answer.status_code, "was not taken" in answer.text) == (status, True), size
    full = shutil._ntuple_diskusage(10**12, 10**12, 999_000_000)
    monkeypatch.setattr("casework.files.store.disk_usage", lambda _: full)
    assert applicant.post("papers", file=picture()).status_code == 503


@pytest.mark.one_database
def test_what_the_search_cannot_take_at_once_is_sent_and_found_later(
    applicant: Applicant,
    db: Session,
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Long papers would hold everybody else up, so that they come after the case, one by one."""
    version = applicant.ready(db)
    with monkeypatch.context() as failure:
        locked = OperationalError("", {}, sqlite3.OperationalError("database is locked"))
        failure.setattr(service, "let_be_found", lambda *_: (_ for _ in ()).throw(locked))
        assert place(applicant.post("check", version=version)) == "sent"
    assert len(list(differences(db, files().text))) == 1
    db.rollback()
    for _ in range(2):
        Console(environment)("tidy")
        assert list(differences(db, files().text)) == []
        db.rollback()
