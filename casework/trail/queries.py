"""The only place that reads the audit trail for its pages: one case's, and the whole office's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from casework.audit import record
from casework.audit.events import Event, entries, parse
from casework.audit.timeline import Line
from casework.counts.projection import fold
from casework.models import AuditEvent, Case, OfficeSetting
from casework.models.base import table_of
from casework.office_settings import OfficeSettings, settings_at
from casework.permissions import restricted_cases, restricted_to_others
from casework.trail.forms import TrailFilter
from casework.web.log_lines import lines_by_seq, may_read
from casework.web.opened_case import OpenedCase
from casework.web.pagination import Page, page_of
from casework.withheld import settled_about
from workflows.calendar import london_day, midnight
from workflows.definition import OfficeRules, Workflow
from workflows.history import standing_entries
from workflows.restriction import RESTRICTION

_EVENTS, _CASES, _SETTINGS = table_of(AuditEvent), table_of(Case), table_of(OfficeSetting)
WAITING = "waiting_for"


@dataclass(frozen=True)
class LogState:
    """How long the log is and its root, hex; None when stored hashes are missing."""

    size: int
    root: str | None


@dataclass(frozen=True)
class Wait:
    """A period in which the case waited for somebody; `until` is None while it still does."""

    who: str
    since: date
    until: date | None


@dataclass(frozen=True)
class CaseTrail:
    """All that the page of one case's trail shows; `lines` are in log order.

    `sign_off` is the rule that held when a decision was recorded, by position.
    """

    row: Case
    workflow: Workflow
    lines: tuple[Line, ...]
    waits: tuple[Wait, ...]
    sign_off: Mapping[int, str]

    def by_day(self) -> tuple[Line, ...]:
        """The lines by the day they took effect; what has none stands at its London day of entry."""
        return tuple(sorted(self.lines, key=lambda line: (day_of(line), line.seq)))


@dataclass(frozen=True)
class OfficeTrail:
    """A page of the office's events, newest first, and the cases each is about, by position."""

    page: Page
    lines: tuple[Line, ...]
    cases: Mapping[int, tuple[tuple[str, str], ...]]


def day_of(line: Line) -> date:
    """The day under which a line stands in a chronology."""
    return line.effective_on or london_day(line.at)


def log_state(session: Session) -> LogState:
    """The log as it stands now."""
    size = record.log_size(session)
    try:
        return LogState(size, record.log_root(session, size).hex())
    except NoResultFound:
        return LogState(size, None)


def case_trail(session: Session, opened: OpenedCase) -> CaseTrail:
    """The trail of an opened case."""
    decided = [line.seq for line in opened.lines if line.is_decision]
    return CaseTrail(
        opened.row,
        opened.workflow,
        opened.lines,
        _waits(opened.workflow, opened.events, opened.office),
        _sign_off_at(session, decided),
    )


def _waits(workflow: Workflow, events: Sequence[Event], office: OfficeRules) -> tuple[Wait, ...]:
    facts = (step.facts_by_code.get(WAITING) for step in workflow.steps)
    fact = next((fact for fact in facts if fact), None)
    labels = {choice.code: choice.label for choice in office.choices_of(fact)} if fact else {}
    rows = fold(workflow, standing_entries(entries(workflow, events)))
    waits = [
        Wait(labels.get(row.code, row.code), row.from_on, row.to_on)
        for row in rows
        if row.kind == WAITING
    ]
    return tuple(sorted(waits, key=lambda wait: wait.since))


def _sign_off_at(session: Session, seqs: Sequence[int]) -> dict[int, str]:
    """The sign-off rule that held at each of these positions."""
    if not seqs:
        return {}
    query = select(_SETTINGS.c.since_seq).where(_SETTINGS.c.name == "sign_off")
    changed = sorted(session.execute(query).scalars())
    rules = {seq: settings_at(session, seq + 1).sign_off for seq in changed}
    found = {}
    for seq in seqs:
        before = [since for since in changed if since < seq]
        found[seq] = rules[before[-1]] if before else OfficeSettings().sign_off
    return found


def office_trail(session: Session, asked: TrailFilter, number: int, person: str) -> OfficeTrail:
    """One page of the events that the filter asks for, newest first.

    Those of cases that are kept from this person (by token) are left out, but that a case was
    restricted, and by whom, which is told without the case. So is that a finding about several
    cases was settled, with those of them that the person may see. Of a case that is restricted to
    them nothing is told but what was done: reading more is an event, and comes with opening it.
    """
    told_of = may_read(person) if asked.reference.data else or_(may_read(person), _is_bare(person))
    page = page_of(session, _filtered(asked).where(told_of), number)
    hidden = set(session.execute(restricted_to_others(person)).scalars())
    restricted = set(session.execute(restricted_cases()).scalars())
    events = [parse(row.body) for row in page.rows]
    told = lines_by_seq(session, events, person)
    about = settled_about(session, person, events)
    seen = {e.seq: frozenset((e.case,)) for e in events if e.case and e.case not in hidden}
    seen |= {seq: of.seen for seq, of in about.items()}
    partly = {seq for seq, of in about.items() if not of.is_all}
    told |= {e.seq: _bare(told[e.seq]) for e in events if e.case in restricted or e.seq in partly}
    cases = _references(session, seen)
    return OfficeTrail(page, tuple(told[event.seq] for event in events), cases)


def _references(
    session: Session, seen: Mapping[int, frozenset[str]]
) -> dict[int, tuple[tuple[str, str], ...]]:
    """The token and reference of each of these cases, by the position they were given for."""
    tokens = set().union(*seen.values())
    query = (
        select(_CASES.c.token, _CASES.c.reference)
        .where(_CASES.c.token.in_(tokens))
        .order_by(_CASES.c.reference)
    )
    cases = [(str(token), str(reference)) for token, reference in session.execute(query)]
    return {seq: tuple(each for each in cases if each[0] in of) for seq, of in seen.items()}


def _is_bare(person: str) -> ColumnElement[bool]:
    """The condition on events by which a case was restricted that a person (by token) may not see."""
    return and_(
        _EVENTS.c.case_token.in_(restricted_to_others(person)),
        _EVENTS.c.action.in_(RESTRICTION.steps_by_event),
    )


def _bare(line: Line) -> Line:
    """A line with nothing of its case: what was done, by whom and when."""
    return Line(
        seq=line.seq,
        action=line.action,
        step=line.step,
        title=line.title,
        effective_on=None,
        at=line.at,
        who=line.who,
        role=line.role,
        via=line.via,
        state_label=None,
    )


def _filtered(asked: TrailFilter) -> Select[tuple[int, bytes]]:
    query = select(_EVENTS.c.seq, _EVENTS.c.body).order_by(_EVENTS.c.seq.desc())
    if asked.person.data:
        query = query.where(_EVENTS.c.actor == asked.person.data)
    if asked.action.data:
        query = query.where(_EVENTS.c.action == asked.action.data)
    if asked.reference.data:
        token = select(_CASES.c.token).where(_CASES.c.reference == asked.reference.data)
        query = query.where(_EVENTS.c.case_token == token.scalar_subquery())
    if asked.entered_from.day:
        query = query.where(_EVENTS.c.at >= record.instant(midnight(asked.entered_from.day)))
    if asked.entered_to.day:
        ended_at = midnight(asked.entered_to.day + timedelta(days=1))
        query = query.where(_EVENTS.c.at < record.instant(ended_at))
    return query
