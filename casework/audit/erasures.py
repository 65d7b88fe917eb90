"""The only place that reads off the log which words were erased, and from which day on that was due."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from casework.audit.events import Event
from casework.models import AuditEvent
from casework.models.base import table_of
from workflows.calendar import london_day

ERASED, ERASED_AGAIN = "retention_erased", "retention_erased_again"
"""The last step of a disposal, and what is recorded when a restored backup had brought words back."""
SHARED_ERASED = "shared_words_erased"
"""Words beside entries of no one case were erased with the last of the cases they were about."""
DUE_ON, POSITIONS = "due_on", "positions"
"""What `stat` of these holds: the day from which on the words were not to be kept; of the last, which."""

_EVENTS = table_of(AuditEvent)


@dataclass(frozen=True)
class Erasure:
    """That words beside events before position `seq` were erased: all of a case, or those named.

    `due_on` is the day from which on they were not to be kept any longer, `on` the London day of
    the event by the server's clock. Words may be missing only where it `was_due`.
    """

    seq: int
    due_on: date
    on: date

    @property
    def was_due(self) -> bool:
        """Whether the day had come by the event's own time."""
        return self.due_on <= self.on


def erasures_of(session: Session, log_size: int) -> dict[str, Erasure]:
    """The erasures of cases among the first `log_size` events, by token; of several, the last.

    An event that cannot be read is left out: the checks of the log name it.
    """
    found = _read(session, (ERASED, ERASED_AGAIN), log_size)
    return {read["case"]: erasure for read, erasure in found if isinstance(read["case"], str)}


def shared_erasures_of(session: Session, log_size: int) -> dict[int, Erasure]:
    """The erasures of words beside entries of no one case, by the position of the entry."""
    return {
        position: erasure
        for read, erasure in _read(session, (SHARED_ERASED,), log_size)
        for position in read["stat"].get(POSITIONS, ())
    }


def erased_on(events: Iterable[Event]) -> date | None:
    """The London day on which the case of these events was erased, None where it was not."""
    found = (event for event in events if event.action in (ERASED, ERASED_AGAIN))
    return next((london_day(event.at) for event in found), None)


def _read(
    session: Session, actions: tuple[str, ...], log_size: int
) -> Iterator[tuple[dict[str, Any], Erasure]]:
    body: Any = type_coerce(_EVENTS.c.body, NullType())
    query = select(body).where(_EVENTS.c.action.in_(actions), _EVENTS.c.seq < log_size)
    for stored in session.execute(query.order_by(_EVENTS.c.seq)).scalars():
        try:
            read = orjson.loads(stored)
            on = london_day(datetime.fromisoformat(read["at"]))
            yield read, Erasure(read["seq"], date.fromisoformat(read["stat"][DUE_ON]), on)
        except (KeyError, TypeError, ValueError):
            continue
