"""The only place that changes which Word template a letter has: one event, one row."""

from sqlalchemy.orm import Session

from casework.audit import record
from casework.files.store import Kept, note
from casework.letters.templates.queries import ADDED, CHOSEN
from casework.models import LetterTemplate


def add_template(
    session: Session, letter: str, kept: Kept, *, role: str, origin: record.Origin
) -> None:
    """Use a file that was checked for this letter from now on; the caller commits."""
    note(session, kept)
    _record(session, ADDED, letter, kept.sha256, role, origin)


def choose_template(
    session: Session, letter: str, sha256: str | None, *, role: str, origin: record.Origin
) -> None:
    """Go back to a template that the letter had, or with None to the built-in one."""
    _record(session, CHOSEN, letter, sha256, role, origin)


def _record(
    session: Session,
    action: str,
    letter: str,
    sha256: str | None,
    role: str,
    origin: record.Origin,
) -> None:
    event = record.NewEvent(action, role, stat={"letter": letter, "template": sha256})
    seq = record.append(session, event, origin).seq
    session.add(LetterTemplate(letter=letter, since_seq=seq, sha256=sha256))
    session.flush()
