"""The only place for when a milestone counts, in SQL: known at a log size, standing on a day.

A statement made of these is built once and run with `log_size` and the days it names.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
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
LONGEST = (date.max - date.min).days.bit_length()
"""What lasted longer than any two days are apart has no row."""
_OPEN_ON: BindParameter[date] = bindparam("open_on")


def is_known(rows: Any = ROWS) -> ColumnElement[bool]:
    """Whether the log holds a row at `log_size`."""
    return and_(
        rows.since_seq < LOG_SIZE, or_(rows.until_seq.is_(None), rows.until_seq >= LOG_SIZE)
    )


def stands_on(day: BindParameter[date], rows: Any = ROWS) -> ColumnElement[bool]:
    """Whether a row is so at the end of a day."""
    return and_(rows.from_on <= day, or_(rows.to_on.is_(None), rows.to_on > day))


def open_cases() -> CompoundSelect[Any]:
    """The tokens of the cases that are open at the end of the day that `days_open` is given.

    As many rows are read as cases are open, and not many more: those of each length that began
    long enough ago to have ended are left out, and of those that a later entry ended, what the
    log holds at `log_size` is told by the position of that entry.
    """
    is_newest = ROWS.until_seq.is_(None)
    return union_all(
        _openings(is_newest, ROWS.lasted.is_(None), ROWS.from_on <= _OPEN_ON),
        *(_openings(is_newest, *_of_length(bits)) for bits in range(1, LONGEST + 1)),
        _openings(ROWS.until_seq >= LOG_SIZE, stands_on(_OPEN_ON)),
    )


def _openings(*conditions: ColumnElement[bool]) -> Select[tuple[str]]:
    is_opening = ROWS.kind == literal_column("'open'")  # as the index of openings has it
    return select(ROWS.case_token).where(is_opening, *conditions, ROWS.since_seq < LOG_SIZE)


def _of_length(bits: int) -> Iterator[ColumnElement[bool]]:
    yield ROWS.lasted == literal_column(str(bits))
    yield ROWS.from_on > bindparam(f"open_after_{bits}")
    yield ROWS.from_on <= _OPEN_ON
    yield ROWS.to_on > _OPEN_ON


def days_open(day: date) -> Mapping[str, date]:
    """What `open_cases` is run with beside `log_size`, to ask about a day."""
    since = (day - date.min).days
    after = {
        f"open_after_{bits}": day - timedelta(days=min(2**bits, since))
        for bits in range(1, LONGEST + 1)
    }
    return {"open_on": day, **after}
