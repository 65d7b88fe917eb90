"""The only place that changes people: who may sign in, as whom, and with which password.

Everything here works within the caller's transaction; the caller commits. The log knows a
person by a random token; names and e-mail addresses are words beside it.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import permissions
from casework.accounts import directory, factors, links, passwords, sessions
from casework.audit import record
from casework.models import Person, PersonRole
from config import SingleSignOn
from workflows.roles import ALONE, ROLES

LONGEST_NAME = 200
LONGEST_REASON = 2_000


class PersonRefused(Exception):
    """An account cannot be changed as asked; the message says why, `part` what is to be mended."""

    def __init__(self, sentence: str, part: str = "") -> None:
        super().__init__(sentence)
        self.part = part


def normal_email(email: str) -> str:
    """An e-mail address as it is kept and compared. Raises PersonRefused."""
    try:
        checked = validate_email(email.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        sentence = "Enter an email address in the correct format, like name@example.com."
        raise PersonRefused(sentence, "email") from None
    # Folded, straße would be strasse: another address, and perhaps somebody else's.
    return checked.normalized.lower()


def email_as_kept(typed: str) -> str:
    """What an address typed to sign in is compared by; one that is none is nobody's."""
    try:
        return normal_email(typed)
    except PersonRefused:
        return typed.strip().lower()


def add_person(
    session: Session,
    email: str,
    name: str,
    roles: Collection[str],
    origin: record.Origin,
    *,
    role: str = record.SYSTEM,
) -> Person:
    """Add a person with these roles; with none, until they are given some.

    `role` is the role under which somebody adds them. Raises PersonRefused.
    """
    kept, name = free_email(session, email), normal_name(name)
    if roles:
        require_roles(roles)
    held = [PersonRole(role=held) for held in ROLES if held in roles]
    person = Person(
        token=f"u_{secrets.token_hex(16)}", email=kept, name=name, is_active=True, roles=held
    )
    session.add(person)
    session.flush()
    stat = {"person": person.token, "roles": [kept_role.role for kept_role in held]}
    words = {"email": kept, "name": name}
    record.append(session, record.NewEvent("person_added", role, stat=stat, texts=words), origin)
    return person


def normal_name(typed: str) -> str:
    """A name as it is kept: one line. Raises PersonRefused."""
    name = " ".join(typed.split())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise PersonRefused(f"Enter the full name, in {LONGEST_NAME} characters or fewer.", "name")
    return name


def free_email(session: Session, typed: str) -> str:
    """An address as it is kept, with which nobody signs in. Raises PersonRefused."""
    kept = normal_email(typed)
    if session.execute(select(Person.id).where(Person.email == kept)).first() is not None:
        raise PersonRefused(f"Somebody with the e-mail address {kept} is there already.", "email")
    return kept


def require_roles(roles: Collection[str]) -> None:
    """PersonRefused unless these are roles that one person may hold."""
    unknown = sorted(set(roles) - set(ROLES))
    if unknown or not roles:
        said = f"There is no role {', '.join(unknown)}." if unknown else "Give at least one role."
        raise PersonRefused(f"{said} Roles are: {', '.join(ROLES)}.", "roles")
    alone = next((role for role in ALONE if role in roles), None)
    if alone is not None and len(set(roles)) > 1:
        raise PersonRefused(f"{ALONE[alone]} So the role of {alone} goes with no other.")


def who_may(session: Session, what: str) -> frozenset[str]:
    """The tokens of those who are let in, and whose roles give a permission."""
    query = select(Person.token).join(PersonRole, PersonRole.person_id == Person.id)
    gives = PersonRole.role.in_(permissions.roles_giving(what))
    return frozenset(session.scalars(query.where(Person.is_active, gives)))


def require_keeper(session: Session, origin: record.Origin) -> None:
    """PersonRefused unless the system does it, or somebody who still keeps accounts."""
    if origin.actor not in {record.SYSTEM, *who_may(session, permissions.KEEP_PEOPLE)}:
        raise PersonRefused("You look after accounts no longer. Ask an administrator.")


def rename(
    session: Session, person: Person, name: str, origin: record.Origin, *, role: str
) -> None:
    """Call a person something else from here on. Raises PersonRefused."""
    require_keeper(session, origin)
    kept = normal_name(name)
    if kept == person.name:
        raise PersonRefused("That is the name already.", "name")
    person.name = kept
    session.flush()
    words = {"name": kept}
    event = record.NewEvent("person_renamed", role, stat=_about(person), texts=words)
    record.append(session, event, origin)


