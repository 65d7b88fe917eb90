"""The only place that knows which stored files the events of a case name, and which no other names."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from casework.audit import record
from casework.audit.events import Event, parse
from casework.models import (
    AuditEvent,
    Case,
    LetterDraft,
    LetterTemplate,
    OutboxMail,
    WaitingApplication,
    WaitingFile,
)
from casework.models.base import table_of
from workflows import ITEMS, OFFICE

_EVENTS, _CASES = table_of(AuditEvent).c, table_of(Case).c
_CODES = {
    step.event: [fact.code for fact in step.facts if fact.kind == "file"]
    for workflow in (*ITEMS.values(), *OFFICE.values())
    for step in workflow.steps
}
NAMING = tuple(action for action, codes in _CODES.items() if codes)
"""The actions of events that name stored files."""


def named_in(events: Iterable[Event]) -> set[str]:
    """The SHA-256 of every file that these events name, whatever was annulled since."""
    found = (e.stat.get(code) for e in events for code in _CODES.get(e.action, ()))
    return {digest for digest in found if digest}


class NamedFiles:
    """Who names which files, as far as the log was read; what was recorded since is read when asked.

    One of these serves any number of cases that are erased one after another.
    """

    def __init__(self) -> None:
        self._size = 0
        self._cases: dict[str, set[str]] = defaultdict(set)
        self._files: dict[str, set[str]] = defaultdict(set)

    def only_of(self, session: Session, case: str) -> list[str]:
        """The files that this case names and, but for cases that are erased, nothing else; sorted.

        Within the write transaction in which they are to be forgotten.
        """
        self._read_on(session)
        of_case = self._files[case] | _beside_the_log(session, case)
        erased = session.execute(select(_CASES.token).where(_CASES.erased_on.is_not(None)))
        gone = {case, *erased.scalars()}
        alone = [digest for digest in of_case if self._cases.get(digest, set()) <= gone]
        return sorted(set(alone) - _kept_elsewhere(session, case, alone))

    def _read_on(self, session: Session) -> None:
        size = record.log_size(session)
        query = select(_EVENTS.body).where(
            _EVENTS.action.in_(NAMING), _EVENTS.seq >= self._size, _EVENTS.seq < size
        )
        for body in session.execute(query).scalars():
            event = parse(body)
            for digest in named_in([event]):
                self._cases[digest].add(event.case or "")
                self._files[event.case or ""].add(digest)
        self._size = size


def _beside_the_log(session: Session, case: str) -> set[str]:
    """The files of letters that are being written on a case, of its mail and of its application."""
    drafts = select(LetterDraft.docx, LetterDraft.pdf).where(LetterDraft.case_token == case)
    mails = select(OutboxMail.attachments).where(OutboxMail.case_token == case)
    found = {digest for row in session.execute(drafts) for digest in row if digest}
    found |= {each["sha256"] for sent in session.scalars(mails) for each in sent}
    waiting = (
        select(WaitingFile.sha256)
        .join(WaitingApplication, WaitingApplication.token_hash == WaitingFile.token_hash)
        .join(Case, Case.reference == WaitingApplication.reference)
        .where(Case.token == case)
    )
    return found | set(session.scalars(waiting))


def _kept_elsewhere(session: Session, case: str, digests: list[str]) -> set[str]:
    """Those of these files that something names which is no event and not of this case."""
    others = (
        select(LetterDraft.docx, LetterDraft.pdf).where(
            LetterDraft.case_token != case,
            or_(LetterDraft.docx.in_(digests), LetterDraft.pdf.in_(digests)),
        ),
        select(LetterTemplate.sha256).where(LetterTemplate.sha256.in_(digests)),
        select(WaitingFile.sha256)
        .join(WaitingApplication, WaitingApplication.token_hash == WaitingFile.token_hash)
        .outerjoin(Case, Case.reference == WaitingApplication.reference)
        .where(WaitingFile.sha256.in_(digests), or_(Case.token.is_(None), Case.token != case)),
    )
    return {digest for query in others for row in session.execute(query) for digest in row}
