"""The only place that looks up reports on their way to being published, and published ones."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.models import Publication
from casework.models.base import table_of
from workflows.facts import LARGEST_NUMBER
from workflows.publication import APPROVED, DRAFT, PUBLISHED

_TABLE = table_of(Publication).c


def in_hand(session: Session) -> Sequence[Publication]:
    """Drafts and what is approved, the newest change first."""
    query = select(Publication).where(Publication.state.in_((DRAFT, APPROVED)))
    return session.scalars(query.order_by(_TABLE.changed_at.desc(), _TABLE.token)).all()


def published(session: Session) -> Sequence[Publication]:
    """Every published report, the newest first."""
    query = select(Publication).where(Publication.state == PUBLISHED)
    return session.scalars(query.order_by(_TABLE.since_seq.desc())).all()


def years(session: Session) -> Sequence[str]:
    """The financial years in which reports were published, the newest first."""
    query = select(_TABLE.year).where(_TABLE.year.is_not(None)).distinct()
    return session.execute(query.order_by(_TABLE.year.desc())).scalars().all()


def cited(session: Session, year: str, number: int) -> Publication | None:
    """The published report of this number in this financial year; None without one."""
    if number > LARGEST_NUMBER:  # neither database could be asked for any number there is
        return None
    query = select(Publication).where(Publication.year == year, Publication.number == number)
    return session.scalars(query).one_or_none()


def newer_than(session: Session, row: Publication) -> Publication | None:
    """The newest report published since of the same kind and period; None when this is it."""
    query = select(Publication).where(
        Publication.kind == row.kind,
        Publication.from_on == row.from_on,
        Publication.to_on == row.to_on,
        Publication.since_seq > (row.since_seq or 0),
    )
    return session.scalars(query.order_by(_TABLE.since_seq.desc()).limit(1)).one_or_none()


def next_day(session: Session, kind: str) -> date | None:
    """The day after the last period that a report of this kind was published of; None without one."""
    query = select(func.max(_TABLE.to_on)).where(_TABLE.kind == kind, _TABLE.state == PUBLISHED)
    last: date | None = session.execute(query).scalar()
    return last + timedelta(days=1) if last else None
