"""The only place that counts wrong passwords and makes whoever guesses wait.

The count is by e-mail address, known or not, in the database, so that every worker sees it. An
attempt is counted before its password is looked at: a hundred at once are no way around it.
"""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from casework import clock
from casework.audit import record
from casework.models import Person, SignInAttempt

ALLOWED = 10
WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)


def begin(session: Session, email: str) -> datetime | None:
    """Count an attempt to sign in; when the address must wait, until when, and nothing is counted.

    Within the caller's write transaction; the caller commits, before the password is looked at.
    """
    now = clock.now()
    forgotten = delete(SignInAttempt).where(SignInAttempt.last_failed_at < now - FORGOTTEN_AFTER)
    session.execute(forgotten)
    attempt = session.get(SignInAttempt, _hash(email))
    if attempt is None:
        attempt = SignInAttempt(email_hash=_hash(email), failures=0, last_failed_at=now)
        session.add(attempt)
    elif attempt.failures >= ALLOWED and now < attempt.last_failed_at + WAIT:
        return attempt.last_failed_at + WAIT
    attempt.failures += 1
    attempt.last_failed_at = now
    session.flush()
    return None


def succeed(session: Session, email: str) -> None:
    """Forget the wrong passwords: the right one came. Within the caller's write transaction."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.email_hash == _hash(email)))


def fail(session: Session, email: str) -> None:
    """A wrong password it was; from the tenth on the address has to wait, and the log says so.

    Within the caller's write transaction.
    """
    attempt = session.get(SignInAttempt, _hash(email))
    if attempt is None or attempt.failures < ALLOWED:
        return
    person = session.execute(select(Person.token).where(Person.email == email)).scalar()
    # Addresses nobody has could be tried without end, and the log is for ever.
    if person is not None:
        stat = {"person": person, "failures": attempt.failures}
        event = record.NewEvent("sign_in_locked", record.SYSTEM, stat=stat)
        record.append(session, event, record.Origin("web"))


def _hash(email: str) -> str:
    return sha256(email.encode("utf-8", "surrogatepass")).hexdigest()
