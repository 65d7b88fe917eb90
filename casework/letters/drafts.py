"""The only place that changes letters being written: begun, edited, finished in Word, thrown away.

A draft is no event until it is issued, and is not lost before: each function works within the
caller's write transaction, on the version its page was opened on.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import clock
from casework.files.kinds import DOCX
from casework.files.store import Kept, note
from casework.letters.rendering import printable
from casework.models import LetterDraft


class StaleDraft(Exception):
    """Somebody else changed the draft since its page was opened; nothing was changed."""


@dataclass(frozen=True)
class Beginning:
    """What a draft begins as: which letter of which case, to whom, and its first text.

    Where the office has its own Word template, `template` is its hash and `docx` the letter
    filled into it.
    """

    case: str
    letter: str
    told: str
    text: str
    template: str | None = None
    docx: Kept | None = None
    replaces: str | None = None


def begin(session: Session, token: str, beginning: Beginning, person: str) -> None:
    """Begin a draft under a token that its form brought, so that the form sent twice begins one."""
    if session.get(LetterDraft, token) is not None:
        return
    if beginning.docx is not None:
        note(session, beginning.docx)
    draft = LetterDraft(
        token=token,
        case_token=beginning.case,
        letter=beginning.letter,
        told=beginning.told,
        version=1,
        text=beginning.text,
        docx=beginning.docx.sha256 if beginning.docx else None,
        template=beginning.template,
        begun_by=person,
        changed_by=person,
        changed_at=clock.now(),
        replaces=beginning.replaces,
    )
    session.add(draft)
    session.flush()


def draft_on(session: Session, case: str, token: str) -> LetterDraft | None:
    """The draft with this token on this case, also when it was issued; None without one."""
    draft = session.get(LetterDraft, token)
    return draft if draft is not None and draft.case_token == case else None


def being_written(session: Session, case: str) -> Sequence[LetterDraft]:
    """The drafts of a case that are not issued, the newest change first."""
    query = (
        select(LetterDraft)
        .where(LetterDraft.case_token == case, LetterDraft.issued.is_(None))
        .order_by(LetterDraft.changed_at.desc(), LetterDraft.token)
    )
    return session.scalars(query).all()


def of_letter(session: Session, letter: str) -> LetterDraft | None:
    """The draft that became this issued letter, None where there is none any more."""
    return session.scalars(select(LetterDraft).where(LetterDraft.issued == letter)).one_or_none()


def save_text(session: Session, draft: LetterDraft, version: int, text: str, person: str) -> None:
    """Keep the text as it was edited. StaleDraft, unless it says the same as what is there."""
    typed = printable(text)
    if typed == draft.text and draft.issued is None:
        return
    _change(draft, version, person)
    draft.text = typed
    session.flush()


def finish(session: Session, draft: LetterDraft, version: int, kept: Kept, person: str) -> None:
    """Put an uploaded file in the text's place: the final letter, as it is.

    A PDF goes with the Word file it was made from; a new Word file makes an older PDF untrue.
    """
    _change(draft, version, person)
    note(session, kept)
    if kept.kind is DOCX:
        draft.docx, draft.pdf = kept.sha256, None
    else:
        draft.pdf = kept.sha256
    session.flush()


def return_to_text(session: Session, draft: LetterDraft, version: int, person: str) -> None:
    """Leave the uploaded files aside and go on with the text; the files stay in the store."""
    _change(draft, version, person)
    draft.docx = draft.pdf = None
    session.flush()


def throw_away(session: Session, draft: LetterDraft, version: int) -> None:
    """Forget a draft that nobody wants."""
    _require(draft, version)
    session.delete(draft)
    session.flush()


def mark_issued(session: Session, draft: LetterDraft, letter: str) -> None:
    """Say which issued letter the draft became; it changes no more."""
    draft.issued = letter
    session.flush()


def _change(draft: LetterDraft, version: int, person: str) -> None:
    _require(draft, version)
    draft.version, draft.changed_by, draft.changed_at = version + 1, person, clock.now()


def _require(draft: LetterDraft, version: int) -> None:
    if draft.version != version or draft.issued is not None:
        raise StaleDraft(draft.token)
