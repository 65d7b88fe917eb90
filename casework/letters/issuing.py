"""The only place that issues letters: made whole outside the transaction, then numbered for ever.

What was issued is read from the entry that issued it as it was entered: no correction, and
nothing else that anybody sends, changes which bytes a letter has.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from casework.audit.items import KeptItem
from casework.audit.record import Origin
from casework.files.kinds import DOCX, PDF, Kind
from casework.files.names import name_for
from casework.files.store import Kept, note
from casework.index.entries import keep_files
from casework.items import begin_item, item_ref, items_on, move_item
from casework.letters.drafts import mark_issued
from casework.letters.rendering import as_docx, as_pdf, docx_to_pdf, gaps, leftovers, parse
from casework.models import LetterDraft
from casework.office_settings import OfficeSettings
from casework.web.files import files, opened
from workflows.attempt import Attempt, StepRefused
from workflows.definition import Actor
from workflows.letter import ISSUE, LABELS, LETTER, REPLACE, REPLACED, SENT


@dataclass(frozen=True)
class Issued:
    """A letter that was issued: its number on the case, and its bytes by their SHA-256."""

    kept: KeptItem
    reference: str

    @property
    def token(self) -> str:
        """Its own token."""
        return self.kept.token

    @property
    def _entered(self) -> Any:
        return self.kept.history[0].facts

    @property
    def number(self) -> int:
        """Its place among the letters of the case, from 1, without gaps."""
        return int(self._entered["number"])

    @property
    def name(self) -> str:
        """Which letter it is: the code of its kind."""
        return str(self._entered["letter"])

    @property
    def label(self) -> str:
        """What people call it."""
        return LABELS.get(self.name, self.name)

    @property
    def title(self) -> str:
        """Number and name: "CR/2026-27/001/L3 Acknowledgement"."""
        return title_of(self.reference, self.number, self.label)

    @property
    def files(self) -> dict[str, str]:
        """The SHA-256 of its PDF, and of its Word file where it has one, by kind."""
        return {kind: self._entered[kind] for kind in ("pdf", "docx") if kind in self._entered}

    def saved_as(self, kind: Kind) -> str:
        """The name under which a file of it is saved: "CR-2026-27-001-L3 Acknowledgement.pdf"."""
        return name_for(self.title.replace("/", "-"), kind)

    @property
    def replaces(self) -> int | None:
        """The number of the letter that it replaces."""
        number: int | None = self._entered.get("replaces")
        return number

    @property
    def replaced_by(self) -> int | None:
        """The number of the letter that replaced it."""
        entry = self.kept.standing.last(REPLACE.name)
        return entry.facts["replaced_by"] if entry else None

    @property
    def stands(self) -> bool:
        """Whether it may still be sent: it was not replaced or entered in error."""
        return self.kept.is_kept and self.kept.standing.state != REPLACED

    @property
    def is_sent(self) -> bool:
        """Whether it went to anybody yet."""
        return self.kept.standing.state == SENT


@dataclass(frozen=True)
class Made:
    """A letter's files, in the store and ready to be issued under a number."""

    number: int
    pdf: Kept | str
    docx: Kept | str | None


def issued_on(items: Iterable[KeptItem], reference: str) -> list[Issued]:
    """The letters issued on a case, in the order of their numbers; what was entered in error too."""
    return [Issued(item, reference) for item in items if item.workflow is LETTER]


def next_number(items: Iterable[KeptItem]) -> int:
    """The number that the next letter of a case gets: no number is ever given twice."""
    return 1 + max((letter.number for letter in issued_on(items, "")), default=0)


def title_of(reference: str, number: int, label: str) -> str:
    """Number and name of a letter."""
    return f"{reference}/L{number} {label}"


def unfinished(draft: LetterDraft) -> Sequence[str]:
    """What the letter still leaves to be completed; a PDF is taken as it is."""
    if draft.pdf is not None:
        return ()
    if draft.docx is None:
        return gaps(draft.text)
    with opened(draft.docx) as file:
        return (*gaps(files().text(draft.docx)), *leftovers(file.read()))


