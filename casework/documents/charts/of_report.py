"""The only place that takes the numbers of charts from a report."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from casework.counts.blocks.by_category import LABELS
from casework.counts.lives import Period
from casework.counts.report import Report
from casework.documents.charts.cases import Category, ageing, by_category, where_time_went
from casework.documents.charts.chart import Chart
from casework.documents.charts.distribution import time_to_decide
from casework.documents.charts.months import Month, backlog, received_and_decided
from workflows.calendar import in_words
from workflows.complaint_review_choices import WAITING_FOR

MOST_MONTHS = 60
_DAY = timedelta(days=1)


def charts_of(report: Report) -> tuple[Chart, ...]:
    """Every chart of a report, in the order they are printed; those whose blocks its edition has."""
    return tuple(_charts(report))


def months_of(report: Report) -> tuple[Month, ...]:
    """The months of a report's period up to the last day that is counted, at most its last 60.

    Received and decided add up to the report's activity, so a month's decisions are those that
    still stand on that day; open is as at the end of each month.
    """
    period = report.whole.period
    last_on = period.last_day(report.status_on)
    first_on = max(period.from_on, months_before(last_on, MOST_MONTHS - 1))
    received, decided = (
        Counter(counted.on.replace(day=1) for counted in report.whole.figures[f"activity.{name}"])
        for name in ("received", "completed")
    )
    return tuple(
        Month(
            month.from_on,
            received[month.from_on],
            decided[month.from_on],
            sum(life.on(min(month.to_on, last_on)).is_open for life in report.lives.values()),
            is_part=month.from_on < period.from_on or last_on < month.to_on,
        )
        for month in months_between(first_on, last_on)
    )


def months_before(day: date, months: int) -> date:
    """The first day of the month so many months before that of a day; of the first year at least."""
    years, month = divmod(max(day.year * 12 + day.month - 1 - months, 12), 12)
    return date(years, month + 1, 1)


def months_between(first_on: date, last_on: date) -> Iterator[Period]:
    """The calendar months that have a day from one day to another; none when they are reversed."""
    start = first_on.replace(day=1)
    while start <= last_on:
        following = (start + 31 * _DAY).replace(day=1)
        yield Period(start, following - _DAY)
        start = following


def _charts(report: Report) -> Iterator[Chart]:
    months = months_of(report)
    last_on = in_words(report.whole.period.last_day(report.status_on))
    yield received_and_decided(
        months, f"Decisions are those of each month that still stood on {last_on}."
    )
    yield backlog(months)
    if "open_cases.open" in report.whole.figures:
        yield _ageing(report)
    yield time_to_decide(_days(report, "timeliness.decided.known"), report.settings.decide_target)
    if "durations.received_decided.known" in report.whole.figures:
        yield _where_time_went(report)
    yield by_category(_categories(report))


def _days(report: Report, figure: str) -> list[int]:
    """The working days that a figure counted, of those that it could count."""
    return [counted.days for counted in report.whole.figures[figure] if counted.days is not None]


def _ageing(report: Report) -> Chart:
    ages = _days(report, "open_cases.open")
    unknown = report.whole.count("open_cases.open") - len(ages)
    return ageing(ages, report.settings.decide_target, unknown)


def _where_time_went(report: Report) -> Chart:
    pairs = report.edition.block("durations").plain(report.whole, report.settings)
    pair = next(pair for pair in pairs if (pair["from"], pair["to"]) == ("received", "decided"))
    waiting = [
        (choice.label, pair["waiting"][choice.code]["mean_working_days"] or 0)
        for choice in WAITING_FOR
    ]
    return where_time_went(pair["known"], pair["mean_working_days"] or 0, waiting)


def _categories(report: Report) -> list[Category]:
    """In the order of their letters; cases without a category come last."""
    part = report.whole
    return [
        Category(
            LABELS[letter],
            *(
                part.count(f"by_category.{letter}.{name}")
                for name in ("received", "valid", "upheld")
            ),
        )
        for letter in part.codes("by_category")
    ]
