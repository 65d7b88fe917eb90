"""The page of checkpoints: who keeps which, what none covers, and that a key is missing."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework import clock
from casework.audit import notes
from casework.audit.notes import SigningKey
from casework.checkpoints import keys
from casework.checkpoints.changes import change_key
from casework.checkpoints.queries import FOLDER
from casework.checkpoints.service import note_copy, sign
from casework.database import begin_write
from casework.models import Checkpoint
from tests import factories

pytestmark = pytest.mark.one_database
ALARM = "The key that signs the log is missing"


@pytest.fixture
def key_file(app: Flask) -> Path:
    """Where the key of this installation lies."""
    path: Path = app.extensions["casework"].signing_key
    return path


@pytest.fixture
def signed(db: Session, key_file: Path) -> Checkpoint:
    """A checkpoint of a log with a key, of which a copy left."""
    begin_write(db)
    key = keys.made(key_file, lambda: SigningKey.new("office.example/log"))
    change_key(db, key.verifier, None)
    row = sign(db, (key,))
    note_copy(db, row.size, FOLDER, "/elsewhere")
    db.commit()
    return row


def text_of(client: FlaskClient, path: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(path).text))


def test_those_in_charge_see_who_keeps_what_and_take_any_of_it(
    client: FlaskClient, db: Session, signed: Checkpoint, key_file: Path
) -> None:
    note, root, size = signed.note, signed.root.hex(), signed.size
    factories.sign_in(client, factories.person(db, "administrator"))
    page = text_of(client, "/checkpoints")
    key = keys.read(key_file).verifier
    for told in (
        f"{root[:32]} {root[32:]}",
        notes.code_of(note),
        key.fingerprint,
        key.encoded,
        "In the folder /elsewhere",
    ):
        assert told in page
    assert "1 entry is newer than the newest checkpoint outside" in page
    taken = client.get(f"/checkpoints/{size}")
    assert (taken.data, taken.mimetype) == (note.encode(), "text/plain")
    assert "checkpoint-000000000001.txt" in taken.headers["Content-Disposition"]
    for nothing in ("99", str(2**53), "9" * 30, "-1"):
        assert client.get(f"/checkpoints/{nothing}").status_code == 404


def test_the_trail_warns_once_an_entry_waits_too_long(
    client: FlaskClient, db: Session, signed: Checkpoint
) -> None:
    chief = factories.person(db, "chief_executive")
    for days, is_overdue in ((6, False), (8, True)):
        with time_machine.travel(clock.now() + timedelta(days=days), tick=False):
            factories.sign_in(client, chief)
            page = text_of(client, "/trail")
        assert (
            f"1 entry is newer than the newest checkpoint outside. It is {days} days old." in page
        )
        assert ("The office allows 7 days" in page) == is_overdue


def test_a_missing_key_is_told_on_every_page_of_those_in_charge_alone(
    app: Flask, db: Session, signed: Checkpoint, key_file: Path
) -> None:
    pages = {"chief_executive": "/", "administrator": "/checkpoints", "reviewer": "/"}
    clients = {role: app.test_client() for role in pages}
    for role, client in clients.items():
        factories.sign_in(client, factories.person(db, role))
        assert ALARM not in client.get(pages[role]).text
    key_file.unlink()
    told = {role for role, client in clients.items() if ALARM in client.get(pages[role]).text}
    assert told == {"chief_executive", "administrator"}
    assert "rotate --lost" in text_of(clients["administrator"], "/checkpoints")


def test_a_log_that_never_had_a_key_is_no_alarm(client: FlaskClient, db: Session) -> None:
    factories.sign_in(client, factories.person(db, "administrator"))
    page = text_of(client, "/checkpoints")
    assert ALARM not in page
    assert "Run: casework init" in page
    assert "No checkpoint is held outside yet" in page
