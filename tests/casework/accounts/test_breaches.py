"""Entries about accounts that nobody could have made by the rules: named by both verifiers of the log."""

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from casework import permissions
from casework.accounts import directory, people, roles
from casework.audit import checks_people
from casework.audit.checks_people import check_people
from casework.audit.record import SYSTEM, NewEvent, Origin, Via, append, log_size
from casework.database import begin_write
from casework.models import AuditDetail, Person, PersonRole
from casework.verifier import verify_casework
from tests import factories
from tests.casework.verifier.both import exported, strangers, wrong

ROLE = "administrator"
Breach = Callable[["Breaches"], int]


class Breaches:
    """A log to which somebody who can write to the database adds entries, and rows to match them."""

    def __init__(self, db: Session) -> None:
        self.db = db
        self.ali, self.bo = (factories.person(db, "administrator").token for _ in range(2))
        self.pat, self.sky = (factories.person(db, role).token for role in ("panel", "auditor"))

    def whom(self) -> Person:
        """Somebody new, of whom no entry is out of order."""
        return factories.person(self.db, "panel")

    def entry(
        self,
        action: str,
        by: str,
        person: Person,
        *,
        via: Via = "web",
        email: str | None = None,
        **stat: Any,
    ) -> int:
        """The position of an entry that is added; a person's roles and address are what it says.

        An `email` that is empty stands for an entry without words.
        """
        kept = person.email if email is None else email
        texts = {"email": kept} if kept and action.startswith("email") else {}
        begin_write(self.db)
        if action == "roles_changed":
            person.roles = [PersonRole(role=role) for role in stat["roles"]]
        if action == "email_changed":
            person.email = kept or person.email
        if action in ("person_disabled", "person_enabled"):
            person.is_active = action == "person_enabled"
        if action == "person_renamed":
            texts["name"] = person.name
        said = {"person": person.token, **stat}
        event = NewEvent(action, "administrator", stat=said, texts=texts)
        seq = append(self.db, event, Origin(via, by)).seq
        self.db.commit()
        return seq

    def proposed(
        self,
        person: Person,
        *,
        by: str | None = None,
        kind: str = "roles",
        email: str | None = None,
    ) -> int:
        stat: dict[str, Any] = {"roles": ["reviewer"]} if kind == "roles" else {}
        return self.entry(f"{kind}_proposed", by or self.ali, person, email=email, **stat)

    def changed(
        self,
        person: Person,
        by: str,
        proposed_in: int | None,
        role: str = "reviewer",
        via: Via = "web",
    ) -> int:
        held = ["panel", role]
        return self.entry("roles_changed", by, person, via=via, roles=held, proposed_in=proposed_in)

    def given_alone(self) -> int:
        return self.changed(self.whom(), self.ali, None)

    def agreed_by_who_proposed(self) -> int:
        person = self.whom()
        return self.changed(person, self.ali, self.proposed(person))

    def agreed_by_who_gets_it(self) -> int:
        person = self.whom()
        return self.changed(person, person.token, self.proposed(person))

    def more_than_was_proposed(self) -> int:
        person = self.whom()
        return self.changed(person, self.bo, self.proposed(person), role="supervisor")

    def proposed_about_another(self) -> int:
        return self.changed(self.whom(), self.bo, self.proposed(self.whom()))

    def proposed_and_refused(self) -> int:
        person = self.whom()
        proposed_in = self.proposed(person)
        self.entry("roles_refused", self.bo, person, proposed_in=proposed_in)
        return self.changed(person, self.bo, proposed_in)

    def agreed_twice(self) -> int:
        person = self.whom()
        proposed_in = self.proposed(person)
        self.changed(person, self.bo, proposed_in)
        self.entry("roles_changed", self.ali, person, roles=["panel"], proposed_in=None)
        return self.changed(person, self.bo, proposed_in)

    def proposed_as_something_else(self) -> int:
        person = self.whom()
        return self.changed(person, self.bo, self.proposed(person, kind="email"))

    def moved_alone(self) -> int:
        return self.entry("email_changed", self.bo, self.whom(), proposed_in=None)

    def moved_by_who_proposed(self) -> int:
        person = self.whom()
        proposed_in = self.proposed(person, kind="email")
        return self.entry("email_changed", self.ali, person, proposed_in=proposed_in)

    def moved(self, *, proposed: str, to: str) -> int:
        person = self.whom()
        proposed_in = self.proposed(person, kind="email", email=proposed)
        return self.entry("email_changed", self.bo, person, email=to, proposed_in=proposed_in)

    def moved_elsewhere_than_was_proposed(self) -> int:
        to = f"{secrets.token_hex(4)}@office.example"
        return self.moved(proposed="proposed@office.example", to=to)

    def moved_without_a_word(self) -> int:
        return self.moved(proposed="silent@office.example", to="")

    def moved_where_no_address_was_proposed(self) -> int:
        return self.moved(proposed="", to="unproposed@office.example")

    def proposed_by_who_may_not(self) -> int:
        person = self.whom()
        return self.changed(person, self.bo, self.proposed(person, by=self.pat))

    def agreed_by_who_may_not(self) -> int:
        person = self.whom()
        return self.changed(person, self.sky, self.proposed(person))

    def proposed_by_who_is_one_no_longer(self) -> int:
        person, gone = self.whom(), factories.person(self.db, "administrator")
        proposed_in = self.proposed(person, by=gone.token)
        self.entry("roles_changed", self.bo, gone, roles=[], proposed_in=None)
        return self.changed(person, self.bo, proposed_in)

    def agreed_by_who_was_disabled(self) -> int:
        person, gone = self.whom(), factories.person(self.db, "chief_executive")
        begin_write(self.db)
        people.disable(self.db, gone, "Left.", Origin("web", self.bo), role=ROLE)
        self.db.commit()
        return self.changed(person, gone.token, self.proposed(person))

    def by_a_directory_that_does_not_vouch(self) -> int:
        return self.changed(self.whom(), SYSTEM, None)

    def by_a_directory_that_vouches_no_longer(self) -> int:
        person = self.whom()
        begin_write(self.db)
        directory.link(self.db, person, "https://directory.example", "pat", Origin("command"))
        directory.unlink(self.db, person, Origin("command"))
        self.db.commit()
        return self.changed(person, SYSTEM, None)

    def by_an_import(self) -> int:
        return self.changed(self.whom(), SYSTEM, None, via="import")

    def added_by_a_directory_that_does_not_vouch(self) -> int:
        begin_write(self.db)
        people.add_person(self.db, "y@office.example", "Y", ["panel"], Origin("web"))
        self.db.commit()
        return log_size(self.db) - 1

    def disabled_by_who_may_not(self) -> int:
        return self.entry("person_disabled", self.pat, self.whom())

    def enabled_by_a_directory(self) -> int:
        person = self.whom()
        self.entry("person_disabled", self.ali, person)
        return self.entry("person_enabled", SYSTEM, person)

    def renamed_by_who_is_one_no_longer(self) -> int:
        gone = factories.person(self.db, "administrator")
        self.entry("person_disabled", self.bo, gone)
        return self.entry("person_renamed", gone.token, self.whom())

    def added_with_roles(self) -> int:
        begin_write(self.db)
        people.add_person(self.db, "x@office.example", "X", ["panel"], Origin("web", self.ali))
        self.db.commit()
        return log_size(self.db) - 1


