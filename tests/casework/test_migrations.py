"""A database that goes back and forth between schemas holds what its log says."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from flask import Flask
from sqlalchemy import Connection, create_engine, select
from sqlalchemy.orm import Session

from casework.accounts import directory, factors
from casework.accounts.factors import Authenticator
from casework.audit.checks_factors import check_second_factors
from casework.audit.checks_people import check_people
from casework.audit.checks_tables import check_cases
from casework.audit.notes import SigningKey
from casework.audit.record import Origin, log_size
from casework.checkpoints.changes import change_key
from casework.checkpoints.service import note_copy, sign
from casework.database import begin_write, migrations_folder, prepare, upgrade
from casework.extensions import db as extension
from casework.models import (
    Case,
    Checkpoint,
    DirectoryLink,
    OutboxMail,
    Person,
    RecoveryCode,
    SecondFactor,
    StaffSession,
)
from casework.outbox.mail import Mail
from casework.outbox.queue import put_checkpoint, put_link, put_receipt
from casework.retention.filling import fill_days
from tests import factories
from tests.factories import LOGGED_ON

KEPT = (Case.complainant_telephone, Case.telephone_key, Case.name_key, Case.email_key)
MISTAKE = {"reason": "Entered on the wrong case."}


@contextmanager
def writing(url: str) -> Iterator[Connection]:
    engine = prepare(create_engine(url))
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection
    engine.dispose()


def downgrade(url: str, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    with writing(url) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def back_and_forth(session: Session, url: str, revision: str) -> None:
    """Undo what came after a migration, and do it again as `casework init` does."""
    session.rollback()
    extension.engine.dispose()
    downgrade(url, revision)
    upgrade(url)
    begin_write(session)
    fill_days(session)
    session.commit()


def rows(session: Session) -> dict[str, Any]:
    return {row.reference: tuple(row)[1:] for row in session.execute(select(Case.reference, *KEPT))}


@pytest.mark.parametrize("revision", ["0009", "0006"])
def test_s58_telephone_numbers_come_back_from_the_log(
    db: Session, database_url: str, revision: str
) -> None:
    """Also corrected, blanked and annulled ones, corrections undone, and those of another number.

    Before 0007 nobody wrote one down: so an office upgrades whose log has none, as of case g.
    """
    first: dict[str, Any] = {"complainant_name": "Jo Wren", "complainant_telephone": "01632 960001"}
    moved = {name: factories.case(db, reference=name, **first) for name in "abcdef"}

    def amend(name: str, step: str, target: int, **facts: str) -> int:
        return factories.move(db, name, step, None, {**MISTAKE, **facts}, target=target).seq

    number = {"complainant_telephone": "+44 1632 960002"}
    amend("b", "correct", moved["b"].seq, **number)
    undone = amend("c", "correct", moved["c"].seq, **number)
    amend("c", "annul", undone)
    added = {
        name: factories.move(db, name, "complete_application", LOGGED_ON, number) for name in "de"
    }
    undone = amend("d", "annul", added["d"].seq)
    amend("d", "annul", undone)
    amend("e", "annul", added["e"].seq)
    amend("f", "correct", moved["f"].seq, complainant_telephone="")
    factories.case(db, complainant_name="Sam Rail", reference="g")
    before = rows(db)
    assert [before[name][1] for name in "abcdefg"] == [
        "1632960001",
        "1632960002",
        "1632960001",
        "1632960002",
        "1632960001",
        None,
        None,
    ]
    back_and_forth(db, database_url, revision)
    assert rows(db) == before
    assert [found for found in check_cases(db, log_size(db), {}) if not found.holds] == []


def test_s58_mail_about_cases_outlasts_the_checkpoints_and_mail_with_one_does_not(
    db: Session, database_url: str
) -> None:
    case, person = factories.case(db).case, factories.person(db).token
    begin_write(db)
    key = SigningKey.new("office/log")
    change_key(db, key.verifier, None)
    size = sign(db, (key,)).size
    mail = Mail("zoe@example.org", "A subject", "Words")
    put_receipt(db, case, mail, message_id="<1@x>")
    put_checkpoint(db, size, mail, message_id="<2@x>")
    put_link(db, person, mail, message_id="<3@x>", queued_by="system")
    note_copy(db, size, "mail", mail.recipient)
    db.commit()
    back_and_forth(db, database_url, "0012")
    (left,) = db.execute(select(OutboxMail.case_token, OutboxMail.checkpoint)).all()
    assert tuple(left) == (case, None)
    assert db.query(Checkpoint).all() == []
    begin_write(db)
    assert sign(db, (key,)).size == size
    db.commit()


def test_s58_a_role_with_a_name_too_long_for_the_older_software_stays(
    db: Session, database_url: str
) -> None:
    both = factories.person(db, "supervisor", "casework_administrator").token
    back_and_forth(db, database_url, "0014")
    held = db.execute(select(Person).where(Person.token == both)).scalar_one()
    assert held.role_names == {"supervisor", "casework_administrator"}
    assert [found for found in check_people(db, log_size(db)) if not found.holds] == []


def test_s58_who_is_joined_to_the_directory_comes_back_from_the_log(
    db: Session, database_url: str
) -> None:
    """Not who was parted from it, nor under which name they were before."""
    ann, bob, eve = (factories.person(db, email=f"{name}@office.example") for name in "abe")
    begin_write(db)
    for person, subject in ((ann, "first"), (bob, "bob"), (eve, "eve")):
        directory.link(db, person, "https://directory.example", subject, Origin("command"))
    for person in (ann, eve):
        directory.unlink(db, person, Origin("command"))
    directory.link(db, ann, "https://directory.example", "zweite “ä”", Origin("command"))
    db.commit()
    joined = select(DirectoryLink.issuer, DirectoryLink.subject).order_by(DirectoryLink.subject)
    before = db.execute(joined).all()
    back_and_forth(db, database_url, "0017")
    assert db.execute(joined).all() == before and len(before) == 2


def test_s58_going_back_signs_everybody_out_and_keeps_second_factors_of_who_is_there(
    app: Flask, db: Session, database_url: str
) -> None:
    person = factories.person(db)
    begin_write(db)
    factors.set_up(db, person, Authenticator.new(), 1, "secret", Origin("web", person.token))
    db.commit()
    factories.sign_in(app.test_client(), person)
    held = (
        select(Person.token, Person.email, Person.is_active),
        select(SecondFactor.person_id, SecondFactor.sealed, SecondFactor.last_step),
        select(RecoveryCode.code_hash).order_by(RecoveryCode.code_hash),
    )
    before = [db.execute(each).all() for each in held]
    back_and_forth(db, database_url, "0014")
    assert [db.execute(each).all() for each in held] == before and all(before)
    assert db.query(StaffSession).all() == []
    assert [found for found in check_second_factors(db, log_size(db)) if not found.holds] == []
    back_and_forth(db, database_url, "base")
    assert [db.execute(each).all() for each in held] == [[], [], []], "nobody else gets them"
