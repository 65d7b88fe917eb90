"""The page of mail to send: what needs somebody, and what they may say about it."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit.events import newest_first
from casework.database import begin_write
from casework.models import AuditEvent, OutboxMail
from casework.outbox import queue
from casework.outbox.mail import Mail
from casework.outbox.sending import Outcome
from tests import factories
from tests.casework.outbox.conftest import row
from tests.factories import post

Waiting = Callable[..., str]
EVENTS = {"retry": "letter_queued", "sent": "letter_sent", "cancel": "mail_failed"}
STATUS = {"retry": "queued", "sent": "sent", "cancel": "cancelled"}


@pytest.fixture
def reviewer(app: Flask, db: Session) -> FlaskClient:
    return factories.sign_in(app.test_client(), factories.person(db, "reviewer"))


def unsure(db: Session, mail: str) -> str:
    """A mail of which nobody knows whether it was sent."""
    begin_write(db)
    assert queue.claim(db, mail)
    queue.settle(db, mail, Outcome("unsure", "<b>Gone</b>"))
    db.commit()
    return mail


def told(db: Session) -> list[str]:
    db.rollback()
    return [event.action for event in newest_first(db, [AuditEvent.seq >= 0], limit=3)]


@pytest.mark.one_database
def test_the_page_tells_what_is_wrong_and_what_to_do(
    reviewer: FlaskClient, db: Session, waiting: Waiting
) -> None:
    assert "No mail waits" in reviewer.get("/mail").text
    waiting(recipient="first@example.org")
    unsure(db, waiting(recipient="second@example.org"))
    page = reviewer.get("/mail").text
    assert page.index("second@example.org") < page.index("first@example.org")
    assert "May have been sent" in page
    assert "&lt;b&gt;Gone" in page
    assert "No mail server is set up" in page


def test_a_person_decides_once_what_becomes_of_an_unsure_mail(
    reviewer: FlaskClient, db: Session, waiting: Waiting
) -> None:
    for number, decision in enumerate(EVENTS):
        mail = unsure(db, waiting())
        before = row(db, mail).message_id
        for _ in range(2):
            req = f"{number}" * 32
            answer = post(reviewer, f"/mail/{mail}/{decision}", seen="unsure", req=req)
            assert answer.location == "/mail"
        assert (row(db, mail).status, row(db, mail).message_id) == (STATUS[decision], before)
        assert told(db)[:2] == [EVENTS[decision], "mail_failed"]


@pytest.mark.one_database
def test_a_mail_that_moved_on_is_left_alone(
    reviewer: FlaskClient, db: Session, waiting: Waiting
) -> None:
    mail = unsure(db, waiting())
    assert post(reviewer, f"/mail/{mail}/cancel", seen="queued").status_code == 409
    assert post(reviewer, f"/mail/{mail}/burn", seen="unsure").status_code == 404
    assert post(reviewer, "/mail/m_0/cancel", seen="unsure").status_code == 404
    assert row(db, mail).status == "unsure"


@pytest.mark.one_database
def test_a_notice_is_for_whoever_looks_after_accounts_to_send_again_and_nobodys_to_stop(
    app: Flask, reviewer: FlaskClient, db: Session
) -> None:
    begin_write(db)
    queue.put_notice(db, Mail("zoe@example.org", "A subject", "Words"), message_id="<1@x>")
    db.commit()
    mail = db.scalars(select(OutboxMail.token)).one()
    ali = factories.sign_in(app.test_client(), factories.person(db, "administrator"))
    assert "zoe@example.org" not in reviewer.get("/mail").text
    assert post(reviewer, f"/mail/{mail}/cancel", seen="queued").status_code == 404
    assert "zoe@example.org" in ali.get("/mail").text
    assert post(ali, f"/mail/{mail}/cancel", seen="queued").status_code == 409
    assert row(db, mail).status == "queued"
    unsure(db, mail)
    page = ali.get("/mail").text
    assert "They were told" in page
    assert "/cancel" not in page
    assert post(ali, f"/mail/{mail}/cancel", seen="unsure").status_code == 409
    assert post(ali, f"/mail/{mail}/retry", seen="unsure").status_code == 302
    assert row(db, mail).status == "queued"
    assert told(db)[0] == queue.SETTLED
