"""Second factors: who is asked for a code, which codes count, and how often."""

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from pyotp import TOTP
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework import clock
from casework.accounts import factors, sessions
from casework.accounts.factors import Authenticator
from casework.audit.events import newest_first
from casework.audit.record import Origin, log_size
from casework.audit.verify import verify_log
from casework.database import begin_write
from casework.extensions import db as extension
from casework.models import AuditEvent, OutboxMail, Person, RecoveryCode, SecondFactor
from casework.office_settings import change_settings, settings_at
from config import MailServer
from tests import factories
from tests.factories import PASSWORD

ASH = "ash@office.example"
STEP = timedelta(seconds=30)


@pytest.fixture(autouse=True)
def time() -> Iterator[time_machine.Traveller]:
    """Stands still, so that no code is over before it is typed."""
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def ash(db: Session) -> Person:
    return factories.person(db, "administrator", email=ASH, password=PASSWORD)


@pytest.fixture
def phone(db: Session, ash: Person, app: Flask) -> TOTP:
    """Ash's authenticator, set up an hour ago."""
    new = Authenticator.new()
    begin_write(db)
    step = TOTP(new.secret).timecode(clock.now() - timedelta(hours=1))
    factors.set_up(db, ash, new, step, str(app.secret_key), Origin("web", ash.token))
    db.commit()
    return TOTP(new.secret)


def require_of(db: Session, *roles: str) -> None:
    begin_write(db)
    changed = replace(settings_at(db), second_factor_roles=roles)
    change_settings(db, changed, role="system", origin=Origin("command"))
    db.commit()


def enter(client: FlaskClient, email: str = ASH) -> TestResponse:
    return factories.post(client, "/sign-in", email=email, password=PASSWORD)


def half_way(client: FlaskClient, who: Person, awaits: sessions.Awaits = "code") -> None:
    """Give the client what the right password gives; the page has a test of its own."""
    begin_write(extension.session)
    secret = sessions.begin(extension.session, who, "A browser", by="password", awaits=awaits)
    extension.session.commit()
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie["half_way"] = secret


def show(client: FlaskClient, code: str) -> TestResponse:
    return factories.post(client, "/sign-in/code", code=code)


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/settings/").status_code == 200


def offered(client: FlaskClient, address: str) -> tuple[TOTP, dict[str, str]]:
    """The authenticator that a page offers, as somebody types its key, and the page's form."""
    page = client.get(address).text
    key = re.search(r'app-secret">\s*([A-Z2-7 ]+?)\s*<', page)
    sealed = re.search(r'name="offered"[^>]*value="([^"]+)"', page)
    assert key and sealed and "<svg" in page
    return TOTP(key[1].replace(" ", "")), {"offered": sealed[1]}


def codes_on(answer: TestResponse) -> list[str]:
    return re.findall(r"\b(?:[a-z2-9]{5}-){2}[a-z2-9]{5}\b", answer.text)


@pytest.mark.one_database
def test_s14_the_password_alone_opens_nothing_and_the_code_begins_another_session(
    client: FlaskClient, phone: TOTP
) -> None:
    asked = factories.post(
        client, "/sign-in", email=ASH, password=PASSWORD, next="/settings/delegations"
    )
    assert asked.location == "/sign-in/code?next=/settings/delegations"
    with client.session_transaction() as cookie:
        half_way = cookie["half_way"]
        assert "_user_id" not in cookie
    assert not is_signed_in(client) and "Sign out" not in client.get("/sign-in/code").text
    with client.session_transaction() as cookie:
        cookie["_user_id"] = half_way
    assert not is_signed_in(client)
    enter(client)
    assert show(client, "000000").status_code == 422
    answer = factories.post(client, "/sign-in/code", code=phone.now(), next="/settings/")
    assert answer.location == "/settings/"
    with client.session_transaction() as cookie:
        assert "half_way" not in cookie and cookie["_user_id"] != half_way
    assert is_signed_in(client)


