"""The only place that counts wrong passwords and codes, and makes whoever guesses wait.

The count is by a keyed hash of what is guessed at, such as an e-mail address, known or not, in the
database, so that every worker sees it. An attempt is counted before it is looked at: a hundred at
once are no way around it. What writes does so within the caller's write transaction.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from casework import clock
from casework.audit import record
from casework.models import Person, SignInAttempt
from casework.sealing import keyed_hash

ALLOWED = 10
WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)
_TOLD = ALLOWED + 1
"""As many as ALLOWED, and the log was told: it is not told again until they are forgotten."""


def key_of(what: str, secret: str) -> str:
    """By what attempts at somebody's password or code are counted, under the installation's secret."""
    return keyed_hash("guesses", secret, what)


def begin(session: Session, key: str) -> datetime | None:
    """Count an attempt; when it must wait, until when, and nothing is counted.

    The caller commits before what was typed is looked at.
    """
    now = clock.now()
    forget_old(session)
    attempt = session.get(SignInAttempt, key)
    if attempt is None:
        attempt = SignInAttempt(email_hash=key, failures=0, last_failed_at=now)
        session.add(attempt)
    elif attempt.failures >= ALLOWED and now < attempt.last_failed_at + WAIT:
        return attempt.last_failed_at + WAIT
    if attempt.failures < ALLOWED:
        attempt.failures += 1
    attempt.last_failed_at = now
    session.flush()
    return None


def settle(session: Session, key: str, whose: ColumnElement[bool], *, is_right: bool) -> None:
    """Say how an attempt went: a right one forgets the wrong ones; the tenth wrong one is told, once.

    `whose` is true of the person it would let in, if there is one.
    """
    if is_right:
        forget(session, key)
        return
    attempt = session.get(SignInAttempt, key)
    if attempt is None or attempt.failures != ALLOWED:
        return
    attempt.failures = _TOLD
    session.flush()
    person = session.execute(select(Person.token).where(whose)).scalar()
    # Addresses nobody has could be tried without end, and the log is for ever.
    if person is not None:
        stat = {"person": person, "failures": ALLOWED}
        event = record.NewEvent("sign_in_locked", record.SYSTEM, stat=stat)
        record.append(session, event, record.Origin("web"))


def forget(session: Session, key: str) -> None:
    """Forget the wrong ones: who has a new password need not wait for guesses at the old one."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.email_hash == key))


def forget_old(session: Session) -> int:
    """Forget those after which a day went by with no other; for how many it was counted."""
    long_ago = SignInAttempt.last_failed_at < clock.now() - FORGOTTEN_AFTER
    forgotten = session.execute(delete(SignInAttempt).where(long_ago))
    return int(forgotten.rowcount)  # type: ignore[attr-defined]
