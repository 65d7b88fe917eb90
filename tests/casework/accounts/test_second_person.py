"""What gives somebody access needs two: shown by a model of it, which both verifiers agree with."""

from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.accounts import people, proposals, roles
from casework.accounts.people import PersonRefused
from casework.accounts.proposals import ProposalGone
from casework.audit.checks_people import check_people
from casework.audit.record import Origin, log_size
from casework.database import begin_write
from casework.models import Person
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
