"""The only place that counts wrong passwords and codes, and makes whoever guesses wait.

The count is by what is guessed at, such as an e-mail address, known or not, in the database, so that
every worker sees it. An attempt is counted before it is looked at: a hundred at once are no way
around it. What writes does so within the caller's write transaction.
"""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from casework import clock
from casework.audit import record
from casework.models import Person, SignInAttempt

ALLOWED = 10
WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)
_TOLD = ALLOWED + 1
"""As many as ALLOWED, and the log was told: it is not told again until they are forgotten."""


def begin(session: Session, of: str) -> datetime | None:
    """Count an attempt; when it must wait, until when, and nothing is counted.

    `of` is whose password or code it is. The caller commits before what was typed is looked at.
    """
    now = clock.now()
    forgotten = delete(SignInAttempt).where(SignInAttempt.last_failed_at < now - FORGOTTEN_AFTER)
    session.execute(forgotten)
    attempt = session.get(SignInAttempt, _hash(of))
    if attempt is None:
        attempt = SignInAttempt(email_hash=_hash(of), failures=0, last_failed_at=now)
        session.add(attempt)
    elif attempt.failures >= ALLOWED and now < attempt.last_failed_at + WAIT:
        return attempt.last_failed_at + WAIT
    if attempt.failures < ALLOWED:
        attempt.failures += 1
    attempt.last_failed_at = now
    session.flush()
    return None


def settle(session: Session, of: str, whose: ColumnElement[bool], *, is_right: bool) -> None:
    """Say how an attempt went: a right one forgets the wrong ones; the tenth wrong one is told, once.

    `whose` is true of the person it would let in, if there is one.
    """
    if is_right:
        forget(session, of)
        return
    attempt = session.get(SignInAttempt, _hash(of))
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


def forget(session: Session, of: str) -> None:
    """Forget the wrong ones: who has a new password need not wait for guesses at the old one."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.email_hash == _hash(of)))


def _hash(of: str) -> str:
    return sha256(of.encode("utf-8", "surrogatepass")).hexdigest()
