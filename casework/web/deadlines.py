"""The only place that puts a deadline into words: met, due, or overdue by how much."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from workflows import WORKFLOWS
from workflows.calendar import in_words
from workflows.definition import Due, Entry, OfficeRules, Standing
from workflows.engine import deadlines_of

SOON = timedelta(days=3)
# The days a case's row keeps are enough to work out what it must do next.
_STEPS = {"received_on": "log", "acknowledged_on": "acknowledge", "validated_on": "find_valid"}


@dataclass(frozen=True)
class DeadlineLine:
    """A deadline as pages show it; `colour` only repeats what `status` says."""

    label: str
    due_on: date | None
    status: str
    colour: str
    how: str
    is_overdue: bool = False


def deadline_lines(
    standing: Standing, dues: tuple[Due, ...], today: date
) -> tuple[DeadlineLine, ...]:
    """Every deadline of a case in words."""
    closed_on = standing.closure.effective_on if standing.closure else None
    return tuple(deadline_line(due, closed_on, today) for due in dues)


def deadline_line(due: Due, closed_on: date | None, today: date) -> DeadlineLine:
    """One deadline in words; days are calendar days."""
    status, colour = _status(due, closed_on, today)
    return DeadlineLine(due.label, due.due_on, status, colour, due.how, colour == "red")


def _status(due: Due, closed_on: date | None, today: date) -> tuple[str, str]:
    if due.due_on is None:
        return "Not known yet", "grey"
    if due.met_on is not None:
        on = in_words(due.met_on)
        if due.met_on <= due.due_on:
            return f"Met on {on}", "green"
        return f"Late: {on}, {_days(due.met_on - due.due_on)} after", "orange"
    if closed_on is not None and due.due_on <= closed_on:
        return "Not recorded before the case closed", "grey"
    return _still_open(due.due_on - today)


def _still_open(left: timedelta) -> tuple[str, str]:
    if left < timedelta():
        return f"Overdue by {_days(-left)}", "red"
    if left == timedelta():
        return "Due today", "orange"
    return f"{_days(left)} left", "orange" if left <= SOON else "blue"


def _days(length: timedelta) -> str:
    return "1 day" if length.days == 1 else f"{length.days:,} days"


def deadlines_of_row(row: Any, office: OfficeRules, today: date) -> dict[str, DeadlineLine]:
    """What an open case must still do, by the deadline's name, from the days its row keeps.

    The workflow's own deadlines are asked, about a standing that holds just those days, so a
    list of cases needs no histories.
    """
    if row.received_on is None or row.closed_on is not None:
        return {}
    entries = tuple(
        Entry(0, step, getattr(row, column), {}, "")
        for column, step in _STEPS.items()
        if getattr(row, column) is not None
    )
    standing = Standing(row.state, entries)
    dues = deadlines_of(WORKFLOWS[row.workflow], standing, office)
    return {
        due.name: deadline_line(due, None, today)
        for due in dues
        if due.due_on is not None and due.met_on is None
    }
