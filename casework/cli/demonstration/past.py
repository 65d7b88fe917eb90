"""The only place that lets the demonstration's past happen in order: each entry at its own time.

A life is a generator: it gives the instant of its next entry and, when it goes on, makes it.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from heapq import heapify, heappop, heappush

from casework import clock
from workflows.calendar import midnight

Life = Iterator[datetime]
MORNING, AFTERNOON = timedelta(hours=9, minutes=30), timedelta(hours=14)
PAUSE = timedelta(minutes=20)
"""How long somebody takes at least from one entry on a case to the next."""


def live(lives: Iterable[Life]) -> None:
    """Live lives side by side until they are all over; nothing happens later than now."""
    now = clock.now()
    waiting = [
        (min(at, now), place, life) for place, life in enumerate(lives) for at in _next(life)
    ]
    heapify(waiting)
    while waiting:
        at, place, life = heappop(waiting)
        with clock.put_back_to(at):
            onward = _next(life)
        for next_at in onward:
            heappush(waiting, (min(max(at, next_at), now), place, life))


def _next(life: Life) -> list[datetime]:
    """The instant of a life's next entry, if it has one."""
    return [at for at in (next(life, None),) if at is not None]


def on(day: date, time: timedelta, before: datetime | None = None) -> datetime:
    """An instant on a London day, but not before a pause after another instant."""
    at = midnight(day) + time
    return at if before is None else max(at, before + PAUSE)