@pytest.mark.one_database
def test_s20_a_code_counts_once_and_only_in_its_time(
    client: FlaskClient, ash: Person, phone: TOTP, time: time_machine.Traveller
) -> None:
    """RFC 6238, section 5.2: within a step either way, and none as old as one that was used."""
    now = clock.now()
    for away, counts in ((-2, False), (2, False), (-1, True), (-1, False), (0, True)):
        half_way(client, ash)
        answer = show(client, phone.at(now + away * STEP))
        assert (answer.status_code == 302) is counts, away
    half_way(client, ash)
    assert show(client, phone.at(now + STEP)).status_code == 302
    time.shift(STEP)
    half_way(client, ash)
    assert show(client, phone.at(now + STEP)).status_code == 422


def test_s20_of_many_at_once_a_code_lets_in_one(
    app: Flask, db: Session, ash: Person, phone: TOTP
) -> None:
    clients = [app.test_client() for _ in range(6)]
    for each in clients:
        half_way(each, ash)
    code, statuses = phone.now(), list[int]()
    db.rollback()
    threads = [
        threading.Thread(target=lambda each=each: statuses.append(show(each, code).status_code))
        for each in clients
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [302] + [422] * 5


@pytest.mark.one_database
def test_whoever_has_to_sets_one_up_before_anything_opens(
    client: FlaskClient, db: Session, ash: Person
) -> None:
    require_of(db, "administrator", "supervisor")
    assert enter(client).location == "/sign-in/second-factor"
    assert not is_signed_in(client)
    assert client.get("/sign-in/code").location == "/sign-in"
    phone, fields = offered(client, "/sign-in/second-factor")
    assert factories.post(client, "/sign-in/second-factor", **fields, code="1").status_code == 422
    done = factories.post(client, "/sign-in/second-factor", **fields, code=phone.now())
    assert (done.status_code, len(set(codes_on(done)))) == (200, factors.RECOVERY_CODES)
    assert is_signed_in(client)
    assert newest_first(db, (), 1)[0].action == "second_factor_set_up"
    again = client.application.test_client()
    assert enter(again).location == "/sign-in/code"
    assert show(again, phone.now()).status_code == 422, "the first code is used up"
    assert show(again, codes_on(done)[0]).status_code == 302
    assert client.get("/account/second-factor/remove").status_code == 403
    sam = factories.person(db, "reviewer", password=PASSWORD)
    assert enter(client.application.test_client(), sam.email).location == "/"


@pytest.mark.one_database
def test_s20_a_page_left_open_half_way_replaces_no_second_factor(
    client: FlaskClient, db: Session, ash: Person
) -> None:
    """Nor does the password alone, once there is one; and setting one up signs out elsewhere."""
    guesser, elsewhere = (client.application.test_client() for _ in range(2))
    factories.sign_in(elsewhere, ash)
    require_of(db, "administrator")
    enter(guesser)
    theirs, left_open = offered(guesser, "/sign-in/second-factor")
    enter(client)
    phone, fields = offered(client, "/sign-in/second-factor")
    factories.post(client, "/sign-in/second-factor", **fields, code=phone.now())
    assert (is_signed_in(client), is_signed_in(elsewhere)) == (True, False)
    kept = db.execute(select(SecondFactor.sealed)).scalar_one()
    half_way(elsewhere, ash, awaits="set_up")
    for each in (guesser, elsewhere):
        late = factories.post(each, "/sign-in/second-factor", **left_open, code=theirs.now())
        assert late.location == "/sign-in" and not is_signed_in(each)
    db.rollback()
    assert db.execute(select(SecondFactor.sealed)).scalar_one() == kept


@pytest.mark.one_database
def test_a_recovery_code_counts_once_however_it_is_typed(
    client: FlaskClient, db: Session, ash: Person, phone: TOTP
) -> None:
    half_way(client, ash)
    show(client, phone.now())
    codes = codes_on(factories.post(client, "/account/recovery-codes"))
    for typed, counts in (
        (codes[0].upper().replace("-", " "), True),
        (codes[0], False),
        (codes[1], True),
        ("", False),
        ("-", False),
    ):
        half_way(client, ash)
        assert (show(client, typed).status_code == 302) is counts, typed
        factories.post(client, "/sign-out")
    assert len(db.execute(select(RecoveryCode)).all()) == factors.RECOVERY_CODES - 2
    used = newest_first(db, [AuditEvent.action == "recovery_code_used"], 9)
    assert [event.stat for event in used] == [{"person": ash.token}] * 2
    half_way(client, ash)
    show(client, codes[2])
    renewed = codes_on(factories.post(client, "/account/recovery-codes"))
    factories.post(client, "/sign-out")
    for typed, counts in ((codes[3], False), (renewed[3], True)):
        half_way(client, ash)
        assert (show(client, typed).status_code == 302) is counts


@pytest.mark.one_database
def test_s18_ten_wrong_codes_make_that_account_wait(
    client: FlaskClient, db: Session, ash: Person, phone: TOTP, time: time_machine.Traveller
) -> None:
    half_way(client, ash)
    assert [show(client, "123").status_code for _ in range(10)] == [422] * 10
    assert show(client, phone.now()).status_code == 429
    locked = newest_first(db, [AuditEvent.action == "sign_in_locked"], 9)
    assert [event.stat for event in locked] == [{"person": ash.token, "failures": 10}]
    time.shift(timedelta(minutes=15))
    half_way(client, ash)
    assert show(client, phone.now()).status_code == 302


@pytest.mark.one_database
def test_a_secret_is_sealed_and_another_key_of_the_installation_opens_it_not(
    client: FlaskClient, db: Session, ash: Person, phone: TOTP, app: Flask
) -> None:
    kept = db.execute(select(SecondFactor.sealed)).scalar_one()
    assert phone.secret.encode() not in kept and phone.byte_secret() not in kept
    begin_write(db)
    (code, *_) = factors.renew_codes(db, ash, Origin("web", ash.token))
    is_used = [
        factors.use_code(db, ash, phone.now(), "another secret", Origin("web")),
        factors.use_code(db, ash, code, "another secret", Origin("web")),
        factors.use_code(db, ash, phone.now(), str(app.secret_key), Origin("web")),
    ]
    db.rollback()
    assert is_used == [False, True, True]


@pytest.mark.one_database
def test_a_second_factor_taken_away_behind_the_log_is_named(
    db: Session, ash: Person, phone: TOTP
) -> None:
    assert [found.check for found in verify_log(db) if not found.holds] == []
    begin_write(db)
    db.execute(delete(SecondFactor))
    db.commit()
    (found,) = (each for each in verify_log(db) if not each.holds)
    assert found.check == "second factors" and ash.token in found.sentence


@pytest.mark.one_database
def test_half_way_lasts_a_quarter_of_an_hour_and_no_longer_than_the_account(
    client: FlaskClient, db: Session, ash: Person, phone: TOTP, time: time_machine.Traveller
) -> None:
    half_way(client, ash)
    time.shift(timedelta(minutes=15))
    assert show(client, phone.now()).location == "/sign-in"
    half_way(client, ash)
    begin_write(db)
    sessions.end_all(db, ash.token, "disabled")
    db.commit()
    assert show(client, phone.now()).location == "/sign-in"


@pytest.mark.one_database
def test_how_one_signs_in_is_changed_only_soon_after_signing_in(
    client: FlaskClient, db: Session, ash: Person, time: time_machine.Traveller
) -> None:
    """And on another device nobody goes on who signed in before."""
    elsewhere = client.application.test_client()
    factories.sign_in(elsewhere, ash)
    factories.sign_in(client, ash)
    phone, fields = offered(client, "/account/second-factor")
    time.shift(timedelta(minutes=15))
    size = log_size(db)
    late = factories.post(client, "/account/second-factor", **fields, code=phone.now())
    assert (late.status_code, log_size(db)) == (403, size)
    back = factories.post(client, "/sign-out", next="/account/second-factor")
    assert back.location == "/sign-in?next=/account/second-factor"
    factories.sign_in(client, ash)
    done = factories.post(client, "/account/second-factor", **fields, code=phone.now())
    assert len(codes_on(done)) == factors.RECOVERY_CODES
    assert (is_signed_in(client), is_signed_in(elsewhere)) == (True, False)
    assert factories.post(client, "/account/second-factor/remove").location == "/account/"
    assert is_signed_in(client)
    assert newest_first(db, (), 1)[0].action == "second_factor_removed"
    assert enter(elsewhere).location == "/settings/"


@pytest.mark.one_database
def test_s16_removing_a_second_factor_makes_no_session_longer_and_no_sign_in_fresher(
    client: FlaskClient, db: Session, ash: Person, phone: TOTP, time: time_machine.Traveller
) -> None:
    half_way(client, ash)
    show(client, phone.now())
    time.shift(timedelta(minutes=14))
    factories.post(client, "/account/second-factor/remove")
    assert is_signed_in(client)
    time.shift(timedelta(minutes=1))
    assert client.get("/account/second-factor").status_code == 403


@pytest.mark.one_database
def test_of_a_second_factor_that_is_not_there_nothing_is_removed_or_made_anew(
    client: FlaskClient, db: Session, ash: Person
) -> None:
    factories.sign_in(client, ash)
    size = log_size(db)
    for page in ("/account/second-factor/remove", "/account/recovery-codes"):
        assert factories.post(client, page).location == "/account/"
        shown = client.get("/account/").text
        assert "You have no second factor." in shown and "removed" not in shown
    assert log_size(db) == size and db.execute(select(RecoveryCode)).all() == []


@pytest.mark.one_database
def test_what_was_offered_is_for_one_person_and_half_an_hour(
    client: FlaskClient, db: Session, ash: Person, time: time_machine.Traveller
) -> None:
    factories.sign_in(client, ash)
    theirs = Authenticator.new()
    secret = str(client.application.secret_key)
    for sealed in (theirs.sealed("u_" + "0" * 32, secret), "x", "é", ""):
        fields = {"offered": sealed, "code": TOTP(theirs.secret).now()}
        assert factories.post(client, "/account/second-factor", **fields).status_code == 422
    mine = theirs.sealed(ash.token, secret)
    time.shift(timedelta(minutes=31))
    assert Authenticator.offered(mine, ash.token, secret) is None
    assert db.execute(select(SecondFactor)).all() == []


@pytest.mark.one_database
def test_a_lost_one_is_taken_away_by_somebody_else_who_says_why(
    app: Flask,
    client: FlaskClient,
    db: Session,
    ash: Person,
    phone: TOTP,
) -> None:
    """Its owner is told by mail, is signed out, and never asked of themselves."""
    bea = factories.person(db, "administrator")
    elsewhere = factories.sign_in(app.test_client(), ash)
    factories.sign_in(client, bea)
    app.extensions["casework"] = replace(
        app.extensions["casework"], mail_server=MailServer("127.0.0.1", 25, "office@x.example")
    )
    page = f"/people/{ash.token}/second-factor"
    assert factories.post(elsewhere, page, reason="Mine.").status_code == 422
    assert factories.post(client, page, reason="").status_code == 422
    assert factories.post(client, page, reason="Lost on a train.").status_code == 302
    assert not is_signed_in(elsewhere) and enter(elsewhere).location == "/settings/"
    (mail,) = db.execute(select(OutboxMail)).scalars()
    assert (mail.recipient, mail.person) == (ASH, None) and "second factor" in mail.body
    told = newest_first(db, [AuditEvent.action == "second_factor_removed"], 9)
    assert [(event.actor, event.words) for event in told] == [
        (bea.token, {"reason": "Lost on a train."})
    ]
    assert factories.post(client, page, reason="Again.").status_code == 422
