"""The only place that asks the time: instants in UTC, days in London."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime

from workflows.calendar import london_day

_PUT_BACK: ContextVar[datetime | None] = ContextVar("put_back", default=None)


def now() -> datetime:
    """This instant, in UTC."""
    return _PUT_BACK.get() or datetime.now(UTC)


def today() -> date:
    """Today's date in London: the day an office would write on a letter."""
    return london_day(now())


@contextmanager
def put_back_to(instant: datetime) -> Iterator[None]:
    """Let it be an earlier instant, so that an invented office can have a past.

    For the demonstration and nothing else: what a real office records bears the time at which it
    was recorded.
    """
    token = _PUT_BACK.set(instant)
    try:
        yield
    finally:
        _PUT_BACK.reset(token)
