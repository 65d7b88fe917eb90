"""The only place that puts the exceptions of a month together."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit import record
from casework.audit.events import parse
from casework.models import AuditEvent, Case
from casework.models.base import table_of
from casework.oversight import allowances, decisions, entries, overdue, reads
from casework.oversight.month import Month
from casework.oversight.reading import read
from casework.oversight.section import Section
from casework.web.identity import names
from workflows.calendar import london_day

_EVENTS, _CASES = table_of(AuditEvent).c, table_of(Case).c


@dataclass(frozen=True)
class Exceptions:
    """A month's exceptions, counted from the log's first `log_size` events.

    `log_root` is their root, hex. `references` are those of the cases and `names` those of the
    people, by token.
    """

    month: Month
    log_size: int
    log_root: str
    sections: tuple[Section, ...]
    references: Mapping[str, str]
    names: Mapping[str, str]

    @property
    def found(self) -> tuple[Section, ...]:
        """The sections with something to look at."""
        return tuple(section for section in self.sections if section.total)

    @property
    def empty(self) -> tuple[Section, ...]:
        """The sections with nothing to report."""
        return tuple(section for section in self.sections if not section.total)


def first_month(session: Session) -> Month | None:
    """The month in which the office began to record; None while the log is empty."""
    body = session.execute(select(_EVENTS.body).where(_EVENTS.seq == 0)).scalar()
    return Month.of(london_day(parse(body).at)) if body else None


def exceptions(session: Session, month: Month, log_size: int, reader: str) -> Exceptions:
    """A month's exceptions as a reader (by token) may see them."""
    seen = read(session, month, log_size, reader)
    taken = decisions.decisions(session, seen)
    sections = (
        overdue.overdue(session, seen),
        entries.late(seen),
        entries.amended(session, seen),
        entries.reopened(session, seen),
        decisions.fast(seen, taken),
        decisions.alone(session, taken),
        allowances.extended(session, seen),
        allowances.conflicts(session, seen),
        allowances.taken(session, seen),
        allowances.locked(session, seen),
        reads.reads(session, seen),
    )
    return Exceptions(
        month,
        log_size,
        record.log_root(session, log_size).hex(),
        sections,
        _references(session, sections),
        names(session),
    )


def _references(session: Session, sections: tuple[Section, ...]) -> dict[str, str]:
    named = {each.case for section in sections for each in section.listed if each.case}
    query = select(_CASES.token, _CASES.reference).where(_CASES.token.in_(named))
    return {row.token: row.reference for row in session.execute(query)}