@pytest.mark.one_database
def test_both_verifiers_name_each_entry_that_gave_access_without_a_second_person(
    db: Session, tmp_path: Path
) -> None:
    office = Breaches(db)
    done: tuple[Breach, ...] = (
        *(Breaches.given_alone, Breaches.agreed_by_who_proposed, Breaches.agreed_by_who_gets_it),
        *(Breaches.more_than_was_proposed, Breaches.proposed_about_another, Breaches.agreed_twice),
        *(Breaches.proposed_and_refused, Breaches.proposed_as_something_else),
        *(Breaches.moved_alone, Breaches.moved_by_who_proposed, Breaches.added_with_roles),
        *(Breaches.proposed_by_who_may_not, Breaches.agreed_by_who_may_not),
        *(Breaches.proposed_by_who_is_one_no_longer, Breaches.agreed_by_who_was_disabled),
        *(Breaches.by_a_directory_that_does_not_vouch, Breaches.by_an_import),
        *(Breaches.by_a_directory_that_vouches_no_longer,),
        *(Breaches.added_by_a_directory_that_does_not_vouch,),
    )
    expected = {(seq, seq) for breach in done for seq in [breach(office)]}
    whoever_a_directory_vouches_for_gets_their_roles_of_it(db)
    assert len(expected) == len(done)
    assert wrong(check_people(db, log_size(db))) == {"people": expected}
    db.rollback()
    assert wrong(strangers(exported(db, tmp_path / "export")).findings) == {"people": expected}


