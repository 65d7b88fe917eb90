"""The only place for when a milestone counts, in SQL: known at a log size, standing on a day.

A statement made of these is built once and run with `log_size` and the days it names.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    literal_column,
    or_,
    select,
    union_all,
)

from casework.models import Milestone
from casework.models.base import table_of

ROWS = table_of(Milestone).c
LOG_SIZE: BindParameter[int] = bindparam("log_size")
_LENGTHS = range(1, 13)
"""Bit lengths of days that have a range of their own: up to eleven years."""
_OPEN_ON: BindParameter[date] = bindparam("open_on")


def is_known(rows: Any = ROWS) -> ColumnElement[bool]:
    """Whether the log holds a row at `log_size`."""
    return and_(
        rows.since_seq < LOG_SIZE, or_(rows.until_seq.is_(None), rows.until_seq >= LOG_SIZE)
    )


def stands_on(day: BindParameter[date], rows: Any = ROWS) -> ColumnElement[bool]:
    """Whether a row is so at the end of a day."""
    return and_(rows.from_on <= day, or_(rows.to_on.is_(None), rows.to_on > day))


def open_cases() -> Select[tuple[str]]:
    """The tokens of the cases that are open at the end of the day that `days_open` is given.

    Few more rows are read than cases are open: of each length, those that began so long before
    that they must have ended are left out. Of what the log held otherwise once, those are read
    that an entry since `log_size` has changed.
    """
    is_newest = ROWS.until_seq.is_(None)
    found = union_all(
        _openings(is_newest, ROWS.lasted.is_(None), ROWS.from_on <= _OPEN_ON),
        *(_openings(is_newest, *_of_length(bits)) for bits in _LENGTHS),
        _openings(is_newest, ROWS.lasted > _LENGTHS[-1], stands_on(_OPEN_ON)),
        _openings(ROWS.until_seq >= LOG_SIZE, stands_on(_OPEN_ON)),
    ).subquery()
    return select(found.c.case_token)


def _openings(*conditions: ColumnElement[bool]) -> Select[tuple[str]]:
    is_opening = ROWS.kind == literal_column("'open'")  # as their own index has it
    return select(ROWS.case_token).where(is_opening, *conditions, ROWS.since_seq < LOG_SIZE)


def _of_length(bits: int) -> Iterator[ColumnElement[bool]]:
    yield ROWS.lasted == literal_column(str(bits))
    yield ROWS.from_on > bindparam(f"open_after_{bits}")
    yield ROWS.from_on <= _OPEN_ON
    yield ROWS.to_on > _OPEN_ON


def days_open(day: date) -> Mapping[str, date]:
    """What `open_cases` is run with beside `log_size`, to ask about a day."""
    since = (day - date.min).days
    after = {f"open_after_{bits}": day - timedelta(days=min(2**bits, since)) for bits in _LENGTHS}
    return {"open_on": day, **after}
