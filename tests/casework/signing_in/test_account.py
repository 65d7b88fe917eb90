"""One’s own account: where one is signed in, and a new password."""

from datetime import timedelta

import pytest
import time_machine
from argon2 import PasswordHasher
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from casework import clock
from casework.accounts import passwords, sessions
from casework.audit.record import log_size
from casework.database import begin_write
from casework.models import Person, StaffSession
from casework.web.devices import device_of
from tests import factories
from tests.factories import PASSWORD

NEW = "seven herons over a weir"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def ash(db: Session) -> Person:
    return factories.person(db, "administrator", email="ash@office.example", password=PASSWORD)


def another(client: FlaskClient, who: Person) -> FlaskClient:
    return factories.sign_in(client.application.test_client(), who)


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/account/").status_code == 200


def numbers(db: Session, who: Person) -> list[int]:
    return [each.number for each in sessions.of_person(db, who.token) if each.why is None]


@pytest.mark.one_database
def test_s13_the_cookie_holds_a_random_id_and_nothing_of_the_person(
    client: FlaskClient, db: Session, ash: Person
) -> None:
    headers = {"User-Agent": FIREFOX}
    fields = {"email": ash.email, "password": PASSWORD, "csrf_token": factories.csrf_token(client)}
    client.post("/sign-in", data=fields, headers=headers)
    page = client.get("/account/").text
    assert "Firefox on Windows" in page and "You are here" in page
    cookie = client.get_cookie("casework")
    signer = SecureCookieSessionInterface().get_signing_serializer(client.application)
    assert cookie and signer
    held = signer.loads(cookie.value)
    assert held.keys() <= {"_user_id", "_fresh", "_id", "_permanent", "csrf_token"}
    assert ash.token not in str(held) and len(held["_user_id"]) >= 43
    assert held["_user_id"] not in str(db.execute(select(StaffSession.__table__)).all())


@pytest.mark.one_database
def test_one_session_is_ended_and_the_others_go_on(
    client: FlaskClient, db: Session, ash: Person
) -> None:
    there, third = another(client, ash), another(client, ash)
    factories.sign_in(client, ash)
    here, _, first = numbers(db, ash)
    answer = factories.post(client, f"/account/sessions/{first}/end")
    assert answer.location == "/account/"
    assert [is_signed_in(each) for each in (client, there, third)] == [True, False, True]
    for gone in (first, 10**30):
        assert factories.post(client, f"/account/sessions/{gone}/end").status_code == 404
    factories.post(client, "/account/sessions/end-others")
    assert [is_signed_in(each) for each in (client, there, third)] == [True, False, False]
    assert numbers(db, ash) == [here]
    assert "Ended: from elsewhere, by you" in client.get("/account/").text


@pytest.mark.one_database
def test_s03_nobody_ends_or_sees_anothers_session(
    client: FlaskClient, db: Session, ash: Person
) -> None:
    bea = factories.person(db, "administrator")
    hers = another(client, bea)
    factories.sign_in(client, ash)
    (number,) = numbers(db, bea)
    assert factories.post(client, f"/account/sessions/{number}/end").status_code == 404
    factories.post(client, "/account/sessions/end-others")
    assert is_signed_in(hers)
    assert f"/sessions/{number}/" not in client.get("/account/").text


def test_s17_a_new_password_ends_every_other_session_and_renews_this_one(
    client: FlaskClient, db: Session, ash: Person
) -> None:
    there = another(client, ash)
    factories.sign_in(client, ash)
    stolen = client.get_cookie("casework")
    wrong = {"present_password": "not this one", "new_password": NEW}
    assert factories.post(client, "/account/password", **wrong).status_code == 422
    easy = {"present_password": PASSWORD, "new_password": "password1234"}
    assert factories.post(client, "/account/password", **easy).status_code == 422
    assert is_signed_in(there)
    right = {"present_password": PASSWORD, "new_password": NEW}
    assert factories.post(client, "/account/password", **right).location == "/account/"
    assert (is_signed_in(client), is_signed_in(there)) == (True, False)
    assert stolen
    there.set_cookie("casework", stolen.value)
    assert not is_signed_in(there)
    entered = {"email": ash.email, "password": NEW}
    assert factories.post(there, "/sign-in", **entered).status_code == 302


