"""Whoever’s account is changed in how it is signed in to is told, where the account’s mail went."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyotp import TOTP
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.accounts import links, proposals
from casework.database import begin_write
from casework.models import OutboxMail, Person
from config import Settings
from tests import factories
from tests.factories import PASSWORD, post

ASH = "ash@office.example"
NEW = "seven herons over a weir"


@pytest.fixture
def settings(environment: dict[str, str]) -> Settings:
    """An office with a mail server, which nothing here needs to answer."""
    mail = {"CASEWORK_SMTP_HOST": "127.0.0.1", "CASEWORK_SMTP_FROM": "office@office.example"}
    return Settings.from_environment({**environment, **mail})


@pytest.fixture
def ash(db: Session) -> Person:
    return factories.person(db, "administrator", email=ASH, password=PASSWORD)


def told(db: Session) -> list[tuple[str, str]]:
    """To whom the newest mails go, and how they begin; each is read once."""
    db.rollback()
    mails = db.scalars(select(OutboxMail).order_by(OutboxMail.queued_at, OutboxMail.token)).all()
    found = [(mail.recipient, " ".join(mail.body.split())) for mail in mails]
    begin_write(db)
    for mail in mails:
        db.delete(mail)
    db.commit()
    return found


def set_up(client: FlaskClient, page: str) -> int:
    """Set up the second factor that a page offers; the status."""
    shown = client.get(page).text
    key = re.search(r'app-secret">\s*([A-Z2-7 ]+?)\s*<', shown)
    sealed = re.search(r'name="offered"[^>]*value="([^"]+)"', shown)
    assert key and sealed
    code = TOTP(key[1].replace(" ", "")).now()
    return post(client, page, offered=sealed[1], code=code).status_code


@pytest.mark.one_database
def test_who_changes_how_they_sign_in_is_told_of_each_change_and_of_nothing_else(
    app: Flask, db: Session, ash: Person
) -> None:
    client, visitor = factories.sign_in(app.test_client(), ash), app.test_client()
    changes = {
        "password": {"present_password": PASSWORD, "new_password": NEW},
        "recovery-codes": {},
        "second-factor/remove": {},
    }
    for fields in ({**changes["password"], "present_password": "wrong"}, changes["password"]):
        post(client, "/account/password", **fields)
    ((to, words),) = told(db)
    assert to == ASH and words.startswith("A new password was set")
    for again in range(2):
        assert set_up(client, "/account/second-factor") == 200, again
        ((to, words),) = told(db)
        assert to == ASH and words.startswith("A second factor was set up")
    assert post(client, "/account/recovery-codes").status_code == 200
    ((to, words),) = told(db)
    assert to == ASH and words.startswith("New recovery codes were made")
    for _ in range(2):
        assert post(client, "/account/second-factor/remove").status_code == 302
    ((to, words),) = told(db)
    assert to == ASH and words.startswith("The second factor of your account")
    begin_write(db)
    link = links.new_link(db, db.merge(ash))
    db.commit()
    visitor.get(f"/set-password/{link}")
    for _ in range(2):
        post(visitor, "/set-password", password="five herons over two weirs")
    ((to, words),) = told(db)
    assert to == ASH and words.startswith("A new password was set")


@pytest.mark.one_database
def test_another_address_is_told_to_the_one_before(app: Flask, db: Session, ash: Person) -> None:
    """Whoever had an account moved away from its owner has not silenced it."""
    chief = factories.sign_in(app.test_client(), factories.person(db, "chief_executive"))
    ali = factories.sign_in(app.test_client(), factories.person(db, "administrator"))
    assert post(ali, f"/people/{ash.token}/email", email="new@office.example").status_code == 302
    assert (
        post(
            ali,
            f"/people/{ash.token}/roles",
            held="administrator",
            roles=["administrator", "supervisor"],
        ).status_code
        == 302
    )
    seqs = [each.seq for each in proposals.open_proposals(db)]
    db.rollback()
    assert told(db) == []
    for seq in seqs:
        assert post(chief, f"/people/proposals/{seq}/agree").status_code == 302
    ((to, words),) = told(db)
    assert to == ASH and "has another email address" in words


@pytest.mark.one_database
def test_who_is_kept_out_and_let_in_again_is_told(app: Flask, db: Session, ash: Person) -> None:
    ali = factories.sign_in(app.test_client(), factories.person(db, "administrator"))
    for step, said in (("disable", "disabled your account"), ("enable", "enabled your account")):
        for _ in range(2):
            post(ali, f"/people/{ash.token}/{step}", reason="Private")
        ((to, words),) = told(db)
        assert to == ASH and said in words and "Private" not in words
