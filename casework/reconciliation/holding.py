"""The only place where a list waits between its upload and the answer about its columns.

A list names people. So it waits in the database for an hour at most, encrypted, and its key is in
the session of whoever sent it and nowhere else: without that browser nobody can read it.
"""

from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import Any, BinaryIO

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import delete
from sqlalchemy.orm import Session

from casework import clock
from casework.models import HeldList

KEY = "held_list"
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Held:
    """A list that waits, with what was chosen for it so far."""

    file: BinaryIO
    force: str | None
    from_on: date | None
    to_on: date | None


def hold(
    session: Session, cookie: MutableMapping[str, Any], person: str, content: bytes, *chosen: Any
) -> None:
    """Keep a list for an hour; `chosen` are force, first and last day. It takes the place of
    another of the same person.

    Within the caller's write transaction.
    """
    drop(session, cookie, person)
    secret = Fernet.generate_key()
    force, from_on, to_on = chosen
    row = HeldList(
        person_token=person,
        force=force,
        from_on=from_on,
        to_on=to_on,
        content=Fernet(secret).encrypt(content),
        held_at=clock.now(),
    )
    session.add(row)
    session.flush()
    cookie[KEY] = secret.decode()


def held(session: Session, cookie: MutableMapping[str, Any], person: str) -> Held | None:
    """The list that this person sent from this session within the hour, None when there is none."""
    row = session.get(HeldList, person)
    secret = cookie.get(KEY)
    if row is None or secret is None or clock.now() - row.held_at >= HOUR:
        return None
    try:
        content = Fernet(secret).decrypt(row.content)
    except InvalidToken:
        return None
    return Held(BytesIO(content), row.force, row.from_on, row.to_on)


def drop(session: Session, cookie: MutableMapping[str, Any], person: str) -> None:
    """Forget the list of this person, and whatever else waited longer than an hour.

    Within the caller's write transaction.
    """
    forget_expired(session)
    session.execute(delete(HeldList).where(HeldList.person_token == person))
    cookie.pop(KEY, None)


def forget_expired(session: Session) -> int:
    """Delete the lists that waited longer than an hour; how many. Within the caller's write
    transaction.
    """
    found = session.execute(delete(HeldList).where(HeldList.held_at <= clock.now() - HOUR))
    return found.rowcount  # type: ignore[attr-defined,no-any-return]
