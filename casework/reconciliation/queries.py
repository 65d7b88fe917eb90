"""The only place that reads checks of lists, and what of them a person may see."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from casework.audit.events import Event, newest_first
from casework.models import AuditEvent, Case, ListCheck, ListFinding
from casework.models.base import table_of
from casework.permissions import kept_from, may_learn_of, visible_to
from casework.reconciliation import findings
from casework.reconciliation.ours import Period
from workflows.calendar import london_day

_CASES, _CHECKS = table_of(Case).c, table_of(ListCheck).c
OVERDUE = timedelta(days=35)
"""A force's list is wanted every month; so long after the last one the office is reminded."""


@dataclass(frozen=True)
class Last:
    """The newest check of a force's list: its day and period, None where there never was one."""

    force: str
    checked_on: date | None
    period: Period | None
    is_overdue: bool


def checked_by(session: Session, req: str) -> str | None:
    """The token of the check that this very request has already made, None when it is new."""
    events = newest_first(session, [AuditEvent.req == req], limit=1)
    seqs = [event.seq for event in events]
    query = select(ListCheck.token).where(ListCheck.since_seq.in_(seqs))
    return session.execute(query).scalar()


def newest_checks() -> Select[Any]:
    """Every check of a list, the newest first."""
    columns = (
        "token",
        "force",
        "from_on",
        "to_on",
        "checked_at",
        "checked_by",
        "counts",
        "findings",
    )
    return select(*(_CHECKS[name] for name in columns)).order_by(_CHECKS.since_seq.desc())


def newest_check(session: Session, force: str) -> str:
    """The token of the newest check of a force that has one."""
    query = select(_CHECKS.token).where(_CHECKS.force == force)
    newest: str = session.execute(query.order_by(_CHECKS.since_seq.desc()).limit(1)).scalar_one()
    return newest


def last_checks(session: Session, forces: Iterable[str], today: date) -> list[Last]:
    """The newest check of each force, in the same order.

    It is overdue where there was none in 35 days, and cases have been here for as long.
    """
    newest = select(func.max(_CHECKS.since_seq)).group_by(_CHECKS.force)
    query = select(ListCheck).where(ListCheck.since_seq.in_(newest))
    last = {check.force: check for check in session.execute(query).scalars()}
    return [
        _checked(last[force], today) if force in last else _never_checked(session, force, today)
        for force in forces
    ]


def _checked(check: ListCheck, today: date) -> Last:
    checked_on = london_day(check.checked_at)
    return Last(check.force, checked_on, period_of(check), today - checked_on > OVERDUE)


def _never_checked(session: Session, force: str, today: date) -> Last:
    query = select(func.min(_CASES.received_on)).where(_CASES.force == force)
    since = session.execute(query).scalar()
    return Last(force, None, None, since is not None and today - since > OVERDUE)


def period_of(check: Any) -> Period:
    """The days that a list was about, of a check or its row."""
    return Period(check.from_on, check.to_on)


def periods(session: Session, checks: Collection[str]) -> Mapping[str, Period]:
    """The periods of these checks by token."""
    query = select(ListCheck).where(ListCheck.token.in_(checks))
    return {check.token: period_of(check) for check in session.execute(query).scalars()}


def visible_finding(session: Session, person: str, token: str) -> ListFinding | None:
    """The finding of this token, None when there is none that this person (by token) may see."""
    row = session.get(ListFinding, token)
    return row if row is not None and may_learn_of(session, person, row.cases) else None


def barred(session: Session, person: str) -> frozenset[str]:
    """The tokens of the cases of which this person must learn nothing."""
    return frozenset(token for token in session.execute(kept_from(person)).scalars() if token)


def may_see(row: ListFinding, barred_from: Collection[str]) -> bool:
    """Whether a finding names no case of which somebody must learn nothing."""
    return not any(case in barred_from for case in row.cases)


def findings_since(session: Session, check: ListCheck) -> list[ListFinding]:
    """What this check found, and what was open from earlier ones, the oldest first."""
    found = set(check.findings)
    query = (
        select(ListFinding)
        .where(ListFinding.force == check.force, ListFinding.found_at <= check.checked_at)
        .order_by(ListFinding.found_at, ListFinding.subject)
    )
    rows = session.execute(query).scalars()
    return [row for row in rows if row.token in found or _was_open(row, check.checked_at)]


def _was_open(row: ListFinding, at: datetime) -> bool:
    is_ended = row.ended_at is not None and row.ended_at <= at
    is_settled = row.settled_at is not None and row.settled_at <= at
    return not is_ended and not is_settled


def cases_named(session: Session, tokens: Collection[str]) -> Mapping[str, Any]:
    """References and day of receipt of these cases, by token."""
    columns = (_CASES.token, _CASES.reference, _CASES.force_reference, _CASES.received_on)
    query = select(*columns).where(_CASES.token.in_(tokens))
    return {row.token: row for row in session.execute(query)}


def case_called(session: Session, person: str, reference: str) -> str | None:
    """The token of the case of this reference of ours, None where this person may see none."""
    query = select(_CASES.token).where(_CASES.reference == reference, visible_to(person))
    return session.execute(query).scalar()


def settlements(session: Session, rows: Iterable[ListFinding]) -> Mapping[int, Event]:
    """The events by which findings were settled, by position."""
    seqs = [row.settled_seq for row in rows if row.settled_seq is not None]
    events = newest_first(session, [AuditEvent.seq.in_(seqs)], limit=len(seqs)) if seqs else ()
    return {event.seq: event for event in events}


def still_open(session: Session, force: str, person: str) -> frozenset[str]:
    """The tokens of the findings of a force that are open now, as far as this person sees them."""
    hidden = barred(session, person)
    rows = findings.as_they_are(session, force).open
    return frozenset(row.token for row in rows if may_see(row, hidden))
