"""The only place that asks the database which open cases are past the office's targets.

A target is so many working days after a day that the case's row keeps. The later that day, the
later the target, so one day found in the calendar divides all cases: no history is read.
"""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_

from casework.models import Case
from casework.models.base import table_of
from workflows.calendar import COVERED_FROM, Calendar
from workflows.definition import OfficeRules

_CASES = table_of(Case)
_DAY = timedelta(days=1)
CLOCKS = {
    "received": _CASES.c.received_on,
    "acknowledged": _CASES.c.acknowledged_on,
    "validated": _CASES.c.validated_on,
}
"""The column from which the time for deciding runs, by the office's setting."""


def is_open() -> ColumnElement[bool]:
    """The condition of an open case: received, and no closure stands."""
    return and_(_CASES.c.received_on.is_not(None), _CASES.c.closed_on.is_(None))


def is_decision_late(office: OfficeRules, today: date) -> ColumnElement[bool]:
    """Open cases whose target for deciding was before `today`."""
    return is_decision_due_by(office, today - _DAY)


def is_decision_due_by(office: OfficeRules, day: date) -> ColumnElement[bool]:
    """Open cases whose target for deciding is `day` or earlier."""
    started_on = CLOCKS[office.clock_start]
    return and_(is_open(), started_on <= last_start(office.calendar, office.decide_target, day))


def is_acknowledgement_late(office: OfficeRules, today: date) -> ColumnElement[bool]:
    """Open cases not acknowledged, whose target for it was before `today`."""
    latest = last_start(office.calendar, office.acknowledge_target, today - _DAY)
    return and_(is_open(), _CASES.c.acknowledged_on.is_(None), _CASES.c.received_on <= latest)


def last_start(calendar: Calendar, working_days: int, day: date) -> date:
    """The latest day so many working days after which is `day` or earlier."""
    start = day
    while start > COVERED_FROM and calendar.add_working_days(start, working_days) > day:
        start -= _DAY
    return start
