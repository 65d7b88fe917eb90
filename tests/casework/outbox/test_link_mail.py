"""A link to set a password on its way: made when it leaves, and in nothing that is kept."""

import re

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from casework.accounts import people, proposals
from casework.audit.record import Origin
from casework.cli.demonstration.people import PASSWORD
from casework.database import begin_write
from casework.models import Base, OutboxMail, Person
from config import Settings
from tests import factories
from tests.casework.cli.conftest import Console
from tests.casework.outbox.conftest import Post

LINK = re.compile(r"http://127\.0\.0\.1:8000(/set-password/([\w-]{43}))")


@pytest.fixture
def settings(mailing: dict[str, str]) -> Settings:
    """An office whose pages and commands have the same mail server."""
    return Settings.from_environment(mailing)


def everything(db: Session) -> str:
    """All that the database holds, as text."""
    db.rollback()
    tables = Base.metadata.sorted_tables
    return "".join(str(tuple(row)) for table in tables for row in db.execute(table.select()))


def asked_for(db: Session, person: Person, app: Flask) -> None:
    visitor = app.test_client()
    sent = factories.post(visitor, "/forgotten-password", email=person.email)
    assert sent.location == "/forgotten-password/sent"


def test_a_link_that_was_asked_for_arrives_opens_and_was_kept_nowhere(
    app: Flask, db: Session, casework: Console, post: Post
) -> None:
    person = factories.person(db, email="ash@office.example", password=PASSWORD)
    asked_for(db, person, app)
    casework("outbox", "send")
    ((to, message),) = post.got
    assert to == ["ash@office.example"]
    link = LINK.search(message.get_content().replace("\n", " "))
    assert link
    assert link[2] not in everything(db)
    visitor = app.test_client()
    visitor.get(link[1])
    set_to = "seven herons over a weir"
    assert factories.post(visitor, "/set-password", password=set_to).location == "/sign-in"
    fields = {"email": person.email, "password": set_to}
    assert factories.post(visitor, "/sign-in", **fields).status_code == 302


@pytest.mark.one_database
def test_an_invitation_goes_out_when_a_second_person_agrees(
    app: Flask, db: Session, casework: Console, post: Post
) -> None:
    ali = factories.sign_in(app.test_client(), factories.person(db, "administrator"))
    new = {"name": "Kit Vale", "email": "kit@office.example", "roles": ["panel"]}
    assert factories.post(ali, "/people/invite", **new).status_code == 302
    assert db.query(OutboxMail).all() == []
    chief = factories.sign_in(app.test_client(), factories.person(db, "chief_executive"))
    seq = proposals.open_proposals(db)[-1].seq
    account = factories.post(chief, f"/people/proposals/{seq}/agree").location
    assert "waits to be sent" in ali.get(account).text
    assert "kit@office.example" in ali.get("/mail").text
    assert "kit@office.example" not in chief.get("/mail").text
    casework("outbox", "send")
    ((to, message),) = post.got
    assert to == ["kit@office.example"]
    assert LINK.search(message.get_content().replace("\n", " "))
    assert "was sent" in ali.get(account).text
    assert "Link to set a password given" in ali.get(account).text
    assert factories.post(ali, f"{account}/link").location == account


@pytest.mark.one_database
@pytest.mark.parametrize("how", ["disabled", "moved"])
def test_a_link_does_not_go_to_who_is_let_in_no_more_or_no_longer_has_the_address(
    app: Flask, db: Session, casework: Console, post: Post, how: str
) -> None:
    person = factories.person(db, email="ash@office.example", password=PASSWORD)
    asked_for(db, person, app)
    person, by = db.merge(person), factories.person(db, "administrator").token
    chief = factories.person(db, "chief_executive").token
    begin_write(db)
    if how == "disabled":
        people.disable(db, person, "Left.", Origin("command"), role="system")
    else:
        proposals.propose_email(
            db, person, "new@office.example", Origin("web", by), role="administrator"
        )
        seq = proposals.open_proposals(db)[-1].seq
        proposals.agree(db, seq, Origin("web", chief), role="chief_executive")
    db.commit()
    casework("outbox", "send")
    assert post.got == []
    db.rollback()
    assert [row.status for row in db.query(OutboxMail)] == ["cancelled"]
