"""`casework user`: what whoever runs the machine does to accounts, and that the log says so."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.accounts import factors, links, sessions
from casework.accounts.factors import Authenticator
from casework.audit.events import newest_first
from casework.audit.record import Origin
from casework.database import begin_write
from casework.models import OutboxMail, Person
from tests import factories
from tests.casework.cli.conftest import Console

pytestmark = pytest.mark.one_database
ALEX = "alex@office.example"


@pytest.fixture
def office(casework: Console, db: Session) -> Console:
    casework("user", "add", ALEX, "--name", "Alex", "--role", "reviewer")
    return casework


def roles(casework: Console) -> list[str]:
    (listed,) = casework.json("user", "list")
    assert listed["email"] == ALEX
    return [*listed["roles"], listed["status"]]


def test_roles_are_given_and_taken_at_once_and_the_log_says_that_a_command_did(
    office: Console, db: Session
) -> None:
    done = office("user", "roles", ALEX, "--give", "supervisor", "--take", "reviewer")
    assert done.stdout == f"{ALEX} holds: supervisor. Tell them.\n"
    assert roles(office) == ["supervisor", "invited"]
    event = newest_first(db, (), 1)[0]
    assert (event.action, event.actor, event.via) == ("roles_changed", "system", "command")
    db.rollback()
    assert office("user", "roles", ALEX).stdout == f"{ALEX} holds: supervisor.\n"
    assert newest_first(db, (), 1)[0].seq == event.seq
    db.rollback()
    refused = office("user", "roles", ALEX, "--give", "contractor", code=2)
    assert "Nothing was changed." in refused.stderr
    assert roles(office) == ["supervisor", "invited"]
    assert office("user", "list").stdout == f"invited  {ALEX}  Alex: supervisor\n1 in all.\n"


def test_somebody_is_let_in_no_more_and_again(office: Console, db: Session) -> None:
    office("user", "disable", ALEX, "--reason", "Left the office")
    assert roles(office) == ["reviewer", "disabled"]
    assert "disabled" in office("user", "list").stdout
    for refused in (
        office("user", "disable", ALEX, "--reason", "Twice", code=2),
        office("user", "invite", ALEX, code=2),
        office("user", "enable", "nobody@office.example", "--reason", "Who", code=2),
    ):
        assert "Nothing was changed." in refused.stderr
    office("user", "enable", ALEX, "--reason", "Came back")
    assert roles(office) == ["reviewer", "invited"]
    assert [event.action for event in newest_first(db, (), 2)] == [
        "person_enabled",
        "person_disabled",
    ]


def test_whoever_is_concerned_is_told_by_mail_what_a_command_did(
    office: Console, db: Session
) -> None:
    person = db.execute(select(Person)).scalar_one()
    begin_write(db)
    factors.set_up(db, person, Authenticator.new(), 1, "secret", Origin("web", person.token))
    db.commit()
    mail = {"CASEWORK_SMTP_HOST": "127.0.0.1", "CASEWORK_SMTP_FROM": "office@office.example"}
    sending = Console(office.environment | mail)
    for command in ("disable", "enable", "unpair"):
        done = sending("user", command, ALEX, "--reason", "Private").stdout
        assert done.endswith("They are told by email.\n")
    for _ in range(2):  # the second changes nothing
        sending("user", "roles", ALEX, "--give", "supervisor")
    sent = db.scalars(select(OutboxMail).order_by(OutboxMail.queued_at)).all()
    said = ("disabled your", "enabled your", "removed the second factor", "changed the roles")
    assert [mail.recipient for mail in sent] == [ALEX] * 4
    assert all(words in mail.body for words, mail in zip(said, sent, strict=True))
    assert not any("Private" in mail.body for mail in sent)
    db.rollback()


def test_one_or_everybody_is_signed_out_everywhere(office: Console, db: Session) -> None:
    bo = factories.person(db, "reviewer", email="bo@office.example")
    alex = db.execute(select(Person).where(Person.email == ALEX)).scalar_one()

    def open_sessions(*, begun: bool = False) -> list[bool]:
        begin_write(db)
        for person in (alex, bo):
            if begun:
                sessions.begin(db, person, "Firefox", by="password")
        found = [any(not each.why for each in sessions.of_person(db, p.token)) for p in (alex, bo)]
        db.commit()
        return found

    assert open_sessions(begun=True) == [True, True]
    office("user", "signout", ALEX, "--reason", "Lost the laptop")
    assert open_sessions() == [False, True]
    assert open_sessions(begun=True) == [True, True]
    office("user", "signout", "--everybody", "--reason", "A stolen backup")
    assert open_sessions() == [False, False]
    assert newest_first(db, (), 1)[0].words == {"reason": "A stolen backup"}
    db.rollback()
    for neither in ((), (ALEX, "--everybody")):
        office("user", "signout", *neither, "--reason", "x", code=2)


def test_another_link_ends_the_one_before(office: Console, db: Session) -> None:
    def link() -> str:
        return office("user", "invite", ALEX).stdout.rsplit("/", 1)[1].strip()

    first, second = link(), link()
    db.rollback()
    assert links.person_of_link(db, first) is None
    assert links.person_of_link(db, second) is not None


def test_a_lost_second_factor_is_taken_away_and_why_is_kept(office: Console, db: Session) -> None:
    person = db.execute(select(Person)).scalar_one()
    begin_write(db)
    factors.set_up(db, person, Authenticator.new(), 1, "secret", Origin("web", person.token))
    db.commit()
    office("user", "unpair", ALEX, "--reason", "Lost the phone")
    db.rollback()
    told = newest_first(db, (), 1)[0]
    assert (told.action, told.actor) == ("second_factor_removed", "system")
    assert told.words == {"reason": "Lost the phone"}
    db.rollback()
    refused = office("user", "unpair", ALEX, "--reason", "x", code=2).stderr
    assert refused.count("Nothing was changed.") == 1
