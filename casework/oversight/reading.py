"""The only place that reads a month of the log: what the office recorded in it, at a log size."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from casework.audit.events import Event, parse
from casework.audit.record import SYSTEM, instant
from casework.audit.timeline import ERASED, Line
from casework.models import AuditEvent
from casework.models.base import table_of
from casework.office_settings import OfficeSettings, settings_at
from casework.oversight.month import Month
from casework.oversight.section import LISTED, Exceptional, Section, Topic
from casework.web.log_lines import lines_by_seq, may_read
from workflows.amendments import EVENTS as AMENDMENTS
from workflows.history import ANNUL

_EVENTS = table_of(AuditEvent).c


@dataclass(frozen=True)
class MonthRead:
    """A month's events in log order, without words, for a reader (by token).

    The first `log_size` events of the log are looked at, and the settings are those of that size.
    Left out are cases that are kept from the reader, and what nobody here did on a case: a register
    brought it, an applicant sent it.
    """

    month: Month
    log_size: int
    reader: str
    events: tuple[Event, ...]
    settings: OfficeSettings

    def of(self, *actions: str) -> list[Event]:
        """The events of these actions."""
        return [event for event in self.events if event.action in actions]


def read(session: Session, month: Month, log_size: int, reader: str) -> MonthRead:
    """Read a month, by the index on the instant of recording: the work grows with the month."""
    query = select(_EVENTS.body).where(
        _EVENTS.at >= instant(month.began_at),
        _EVENTS.at < instant(month.ended_at),
        _EVENTS.seq < log_size,
        or_(_EVENTS.case_token.is_(None), _EVENTS.actor != SYSTEM),
        may_read(reader),
    )
    events = (parse(body) for body in session.execute(query).scalars())
    # Not by the database, which might then walk the whole log in its order.
    in_order = tuple(sorted(events, key=lambda event: event.seq))
    return MonthRead(month, log_size, reader, in_order, settings_at(session, log_size))


def in_words(session: Session, seen: MonthRead, events: list[Event]) -> list[tuple[Event, Line]]:
    """Events that are listed with the lines that the audit trail has for them, the newest first."""
    newest = list(islice(reversed(events), LISTED))
    told = lines_by_seq(session, newest, seen.reader, seen.log_size)
    return [(event, told[event.seq]) for event in newest]


Tell = Callable[[Line], tuple[str, ...]]
"""What is told of an event by its line, one text for each column of its topic."""


def as_told(
    session: Session, seen: MonthRead, topic: Topic, events: list[Event], tell: Tell
) -> Section:
    """A section of events, the newest first, each told by the trail's words for it."""
    listed = tuple(
        Exceptional(tell(line), event.case, event.actor, event.at, event.seq)
        for event, line in in_words(session, seen, events)
    )
    return Section(topic, len(events), listed)


def particulars(line: Line) -> str:
    """What an entry says or changed; a single particular without its label."""
    if line.action == AMENDMENTS[ANNUL]:
        return "Counts as if it had never been entered"
    changes = [f"{label}: “{before}” became “{after}”" for label, before, after in line.changes]
    if not changes and len(line.facts) == 1:
        return line.facts[0][1]
    return "; ".join((*changes, *(f"{label}: {value}" for label, value in line.facts)))


def reasons(line: Line) -> str:
    """The words beside an entry, or why they are not there."""
    if line.is_erased:
        return ERASED
    if line.is_withheld:
        return "It tells of another case, which you may not see."
    return " ".join(text for _, text in line.texts)
