"""The only place that erases a case: everything of it in the database, in one transaction.

What lies on disks beside it goes after the commit (`finishing`), by the row that is left here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Executable, delete, select, update
from sqlalchemy.orm import Session

from casework import clock, items, progress
from casework.audit import erasures, record
from casework.audit.events import Event, events_of
from casework.audit.items import items_in, standings_by_kind
from casework.index.entries import forget_case
from casework.models import (
    Case,
    Draft,
    Erasure,
    Item,
    LetterDraft,
    OutboxMail,
    RegisterRow,
    StoredFile,
    WaitingApplication,
)
from casework.models.case import IMPORTED_AND_ERASED
from casework.office_settings import settings_at
from casework.retention import forces_lists
from casework.retention.named_files import NamedFiles
from workflows.attempt import Attempt, StepRefused
from workflows.calendar import london_day
from workflows.definition import Actor
from workflows.disposal import APPROVED, DISPOSAL, DUE_ON, ERASE, fell_due, why_kept
from workflows.roles import SYSTEM

_BY_COMMAND = Actor(record.SYSTEM, frozenset({SYSTEM}))


@dataclass(frozen=True)
class Listed:
    """An erasure as the lists outside the database tell it; `seq` is where its event was then."""

    case: str
    seq: int
    is_neutral: bool


@dataclass(frozen=True)
class Replayed:
    """How many cases were erased again, and why others that lists name were not, by token."""

    erased: int
    refused: Mapping[str, str]


@dataclass(frozen=True)
class _Ending:
    """A case with all that its erasure needs to know of it before it is gone."""

    case: Case
    events: tuple[Event, ...]
    files: list[str]
    is_neutral: bool


def approved(session: Session) -> Sequence[str]:
    """The tokens of the disposals that are approved and not carried out, in the order they began."""
    query = select(Item.token).where(Item.workflow == DISPOSAL.name, Item.state == APPROVED)
    return session.scalars(query.order_by(Item.id)).all()


def neutral_reference(case: str) -> str:
    """What the case with this token is called where its own reference could name somebody."""
    return f"erased-{case[2:14]}"


def erase(session: Session, token: str, named: NamedFiles) -> Erasure:
    """Take the last step of an approved disposal, by its token, and delete what its case is made of.

    Within the caller's write transaction. Raises StepRefused, with a sentence, where the case
    may no longer be erased, such as one that was put on hold.
    """
    ref = items.item_ref(session, token)
    if ref is None:
        raise LookupError(token)
    events = events_of(session, ref.case)
    kept = items_in(events)
    approval = next(each.values for each in kept if each.token == token)
    standings, schedule = standings_by_kind(kept), settings_at(session).schedule
    said = fell_due(items.case_standing(events), standings, schedule)
    files = named.only_of(session, ref.case)
    facts = {**said, "details": record.count_words(session, ref.case), "files": len(files)}
    attempt, origin = Attempt(ERASE.name, clock.today(), facts, _BY_COMMAND), _origin()
    seq = items.move_item(session, ref, attempt, origin).seq
    is_neutral = bool(approval.get("erase_reference"))
    ending = _Ending(_case(session, ref.case), events, files, is_neutral)
    return _wipe(session, ending, seq, origin)


def erase_again(session: Session, listed: Listed, named: NamedFiles) -> Erasure | None:
    """Erase a case that was erased before, and that a restored backup brought back.

    Within the caller's write transaction. None where it is erased here too, or is not here. Raises
    StepRefused, with a sentence, where by all that is recorded here it is not due, or is held: no
    list is signed, so a line of one may destroy nothing that would be kept without it.
    """
    query = select(Case).where(Case.token == listed.case, Case.erased_on.is_(None))
    case = session.scalars(query).one_or_none()
    if case is None:
        return None
    events, origin = events_of(session, listed.case), _origin()
    due_on, files = _due_again(session, events), named.only_of(session, listed.case)
    stat = {
        erasures.DUE_ON: due_on.isoformat(),
        "first_seq": listed.seq,
        "details": record.count_words(session, listed.case),
        "files": len(files),
    }
    event = record.NewEvent(erasures.ERASED_AGAIN, SYSTEM, case=listed.case, stat=stat)
    seq = record.append(session, event, origin).seq
    ending = _Ending(case, events, files, listed.is_neutral)
    return _wipe(session, ending, seq, origin)


def replay(session: Session, lines: Iterable[Listed]) -> Replayed:
    """Erase again what lists of erasures tell of and a restored backup brought back.

    Within the write transaction that records that the log was restored, directly after that: an
    erasure counts nowhere else without the agreement of two. What follows it is `finishing`'s.
    """
    named, erased, refused = NamedFiles(), 0, dict[str, str]()
    for listed in lines:
        try:
            erased += erase_again(session, listed, named) is not None
        except StepRefused as refusal:
            refused[listed.case] = refusal.sentence
    return Replayed(erased, refused)


def _due_again(session: Session, events: tuple[Event, ...]) -> date:
    """The day on which a case fell due by what is recorded; StepRefused where it is to be kept."""
    case, kept = items.case_standing(events), standings_by_kind(items_in(events))
    schedule = settings_at(session).schedule
    if refusal := why_kept(case, kept, schedule, clock.today()):
        raise StepRefused(refusal)
    due_on: date = fell_due(case, kept, schedule)[DUE_ON.code]
    return due_on


def _origin() -> record.Origin:
    return record.Origin("command")


def _case(session: Session, token: str) -> Case:
    return session.scalars(select(Case).where(Case.token == token)).one()


def _wipe(session: Session, ending: _Ending, seq: int, origin: record.Origin) -> Erasure:
    """Delete all of a case that is erased by the event at `seq`, and leave what is to be finished."""
    case = ending.case
    (event,) = events_of(session, case.token, since=seq)
    due_on = date.fromisoformat(event.stat[erasures.DUE_ON])
    shared = forces_lists.forget(session, case, _force_references(ending.events))
    record.erase_words(session, case.token, seq)
    if shared:
        _erase_shared(session, shared, due_on, origin)
    items.erase_words(session, case.token)
    forget_case(session, case.token)
    for statement in _rows_of(case, is_neutral=ending.is_neutral):
        session.execute(statement)
    session.execute(delete(StoredFile).where(StoredFile.sha256.in_(ending.files)))
    reference = neutral_reference(case.token) if ending.is_neutral else case.reference
    progress.erase_words(session, case.token, on=london_day(event.at), reference=reference)
    erasure = Erasure(
        case_token=case.token,
        seq=seq,
        due_on=due_on,
        erased_at=event.at,
        files=ending.files,
    )
    session.add(erasure)
    session.flush()
    return erasure


def _force_references(events: tuple[Event, ...]) -> set[str]:
    """The force's references that were ever recorded on a case, before corrections too."""
    return {
        event.words["force_reference"]
        for event in events
        if event.words and "force_reference" in event.words
    }


def _erase_shared(session: Session, seqs: list[int], due_on: date, origin: record.Origin) -> None:
    """Delete words beside events of no one case, and record that they went."""
    stat = {erasures.DUE_ON: due_on.isoformat(), erasures.POSITIONS: sorted(seqs)}
    record.append(session, record.NewEvent(erasures.SHARED_ERASED, SYSTEM, stat=stat), origin)
    record.erase_words_at(session, seqs)


def _rows_of(case: Case, *, is_neutral: bool) -> Iterator[Executable]:
    """What takes a case's rows out of the tables that are no record of what happened."""
    yield delete(Draft).where(Draft.case_token == case.token)
    yield delete(LetterDraft).where(LetterDraft.case_token == case.token)
    yield delete(OutboxMail).where(OutboxMail.case_token == case.token)
    yield delete(WaitingApplication).where(WaitingApplication.reference == case.reference)
    if is_neutral:
        yield delete(RegisterRow).where(RegisterRow.reference == case.reference)
    else:
        of_register = update(RegisterRow).where(RegisterRow.reference == case.reference)
        yield of_register.values(digest=IMPORTED_AND_ERASED)
