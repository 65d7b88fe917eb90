"""How an installation is: said of every fault to whoever runs it, of nobody's case, and to nobody else."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from casework import clock
from casework.cli.installing import give_first_key
from casework.database import begin_write
from casework.models import OutboxMail
from casework.outbox.mail import Mail
from casework.outbox.queue import FAILED, put_receipt
from config import Settings
from tests import factories
from tests.casework.cli.conftest import Console

CANARY = "Canarywords Nightjar"
NAMES = ["Release", "Database", "Audit log", "Checkpoints outside", "Mail", "Backup", "Disk"]


@pytest.fixture
def casework(environment: dict[str, str]) -> Console:
    """A console on an office with a mail server that is never asked."""
    mail = {"CASEWORK_SMTP_HOST": "127.0.0.1", "CASEWORK_SMTP_FROM": "office@office.example"}
    return Console({**environment, **mail})


def states(casework: Console, code: int) -> dict[str, str]:
    return {line["name"]: line["state"] for line in casework.json("status", code=code)}


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_each_fault_is_said_and_what_is_mended_is_well(
    casework: Console, db: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(states(casework, 1)) == NAMES
    assert states(casework, 1)["Backup"] == "wrong"
    casework("backup", str(tmp_path / "office.age"))
    assert {name: state for name, state in states(casework, 0).items() if state != "well"} == {
        "Checkpoints outside": "look"  # there is none, and none is overdue yet
    }
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        assert states(casework, 1)["Backup"] == "wrong"
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(100, 90, 10))
    assert states(casework, 1)["Disk"] == "wrong"


@pytest.mark.one_database
def test_mail_that_stays_and_a_log_that_nobody_signs_are_said(
    casework: Console, db: Session, settings: Settings
) -> None:
    case = factories.case(db).case
    begin_write(db)
    give_first_key(db, settings.signing_key)
    put_receipt(db, case, Mail("zoe@nightjar.example", "A subject", "Words"), message_id="<1@x>")
    db.commit()
    assert states(casework, 1)["Audit log"] == "wrong"
    assert states(casework, 1)["Mail"] == "well"
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        later = states(casework, 1)
    assert (later["Mail"], later["Checkpoints outside"]) == ("wrong", "wrong")
    begin_write(db)
    db.execute(update(OutboxMail).values(status=FAILED))
    db.commit()
    assert states(casework, 1)["Mail"] == "wrong"
    told = casework("status", code=1, CASEWORK_SMTP_HOST="").stdout
    assert "1 need somebody" in told


@pytest.mark.one_database
def test_tables_of_another_release_are_said_by_the_page(client: FlaskClient, db: Session) -> None:
    factories.sign_in(client, factories.person(db, "administrator"))
    begin_write(db)
    db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    db.commit()
    assert "Its tables are not this release’s." in client.get("/status").text


@pytest.mark.one_database
def test_the_page_says_the_same_to_the_administrator_and_nothing_of_a_case(
    casework: Console, client: FlaskClient, db: Session
) -> None:
    factories.case(db, complainant_name=CANARY, reference="NIGHTJAR/1")
    factories.sign_in(client, factories.person(db, "administrator"))
    page = client.get("/status").text
    for line in casework.json("status", code=1):
        assert line["sentence"] in page or line["name"] == "Mail"  # the page has no mail server
    assert "ightjar" not in page.lower()
    assert "ightjar" not in casework("status", code=1).stdout.lower()


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("peer", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("192.0.2.1", {}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.1"}, 404),
        ("127.0.0.1", {"Forwarded": "for=192.0.2.1"}, 404),
    ],
)
def test_only_the_machine_itself_is_told_that_it_is_alive(
    client: FlaskClient, peer: str, headers: dict[str, str], status: int
) -> None:
    answer = client.get("/alive", environ_base={"REMOTE_ADDR": peer}, headers=headers)
    assert answer.status_code == status
    assert (answer.text == "alive\n") == (status == 200)


@pytest.mark.one_database
def test_without_its_database_it_is_not_alive(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    from sqlalchemy.exc import OperationalError

    def lost(*_: object) -> None:
        raise OperationalError("", {}, sqlite3.OperationalError("unable to open database file"))

    monkeypatch.setattr(Session, "execute", lost)
    assert client.get("/alive").status_code == 503
