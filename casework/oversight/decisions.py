"""The only place that looks at how decisions came about: very fast, or by one person alone."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from casework.audit.events import Event, entries, events_of_each
from casework.audit.words import SIGN_OFF
from casework.office_settings import settings_at
from casework.oversight.reading import MonthRead
from casework.oversight.section import Exceptional, Section, Topic, counted, section
from casework.web.filters import short_day
from workflows import WORKFLOWS
from workflows.calendar import Calendar
from workflows.complaint_review import (
    NOT_UPHOLD,
    RECEIVE_FILE,
    RETURN_REVIEW,
    UPHOLD,
    WRITE_REVIEW,
)
from workflows.definition import Entry
from workflows.history import standing_entries

FAST_DAYS = 2
"""A decision so many working days after the force's file, or fewer, is called fast."""
FAST_MINUTES = 10
"""So is one signed off less than so many minutes after the review was entered."""
_DECIDE = {step.event: step.done for step in (UPHOLD, NOT_UPHOLD)}
FAST = Topic(
    "fast",
    "Decided unusually fast",
    f"Decisions taken {FAST_DAYS} working days or less after the day on which the force’s file "
    "was received, or with no file recorded as received; and those signed off by a second person "
    f"less than {FAST_MINUTES} minutes after the review was entered.",
    "A decision wants the papers to have been read, and a sign-off the review. A short case may be "
    "decided fast and well; entries made together afterwards look fast too.",
    "What was read, and when?",
    "No decision was unusually fast.",
    ("Decision", "Its day", "What was fast"),
)
ALONE = Topic(
    "alone",
    "Decided by one person alone",
    "Decisions taken by whoever wrote the review, so that no second person signed it off.",
    "A second pair of eyes is the plainest safeguard there is. Where the office’s rule lets the "
    "reviewer decide alone this is allowed, and all the more worth sampling.",
    "Would somebody else have decided the same?",
    "Every decision had a second person.",
    ("Decision", "Its day", "The office’s rule then"),
)


@dataclass(frozen=True)
class Decision:
    """A decision as it was recorded: its event, and what stood on the case just before it.

    `file` and `review` are the newest entries of their kind, None where there is none;
    `written_at` is the instant at which the review was entered, and `times_returned` how often one
    was sent back to its writer.
    """

    event: Event
    file: Entry | None
    review: Entry | None
    written_at: datetime | None
    times_returned: int

    @property
    def is_alone(self) -> bool:
        """Whether whoever decided had written the review."""
        return self.review is not None and self.review.actor == self.event.actor

    def what_was_fast(self, calendar: Calendar) -> str:
        """In words; empty when nothing was."""
        return "; ".join((*self._since_file(calendar), *self._since_review()))

    def _since_file(self, calendar: Calendar) -> Iterator[str]:
        decided_on = self.event.effective_on
        if self.file is None:
            yield "No file is recorded as received"
        elif decided_on and self.file.effective_on <= decided_on:
            days = calendar.working_days_between(self.file.effective_on, decided_on)
            if days <= FAST_DAYS:
                yield f"{counted(days, 'working day', 'working days')} after the file"

    def _since_review(self) -> Iterator[str]:
        if self.written_at is None or self.is_alone:
            return
        passed = self.event.at - self.written_at
        if timedelta(0) <= passed < timedelta(minutes=FAST_MINUTES):
            minutes = counted(int(passed.total_seconds()) // 60, "minute", "minutes")
            yield f"Signed off {minutes} after the review was entered"


def decisions(session: Session, seen: MonthRead) -> list[Decision]:
    """The decisions recorded in a month, the newest first, each as its case stood just before."""
    recorded = seen.of(*_DECIDE)
    histories = events_of_each(session, {event.case or "" for event in recorded})
    return [_decision(event, histories[event.case or ""]) for event in reversed(recorded)]


def standing_decisions(
    session: Session, cases: Collection[str], log_size: int
) -> Iterator[Decision]:
    """The newest decision of each of these cases that stands, as known at a log size."""
    for events in events_of_each(session, cases).values():
        history = tuple(event for event in events if event.seq < log_size)
        workflow = WORKFLOWS[history[0].stat["workflow"]]
        standing = standing_entries(entries(workflow, history))
        taken = [entry.seq for entry in standing if entry.step in (UPHOLD.name, NOT_UPHOLD.name)]
        by_seq = {event.seq: event for event in history}
        if taken:
            yield _decision(by_seq[taken[-1]], history)


def _decision(event: Event, history: tuple[Event, ...]) -> Decision:
    before = [each for each in history if each.seq < event.seq]
    workflow = WORKFLOWS[history[0].stat["workflow"]]
    standing = standing_entries(entries(workflow, before))
    newest = {entry.step: entry for entry in standing}
    review = newest.get(WRITE_REVIEW.name)
    at = {each.seq: each.at for each in before}
    written_at = at[review.seq] if review else None
    returned = sum(entry.step == RETURN_REVIEW.name for entry in standing)
    return Decision(event, newest.get(RECEIVE_FILE.name), review, written_at, returned)


def fast(seen: MonthRead, taken: list[Decision]) -> Section:
    """The decisions that were unusually fast, and why they are called so."""
    calendar = seen.settings.calendar
    found = _told(taken, lambda decision: decision.what_was_fast(calendar))
    return section(FAST, found, _of_all(taken))


def alone(session: Session, taken: list[Decision]) -> Section:
    """The decisions that no second person signed off, and the rule that held."""

    def rule(decision: Decision) -> str:
        if not decision.is_alone:
            return ""
        held = settings_at(session, decision.event.seq + 1).sign_off
        return SIGN_OFF[held][:1].upper() + SIGN_OFF[held][1:]

    return section(ALONE, _told(taken, rule), _of_all(taken))


def _told(taken: list[Decision], why: Callable[[Decision], str]) -> list[Exceptional]:
    found = ((decision.event, why(decision)) for decision in taken)
    return [
        Exceptional(
            (_DECIDE[event.action], short_day(event.effective_on), reason),
            event.case,
            event.actor,
            event.at,
            event.seq,
        )
        for event, reason in found
        if reason and event.effective_on
    ]


def _of_all(taken: list[Decision]) -> str:
    return f"{counted(len(taken), 'decision was', 'decisions were')} recorded in the month."
