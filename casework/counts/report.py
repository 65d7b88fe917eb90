"""The only place that makes a report: the figures of a year or period, fixed for ever.

What a report says follows from its period, status day and log size alone: the settings are
those of that log size too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from sqlalchemy.orm import Session

from casework import clock
from casework.audit import record
from casework.counts.block import Block
from casework.counts.editions import LATEST, Edition
from casework.counts.figures import Counted, Figures, Later, Lives, Part, Source
from casework.counts.lives import Life, Period, load
from casework.counts.tallies import Numbers, Tallies, tally
from casework.office_settings import OfficeSettings, settings_at
from workflows.calendar import FinancialYear, end_year_earlier, in_words, year_earlier


class ReportRefused(ValueError):
    """A report that cannot be made as asked; the message says why and what to ask for.

    `about` names what to mend: `from_on`, `status_on` or `log_size`.
    """

    def __init__(self, sentence: str, about: str = "from_on") -> None:
        super().__init__(sentence)
        self.about = about


@dataclass(frozen=True)
class Report:
    """A year's or period's figures: `whole` has all of them, a year's columns some.

    `lives` are the cases that matter to the period, by token.
    `log_root` is the hex root of the log's first `log_size` events; `year` is None for a
    period that is not asked for as a year. `previous` is the same report of a year earlier, as
    the cases of then stood on the day a year before `status_on`, counted from the same log;
    None in the first years that there are.
    """

    year: FinancialYear | None
    status_on: date
    log_size: int
    log_root: str
    settings: OfficeSettings
    whole: Part
    lives: Mapping[str, Life]
    quarters: tuple[Part, ...] = ()
    year_to_date: tuple[Part, ...] = ()
    edition: Edition = LATEST
    previous: Report | None = None

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What it is made of, in the order it is printed: a year's own report has all its edition."""
        return self.edition.blocks if self.quarters else self.edition.of_any_days

    @property
    def has_breaks(self) -> bool:
        """Whether it has breaks by personal characteristics, which are published of a year once."""
        return any(block.is_of_years for block in self.blocks)

    @property
    def parts(self) -> tuple[tuple[Part, tuple[Block, ...]], ...]:
        """Everything counted of the period, each with its blocks: the whole, then the columns."""
        activity = (self.edition.block("activity"),)
        return (
            (self.whole, self.blocks),
            *((part, self.edition.columns) for part in self.quarters),
            *((part, activity) for part in self.year_to_date),
        )

    @property
    def kind(self) -> str:
        """`annual` or `period`."""
        return "annual" if self.year else "period"


def annual_report(
    session: Session,
    year: FinancialYear,
    status_on: date | None = None,
    log_size: int | None = None,
    edition: Edition = LATEST,
) -> Report:
    """The report of a financial year with its quarters and year-to-date columns.

    Raises ReportRefused, a ValueError, with a sentence.
    """
    period = Period(year.first_on, year.last_on)
    return _report(session, period, status_on, log_size, year, edition)


def period_report(
    session: Session,
    from_on: date,
    to_on: date,
    status_on: date | None = None,
    log_size: int | None = None,
    edition: Edition = LATEST,
) -> Report:
    """The report of any whole days, both ends included. Raises ReportRefused with a sentence."""
    return _report(session, Period(from_on, to_on), status_on, log_size, None, edition)


def cases_behind(report: Report, figure: str) -> tuple[Counted, ...]:
    """What a figure of the whole report counts, by its name. Raises ReportRefused."""
    if figure not in report.whole.figures:
        raise ReportRefused(f"This report has no figure {figure!r}. Choose one from the report.")
    return tuple(report.whole.figures[figure])


def _report(
    session: Session,
    period: Period,
    status_on: date | None,
    log_size: int | None,
    year: FinancialYear | None,
    edition: Edition,
) -> Report:
    _check_period(period, year)
    status_on = _status_day(period, status_on)
    size = _size(session, log_size)
    counting = _Counting(session, size, settings_at(session, size), edition)
    report = counting.report(period, status_on, year)
    if min(period.from_on, status_on).year <= date.min.year + 1:
        return report
    before = Period(year_earlier(period.from_on), end_year_earlier(period.to_on))
    year_before = FinancialYear(year.starts_in - 1) if year else None
    previous = counting.report(before, end_year_earlier(status_on), year_before, has_columns=False)
    return replace(report, previous=previous)


