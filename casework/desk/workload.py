"""The only place that adds up who has how much to do: by person, state and age of the open cases."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from casework import targets
from casework.models import Case
from casework.models.base import table_of
from casework.permissions import visible_to
from casework.web.case_words import Teller
from workflows import WORKFLOWS
from workflows.definition import State

_CASES = table_of(Case)
AGES = (("Up to 4 weeks", 0), ("4 to 8 weeks", 28), ("8 to 12 weeks", 56), ("12 to 26 weeks", 84))
OLDEST = ("Over 26 weeks", 182)


@dataclass(frozen=True)
class Load:
    """The open cases of a person, or of nobody (`person` None)."""

    person: str | None
    name: str
    open: int
    waiting: int
    late: int
    unacknowledged: int
    oldest_on: date | None


@dataclass(frozen=True)
class Band:
    """The open cases of an age: received from `first_on` (None: ever) to `last_on`, days included."""

    label: str
    first_on: date | None
    last_on: date
    open: int


@dataclass(frozen=True)
class Workload:
    """The office's open cases added up three ways; each adds up to `total`."""

    total: Load
    people: tuple[Load, ...]
    states: tuple[tuple[State, int], ...]
    ages: tuple[Band, ...]


def workload(session: Session, teller: Teller, person: str) -> Workload:
    """The open cases that this person may see, counted by the database in one statement."""
    bands = _bands(teller.today)
    cells = list(session.execute(_counted(teller, person, bands)))
    staff = {each.code: each.label for each in teller.office.lists.get("people", ())}
    held = {cell.assignee for cell in cells if cell.assignee}
    names = {**staff, **{token: teller.names.get(token, token) for token in held}}
    people = [
        _load(token, names[token], [cell for cell in cells if cell.assignee == token])
        for token in sorted(names, key=lambda token: names[token].casefold())
    ]
    nobody = _load(None, "Nobody yet", [cell for cell in cells if cell.assignee is None])
    return Workload(
        total=_load(None, "All", cells),
        people=(*people, nobody),
        states=tuple(
            (state, _sum(cell for cell in cells if cell.state == state.name)) for state in _states()
        ),
        ages=tuple(
            Band(label, first_on, last_on, _sum(cell for cell in cells if cell.band == place))
            for place, (label, first_on, last_on) in enumerate(bands)
        ),
    )


def _bands(today: date) -> list[tuple[str, date | None, date]]:
    """Each age with the days on which its cases were received, the youngest first."""
    starts = [*AGES, OLDEST]
    ends = [today - timedelta(days=days - 1) for _, days in starts[1:]]
    return [
        (label, first_on, today - timedelta(days=days))
        for (label, days), first_on in zip(starts, [*ends, None], strict=True)
    ]


def _counted(teller: Teller, person: str, bands: list[tuple[str, date | None, date]]) -> Any:
    """Counts by assignee, state, age and what is overdue: a row for each that there is."""
    received_on = _CASES.c.received_on
    young = [(received_on >= first, place) for place, (_, first, _) in enumerate(bands) if first]
    told = (
        select(
            _CASES.c.assignee,
            _CASES.c.state,
            received_on,
            case(*young, else_=len(young)).label("band"),
            _flag(_CASES.c.waiting_for.is_not(None)).label("waiting"),
            _flag(targets.is_decision_late(teller.office, teller.today)).label("late"),
            _flag(targets.is_acknowledgement_late(teller.office, teller.today)).label("unacked"),
        )
        .where(targets.is_open(), visible_to(person))
        .subquery()
    )
    by = (told.c.assignee, told.c.state, told.c.band, told.c.waiting, told.c.late, told.c.unacked)
    counted = (func.count().label("cases"), func.min(told.c.received_on).label("oldest_on"))
    return select(*by, *counted).group_by(*by)


def _flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _load(person: str | None, name: str, cells: list[Any]) -> Load:
    return Load(
        person,
        name,
        open=_sum(cells),
        waiting=_sum(cell for cell in cells if cell.waiting),
        late=_sum(cell for cell in cells if cell.late),
        unacknowledged=_sum(cell for cell in cells if cell.unacked),
        oldest_on=min((cell.oldest_on for cell in cells), default=None),
    )


def _sum(cells: Iterable[Any]) -> int:
    return sum(cell.cases for cell in cells)


def _states() -> list[State]:
    return [s for workflow in WORKFLOWS.values() for s in workflow.states if not s.is_closed]
