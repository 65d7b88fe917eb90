"""Checkpoints that leave by the office's mail: they count once the server took them."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit.events import newest_first
from casework.checkpoints import queries
from casework.models import AuditEvent, OutboxMail
from casework.outbox import queue
from casework.verifier import verify_casework
from tests import factories
from tests.casework.cli.conftest import Console
from tests.casework.outbox.conftest import Post

KEEPERS = {"CASEWORK_CHECKPOINT_MAIL": "panel@office.example, auditor@office.example"}


@pytest.fixture
def office(mailing: dict[str, str]) -> Console:
    """A console on an office with a key, whose checkpoints two people are to keep."""
    made = Console({**mailing, **KEEPERS})
    made("init")
    return made


def test_a_copy_counts_once_the_server_took_it(
    office: Console, post: Post, db: Session, tmp_path: Path
) -> None:
    assert "2 mails wait" in office("audit", "checkpoint").stdout
    assert "mail" not in office("audit", "checkpoint").stdout
    assert "No checkpoint is held outside" in office("audit", "verify").stdout
    assert "Checkpoint of the log over 1 entry" in office("outbox", "list").stdout
    post.answers.append("550 No such person")
    office("outbox", "send", code=1)
    lock = Path(office.environment["CASEWORK_DATA_DIR"]) / "outbox.lock"
    assert lock.stat().st_mode & 0o777 == 0o600
    newest = queries.newest(db)
    assert newest is not None
    for _, message in post.got:
        words: Any = message.get_body()
        (enclosed,) = message.iter_attachments()
        assert enclosed.get_content_type() == "text/plain"
        assert enclosed.get_filename() == "checkpoint-1.txt"
        assert enclosed.get_payload(decode=True) == newest.note.encode()
    saved = {"sent with it": newest.note, "all of its words": words.get_content()}
    for name, text in saved.items():
        kept = tmp_path / name
        kept.write_bytes(text.encode())
        assert verify_casework.checkpoint_in(str(kept)).size == 1
        office("audit", "verify", "--checkpoint", str(kept))
    (left,) = queries.copies_of(db, [1])[1]
    assert [left.place] == post.got[1][0]
    db.rollback()
    assert "covers the whole log, 1 entry" in office("audit", "verify").stdout


@pytest.mark.one_database
def test_nobodys_word_makes_a_copy_and_whose_word_it_was_is_on_the_log(
    office: Console, post: Post, app: Flask, db: Session
) -> None:
    office("audit", "checkpoint")
    post.answers = ["550 No", "550 No"]
    office("outbox", "send", code=1)
    reviewer = factories.sign_in(app.test_client(), factories.person(db, "reviewer"))
    chief = factories.person(db, "chief_executive")
    in_charge = factories.sign_in(app.test_client(), chief)
    mail = db.scalars(select(OutboxMail.token)).first()
    assert "Checkpoint" not in reviewer.get("/mail").text
    assert factories.post(reviewer, f"/mail/{mail}/sent", seen="failed").status_code == 404
    assert "Checkpoint of the log over 1 entry" in in_charge.get("/mail").text
    assert factories.post(in_charge, f"/mail/{mail}/sent", seen="failed").status_code == 302
    db.rollback()
    assert db.scalars(select(OutboxMail.status).order_by(OutboxMail.status)).all() == [
        *("failed", "sent")
    ]
    assert queries.copies_of(db, [1]) == {1: ()}
    (told,) = newest_first(db, [AuditEvent.action == queue.SETTLED], 9)
    assert (told.actor, told.role) == (chief.token, "chief_executive")
    assert dict(told.stat) == {"kind": "checkpoint", "mail": mail, "settled_as": "sent"}


@pytest.mark.one_database
def test_in_production_nothing_is_queued_that_cannot_leave(office: Console, tmp_path: Path) -> None:
    production = {"CASEWORK_ENV": "production", "CASEWORK_SMTP_HOST": ""}
    told = office("audit", "checkpoint", code=1, **production).stderr
    assert "set CASEWORK_SMTP_HOST" in told
