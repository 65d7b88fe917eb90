"""The only place that reads which Word templates letters have, and had."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit.events import newest_first
from casework.models import AuditEvent, Case, LetterTemplate
from casework.permissions import visible_to
from casework.web.identity import names

_MOST_SHOWN = 1_000


@dataclass(frozen=True)
class Version:
    """A template that a letter has or had: its number among the letter's, its file, who added it."""

    number: int
    sha256: str
    at: datetime
    who: str
    is_in_use: bool


def in_use(session: Session, letter: str) -> str | None:
    """The SHA-256 of the template that a letter has now; None while it is the built-in one."""
    query = (
        select(LetterTemplate.sha256)
        .where(LetterTemplate.letter == letter)
        .order_by(LetterTemplate.since_seq.desc())
        .limit(1)
    )
    return session.execute(query).scalar_one_or_none()


def versions(session: Session, letter: str) -> tuple[Version, ...]:
    """The templates that a letter ever had, newest first; a file uploaded twice is one."""
    used, known = in_use(session, letter), names(session)
    query = (
        select(LetterTemplate.since_seq, LetterTemplate.sha256)
        .where(LetterTemplate.letter == letter, LetterTemplate.sha256.is_not(None))
        .order_by(LetterTemplate.since_seq)
    )
    first: dict[str, int] = {}
    for seq, sha256 in session.execute(query):
        first.setdefault(str(sha256), seq)
    added = _events(session, first.values())
    return tuple(
        Version(number, sha256, added[seq][0], known.get(added[seq][1], "?"), sha256 == used)
        for number, (sha256, seq) in reversed(list(enumerate(first.items(), start=1)))
    )


def case_called(session: Session, reference: str, person: str) -> str | None:
    """The token of the case with this reference, if this person (by token) may see it."""
    query = select(Case.token).where(Case.reference == reference, visible_to(person))
    return session.execute(query).scalar_one_or_none()


def _events(session: Session, seqs: Iterable[int]) -> dict[int, tuple[datetime, str]]:
    """When and by whom each of these events was recorded."""
    found = newest_first(session, [AuditEvent.seq.in_(list(seqs))], _MOST_SHOWN)
    return {event.seq: (event.at, event.actor) for event in found}
