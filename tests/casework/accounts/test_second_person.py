"""What gives somebody access needs two: shown by a model of it, and by both verifiers of the log."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import permissions
from casework.accounts import directory, people, proposals, roles
from casework.accounts.people import PersonRefused
from casework.accounts.proposals import ProposalGone
from casework.audit import checks_people
from casework.audit.checks_people import check_people
from casework.audit.record import SYSTEM, NewEvent, Origin, Via, append, log_size
from casework.database import begin_write
from casework.models import Person, PersonRole
from casework.verifier import verify_casework
from tests import factories
from tests.casework.verifier.both import exported, strangers, wrong

GIVEN = ("administrator", "reviewer", "panel")
STEPS = ("give", "take_away", "move", "agree", "refuse", "disable", "enable")
TRIES = st.tuples(
    st.sampled_from(STEPS),
    st.integers(0, 2),
    st.integers(0, 1),
    st.sets(st.sampled_from(GIVEN), min_size=1),
)
ROLE = "administrator"
NUMBERS = count()


@dataclass
class Known:
    """What a person should be by what was done so far, told without the code that does it."""

    roles: set[str] = field(default_factory=set)
    email: str = ""
    is_active: bool = True
    proposed: dict[str, tuple[int, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Deed:
    """Something that one administrator (by number) tries on another, or on themself."""

    by: int
    whom: int
    roles: set[str]
    person: Person
    known: Known
    origin: Origin
    may: bool
    """Whether who tries it is an administrator still."""


class Model:
    """Three administrators, who do to each other what they may and what they may not."""

    def __init__(self, db: Session) -> None:
        self.db, self.done = db, set[str]()
        self.tokens = [factories.person(db, "administrator").token for _ in range(3)]
        self.known = [Known({"administrator"}, self.person(who).email) for who in range(3)]

    def person(self, who: int) -> Person:
        query = select(Person).where(Person.token == self.tokens[who])
        return self.db.execute(query.execution_options(populate_existing=True)).scalar_one()

    def take(self, step: str, by: int, whom: int, given: set[str]) -> None:
        begin_write(self.db)
        origin = Origin("web", self.tokens[by])
        deed = Deed(by, whom, given, self.person(whom), self.known[whom], origin, self.may(by))
        try:
            getattr(self, step)(deed)
            self.db.commit()
            self.done.add(step)
        except (PersonRefused, ProposalGone):
            self.db.rollback()

    def may(self, who: int) -> bool:
        return self.known[who].is_active and "administrator" in self.known[who].roles

    def give(self, deed: Deed) -> None:
        new = deed.roles - deed.known.roles
        proposals.propose_roles(self.db, deed.person, deed.roles, deed.origin, role=ROLE)
        assert new
        assert deed.may
        assert "roles" not in deed.known.proposed
        deed.known.proposed["roles"] = deed.by, new

    def move(self, deed: Deed) -> None:
        email = f"moved{next(NUMBERS)}@office.example"
        proposals.propose_email(self.db, deed.person, email, deed.origin, role=ROLE)
        assert deed.may
        assert "email" not in deed.known.proposed
        deed.known.proposed["email"] = deed.by, email

    def take_away(self, deed: Deed) -> None:
        roles.take_away(self.db, deed.person, deed.roles, deed.origin, role=ROLE)
        assert deed.may
        assert deed.by != deed.whom
        assert deed.roles
        assert deed.roles <= deed.known.roles
        deed.known.roles -= deed.roles

    def agree(self, deed: Deed) -> None:
        kind, seq = self._waiting(deed.person)
        proposals.agree(self.db, seq, deed.origin, role=ROLE)
        proposer, what = deed.known.proposed.pop(kind)
        assert deed.by not in (proposer, deed.whom)
        assert deed.may
        assert self.may(proposer)
        if kind == "roles":
            deed.known.roles |= what
        else:
            deed.known.email = what

    def refuse(self, deed: Deed) -> None:
        kind, seq = self._waiting(deed.person)
        proposals.refuse(self.db, seq, deed.origin, role=ROLE)
        del deed.known.proposed[kind]

    def _waiting(self, person: Person) -> tuple[str, int]:
        """The oldest proposal about a person, or one that never was."""
        about = [p for p in proposals.open_proposals(self.db) if p.person == person.token]
        return (about[0].kind, about[0].seq) if about else ("roles", -1)

    def disable(self, deed: Deed) -> None:
        people.disable(self.db, deed.person, "Why not.", deed.origin, role=ROLE)
        assert deed.may
        assert deed.by != deed.whom
        assert deed.known.is_active
        deed.known.is_active = False

    def enable(self, deed: Deed) -> None:
        people.enable(self.db, deed.person, "Why not.", deed.origin, role=ROLE)
        assert deed.may
        assert not deed.known.is_active
        deed.known.is_active = True

    def holds(self) -> None:
        for who, known in enumerate(self.known):
            stands = self.person(who)
            assert stands.role_names == known.roles
            assert (stands.email, stands.is_active) == (known.email, known.is_active)


@pytest.mark.one_database
def test_nobody_gets_what_no_two_people_gave_them_whatever_is_tried(
    db: Session, tmp_path: Path
) -> None:
    done: set[str] = set()

    @settings(max_examples=12, suppress_health_check=list(HealthCheck), database=None)
    @given(st.lists(TRIES, min_size=14, max_size=20))
    def run(tries: list[tuple[str, int, int, set[str]]]) -> None:
        model = Model(db)
        for each in tries:
            model.take(*each)
        model.holds()
        db.rollback()
        done.update(model.done)

    run()
    assert done == set(STEPS)
    assert wrong(check_people(db, log_size(db))) == {}
    db.rollback()
    assert wrong(strangers(exported(db, tmp_path / "export")).findings) == {}


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

    def entry(self, action: str, by: str, person: Person, *, via: Via = "web", **stat: Any) -> int:
        """The position of an entry that is added; a person's roles are what it says."""
        texts = {"email": person.email} if action.startswith("email") else {}
        begin_write(self.db)
        if action == "roles_changed":
            person.roles = [PersonRole(role=role) for role in stat["roles"]]
        if action in ("person_disabled", "person_enabled"):
            person.is_active = action == "person_enabled"
        if action == "person_renamed":
            texts["name"] = person.name
        said = {"person": person.token, **stat}
        event = NewEvent(action, "administrator", stat=said, texts=texts)
        seq = append(self.db, event, Origin(via, by)).seq
        self.db.commit()
        return seq

    def proposed(self, person: Person, *, by: str | None = None, kind: str = "roles") -> int:
        stat: dict[str, Any] = {"roles": ["reviewer"]} if kind == "roles" else {}
        return self.entry(f"{kind}_proposed", by or self.ali, person, **stat)

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
def test_a_proposal_ends_with_the_access_of_who_made_it(db: Session) -> None:
    ali, bo, kit = (
        factories.person(db, role) for role in ("administrator", "administrator", "panel")
    )
    begin_write(db)
    proposals.propose_roles(db, kit, ["reviewer"], Origin("web", ali.token), role=ROLE)
    people.disable(db, ali, "Left.", Origin("web", bo.token), role=ROLE)
    (waiting,) = proposals.open_proposals(db)
    with pytest.raises(PersonRefused, match="may propose nothing any more"):
        proposals.agree(db, waiting.seq, Origin("web", bo.token), role=ROLE)
    proposals.refuse(db, waiting.seq, Origin("web", bo.token), role=ROLE)
    proposals.propose_roles(db, kit, ["reviewer"], Origin("web", bo.token), role=ROLE)
    (waiting,) = proposals.open_proposals(db)
    with pytest.raises(PersonRefused, match="may agree to nothing"):
        proposals.agree(db, waiting.seq, Origin("web", ali.token), role=ROLE)
    db.commit()
    assert kit.role_names == {"panel"}


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
