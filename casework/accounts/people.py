"""The only place that changes people: who may sign in, their roles and their passwords.

Everything here works within the caller's transaction; the caller commits. The log knows a
person by a random token; names and e-mail addresses are words beside it.
"""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from casework import clock
from casework.accounts import passwords
from casework.audit import record
from casework.models import Person, PersonRole, SetPasswordLink
from workflows.roles import CONTRACTOR, ROLES

LINK_LASTS = timedelta(hours=24)
LONGEST_NAME = 200


class PersonRefused(Exception):
    """A person cannot be added as asked; the message says what to mend."""


def normal_email(email: str) -> str:
    """An e-mail address as it is kept and compared. Raises PersonRefused."""
    try:
        checked = validate_email(email.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as fault:
        raise PersonRefused(f"{email!r} is not an e-mail address: {fault}") from None
    return checked.normalized.casefold()


def email_as_kept(typed: str) -> str:
    """What an address typed to sign in is compared by; one that is none is nobody's."""
    try:
        return normal_email(typed)
    except PersonRefused:
        return typed.strip().casefold()


def add_person(
    session: Session,
    email: str,
    name: str,
    roles: Collection[str],
    origin: record.Origin,
    *,
    role: str = record.SYSTEM,
) -> tuple[Person, str]:
    """Add a person with these roles; the person, and the secret of a link to set a password.

    `role` is the role under which somebody adds them. Raises PersonRefused.
    """
    kept = normal_email(email)
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise PersonRefused(f"Give the person's name, in {LONGEST_NAME} characters or fewer.")
    _require_roles(roles)
    if session.execute(select(Person.id).where(Person.email == kept)).first() is not None:
        raise PersonRefused(f"Somebody with the e-mail address {kept} is there already.")
    held = [PersonRole(role=held) for held in ROLES if held in roles]
    person = Person(
        token=f"u_{secrets.token_hex(16)}",
        email=kept,
        name=name,
        is_active=True,
        session_version=0,
        roles=held,
    )
    session.add(person)
    session.flush()
    stat = {"person": person.token, "roles": [kept_role.role for kept_role in held]}
    words = {"email": kept, "name": name}
    record.append(session, record.NewEvent("person_added", role, stat=stat, texts=words), origin)
    return person, new_link(session, person)


def _require_roles(roles: Collection[str]) -> None:
    """PersonRefused unless these are roles that one person may hold."""
    unknown = sorted(set(roles) - set(ROLES))
    if unknown or not roles:
        said = f"There is no role {', '.join(unknown)}." if unknown else "Give at least one role."
        raise PersonRefused(f"{said} Roles are: {', '.join(ROLES)}.")
    if CONTRACTOR in roles and len(set(roles)) > 1:
        raise PersonRefused(
            "A contractor holds no other role: they see only the cases that they are given."
        )


def new_link(session: Session, person: Person) -> str:
    """The secret of a link with which a person sets a password, once and within 24 hours."""
    secret = secrets.token_urlsafe(32)
    session.add(
        SetPasswordLink(
            secret_hash=_secret_hash(secret),
            person_id=person.id,
            expires_at=clock.now() + LINK_LASTS,
        )
    )
    session.flush()
    return secret


def person_of_link(session: Session, secret: str) -> Person | None:
    """Whose link this is; None when it was used, has expired or never was."""
    query = (
        select(Person)
        .join(SetPasswordLink, SetPasswordLink.person_id == Person.id)
        .where(*_still_good(secret, clock.now()), Person.is_active)
    )
    return session.execute(query).scalar_one_or_none()


def use_link(session: Session, secret: str, password_hash: str, origin_req: str) -> bool:
    """Set a password by a link and use the link up; False when it is no longer good."""
    person = person_of_link(session, secret)
    if person is None:
        return False
    used = update(SetPasswordLink).where(SetPasswordLink.person_id == person.id)
    session.execute(used.where(SetPasswordLink.used_at.is_(None)).values(used_at=clock.now()))
    set_password(session, person, password_hash, record.Origin("web", person.token, origin_req))
    return True


def set_password(
    session: Session, person: Person, password_hash: str, origin: record.Origin
) -> None:
    """Keep a new password, already hashed by `passwords.hashed`, and end the person's sessions."""
    person.password_hash = password_hash
    person.session_version += 1
    session.flush()
    role = min(person.role_names) if origin.actor == person.token else record.SYSTEM
    stat = {"person": person.token}
    record.append(session, record.NewEvent("password_set", role, stat=stat), origin)


def end_sessions(session: Session, token: str) -> None:
    """End every session of a person: the cookie of one that has signed out opens nothing."""
    person = session.execute(select(Person).where(Person.token == token)).scalar_one()
    person.session_version += 1
    session.flush()


def verify(session: Session, email: str, password: str) -> str | None:
    """The token of the active person whose e-mail address and password these are, or None.

    Ends the transaction before the slow hash, so that nobody waits for it.
    """
    query = select(Person.token, Person.password_hash).where(
        Person.email == email, Person.is_active
    )
    row = session.execute(query).first()
    session.rollback()
    is_right = passwords.matches(row.password_hash if row else None, password)
    return row.token if row and is_right else None


def _secret_hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _still_good(secret: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        SetPasswordLink.secret_hash == _secret_hash(secret),
        SetPasswordLink.used_at.is_(None),
        SetPasswordLink.expires_at > now,
    )