def disable(
    session: Session, person: Person, reason: str, origin: record.Origin, *, role: str
) -> None:
    """Let a person in no more; their sessions and links end, their roles wait. PersonRefused."""
    require_keeper(session, origin)
    if origin.actor == person.token:
        raise PersonRefused("Nobody disables their own account. Ask another administrator.")
    if not person.is_active:
        raise PersonRefused("This account is disabled already.")
    words = {"reason": _reason(reason)}
    person.is_active = False
    session.flush()
    links.end_links(session, person)
    sessions.end_all(session, person.token, "disabled")
    event = record.NewEvent("person_disabled", role, stat=_about(person), texts=words)
    record.append(session, event, origin)


def enable(
    session: Session, person: Person, reason: str, origin: record.Origin, *, role: str
) -> None:
    """Let a person in again, with the roles and the password they had. Raises PersonRefused."""
    require_keeper(session, origin)
    if person.is_active:
        raise PersonRefused("This account is not disabled.")
    words = {"reason": _reason(reason)}
    person.is_active = True
    session.flush()
    event = record.NewEvent("person_enabled", role, stat=_about(person), texts=words)
    record.append(session, event, origin)


def sign_out(
    session: Session, person: Person, reason: str, origin: record.Origin, *, role: str
) -> None:
    """End every session of a person, as when their computer is lost. Raises PersonRefused."""
    require_keeper(session, origin)
    words = {"reason": _reason(reason)}
    if origin.actor == person.token:
        raise PersonRefused("Your own are on the page “Your account”. End them there.")
    sessions.end_all(session, person.token, "sent_out")
    event = record.NewEvent("sessions_ended", role, stat=_about(person), texts=words)
    record.append(session, event, origin)


def remove_second_factor(
    session: Session, person: Person, reason: str, origin: record.Origin, *, role: str
) -> None:
    """Take somebody’s second factor away, as when their phone is lost. Raises PersonRefused.

    It needs no second person: it lets nobody in without the password, which whoever keeps accounts
    never learns.
    """
    require_keeper(session, origin)
    why = _reason(reason)
    if origin.actor == person.token:
        raise PersonRefused("Your own is on the page “Your account”. Remove or change it there.")
    if not factors.remove(session, person, origin, role=role, why=why):
        raise PersonRefused("They have no second factor.")


def _reason(typed: str) -> str:
    reason = typed.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise PersonRefused(f"Say why, in {LONGEST_REASON:,} characters or fewer.", "reason")
    return reason


def _about(person: Person) -> dict[str, str]:
    return {"person": person.token}


def why_no_link(session: Session, person: Person, settings: SingleSignOn | None) -> str | None:
    """Why a person can neither be given a link to set a password nor use one, in a sentence; or None.

    `settings` are those of single sign-on. The database is asked the same of everybody.
    """
    may_use_password = directory.may_use_password(session, person, settings)
    if not person.is_active:
        return "This account is disabled. Enable it first."
    if not may_use_password:
        return "They sign in with your organisation’s account, so they need no password here."
    if not person.role_names:
        return "Nobody has agreed to a role for them yet."
    return None


def set_password(
    session: Session, person: Person, password_hash: str, origin: record.Origin
) -> None:
    """Keep a new password, already hashed by `passwords.hashed`; their sessions and links end."""
    person.password_hash = password_hash
    session.flush()
    links.end_links(session, person)
    sessions.end_all(session, person.token, "password_set")
    own = min(person.role_names, default=record.SYSTEM)
    role = own if origin.actor == person.token else record.SYSTEM
    record.append(session, record.NewEvent("password_set", role, stat=_about(person)), origin)


@dataclass(frozen=True)
class Verified:
    """Whose password it was, by token, and its hash; another where `kept` is of other parameters."""

    person: str
    kept: str
    renewed: str | None


def verify(session: Session, email: str, password: str) -> Verified | None:
    """The active person whose e-mail address and password these are, or None.

    Ends the transaction before the slow hash, so that nobody waits for it.
    """
    query = select(Person.token, Person.password_hash).where(
        Person.email == email, Person.is_active
    )
    row = session.execute(query).first()
    session.rollback()
    is_right = passwords.matches(row.password_hash if row else None, password)
    if row is None or not is_right:
        return None
    kept = str(row.password_hash)
    return Verified(row.token, kept, passwords.renewed(kept, password))


def verified(session: Session, known: Verified) -> Person | None:
    """The person who was verified, their hash brought up to date; None where that holds no longer.

    Somebody may have disabled them, or set another password, while the hash was worked out.
    """
    still = Person.is_active, Person.password_hash == known.kept
    query = select(Person).where(Person.token == known.person, *still)
    person = session.execute(query).scalar_one_or_none()
    if person is not None and known.renewed is not None:
        person.password_hash = known.renewed
        session.flush()
    return person
