"""The only place for the links with which people set a password: once, and only for a day.

The database has the hash of a link's secret, so that whoever reads it cannot use it.
"""

import secrets
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from casework import clock
from casework.models import Person, SetPasswordLink

LASTS = timedelta(hours=24)


def new_link(session: Session, person: Person) -> str:
    """The secret of a link with which a person sets a password, once and within 24 hours."""
    secret = secrets.token_urlsafe(32)
    session.add(
        SetPasswordLink(
            secret_hash=_hash(secret), person_id=person.id, expires_at=clock.now() + LASTS
        )
    )
    session.flush()
    return secret


def person_of_link(session: Session, secret: str) -> Person | None:
    """Whose link this is; None when it was used, has expired, is a disabled person's or never was."""
    query = (
        select(Person)
        .join(SetPasswordLink, SetPasswordLink.person_id == Person.id)
        .where(
            SetPasswordLink.secret_hash == _hash(secret),
            SetPasswordLink.used_at.is_(None),
            SetPasswordLink.expires_at > clock.now(),
            Person.is_active,
        )
    )
    return session.execute(query).scalar_one_or_none()


def end_links(session: Session, person: Person) -> None:
    """Let no link that a person was given open anything any more."""
    given = update(SetPasswordLink).where(
        SetPasswordLink.person_id == person.id, SetPasswordLink.used_at.is_(None)
    )
    session.execute(given.values(used_at=clock.now()))


def url_of(base: str, secret: str) -> str:
    """The address to open, below where the pages are served (`base`)."""
    return f"{base.rstrip('/')}/set-password/{secret}"


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
