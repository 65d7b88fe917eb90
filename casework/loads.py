"""The only place that counts how much each person has to do, for who gives out work.

All cases count, also those that whoever asks may not see: a number tells of no case.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from casework.models import Case
from casework.models.base import table_of
from casework.targets import is_decision_late, is_open
from workflows.definition import OfficeRules

_CASES = table_of(Case).c


@dataclass(frozen=True)
class Load:
    """How many open cases a person has, how many of them wait, and how many are past their target."""

    open: int = 0
    waiting: int = 0
    overdue: int = 0

    @property
    def in_words(self) -> str:
        """As a sentence has it: “12 open, 3 waiting, 1 overdue”."""
        if not self.open:
            return "nothing open"
        return f"{self.open} open, {self.waiting} waiting, {self.overdue} overdue"


NOTHING = Load()


def loads(session: Session, office: OfficeRules, today: date) -> Mapping[str, Load]:
    """What everybody has to do who has an open case, by their token."""
    counted = select(
        _CASES.assignee,
        func.count(),
        func.sum(_flag(_CASES.waiting_for.is_not(None))),
        func.sum(_flag(is_decision_late(office, today))),
    ).where(is_open(), _CASES.assignee.is_not(None))
    rows = session.execute(counted.group_by(_CASES.assignee))
    return {person: Load(opened, waiting, late) for person, opened, waiting, late in rows}


def least_busy(people: Iterable[str], held: Mapping[str, Load]) -> str | None:
    """Who of these people, in the order given, has the least to do; None of nobody.

    That is the fewest open cases, among equals the fewest overdue, then who comes first.
    """
    return min(people, key=lambda person: _much(held.get(person, NOTHING)), default=None)


def _much(load: Load) -> tuple[int, int]:
    return load.open, load.overdue


def _flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)
