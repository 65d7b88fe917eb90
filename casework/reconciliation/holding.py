"""The only place where a list waits between its upload and the answer about its columns: an hour."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import BinaryIO

from sqlalchemy.orm import Session

from casework.reconciliation.ours import Period
from casework.web.holding import Cookie, Shelf

LISTS = Shelf("list", timedelta(hours=1))


@dataclass(frozen=True)
class Held:
    """A list that waits, with what was chosen for it so far."""

    file: BinaryIO
    force: str | None
    period: Period | None


def hold(
    session: Session,
    cookie: Cookie,
    person: str,
    content: bytes,
    force: str | None,
    period: Period | None,
) -> None:
    """Keep a list for an hour with its force and period, in place of another of the same person's.

    Within the caller's write transaction.
    """
    days = (period.from_on, period.to_on) if period else ()
    chosen = {"force": force, "days": [day.isoformat() for day in days]}
    LISTS.hold(session, cookie, person, content, chosen)


def held(session: Session, cookie: Cookie, person: str) -> Held | None:
    """The list that this person sent from this session within the hour, None when there is none."""
    found = LISTS.find(session, cookie, person)
    if found is None:
        return None
    days = [date.fromisoformat(day) for day in found.told["days"]]
    return Held(found.file, found.told["force"], Period(*days) if days else None)
