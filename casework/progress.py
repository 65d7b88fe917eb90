"""The only place that changes a case's state: one door for pages, commands and the import.

`move_case` asks the engine, records the event, projects its milestones and changes the row,
all in the caller's write transaction. If any of it fails, none of it happened.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from casework import arising, clock
from casework.audit import record
from casework.audit.events import PINNED, Event, events_of, history_of, parse
from casework.audit.replay import WORDS, columns_of, words_given, words_of
from casework.conflicts import refuse_kept_out
from casework.counts import milestones, projection
from casework.database import Adds, Together
from casework.index.entries import keep_all_words, keep_words
from casework.models import Case, ReferenceCounter
from casework.models.base import table_of
from casework.office_rules import office_rules, rules_for
from casework.office_settings import OfficeSettings, settings_at
from workflows import WORKFLOWS
from workflows.attempt import Attempt, Move
from workflows.calendar import financial_year_of, london_day
from workflows.definition import Entry, OfficeRules, Standing, Workflow
from workflows.engine import take_next, take_step
from workflows.facts import stat_of
from workflows.history import AMENDMENTS, NEWEST, standing_entries
from workflows.replay import apply_entry

_CASES = table_of(Case)
# Statements are built once: building one costs several times what running it does.
_REF = select(
    _CASES.c.id, _CASES.c.token, _CASES.c.reference, _CASES.c.workflow, _CASES.c.version
).where(_CASES.c.reference == bindparam("given"))
_BEGIN = insert(_CASES)
_MOVE = update(_CASES).where(
    _CASES.c.id == bindparam("moved_id"), _CASES.c.version == bindparam("moved_from")
)

_ERASE = update(_CASES).where(_CASES.c.token == bindparam("erased"))

TOGETHER = 200
"""Cases that a batch writes at once: more are not faster, and take memory."""


class StaleCase(Exception):
    """Somebody else moved the case since the form was opened; nothing was changed."""


class CaseRefused(Exception):
    """A case cannot be begun as asked; the message says why. Nothing was changed."""


@dataclass(frozen=True)
class CaseRef:
    """Enough of a case to move it: what the row said when it was read."""

    id: int
    token: str
    reference: str
    workflow: str
    version: int


@dataclass(frozen=True)
class Moved:
    """What a step did: where its event is in the log, and how the case now stands."""

    seq: int
    case: str
    reference: str
    state: str
    version: int


def case_ref(session: Session, reference: str) -> CaseRef | None:
    """The case with this reference, None when there is none."""
    row = session.execute(_REF, {"given": reference}).first()
    return CaseRef(*row) if row else None


class Batch:
    """Cases that one transaction begins and writes together, a few statements for many of them.

    What was taken is in the database from `write` on; nobody else can see it before the commit.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._cases = 0
        self.rows = Together()
        self.log = record.Appending(session, self.rows)

    def take(self) -> None:
        """Count one more case, and write when there are enough to be worth it."""
        self._cases += 1
        if self._cases % TOGETHER == 0:
            self.write()

    def write(self) -> None:
        """Write what was taken."""
        self.rows.write(self._session)


def begin_case(
    session: Session,
    attempt: Attempt,
    origin: record.Origin,
    *,
    since: Sequence[Attempt] = (),
    reference: str | None = None,
    workflow: Workflow = WORKFLOWS["complaint_review"],
    office: OfficeRules | None = None,
    batch: Batch | None = None,
) -> Moved:
    """Begin a case with its first step, and take those taken `since`, in the order of their days.

    Without a reference the office's pattern gives the next. Raises StepRefused, or CaseRefused
    when the reference is taken; the caller commits, after `batch.write()` where there is one.
    """
    office = office or office_rules(session)
    move = take_step(workflow, (), attempt, office, clock.today())
    if reference is None:
        reference = _next_reference(session, settings_at(session), move)
    elif case_ref(session, reference) is not None:
        raise CaseRefused(f"There is already a case {reference}. Give another reference.")
    begun = _Begun(workflow, f"c_{secrets.token_hex(16)}", reference, office)
    into = batch or Batch(session)
    begun.record(into.log, move, attempt, origin)
    for each in since:
        begun.record(into.log, begun.tried(each), each, origin)
    row = begun.add_rows(into.rows)
    into.take() if batch else into.write()
    return Moved(begun.events[-1].seq, begun.token, reference, row["state"], row["version"])


