"""Who is joined to whom in the directory: by command, on the log, and found where it was altered."""

import json
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework.accounts import directory
from casework.audit.record import Origin, erase_words_at, log_size
from casework.audit.verify import verify_log
from casework.database import begin_write
from casework.models import DirectoryLink, OutboxMail, Person
from tests import factories
from tests.casework.cli.conftest import Console
from tests.provider import CLIENT, SECRET, Directory

JO = "jo@office.example"


def faults(db: Session) -> list[str]:
    return [found.sentence for found in verify_log(db) if not found.holds]


def joined(db: Session) -> Person:
    person = factories.person(db, email=JO)
    begin_write(db)
    directory.link(db, person, "https://directory.example", "jo-1", Origin("command"))
    db.commit()
    return person


ALTERATIONS = {
    "another subject": update(DirectoryLink).values(subject="jo-2"),
    "another directory": update(DirectoryLink).values(issuer="https://elsewhere.example"),
    "taken out": delete(DirectoryLink),
}


@pytest.mark.parametrize("alteration", ALTERATIONS.values(), ids=ALTERATIONS)
def test_s51_a_link_that_was_altered_is_found(db: Session, alteration: object) -> None:
    person = joined(db)
    assert faults(db) == []
    begin_write(db)
    db.execute(alteration)  # type: ignore[call-overload]
    db.commit()
    said = f"Person {person.token} is not known to the directory as the log says: entry 1."
    assert faults(db) == [said]


@pytest.mark.one_database
def test_s51_a_link_that_was_put_in_is_found(db: Session) -> None:
    person = factories.person(db)
    begin_write(db)
    row = {"person_id": person.id, "issuer": "https://directory.example", "subject": "eve"}
    db.execute(insert(DirectoryLink), row)
    db.commit()
    (said,) = faults(db)
    assert said == f"Person {person.token} is not known to the directory as the log says."


@pytest.mark.one_database
def test_a_link_whose_words_were_erased_still_holds(db: Session) -> None:
    joined(db)
    begin_write(db)
    erase_words_at(db, [log_size(db) - 1])
    db.commit()
    assert "directory" not in " ".join(faults(db))


@pytest.fixture
def signing_on(environment: dict[str, str], there: Directory) -> Console:
    said = {
        "CASEWORK_URL": "https://casework.example",
        "CASEWORK_SSO_ISSUER": there.keycloak,
        "CASEWORK_SSO_CLIENT_ID": CLIENT,
        "CASEWORK_SSO_CLIENT_SECRET": SECRET,
    }
    return Console({**environment, **said})


@pytest.mark.one_database
def test_an_account_is_joined_and_parted_by_command(
    signing_on: Console,
    db: Session,
    client: FlaskClient,
    come: Callable[..., TestResponse],
    believe: Callable[..., object],
) -> None:
    believe(roles=frozenset())
    factories.person(db, "reviewer", email=JO)
    assert come(sub="jo-1", email=JO, email_verified=True).status_code == 403
    signing_on("directory", "link", JO, "--subject", "jo-1")
    assert come(sub="jo-1").status_code == 302
    (shown,) = signing_on.json("user", "list")
    assert shown["status"] == "active"
    signing_on("directory", "link", JO, "--subject", "jo-2", code=2)
    mail = {"CASEWORK_SMTP_HOST": "127.0.0.1", "CASEWORK_SMTP_FROM": "office@office.example"}
    sending = Console(signing_on.environment | mail)
    assert "told by email" in sending("directory", "unlink", JO).stdout
    assert client.get("/sign-in").status_code == 200  # the session ended
    assert come(sub="jo-1").status_code == 403
    signing_on("directory", "unlink", JO, code=2)
    signing_on("directory", "link", JO, "--subject", "ä", code=2)
    factories.person(db, "reviewer", email="kim@office.example")
    signing_on("directory", "link", JO, "--subject", "jo-1")
    signing_on("directory", "link", "kim@office.example", "--subject", "jo-1", code=2)
    assert len(db.execute(select(DirectoryLink)).all()) == 1
    (told,) = db.scalars(select(OutboxMail))
    assert told.recipient == JO and "parted your account" in told.body
    db.rollback()
    assert faults(db) == []


@pytest.mark.one_database
def test_the_directory_can_be_asked_whether_it_answers(
    environment: dict[str, str], signing_on: Console, there: Directory
) -> None:
    assert "is not set up" in Console(environment)("directory", "check", code=2).stderr
    well = signing_on("directory", "check").stdout
    assert f"{there.keycloak}/authorize and signs with 2 keys by RS256 or ES256" in well
    assert "https://casework.example/single-sign-on/back" in well
    there.next("signs by others")
    assert "signs with 0 keys" in signing_on("directory", "check", code=1).stdout
    there.next("describes another")
    told = json.loads(signing_on("directory", "check", "--json", code=1).stdout)
    assert (told["is_well"], told["issuer"]) == (False, there.keycloak)
