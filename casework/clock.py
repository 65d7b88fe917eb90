"""The only place that asks the time: instants in UTC, days in London."""

from datetime import UTC, date, datetime

from workflows.calendar import london_day


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today's date in London: the day an office would write on a letter."""
    return london_day(now())