def test_s16_that_a_session_is_used_is_written_once_a_minute(
    client: FlaskClient, db: Session, ash: Person
) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        begun = clock.now()
        factories.sign_in(client, ash)
        for seconds, written in ((59, 0), (1, 60), (59, 60), (2, 121)):
            traveller.shift(timedelta(seconds=seconds))
            assert client.get("/stay-signed-in").status_code == 204
            (row,) = db.execute(select(StaffSession)).scalars()
            assert row.last_seen_at == begun + timedelta(seconds=written)
        traveller.shift(sessions.IDLE)
        assert sessions.of_person(db, ash.token)[0].why == "idle"
        traveller.shift(sessions.KEPT_FOR)
        factories.sign_in(client, ash)
    assert len(db.execute(select(StaffSession)).all()) == 1


@pytest.mark.one_database
def test_s18_guessing_the_present_password_waits_like_guessing_at_the_door(
    client: FlaskClient, ash: Person
) -> None:
    factories.sign_in(client, ash)
    wrong = {"present_password": "not this one", "new_password": NEW}
    for _ in range(10):
        assert factories.post(client, "/account/password", **wrong).status_code == 422
    assert factories.post(client, "/account/password", **wrong).status_code == 429
    entered = {"email": ash.email, "password": PASSWORD}
    assert factories.post(client, "/sign-in", **entered).status_code == 429


@pytest.mark.one_database
def test_s16_a_new_password_makes_no_session_longer_and_no_sign_in_fresher(
    client: FlaskClient, db: Session, ash: Person
) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        factories.sign_in(client, ash)
        traveller.shift(timedelta(minutes=15))
        right = {"present_password": PASSWORD, "new_password": NEW}
        assert factories.post(client, "/account/password", **right).location == "/account/"
        assert client.get("/account/second-factor").status_code == 403


@pytest.mark.one_database
def test_s17_who_is_signed_out_while_a_new_password_is_hashed_stays_out(
    client: FlaskClient, db: Session, ash: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed = passwords.hashed

    def meanwhile(password: str) -> str:
        begin_write(db)
        sessions.end_all(db, ash.token, "sent_out")
        db.commit()
        return hashed(password)

    factories.sign_in(client, ash)
    monkeypatch.setattr(passwords, "hashed", meanwhile)
    right = {"present_password": PASSWORD, "new_password": NEW}
    assert factories.post(client, "/account/password", **right).status_code == 401
    assert not is_signed_in(client) and not numbers(db, ash)
    entered = {"email": ash.email, "password": PASSWORD}
    assert factories.post(client, "/sign-in", **entered).status_code == 302


@pytest.mark.one_database
def test_s22_a_new_password_is_weighed_only_for_who_knows_the_present_one(
    client: FlaskClient, ash: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    weighed: list[str] = []
    monkeypatch.setattr(passwords, "check", lambda password, *_: weighed.append(password))
    factories.sign_in(client, ash)
    for present in ("not this one", PASSWORD):
        fields = {"present_password": present, "new_password": f"{NEW} {present}"}
        factories.post(client, "/account/password", **fields)
    assert weighed == [f"{NEW} {PASSWORD}"]


@pytest.mark.one_database
def test_s22_a_password_kept_with_other_parameters_is_hashed_anew_when_it_comes(
    client: FlaskClient, db: Session, ash: Person
) -> None:
    begin_write(db)
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    db.execute(update(Person).values(password_hash=old))
    db.commit()
    size = log_size(db)
    for password, status in (("not this one", 422), (PASSWORD, 302), (PASSWORD, 302)):
        entered = {"email": ash.email, "password": password}
        assert factories.post(client, "/sign-in", **entered).status_code == status
        factories.post(client, "/sign-out")
    kept = db.execute(select(Person.password_hash)).scalar_one()
    assert kept and "m=19456,t=2" in kept
    assert log_size(db) == size


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (FIREFOX, "Firefox on Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1",
            "Safari on an iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Linux"),
        ("<script>alert(1)</script>", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_device_is_told_in_words_of_ours(sent: str, told: str) -> None:
    assert device_of(sent) == told
