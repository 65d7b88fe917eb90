"""The only place that counts the figures of a report to be published, and says what is bound to it.

What fixes them is asked of nobody again: the same basis gives the same bytes on any later day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from casework.audit.canonical import canonical
from casework.counts import plain
from casework.counts.editions import LATEST, edition
from casework.counts.lives import Period
from casework.counts.report import Report, annual_report, period_report
from casework.models import Publication
from workflows.calendar import financial_year_of

ANNUAL = "annual"
YEARLY = (ANNUAL, "self_assessment")
"""Kinds of reports that are of a financial year, with its quarters."""


@dataclass(frozen=True)
class Basis:
    """What fixes the figures of a report; what is left out is as it is now."""

    kind: str
    period: Period
    status_on: date | None = None
    log_size: int | None = None
    edition: int = LATEST.number


@dataclass(frozen=True)
class Counted:
    """A report of a kind with its figures counted; `figures` are their canonical bytes."""

    kind: str
    report: Report
    figures: bytes

    @property
    def digest(self) -> str:
        """The SHA-256 of the figures, hex."""
        return sha256(self.figures).hexdigest()

    @property
    def fixed_by(self) -> dict[str, int | str]:
        """What fixes the figures beside period and status day, as the log has it."""
        return {
            "edition": self.report.edition.number,
            "log_size": self.report.log_size,
            "log_root": self.report.log_root,
            "figures": self.digest,
        }


def count(session: Session, basis: Basis) -> Counted:
    """Count the figures of a basis.

    Raises ReportRefused with a sentence, KeyError when this release has no such edition.
    """
    by, period = edition(basis.edition), basis.period
    if basis.kind in YEARLY:
        year = financial_year_of(period.from_on)
        by = by if _is_first(session, basis) else by.without_breaks
        report = annual_report(session, year, basis.status_on, basis.log_size, by)
    else:
        days = (period.from_on, period.to_on)
        report = period_report(session, *days, basis.status_on, basis.log_size, by)
    return Counted(basis.kind, report, plain.canonical(report))


def _is_first(session: Session, basis: Basis) -> bool:
    """Whether no annual report of the year was published before this one is counted.

    Only this one has breaks by personal characteristics: what is withheld in one could be worked
    out from another.
    """
    before = _annual_of(basis.period)
    if basis.log_size is not None:
        before = before.where(Publication.since_seq < basis.log_size)
    return basis.kind == ANNUAL and session.execute(before).first() is None


def is_second(session: Session, row: Publication) -> bool:
    """Whether an annual report of the year was published since this one was counted."""
    since = _annual_of(Period(row.from_on, row.to_on)).where(Publication.since_seq >= row.log_size)
    return row.kind == ANNUAL and session.execute(since).first() is not None


def _annual_of(period: Period) -> Select[int | None]:
    return select(Publication.since_seq).where(
        Publication.kind == ANNUAL,
        Publication.from_on == period.from_on,
        Publication.to_on == period.to_on,
        Publication.since_seq.is_not(None),
    )


def content_hash(kind: str, figures: str, words: Mapping[str, str]) -> str:
    """The SHA-256, hex, of what is approved: figures by their own hash, and every word."""
    said = {"kind": kind, "figures": figures, "words": dict(words)}
    return sha256(canonical(said)).hexdigest()