def dated_on(draft: LetterDraft) -> date | None:
    """The day that the text bears: the first line that is a day and nothing else, if any is."""
    if draft.docx is not None or draft.pdf is not None:
        return None
    for line in draft.text.splitlines():
        with suppress(ValueError):
            return datetime.strptime(line.strip(), "%d %B %Y").date()  # noqa: DTZ007
    return None


def printed(
    draft: LetterDraft, office: OfficeSettings, reference: str, number: int, on: date
) -> bytes:
    """A draft as the PDF that it would be under a number. Slow; raises PdfRefused."""
    foot, name = f"{reference}/L{number}", office.office_name
    if draft.pdf is not None:
        with opened(draft.pdf) as file:
            return file.read()
    if draft.docx is None:
        return as_pdf(parse(draft.text), office_name=name, foot=foot, written_on=on)
    with opened(draft.docx) as file:
        title = f"{LABELS[draft.letter]}, {foot}"
        return docx_to_pdf(file.read(), title=title, office_name=name, foot=foot, written_on=on)


def make(draft: LetterDraft, office: OfficeSettings, reference: str, number: int, on: date) -> Made:
    """The files of a letter as it would be issued. Slow, so outside any write transaction.

    A file that somebody uploaded stays what it is, byte for byte. Raises PdfRefused.
    """
    if draft.pdf is not None:
        return Made(number, draft.pdf, draft.docx)
    pdf = files().keep_made(printed(draft, office, reference, number, on), PDF)
    if draft.docx is not None:
        return Made(number, pdf, draft.docx)
    foot = f"{reference}/L{number}"
    document = as_docx(parse(draft.text), office_name=office.office_name, foot=foot)
    return Made(number, pdf, files().keep_made(document, DOCX, draft.text))


def issue(
    session: Session,
    draft: LetterDraft,
    reference: str,
    made: Made,
    disclosure: Sequence[str],
    on: date,
    actor: Actor,
    origin: Origin,
) -> Issued:
    """Issue a draft as it was made. The caller commits.

    Raises StepRefused, also when another letter took the number meanwhile.
    """
    kept = items_on(session, draft.case_token)
    if made.number != next_number(kept):
        raise StepRefused.because(
            f"Another letter was issued as number {made.number} meanwhile, so this one was not "
            "yet. Send the form again: it gets the next number."
        )
    for file in (made.pdf, made.docx):
        if isinstance(file, Kept):
            note(session, file)
    before = issued_on(kept, reference)
    replaced = next((letter for letter in before if letter.token == draft.replaces), None)
    facts = _facts(draft, reference, made, replaced, disclosure)
    moved = begin_item(
        session, draft.case_token, LETTER, Attempt(ISSUE.name, on, facts, actor), origin
    )
    brought = filter(None, (facts["docx"], facts["pdf"], facts["template"]))
    keep_files(session, moved.case, moved.seq, LETTER.name, brought, files().text)
    if replaced is not None:
        _replace(session, replaced.token, made.number, on, actor, origin)
    mark_issued(session, draft, moved.item)
    issued = issued_on(items_on(session, draft.case_token), reference)
    return next(each for each in issued if each.token == moved.item)


def _facts(
    draft: LetterDraft,
    reference: str,
    made: Made,
    replaced: Issued | None,
    disclosure: Sequence[str],
) -> dict[str, Any]:
    return {
        "letter": draft.letter,
        "number": made.number,
        "pdf": _digest(made.pdf),
        "docx": _digest(made.docx) if made.docx else None,
        "template": draft.template,
        "replaces": replaced.number if replaced else None,
        "disclosure": list(disclosure),
        "title": title_of(reference, made.number, LABELS.get(draft.letter, draft.letter)),
    }


def _replace(
    session: Session, letter: str, number: int, on: date, actor: Actor, origin: Origin
) -> None:
    ref = item_ref(session, letter)
    if ref is not None:
        attempt = Attempt(REPLACE.name, on, {"replaced_by": number}, actor)
        move_item(session, ref, attempt, origin)


def _digest(file: Kept | str) -> str:
    return file.sha256 if isinstance(file, Kept) else file
