"""The office's mail on its way: sent once, put off, given up; and what a killed sender leaves."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import clock
from casework.audit.events import Event, newest_first
from casework.audit.record import Origin, log_size
from casework.cli.outbox import LOCK
from casework.database import begin_write
from casework.files.alone import alone
from casework.items import item_ref
from casework.models import AuditEvent, OutboxMail
from casework.outbox import queue
from casework.outbox.mail import Mail, new_message_id
from config import Settings
from tests import factories
from tests.casework.cli.conftest import Console
from tests.casework.outbox.conftest import SENDER, Post, issued, row
from tests.letter_factory import CONTENT
from tests.letter_factory import mail as mail_with

Waiting = Callable[..., str]


def events(db: Session, action: str) -> list[Event]:
    found = list(newest_first(db, [AuditEvent.action == action], limit=10))
    db.rollback()
    return found


def test_a_letter_arrives_and_is_on_the_log_without_its_address(
    casework: Console, post: Post, db: Session
) -> None:
    letter = issued(db)
    mail = mail_with(db, letter, "zoe@example.org")
    assert "1 sent." in casework("outbox", "send").stdout
    ((recipients, message),) = post.got
    (attached,) = message.iter_attachments()
    assert recipients == ["zoe@example.org"]
    assert (message["From"], message["Message-ID"]) == (SENDER, row(db, mail).message_id)
    assert attached.get_content() == CONTENT
    assert attached.get_filename() == "CR-L1.pdf"
    (sent,) = events(db, "letter_sent")
    assert (sent.stat["told"], sent.stat["way"], sent.role) == ("complainant", "mail", "system")
    assert "zoe" not in str(dict(sent.stat))
    assert sent.words and sent.words["addressee"] == "zoe@example.org"
    ref = item_ref(db, letter.item)
    assert ref is not None and ref.state == "sent"
    db.rollback()
    assert "0 sent." in casework("outbox", "send").stdout
    assert len(post.got) == 1


def test_a_sender_killed_between_sending_and_marking_leaves_a_mail_that_a_person_decides(
    casework: Console, post: Post, db: Session, waiting: Waiting
) -> None:
    mail = waiting()
    post.may_answer.clear()
    sender = subprocess.Popen(
        [sys.executable, "-c", "from casework.cli import main; main()", "outbox", "send"],
        env={**os.environ, **casework.environment},
    )
    assert post.has_words.wait(30)
    begin_write(db)  # so that the sender, once its mail is taken, waits for its turn to say so
    post.may_answer.set()
    assert post.has_quit.wait(30)
    sender.send_signal(signal.SIGKILL)
    sender.wait(30)
    assert row(db, mail).status == "sending"

    told = casework("outbox", "send", code=1)
    assert "It may have been sent at" in told.stdout
    assert "1 need somebody" in told.stderr
    assert row(db, mail).status == "unsure"
    assert [event.stat["failure"] for event in events(db, "mail_failed")] == ["unsure"]
    casework("outbox", "send", code=1)
    assert len(post.got) == 1

    begin_write(db)
    queue.retry(db, mail, "unsure", factories.SOMEBODY, _by_somebody())
    db.commit()
    casework("outbox", "send")
    assert post.ids == [row(db, mail).message_id] * 2
    assert row(db, mail).status == "sent"


def _by_somebody() -> Origin:
    return Origin("web", factories.SOMEBODY.token)


@pytest.mark.one_database
def test_no_answer_to_the_words_of_a_mail_leaves_it_unsure(
    casework: Console, post: Post, db: Session, waiting: Waiting
) -> None:
    mail = waiting()
    post.answers = ["hang up"]
    casework("outbox", "send", code=1)
    assert row(db, mail).status == "unsure"


def test_what_is_refused_for_good_is_not_tried_again(
    casework: Console, post: Post, db: Session, waiting: Waiting
) -> None:
    mail = waiting()
    post.answers = ["554 5.7.1 No such person as zoe@example.org"]
    told = casework("outbox", "send", code=1).stdout + casework("outbox", "list").stdout
    assert told.count("554 5.7.1") == 2
    assert "zoe" not in told + str(casework.json("outbox", "list"))
    assert row(db, mail).last_error == "554 5.7.1 No such person as zoe@example.org"
    assert row(db, mail).status == "failed"
    (failed,) = events(db, "mail_failed")
    assert (failed.stat["failure"], failed.stat["told"]) == ("refused", "complainant")
    casework("outbox", "send", code=1)
    assert len(post.got) == 1


@pytest.mark.one_database
def test_what_is_put_off_waits_longer_each_time_and_is_given_up_at_last(
    casework: Console, post: Post, db: Session, waiting: Waiting
) -> None:
    mail, waits = waiting(), []
    post.answers = ["451 Later"] * queue.MOST_ATTEMPTS
    for _ in range(queue.MOST_ATTEMPTS - 1):
        begun = row(db, mail).next_try_at
        with time_machine.travel(begun, tick=False):
            casework("outbox", "send")
            waits.append(row(db, mail).next_try_at - begun)
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (queue.FIRST_WAIT, queue.LONGEST_WAIT)
    assert len(post.got) == queue.MOST_ATTEMPTS - 1
    with time_machine.travel(row(db, mail).next_try_at, tick=False):
        casework("outbox", "send", code=1)
    assert row(db, mail).status == "failed"
    assert len(set(post.ids)) == 1


@pytest.mark.one_database
def test_a_server_that_cannot_be_reached_is_no_fault_of_a_mails(
    casework: Console, post: Post, db: Session, waiting: Waiting
) -> None:
    first, second = waiting(), waiting()
    casework("outbox", "send", CASEWORK_SMTP_PORT="1")
    assert (row(db, first).status, row(db, first).attempts) == ("queued", 0)
    assert "refused" in str(row(db, first).last_error)
    assert row(db, second).last_error is None
    assert "2 sent." in casework("outbox", "send").stdout


@pytest.mark.one_database
def test_encryption_that_is_asked_for_and_not_there_sends_nothing(
    casework: Console, post: Post, db: Session, waiting: Waiting
) -> None:
    mail = waiting()
    casework("outbox", "send", CASEWORK_SMTP_STARTTLS="yes")
    assert post.got == []
    assert "STARTTLS" in str(row(db, mail).last_error)


@pytest.mark.one_database
def test_two_runs_at_once_are_one(
    casework: Console, post: Post, settings: Settings, waiting: Waiting
) -> None:
    waiting()
    with alone(settings.data_dir / LOCK):
        assert "Another run" in casework("outbox", "send").stderr
    assert post.got == []


@pytest.mark.one_database
def test_a_letter_that_was_replaced_does_not_go_out(
    casework: Console, post: Post, db: Session
) -> None:
    letter = issued(db)
    mail = mail_with(db, letter)
    factories.move_item(db, letter.item, "replace_letter", clock.today(), {"replaced_by": 2})
    casework("outbox", "send")
    assert post.got == []
    assert row(db, mail).status == "cancelled"
    assert [event.stat["failure"] for event in events(db, "mail_failed")] == ["cancelled"]


@pytest.mark.one_database
def test_a_mail_whose_letter_was_tampered_with_on_disk_does_not_go_out(
    casework: Console, post: Post, db: Session, settings: Settings, waiting: Waiting
) -> None:
    mail = waiting()
    (stored,) = (path for path in settings.data_dir.glob("files/??/*") if path.is_file())
    stored.write_bytes(b"%PDF-1.7 another letter")
    casework("outbox", "send", code=1)
    assert post.got == []
    assert row(db, mail).status == "failed"


@pytest.mark.one_database
def test_a_dry_run_and_a_list_say_what_waits_without_addresses(
    casework: Console, post: Post, db: Session, waiting: Waiting
) -> None:
    mail = waiting()
    assert "1 would be sent." in casework("outbox", "send", "--dry-run").stdout
    assert post.got == []
    listed = casework.json("outbox", "list")
    assert [(each["token"], each["status"]) for each in listed] == [(mail, "queued")]
    assert "zoe" not in casework("outbox", "list").stdout
    told = casework.json("outbox", "send")
    assert (told["mails"][0]["status"], told["need_somebody"]) == ("sent", 0)


@pytest.mark.one_database
def test_what_is_set_up_wrongly_is_said(environment: dict[str, str]) -> None:
    right = {
        "CASEWORK_SMTP_HOST": "127.0.0.1",
        "CASEWORK_SMTP_FROM": SENDER,
        "CASEWORK_SMTP_STARTTLS": "no",
    }
    for name, value, said in (
        ("HOST", "", "No mail server"),
        ("FROM", "", "CASEWORK_SMTP_FROM"),
        ("PORT", "mail", "CASEWORK_SMTP_PORT"),
        ("STARTTLS", "maybe", "CASEWORK_SMTP_STARTTLS"),
        ("USER", "office", "in the clear"),
        ("PASSWORD_FILE", "nowhere", "cannot be read"),
    ):
        wrong = {**environment, **right, f"CASEWORK_SMTP_{name}": value}
        assert said in Console(wrong)("outbox", "send", code=2).stderr


@pytest.mark.one_database
def test_rows_that_a_person_settled_meanwhile_stay_as_they_are(
    db: Session, waiting: Waiting
) -> None:
    mail = waiting()
    begin_write(db)
    queue.cancel(db, mail, "queued", factories.SOMEBODY, _by_somebody())
    assert queue.claim(db, mail) is None
    with pytest.raises(queue.MailGone):
        queue.retry(db, mail, "cancelled", factories.SOMEBODY, _by_somebody())
    db.commit()
    assert db.get_one(OutboxMail, mail).status == "cancelled"
    assert clock.now() - db.get_one(OutboxMail, mail).queued_at < timedelta(minutes=1)


@pytest.mark.one_database
def test_a_receipt_is_sent_and_put_off_without_a_word_on_the_log_and_settled_with_one(
    casework: Console, post: Post, db: Session
) -> None:
    case = factories.case(db)
    for recipient in ("zoe@example.org", "sam@example.org"):
        begin_write(db)
        mail = Mail(recipient, "We have your request", f"Your reference is {case.reference}.")
        queue.put_receipt(db, case.case, mail, message_id=new_message_id(SENDER))
        db.commit()
    tokens = list(db.scalars(select(OutboxMail.token).order_by(OutboxMail.queued_at)))
    size = log_size(db)
    db.rollback()
    post.answers = ["250 Taken", "554 No such person"]
    assert "Receipt of an application" in casework("outbox", "send", code=1).stdout
    assert log_size(db) == size
    db.rollback()
    ((recipients, message), _) = post.got
    assert (recipients, message["Subject"]) == (["zoe@example.org"], "We have your request")
    assert message.get_content().strip() == f"Your reference is {case.reference}."
    assert [row(db, token).status for token in tokens] == ["sent", "failed"]
    begin_write(db)
    queue.retry(db, tokens[1], "failed", factories.SOMEBODY, _by_somebody())
    queue.cancel(db, tokens[1], "queued", factories.SOMEBODY, _by_somebody())
    db.commit()
    assert row(db, tokens[1]).status == "cancelled"
    told = events(db, queue.SETTLED)
    assert [event.stat["settled_as"] for event in told] == ["cancelled", "queued"]
    assert {(event.case, event.actor) for event in told} == {(case.case, factories.SOMEBODY.token)}