@pytest.mark.one_database
def test_both_verifiers_name_an_address_that_nobody_proposed_where_its_words_are_there(
    db: Session, tmp_path: Path
) -> None:
    office = Breaches(db)
    silent = [office.moved_without_a_word(), office.moved_where_no_address_was_proposed()]
    spoken, *erased = (office.moved_elsewhere_than_was_proposed() for _ in range(3))
    begin_write(db)
    gone = AuditDetail.seq.in_([erased[0], erased[1] - 1])  # a change, and another’s proposal
    db.execute(delete(AuditDetail).where(gone))
    db.commit()
    expected = {(seq, seq) for seq in [*silent, spoken]}
    assert wrong(check_people(db, log_size(db))) == {"people": expected}
    db.rollback()
    found = wrong(strangers(exported(db, tmp_path / "with")).findings)
    assert found["people"] == expected
    wordless = exported(db, tmp_path / "without", has_words=False)
    assert "people" not in wrong(strangers(wordless).findings)


@pytest.mark.one_database
def test_both_verifiers_name_who_kept_accounts_and_could_not(db: Session, tmp_path: Path) -> None:
    office = Breaches(db)
    done = (
        office.disabled_by_who_may_not(),
        office.enabled_by_a_directory(),
        office.renamed_by_who_is_one_no_longer(),
    )
    expected = {"people": {(seq, seq) for seq in done}}
    assert wrong(check_people(db, log_size(db))) == expected
    db.rollback()
    assert wrong(strangers(exported(db, tmp_path / "export")).findings) == expected


def whoever_a_directory_vouches_for_gets_their_roles_of_it(db: Session) -> None:
    begin_write(db)
    origin = Origin("web")
    person = people.add_person(db, "z@office.example", "Z", ["panel"], origin)
    directory.link(db, person, "https://directory.example", "zoe", origin)
    roles.hold(db, person, ["panel", "reviewer"], origin)
    db.commit()


def test_who_may_give_access_is_told_alike_by_pages_and_both_verifiers() -> None:
    keepers, agreers = map(permissions.roles_giving, ("keep_people", "agree_access"))
    assert checks_people.KEEPERS == verify_casework.KEEPERS == keepers
    assert checks_people.AGREERS == verify_casework.AGREERS == agreers


@pytest.mark.one_database
def test_the_table_may_have_moved_on_since_the_size_that_is_judged(
    db: Session, tmp_path: Path
) -> None:
    person = factories.person(db, "panel")
    size = log_size(db)
    begin_write(db)
    people.disable(db, person, "Left.", Origin("command"), role="system")
    roles.hold(db, person, ["reviewer"], Origin("command"))
    people.rename(db, person, "Somebody Else", Origin("command"), role="system")
    db.commit()
    factories.person(db, "reviewer")
    assert wrong(check_people(db, size)) == {}
    db.rollback()
    assert wrong(strangers(exported(db, tmp_path / "old", log_size=size)).findings) == {}
