"""Whose account somebody has: any story of arrivals, against rules told a second time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from casework.accounts import directory, people
from casework.audit.record import Origin
from casework.audit.verify import verify_log
from casework.database import begin_write, prepare
from casework.models import Person
from casework.single_sign_on.arriving import arrive
from casework.single_sign_on.claims import Vouched
from casework.single_sign_on.refusals import Refusal
from config import SingleSignOn
from tests.casework.single_sign_on.conftest import settings_for

ISSUER = "https://directory.example"
ADDRESSES = ("ann@office.example", "bob@office.example")
ROLES = ("reviewer", "supervisor", "contractor")
HELD = tuple(map(frozenset, ((), ROLES[:1], ROLES[1:2], ROLES[:2], ROLES[1:], ROLES[2:])))
MAPPED = frozenset((role, role) for role in ROLES)
Story = list[tuple[str, object]]


@dataclass
class Account:
    roles: frozenset[str]
    is_active: bool = True
    subject: str | None = None


@dataclass
class Told:
    """What should become of a story: accounts by address, told without the code that is tested."""

    rules: SingleSignOn
    accounts: dict[str, Account] = field(default_factory=dict)

    def arrives(self, who: Vouched) -> str:
        """The address of the account that opens, or the code of the refusal."""
        known = [email for email, each in self.accounts.items() if each.subject == who.subject]
        if not known and who.email in self.accounts:
            account = self.accounts[who.email]
            is_free = account.is_active and account.subject is None
            is_trusted = self.rules.links_by_email and who.is_email_verified
            if not (is_free and is_trusted) or who.email in self.rules.break_glass:
                return "taken"
            account.subject, known = who.subject, [who.email]
        if not known:
            return self.begins(who)
        account = self.accounts[known[0]]
        if not account.is_active:
            return "disabled"
        if self.rules.roles:
            account.roles = self.allowed(who)
            if account.roles != who.roles:
                return "unfit_roles"
            if not account.roles:
                return "no_role"
        return known[0]

    def begins(self, who: Vouched) -> str:
        if not self.rules.roles:
            return "no_account"
        if not who.roles:
            return "no_role"
        if not self.allowed(who):
            return "unfit_roles"
        if who.email and not who.is_email_verified:
            return "unverified"
        if not who.email or not who.name:
            return "nameless"
        self.accounts[who.email] = Account(self.allowed(who), subject=who.subject)
        return who.email

    def allowed(self, who: Vouched) -> frozenset[str]:
        is_mixed = "contractor" in (who.roles or ()) and len(who.roles or ()) > 1
        return frozenset() if is_mixed else who.roles or frozenset()


MOSTLY = st.sampled_from((True, True, True, False))


def arrivals() -> st.SearchStrategy[Vouched]:
    return st.builds(
        Vouched,
        issuer=st.just(ISSUER),
        subject=st.sampled_from(("s1", "s2", "s3")),
        name=st.sampled_from(("Ann Able",) * 5 + ("",)),
        email=st.sampled_from((*ADDRESSES * 3, None)),
        is_email_verified=MOSTLY,
        roles=st.sampled_from(HELD),
        has_second_factor=st.booleans(),
    )


STORIES = st.lists(
    st.one_of(
        st.tuples(st.just("arrives"), arrivals()),
        st.tuples(st.sampled_from(("added", "disabled", "unlinked")), st.sampled_from(ADDRESSES)),
        st.tuples(st.just("arrives"), arrivals()),
    ),
    min_size=8,
    max_size=16,
)
RULES = st.builds(
    settings_for,
    st.just(ISSUER),
    links_by_email=MOSTLY,
    break_glass=st.sampled_from((frozenset(), frozenset(ADDRESSES[1:]))),
    roles=st.sampled_from((MAPPED, MAPPED, frozenset())),
)


@contextmanager
def fresh(url: str) -> Iterator[Session]:
    engine = prepare(create_engine(url))
    with Session(engine, autoflush=False) as session:
        yield session
    engine.dispose()


def named(session: Session, email: object) -> Person | None:
    return session.execute(select(Person).where(Person.email == email)).scalar_one_or_none()


def happens(session: Session, told: Told, what: str, given: object) -> None:
    """One thing of a story, to the office and to the rules told a second time."""
    begin_write(session)
    if isinstance(given, Vouched):
        who = given if told.rules.roles else replace(given, roles=None)
        came = arrive(session, who, told.rules)
        assert (came.code if isinstance(came, Refusal) else came.email) == told.arrives(who)
    elif what == "added" and given not in told.accounts:
        people.add_person(session, str(given), "Somebody", ("reviewer",), Origin("command"))
        told.accounts[str(given)] = Account(frozenset(("reviewer",)))
    elif (person := named(session, given)) is not None:
        account = told.accounts[str(given)]
        if what == "disabled" and account.is_active:
            people.disable(session, person, "Left", Origin("command"), role="system")
            account.is_active = False
        elif what == "unlinked":
            assert directory.unlink(session, person, Origin("command")) == (
                account.subject is not None
            )
            account.subject = None
    session.commit()


@pytest.mark.one_database
def test_any_story_of_arrivals_goes_by_the_rules_and_by_the_log(
    new_database_url: Callable[[], str],
) -> None:
    @settings(
        max_examples=settings().max_examples // 4,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(STORIES, RULES)
    def lives(story: Story, rules: SingleSignOn) -> None:
        told = Told(rules)
        with fresh(new_database_url()) as session:
            for what, of_whom in story:
                happens(session, told, what, of_whom)
            there = session.scalars(select(Person)).all()
            held = {person.email: (person.role_names, person.is_active) for person in there}
            faults = [found.sentence for found in verify_log(session) if not found.holds]
        assert held == {name: (each.roles, each.is_active) for name, each in told.accounts.items()}
        assert faults == []

    lives()
