"""The only place that tells events of many cases in words, for who may read them."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import Session

from casework.audit.events import Event
from casework.audit.timeline import Line, lines
from casework.models import AuditEvent
from casework.models.base import table_of
from casework.office_rules import office_rules
from casework.permissions import kept_from
from casework.web.identity import names
from casework.withheld import events_read_by
from workflows import OFFICE, WORKFLOWS

_CASE = table_of(AuditEvent).c.case_token
_OF_OFFICE = {event: kind for kind in OFFICE.values() for event in kind.steps_by_event}
"""What tells the events of what belongs to no case, by action."""


def may_read(person: str) -> ColumnElement[bool]:
    """The condition on events that leaves out cases that are kept from a person (by token)."""
    return or_(_CASE.is_(None), _CASE.not_in(kept_from(person)))


def lines_by_seq(
    session: Session, events: Iterable[Event], person: str, log_size: int | None = None
) -> dict[int, Line]:
    """The lines of events by position, with the words that this person (by token) may read.

    A case's are told from its whole history, or corrections would hang; with a log size, as they
    stood then. Lines of other events of these cases are there too.
    """
    listed = tuple(events)
    office, known = office_rules(session), names(session)
    cases = {event.case for event in listed if event.case}
    told: list[Line] = []
    for history in events_read_by(session, person, cases).values():
        known_then = [event for event in history if log_size is None or event.seq < log_size]
        workflow = WORKFLOWS[history[0].stat["workflow"]]
        told += lines(workflow, known_then, known, office)
    any_kind = next(iter(WORKFLOWS.values()))
    for event in listed:
        if event.case is None:
            told += lines(_OF_OFFICE.get(event.action, any_kind), (event,), known, office)
    return {line.seq: line for line in told}
