"""What the pages of accounts read: everybody, one account, and what waits for a second person."""

from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.accounts.proposals import Proposal, open_proposals
from casework.audit.events import newest_first
from casework.audit.timeline import Line
from casework.audit.words import label_of
from casework.models import AuditEvent, DirectoryLink, Person
from casework.people.wording import in_words
from casework.web.log_lines import lines_by_seq

ABOUT = (
    *("person_added", "person_renamed", "person_disabled", "person_enabled", "person_invited"),
    *("person_linked", "person_unlinked", "password_set", "sign_in_locked", "emergency_sign_in"),
    *("second_factor_set_up", "second_factor_removed", "sessions_ended"),
    *("recovery_code_used", "recovery_codes_renewed"),
    *("roles_proposed", "roles_changed", "roles_refused"),
    *("email_proposed", "email_changed", "email_refused"),
)
"""What the log calls what happens to somebody’s account."""
_MOST_READ, _MOST_SHOWN = 10_000, 50


@dataclass(frozen=True)
class Account:
    """Somebody’s account as pages show it; `status` is a code, `roles` are in words."""

    person: Person
    status: str
    roles: str
    waits: tuple[Proposal, ...]


def accounts(session: Session) -> list[Account]:
    """Everybody who was ever added: those let in first, by name."""
    query = select(Person).order_by(Person.is_active.desc(), Person.name, Person.id)
    linked, waiting = _linked(session), open_proposals(session)
    return [_account(person, linked, waiting) for person in session.scalars(query)]


def account_of(session: Session, person: Person) -> Account:
    """One person's."""
    return _account(person, _linked(session), open_proposals(session))


def _linked(session: Session) -> frozenset[int]:
    """Whom a directory vouches for."""
    return frozenset(session.scalars(select(DirectoryLink.person_id)))


def _account(person: Person, linked: frozenset[int], waiting: tuple[Proposal, ...]) -> Account:
    has_way_in = person.password_hash is not None or person.id in linked
    status = "active" if has_way_in else "invited"
    return Account(
        person,
        status if person.is_active else "disabled",
        in_words(person.role_names),
        tuple(each for each in waiting if each.person == person.token),
    )


@dataclass(frozen=True)
class History:
    """What happened to an account, the newest first, and whether there is more than these lines."""

    lines: tuple[Line, ...]
    has_more: bool


def history(session: Session, person: str, reader: str) -> History:
    """What happened to the account of a person (by token), as `reader` may read it."""
    found = newest_first(session, [AuditEvent.action.in_(ABOUT)], _MOST_READ)
    about = [event for event in found if event.stat.get("person") == person]
    shown = about[:_MOST_SHOWN]
    told = lines_by_seq(session, shown, reader)
    has_more = len(about) > len(shown) or len(found) == _MOST_READ
    return History(tuple(_without_whose(told[event.seq]) for event in shown), has_more)


def _without_whose(line: Line) -> Line:
    """A line without the fact that it is about the person whose page it is on."""
    facts = tuple(pair for pair in line.facts if pair[0] != label_of("person"))
    return replace(line, facts=facts)