class _Begun:
    """A case that is new in this transaction: what happened so far, of which its rows follow.

    Nothing of it is read back from the database; `verify` and the rebuilding of milestones and
    of the words to be found derive the same rows by the same functions.
    """

    def __init__(self, workflow: Workflow, token: str, reference: str, office: OfficeRules) -> None:
        self.workflow, self.token, self.reference, self.office = workflow, token, reference, office
        self.log: tuple[Entry, ...] = ()
        self.events: tuple[Event, ...] = ()
        self.standing = Standing(workflow.initial.name)
        self.words: dict[str, str | None] = dict.fromkeys(WORDS)

    @property
    def _pinned(self) -> dict[str, str]:
        kind = self.workflow
        return dict(zip(PINNED, (kind.name, kind.version, kind.content_hash), strict=True))

    def tried(self, attempt: Attempt) -> Move:
        """What the next step leads to; StepRefused when it cannot be taken."""
        return take_next(self.workflow, self.standing, attempt, self.office, clock.today())

    def record(
        self, log: record.Appending, move: Move, attempt: Attempt, origin: record.Origin
    ) -> None:
        """Append the event of a step that may be taken."""
        kind, stat, texts = self.workflow, stat_of(move), move.texts
        if not self.events:
            stat, texts = {**stat, **self._pinned}, {**texts, "reference": self.reference}
        event = _event(move, self.token, len(self.events) + 1, stat, texts)
        recorded = log.append(event, origin)
        entry = _entry(attempt.step, move, recorded, attempt.actor.token)
        self.log, self.standing = (*self.log, entry), apply_entry(kind, self.standing, entry)
        self.events = (*self.events, parse(recorded.body, recorded.words))
        self.words |= words_given(move.texts)

    def add_rows(self, adds: Adds) -> dict[str, Any]:
        """Add the case's row, which is returned, and those that follow from its events."""
        row = {
            "token": self.token,
            "reference": self.reference,
            "version": len(self.events),
            **self._pinned,
            **columns_of(self.standing),
            **self.words,
        }
        adds.execute(_BEGIN, row)
        milestones.add_all(adds, WORKFLOWS, self.events)
        arising.add_all(adds, self.log, self.events, self.office)
        keep_all_words(adds, self.events, row)
        return row


def move_case(
    session: Session,
    case: CaseRef,
    attempt: Attempt,
    origin: record.Origin,
    *,
    office: OfficeRules | None = None,
) -> Moved:
    """Take a step on a case, correct or annul an entry of it. The caller commits.

    Raises StepRefused with a sentence, StaleCase when `case.version` is no longer the case's.
    """
    workflow = WORKFLOWS[case.workflow]
    refuse_kept_out(session, case.token, workflow, attempt)
    history = history_of(session, workflow, case.token)
    office = office or rules_for(session, workflow, attempt)
    move = take_step(workflow, history, attempt, office, clock.today())
    words = _words_left(session, case.token, attempt, move, history)
    version = case.version + 1
    columns = {"version": version, **columns_of(move.after), **words}
    found = {"moved_id": case.id, "moved_from": case.version}
    changed = session.execute(_MOVE, {**columns, **found})
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise StaleCase(case.reference)
    event = _event(move, case.token, version, stat_of(move), move.texts)
    recorded = record.append(session, event, origin)
    entry = _entry(attempt.step, move, recorded, attempt.actor.token)
    after = (*history, entry)
    old, new = (projection.fold(workflow, standing_entries(log)) for log in (history, after))
    milestones.project(session, case.token, old, new, recorded.seq)
    arising.follow_case(session, case.token, history, after, office)
    keep_words(session, workflow, event, recorded.seq)
    return Moved(recorded.seq, case.token, case.reference, move.after.state, version)


def erase_words(session: Session, case: str, *, on: date, reference: str) -> None:
    """Empty the columns of words of a case that is erased on this day; it is called `reference` now.

    Within the caller's write transaction. How the case stands is left as it is.
    """
    left = dict.fromkeys(WORDS)
    session.execute(_ERASE, {"erased": case, "erased_on": on, "reference": reference, **left})


def _words_left(
    session: Session, case: str, attempt: Attempt, move: Move, history: Sequence[Entry]
) -> dict[str, str | None]:
    """The columns of words after a move; what is amended may have been said otherwise since."""
    if attempt.step not in AMENDMENTS:
        return words_given(move.texts)
    words = {event.seq: event.words or {} for event in events_of(session, case)}
    amendment = Entry(NEWEST, attempt.step, clock.today(), move.facts, "", target=move.target)
    return words_of((*history, amendment), {**words, NEWEST: move.texts})


def _event(
    move: Move, case: str, version: int, stat: Mapping[str, Any], texts: Mapping[str, str]
) -> record.NewEvent:
    return record.NewEvent(
        action=move.action,
        role=move.role,
        case=case,
        version=version,
        state=move.after.state,
        effective_on=move.effective_on,
        target=move.target,
        stat=stat,
        texts=texts,
    )


def _entry(step: str, move: Move, recorded: record.Recorded, actor: str) -> Entry:
    day = move.effective_on or london_day(recorded.at)
    return Entry(
        recorded.seq, step, day, move.facts, actor, recorded.token, move.target, move.estimated
    )


def _next_reference(session: Session, settings: OfficeSettings, move: Move) -> str:
    """The next free reference of the financial year of receipt, by the office's pattern."""
    year = financial_year_of(move.effective_on or clock.today()).label
    prefix = settings.reference_pattern.format(year=year, number=0)
    counter = session.get(ReferenceCounter, prefix)
    if counter is None:
        counter = ReferenceCounter(prefix=prefix, last=0)
        session.add(counter)
    while True:
        counter.last += 1
        reference = settings.reference_pattern.format(year=year, number=counter.last)
        if case_ref(session, reference) is None:
            session.flush()
            return reference
