"""The only place that begins, finds and ends the sessions of people who sign in.

A session is a row; the browser has its random id and nothing else, the row that id's hash. What
writes does so within the caller's write transaction.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal

from sqlalchemy import ColumnElement, bindparam, delete, select, update
from sqlalchemy.orm import Session

from casework import clock
from casework.models import Person, PersonRole, StaffSession
from casework.models.base import table_of

IDLE = timedelta(minutes=30)
"""A session ends this long after it was last used."""
ABSOLUTE = timedelta(hours=12)
"""A session ends this long after signing in, however busy."""
HALF_WAY = timedelta(minutes=15)
"""How long the password stands while something else is still wanted."""
FRESH = timedelta(minutes=15)
"""So lately somebody signed in who may change how they do; no screen left open will do."""
SEEN_EVERY = timedelta(minutes=1)
"""That a session is used is written once in so long, at most."""
KEPT_FOR = timedelta(days=30)
"""How long a session is listed once it was last used."""

By = Literal["password", "single_sign_on", "single_sign_on_anew"]
"""How somebody signed in: `..._anew` where the directory asked them again as we wanted it to, while
otherwise a session of its own may have let them in without a word."""
Awaits = Literal["code", "set_up"]
Why = Literal[
    "signed_out",
    "ended",
    "went_on",
    "password_set",
    "email_changed",
    "roles_changed",
    "link_changed",
    "disabled",
    "factor",
    "sent_out",
]
"""Why a session ended before its time: `ended` by its person from elsewhere, `sent_out` by an
administrator; half way, one went on."""

_SESSIONS, _PEOPLE, _ROLES = (table_of(each) for each in (StaffSession, Person, PersonRole))
# Asked for with every page: one statement, built once, where the ORM would need three.
_HELD = (
    select(
        _SESSIONS.c.id,
        _SESSIONS.c.signed_in_by,
        _SESSIONS.c.awaits,
        _SESSIONS.c.began_at,
        _SESSIONS.c.last_seen_at,
        _PEOPLE.c.token,
        _PEOPLE.c.name,
        _PEOPLE.c.email,
        _ROLES.c.role,
    )
    .join(_PEOPLE, _PEOPLE.c.id == _SESSIONS.c.person_id)
    .outerjoin(_ROLES, _ROLES.c.person_id == _PEOPLE.c.id)
    .where(
        _SESSIONS.c.secret_hash == bindparam("wanted"),
        _SESSIONS.c.ended_at.is_(None),
        _PEOPLE.c.is_active,
    )
)


@dataclass(frozen=True)
class Held:
    """An open session and whose it is, as the database has them now.

    `awaits` is what is still wanted before it opens anything, None once nothing is.
    """

    number: int
    signed_in_by: By
    awaits: Awaits | None
    began_at: datetime
    last_seen_at: datetime
    person: str
    name: str
    email: str
    roles: frozenset[str]

    @property
    def ends_at(self) -> datetime:
        """When it ends, if it is not used again."""
        if self.awaits:
            return self.began_at + HALF_WAY
        return min(self.last_seen_at + IDLE, self.began_at + ABSOLUTE)

    @property
    def is_fresh(self) -> bool:
        """Whether they were asked who they are, and lately."""
        was_asked = self.signed_in_by != "single_sign_on"
        return was_asked and clock.now() - self.began_at < FRESH


@dataclass(frozen=True)
class Listed:
    """A session of somebody's as they are shown it; `why` says how it ended, None while it is open."""

    number: int
    device: str
    signed_in_by: By
    began_at: datetime
    last_seen_at: datetime
    why: Why | Literal["idle", "over"] | None


def begin(
    session: Session,
    person: Person,
    device: str,
    *,
    by: By,
    awaits: Awaits | None = None,
    since: datetime | None = None,
) -> str:
    """Begin a session of a person on a device; its secret id. Forgets sessions long over.

    `since` is when they signed in, where this one takes the place of another; else it is now.
    """
    now, secret = clock.now(), secrets.token_urlsafe(32)
    session.execute(delete(_SESSIONS).where(_SESSIONS.c.last_seen_at < now - KEPT_FOR))
    begun = StaffSession(
        secret_hash=_hash(secret),
        person_id=person.id,
        signed_in_by=by,
        device=device,
        awaits=awaits,
        began_at=since or now,
        last_seen_at=now,
    )
    session.add(begun)
    session.flush()
    return secret


def find(session: Session, secret: str) -> Held | None:
    """The open session of this secret id; None where there is none, or its time is over."""
    rows = session.execute(_HELD, {"wanted": _hash(secret)}).all()
    if not rows:
        return None
    roles = frozenset(each.role for each in rows if each.role)
    held = Held(*rows[0][:-1], roles=roles)
    return held if clock.now() < held.ends_at else None


def of_person(session: Session, person_token: str) -> tuple[Listed, ...]:
    """The sessions of a person that opened anything, newest first; those of the last thirty days."""
    query = (
        select(_SESSIONS)
        .join(_PEOPLE, _PEOPLE.c.id == _SESSIONS.c.person_id)
        .where(_PEOPLE.c.token == person_token, _SESSIONS.c.awaits.is_(None))
        .order_by(_SESSIONS.c.began_at.desc(), _SESSIONS.c.id.desc())
    )
    return tuple(
        Listed(
            row.id,
            row.device,
            row.signed_in_by,
            row.began_at,
            row.last_seen_at,
            row.ended_why or _over(row.began_at, row.last_seen_at),
        )
        for row in session.execute(query)
    )


def _over(began_at: datetime, last_seen_at: datetime) -> Literal["idle", "over"] | None:
    ends: dict[datetime, Literal["idle", "over"]] = {
        began_at + ABSOLUTE: "over",
        last_seen_at + IDLE: "idle",
    }
    first = min(ends)
    return ends[first] if clock.now() >= first else None


def see(session: Session, held: Held) -> None:
    """Say that a session is used now."""
    seen = update(_SESSIONS).where(_SESSIONS.c.id == held.number)
    session.execute(seen.values(last_seen_at=clock.now()))


def end(session: Session, number: int, person_token: str, why: Why) -> bool:
    """End one session of a person; False where they have no such one that is open."""
    return _end(session, why, _of(person_token), _SESSIONS.c.id == number) > 0


def end_all(session: Session, person_token: str, why: Why, *, but: int | None = None) -> int:
    """End every session of a person, or every other than `but`, a number; how many there were."""
    kept = () if but is None else (_SESSIONS.c.id != but,)
    return _end(session, why, _of(person_token), *kept)


def let_go(session: Session, held: Collection[str], why: Why) -> None:
    """End the sessions of these secret ids, whosever they are."""
    _end(session, why, _SESSIONS.c.secret_hash.in_([_hash(secret) for secret in held]))


def _of(person_token: str) -> ColumnElement[bool]:
    whose = select(_PEOPLE.c.id).where(_PEOPLE.c.token == person_token).scalar_subquery()
    return _SESSIONS.c.person_id == whose


def _end(session: Session, why: Why, *which: ColumnElement[bool]) -> int:
    ended = update(_SESSIONS).where(_SESSIONS.c.ended_at.is_(None), *which)
    done = session.execute(ended.values(ended_at=clock.now(), ended_why=why))
    return done.rowcount  # type: ignore[attr-defined, no-any-return]


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
