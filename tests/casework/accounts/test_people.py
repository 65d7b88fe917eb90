"""Adding people, and what the log may say of them."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.accounts import passwords, people
from casework.audit.events import newest_first
from casework.audit.record import Origin, log_size
from casework.database import begin_write
from casework.models import AuditEvent, Person
from tests import factories


def test_a_person_is_added_with_roles_and_the_log_knows_only_the_token(db: Session) -> None:
    begin_write(db)
    person = people.add_person(
        db, " Ash@Office.Example ", "Ash Reed", ["supervisor", "reviewer"], Origin("command")
    )
    db.commit()
    (event,) = newest_first(db, (), 10)
    assert person.email == "ash@office.example"
    assert person.role_names == {"reviewer", "supervisor"}
    assert (event.action, event.actor, event.role) == ("person_added", "system", "system")
    assert event.stat == {"person": person.token, "roles": ["reviewer", "supervisor"]}
    assert event.words == {"email": "ash@office.example", "name": "Ash Reed"}
    body = db.execute(select(AuditEvent.body)).scalar_one().lower()
    assert b"ash" not in body.replace(b"hash", b"")
    assert b"reed" not in body


@pytest.mark.parametrize(
    ("email", "name", "roles", "said"),
    [
        ("no address", "Ash", ["reviewer"], "correct format"),
        ("a@office.example", "  ", ["reviewer"], "name"),
        ("a@office.example", "A" * 201, ["reviewer"], "200"),
        ("a@office.example", "Ash", ["king"], "no role king. Roles are: reviewer"),
        ("TAKEN@office.example", "Ash", ["reviewer"], "already"),
    ],
)
def test_what_cannot_be_added_is_said_and_leaves_nothing(
    db: Session, email: str, name: str, roles: list[str], said: str
) -> None:
    factories.person(db, "reviewer", email="taken@office.example")
    size = log_size(db)
    begin_write(db)
    with pytest.raises(people.PersonRefused, match=said):
        people.add_person(db, email, name, roles, Origin("command"))
    db.commit()
    assert log_size(db) == size
    assert len(db.execute(select(Person)).all()) == 1


@pytest.mark.one_database
def test_s17_who_is_disabled_or_has_another_password_meanwhile_is_not_let_in_by_the_old(
    db: Session,
) -> None:
    ash = factories.person(db, email="ash@office.example", password=factories.PASSWORD)
    known = people.verify(db, "ash@office.example", factories.PASSWORD)
    assert known and people.verified(db, known) == ash
    begin_write(db)
    people.disable(db, ash, "Left.", Origin("command"), role="system")
    assert people.verified(db, known) is None
    db.rollback()
    begin_write(db)
    people.set_password(db, ash, passwords.hashed("another one altogether"), Origin("command"))
    assert people.verified(db, known) is None
    db.rollback()


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("one", "another"),
    [("a@faß.de", "a@fass.de"), ("ſam@office.example", "sam@office.example")],
)
def test_addresses_that_a_mail_server_tells_apart_are_of_two_people(one: str, another: str) -> None:
    """Or a link to set a password went to whoever has the other."""
    assert people.normal_email(one) != people.normal_email(another)
