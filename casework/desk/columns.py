"""The only place for the columns of the register: what each shows, and how it sorts.

The order is worked out from the words that are shown, so that both databases sort alike; what
a case does not have comes last, whichever way the column is sorted.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, case, func, select

from casework.models import Case, Milestone
from casework.models.base import table_of
from casework.targets import CLOCKS, is_open
from casework.web.case_words import CaseRow, Teller, choices_of
from casework.web.deadlines import DeadlineLine
from casework.web.downloads import Cell
from workflows import WORKFLOWS
from workflows.definition import State

_CASES, _MILESTONES = table_of(Case), table_of(Milestone)
Value = str | date | State | DeadlineLine | None
Order = Callable[[Teller], ColumnElement[Any]]


@dataclass(frozen=True)
class Column:
    """A column of the register.

    `value` is what a page shows of a case, `order` what the database sorts by. `read` is what
    must be read for it beside a case's own row, and is usually None.
    """

    code: str
    label: str
    value: Callable[[CaseRow], Value]
    order: Order
    kind: Literal["words", "day", "state", "deadline"] = "words"
    is_usual: bool = False
    is_never_absent: bool = False
    read: ColumnElement[Any] | None = None

    def cell(self, shown: CaseRow) -> Cell:
        """The value as a file has it: a state in words, a deadline as its day."""
        value = self.value(shown)
        if isinstance(value, DeadlineLine):
            return value.due_on
        return value.label if isinstance(value, State) else value


def _kept(name: str, label: str, **more: Any) -> Column:
    """A column that shows a column of the case's row as it is."""
    kept = _CASES.c[name]
    is_words = kept.type.python_type is str
    order = func.lower(kept) if is_words else kept
    more["kind"] = "words" if is_words else "day"
    return Column(name, label, lambda shown: getattr(shown.row, name), lambda _: order, **more)


def _told(
    name: str, label: str, words: Callable[[Teller], Mapping[str, str]], **more: Any
) -> Column:
    """A column of codes that are shown, and sorted, as words."""

    def order(teller: Teller) -> ColumnElement[Any]:
        held = words(teller)
        return _ranked(name, sorted(held, key=lambda code: (held[code].casefold(), code)))

    return Column(name, label, lambda shown: getattr(shown, name), order, **more)


def _ranked(name: str, codes: list[str]) -> ColumnElement[Any]:
    places = {code: place for place, code in enumerate(codes)}
    return case(places, value=_CASES.c[name], else_=len(codes))


def _milestone(kind: str, label: str, of: Callable[..., Any]) -> Column:
    """A column with a day on which something last, or first, happened, as now known."""
    # Were the kind among the conditions, SQLite would look for the first of its kind in the
    # whole register: it must go by the case.
    day = (
        select(of(case((_MILESTONES.c.kind == kind, _MILESTONES.c.from_on))))
        .where(
            _MILESTONES.c.case_token == _CASES.c.token,
            _MILESTONES.c.until_seq.is_(None),
            _MILESTONES.c.to_on.is_(None),
        )
        .correlate(_CASES)
        .scalar_subquery()
    )
    code = f"{kind}_on"
    return Column(
        code,
        label,
        lambda shown: getattr(shown.row, code),
        lambda _: day,
        kind="day",
        read=day.label(code),
    )


def _deadline(name: str, label: str, order: Order, **more: Any) -> Column:
    return Column(
        name, label, lambda shown: shown.deadlines.get(name), order, kind="deadline", **more
    )


def _states(_: Teller) -> ColumnElement[Any]:
    """States in the order of a case's life."""
    found = [state.name for workflow in WORKFLOWS.values() for state in workflow.states]
    return _ranked("state", list(dict.fromkeys(found)))


def _unacknowledged(_: Teller) -> ColumnElement[Any]:
    return case((and_(is_open(), _CASES.c.acknowledged_on.is_(None)), _CASES.c.received_on))


def _clock(teller: Teller) -> ColumnElement[Any]:
    return case((is_open(), CLOCKS[teller.office.clock_start]))


ALL = (
    _kept("reference", "Reference", is_usual=True, is_never_absent=True),
    Column(
        "complainant_name",
        "Complainant",
        lambda shown: shown.complainant,
        lambda _: func.lower(_CASES.c.complainant_name),
        is_usual=True,
    ),
    Column(
        "state",
        "State",
        lambda shown: shown.state,
        _states,
        kind="state",
        is_usual=True,
        is_never_absent=True,
    ),
    _told("force", "Force", lambda teller: teller.forces),
    _kept("force_reference", "Force’s reference"),
    _told("route", "Route", lambda _: dict(choices_of("route"))),
    _kept("received_on", "Received", is_usual=True, is_never_absent=True),
    _deadline("acknowledge_by", "Acknowledge by", _unacknowledged),
    _kept("acknowledged_on", "Acknowledged"),
    _milestone("file_requested", "File requested", func.min),
    _milestone("file_received", "File received", func.max),
    _kept("validated_on", "Found valid"),
    _deadline("decide_by", "Decide by", _clock, is_usual=True),
    _told("waiting_for", "Waiting for", lambda _: dict(choices_of("waiting_for")), is_usual=True),
    _told("assignee", "Assigned to", lambda teller: teller.names, is_usual=True),
    _kept("closed_on", "Closed", is_usual=True),
    _milestone("notified", "Decision letter sent", func.max),
)
BY_CODE = {column.code: column for column in ALL}
FIRST = ALL[0]
"""The reference, which leads to the case and is always there."""
USUAL = tuple(column for column in ALL if column.is_usual)


def chosen(codes: str) -> tuple[Column, ...]:
    """The columns that an address names ("state.received_on"), in the register's own order.

    The usual ones for an empty text; KeyError, with the code, for one that there is not.
    """
    named = {BY_CODE[code].code for code in codes.split(".") if code}
    return tuple(c for c in ALL if c.code in named or c is FIRST) if named else USUAL


def named(codes: Iterable[str]) -> str:
    """As an address names columns: those of the codes that there are, in the register's order."""
    asked = ".".join(code for code in codes if code in BY_CODE)
    return ".".join(column.code for column in chosen(asked))


def ordered(sort: str, teller: Teller) -> tuple[ColumnElement[Any], ...]:
    """The order that a sort ("-received_on") asks for, its end settled by the row's number.

    Pages of one list then never overlap.
    """
    column = BY_CODE[sort.removeprefix("-")]
    order, last = column.order(teller), _CASES.c.id
    parts = (order.desc(), last.desc()) if sort.startswith("-") else (order.asc(), last.asc())
    return parts if column.is_never_absent else (parts[0].nulls_last(), parts[1])
