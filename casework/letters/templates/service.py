"""The only place that changes which Word template a letter has: one event, one row."""

from sqlalchemy.orm import Session

from casework.audit import record
from casework.files.store import Kept, note
from casework.models import LetterTemplate

ADDED = "letter_template_added"
CHOSEN = "letter_template_chosen"


def add_template(
    session: Session, letter: str, kept: Kept, *, role: str, origin: record.Origin
) -> None:
    """Use a file that was checked for this letter from now on; the caller commits."""
    note(session, kept)
    stat = {"letter": letter, "template": kept.sha256}
    _record(session, record.NewEvent(ADDED, role, stat=stat), origin)


def choose_template(
    session: Session, letter: str, sha256: str | None, *, role: str, origin: record.Origin
) -> None:
    """Go back to a template that the letter had, or with None to the built-in one."""
    stat = {"letter": letter, "template": sha256}
    _record(session, record.NewEvent(CHOSEN, role, stat=stat), origin)


def _record(session: Session, event: record.NewEvent, origin: record.Origin) -> None:
    seq = record.append(session, event, origin).seq
    stat = event.stat
    session.add(LetterTemplate(letter=stat["letter"], since_seq=seq, sha256=stat["template"]))
    session.flush()
