"""The only place that makes a report: the figures of a year or period, fixed for ever.

What a report says follows from its period, status day and log size alone: the settings are
those of that log size too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from casework import clock
from casework.audit import record
from casework.counts import figures as counting
from casework.counts.figures import Counted, Figures
from casework.counts.lives import Life, Period, load
from casework.office_settings import OfficeSettings, settings_at
from workflows.calendar import FinancialYear, in_words


class ReportRefused(ValueError):
    """A report that cannot be made as asked; the message says why and what to ask for.

    `about` names what to mend: `from_on`, `status_on` or `log_size`.
    """

    def __init__(self, sentence: str, about: str = "from_on") -> None:
        super().__init__(sentence)
        self.about = about


@dataclass(frozen=True)
class Part:
    """Some figures of one period: all of a report's, or those of one of its columns."""

    label: str
    period: Period
    figures: Figures

    def count(self, name: str) -> int:
        """How many a figure counts, by its name; 0 where a breakdown has no such code."""
        return len(self.figures.get(name, ()))

    def codes(self, breakdown: str) -> tuple[str, ...]:
        """The codes that occur in a breakdown, such as `cohort.invalid_by_reason`, in order."""
        start = f"{breakdown}."
        found = {
            name[len(start) :].split(".")[0] for name in self.figures if name[: len(start)] == start
        }
        return tuple(sorted(found, key=lambda code: (code == "none", code)))


@dataclass(frozen=True)
class Report:
    """A year's or period's figures: `whole` has all of them, a year's columns some.

    `lives` are the cases that matter to the period, by token.
    `log_root` is the hex root of the log's first `log_size` events; `year` is None for a
    period that is not asked for as a year.
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

    @property
    def kind(self) -> str:
        """`annual` or `period`."""
        return "annual" if self.year else "period"


def annual_report(
    session: Session,
    year: FinancialYear,
    status_on: date | None = None,
    log_size: int | None = None,
) -> Report:
    """The report of a financial year with its quarters and year-to-date columns.

    Raises ReportRefused, a ValueError, with a sentence.
    """
    return _report(session, Period(year.first_on, year.last_on), status_on, log_size, year)


def period_report(
    session: Session,
    from_on: date,
    to_on: date,
    status_on: date | None = None,
    log_size: int | None = None,
) -> Report:
    """The report of any whole days, both ends included. Raises ReportRefused with a sentence."""
    return _report(session, Period(from_on, to_on), status_on, log_size, None)


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
) -> Report:
    _check_period(period, year)
    status_on = _status_day(period, status_on)
    size = _size(session, log_size)
    settings = settings_at(session, size)
    lives = counting.Lives(load(session, period, status_on, size))
    return Report(
        year=year,
        status_on=status_on,
        log_size=size,
        log_root=record.log_root(session, size).hex(),
        settings=settings,
        whole=_whole(lives, period, status_on, settings),
        lives={life.case: life for life in lives.all},
        quarters=_quarters(lives, year, status_on) if year else (),
        year_to_date=_year_to_date(lives, year, status_on) if year else (),
    )


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


def _whole(
    lives: counting.Lives,
    period: Period,
    status_on: date,
    settings: OfficeSettings,
) -> Part:
    figures: Figures = {
        **counting.count_cohort(lives, period, status_on),
        **counting.count_activity(lives, period, status_on),
        **counting.count_decisions(
            lives, period, status_on, settings.calendar, settings.decide_target
        ),
        **counting.count_categories(lives, period, status_on),
        **counting.count_recommendations(lives, period, status_on),
    }
    return Part("", period, figures)


def _quarters(lives: counting.Lives, year: FinancialYear, status_on: date) -> tuple[Part, ...]:
    parts = []
    for quarter in year.quarters:
        period = Period(quarter.first_on, quarter.last_on)
        figures = {
            **counting.count_cohort(lives, period, status_on),
            **counting.count_activity(lives, period, status_on),
        }
        parts.append(Part(quarter.label, period, figures))
    return tuple(parts)


def _year_to_date(lives: counting.Lives, year: FinancialYear, status_on: date) -> tuple[Part, ...]:
    periods = (Period(year.first_on, quarter.last_on) for quarter in year.quarters)
    return tuple(
        Part(
            f"To {in_words(period.to_on)}",
            period,
            counting.count_activity(lives, period, status_on),
        )
        for period in periods
    )