def with_settings(report: Report, settings: OfficeSettings) -> Report:
    """The same report as it would be under other settings, counted from the same lives."""
    part = partial(_part, Lives(tuple(report.lives.values())), report.status_on, settings)
    whole, *columns = (
        part(old.label, old.period, blocks, old.tallied) for old, blocks in report.parts
    )
    quarters = len(report.quarters)
    return replace(
        report,
        settings=settings,
        whole=whole,
        quarters=tuple(columns[:quarters]),
        year_to_date=tuple(columns[quarters:]),
        previous=with_settings(report.previous, settings) if report.previous else None,
    )


@dataclass(frozen=True)
class _Counting:
    """Makes reports from one log as it was at one size, by one edition."""

    session: Session
    log_size: int
    settings: OfficeSettings
    edition: Edition

    def report(
        self,
        period: Period,
        status_on: date,
        year: FinancialYear | None,
        *,
        has_columns: bool = True,
    ) -> Report:
        """The report of a period, or of a year with its columns."""
        lives = Lives(load(self.session, period, status_on, self.log_size))
        part = partial(_part, lives, status_on, self.settings)
        blocks = self.edition.blocks if year and has_columns else self.edition.of_any_days
        columns = self._columns(part, year, status_on) if year and has_columns else ((), ())
        return Report(
            year=year,
            status_on=status_on,
            log_size=self.log_size,
            log_root=record.log_root(self.session, self.log_size).hex(),
            settings=self.settings,
            whole=part("", period, blocks),
            lives={life.case: life for life in lives.all},
            quarters=columns[0],
            year_to_date=columns[1],
            edition=self.edition,
        )

    def _columns(
        self, part: Callable[..., Part], year: FinancialYear, status_on: date
    ) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
        """The quarters of a year, and its columns to date."""
        quarters = [Period(quarter.first_on, quarter.last_on) for quarter in year.quarters]
        tallies = tally(self.session, quarters, status_on, self.log_size)
        columns, activity = self.edition.columns, (self.edition.block("activity"),)
        return (
            tuple(
                part(of.label, period, columns, _tallied(columns, tallies, place, place))
                for place, (of, period) in enumerate(zip(year.quarters, quarters, strict=True))
            ),
            tuple(
                part(
                    f"To {in_words(quarter.to_on)}",
                    Period(year.first_on, quarter.to_on),
                    activity,
                    _tallied(activity, tallies, 0, place),
                )
                for place, quarter in enumerate(quarters)
            ),
        )


def _tallied(blocks: tuple[Block, ...], tallies: Tallies, first: int, last: int) -> Numbers:
    """The numbers of some blocks from one of the slots of tallies to another, by whole name."""
    return {
        f"{block.name}.{name}": number
        for block in blocks
        if block.tally is not None
        for name, number in block.tally(tallies, first, last).items()
    }


def _part(
    lives: Lives,
    status_on: date,
    settings: OfficeSettings,
    label: str,
    period: Period,
    blocks: tuple[Block, ...],
    tallied: Numbers | None = None,
) -> Part:
    lists = partial(_lists, blocks, Source(lives, period, status_on, settings))
    return Part(label, period, lists() if tallied is None else Later(lists), tallied)


def _lists(blocks: tuple[Block, ...], source: Source) -> Figures:
    figures: dict[str, Sequence[Counted]] = {}
    for block in blocks:
        figures |= block.count(source)
    return figures


def _check_period(period: Period, year: FinancialYear | None) -> None:
    if period.from_on == date.min:
        raise ReportRefused(
            f"No day comes before {date.min.isoformat()}, so nothing can be brought forward into "
            "that period. Give a later first day."
        )
    if period.from_on > period.to_on:
        raise ReportRefused(
            f"The period begins on {in_words(period.from_on)}, after it ends on "
            f"{in_words(period.to_on)}. Give the earlier day first."
        )
    if period.from_on > clock.today():
        begins = f"{in_words(period.from_on)}, which is still to come"
        name = f"The year {year.label}" if year else "The period"
        raise ReportRefused(f"{name} begins on {begins}. Choose one that has begun.")


def _status_day(period: Period, status_on: date | None) -> date:
    today = clock.today()
    if status_on is None:
        return min(period.to_on, today)
    if status_on > today:
        raise ReportRefused(
            f"How cases will stand on {in_words(status_on)} is not known yet. Choose today, "
            f"{in_words(today)}, or an earlier day.",
            "status_on",
        )
    return status_on


def _size(session: Session, log_size: int | None) -> int:
    held = record.log_size(session)
    if log_size is None:
        return held
    if not 0 <= log_size <= held:
        raise ReportRefused(
            f"The log holds {held} recorded actions, so there is no report at log size "
            f"{log_size}. Give a number from 0 to {held}.",
            "log_size",
        )
    return log_size
