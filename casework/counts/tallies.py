"""The only place that counts without a list: numbers of cases by ranges of an index alone.

A period is made of *slots*, runs of days one after another. What came and what began in each is
counted once; what ended is read, for it is little. Every period that begins and ends with a slot
follows from these, so that a year's quarters and year-to-date columns cost what the year costs.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, func, select
from sqlalchemy.orm import Session

from casework.counts.lives import Period
from casework.counts.standing import ROWS, days_open, is_known, open_cases, stands_on
from casework.models import Milestone
from casework.models.base import table_of
from workflows.calendar import FinancialYear

Numbers = Mapping[str, int]
"""How many each figure counts, by its whole name, such as `cohort.valid`."""

CLOSURES = ("invalid", "forwarded", "withdrawn", "upheld", "not_upheld")
_AFTER: BindParameter[date] = bindparam("after_on")
_LAST: BindParameter[date] = bindparam("last_on")
_STATUS = stands_on(bindparam("status_on"))


class Ended(NamedTuple):
    """A finding of validity (code `valid`) or a closure that no longer stands, as the log knows it."""

    code: str
    from_on: date
    to_on: date


Slot = Mapping[Any, int]
"""How many cases came in some days (`received`), how many validities (`valid`) and closures began."""


@dataclass(frozen=True)
class Flows:
    """What was done in slots that follow each other: each ends on one of `ends`, but for the first
    of these, on which the days before end. `open_before` were open then; `ended` has what ended since.
    """

    ends: Sequence[date]
    open_before: int
    slots: Sequence[Slot]
    ended: Sequence[Ended]

    @cached_property
    def open_at(self) -> tuple[int, ...]:
        """How many cases were open at the end of each of the days in `ends`."""
        reopened = Counter(
            bisect_left(self.ends, each.to_on) for each in self.ended if each.code in CLOSURES
        )
        found = [self.open_before]
        for place, slot in enumerate(self.slots, 1):
            closed = sum(slot[code] for code in CLOSURES)
            found.append(found[-1] + slot["received"] - closed + reopened[place])
        return tuple(found)

    def activity(self, first: int, last: int) -> dict[str, int]:
        """The figures of the period from one slot to another, by name."""
        before_on, last_on = self.ends[first], self.ends[last + 1]
        stands: Counter[str] = Counter()
        for slot in self.slots[first : last + 1]:
            stands.update(slot)
        reopened = 0
        for each in self.ended:
            if before_on < each.to_on <= last_on:
                if each.from_on > before_on:
                    stands[each.code] -= 1
                elif each.code in CLOSURES:
                    reopened += 1
        return {
            "brought_forward": self.open_at[first],
            "received": stands["received"],
            "reopened": reopened,
            "found_valid": stands["valid"],
            "found_invalid": stands["invalid"],
            "forwarded": stands["forwarded"],
            "withdrawn": stands["withdrawn"],
            "completed": stands["upheld"] + stands["not_upheld"],
            "upheld": stands["upheld"],
            "not_upheld": stands["not_upheld"],
            "carried_forward": self.open_at[last + 1],
        }


@dataclass(frozen=True)
class Month:
    """What came and went in a calendar month; the closures are those that stood at its end."""

    first_on: date
    received: int
    decided: int
    upheld: int
    not_upheld: int
    found_invalid: int
    forwarded: int
    withdrawn: int
    open_at_end: int


@dataclass(frozen=True)
class YearTally:
    """A financial year's numbers: of each quarter, from its first day to each quarter's end, of all."""

    quarters: Sequence[Numbers]
    year_to_date: Sequence[Numbers]
    whole: Numbers


def tally_year(session: Session, year: FinancialYear, status_on: date, log_size: int) -> YearTally:
    """The cohort and the activity of a financial year and of its quarters, as at a status day."""
    quarters = [Period(quarter.first_on, quarter.last_on) for quarter in year.quarters]
    done = flows(session, _ends(quarters, status_on), log_size)
    days = {"log_size": log_size, "status_on": status_on}
    cohorts = [_cohort(session, after, last, days) for after, last in pairwise(done.ends)]
    to_date = [_named("activity", done.activity(0, place)) for place in range(len(quarters))]
    return YearTally(
        [
            _named("cohort", cohort) | _named("activity", done.activity(place, place))
            for place, cohort in enumerate(cohorts)
        ],
        to_date,
        _named("cohort", _sum(cohorts)) | to_date[-1],
    )


def monthly(session: Session, last_on: date, months: int, log_size: int) -> tuple[Month, ...]:
    """The calendar months up to the one of `last_on`, in order; each as its own period's activity."""
    firsts = [_month_before(last_on, back) for back in range(months - 1, -2, -1)]
    done = flows(session, [first - timedelta(days=1) for first in firsts], log_size)
    return tuple(
        _month(first, done.activity(place, place)) for place, first in enumerate(firsts[:-1])
    )


def _month_before(day: date, back: int) -> date:
    """The first day of the month so many months before that of a day."""
    years, month = divmod(day.year * 12 + day.month - 1 - back, 12)
    return date(years, month + 1, 1)


def _month(first_on: date, did: Numbers) -> Month:
    return Month(
        first_on=first_on,
        received=did["received"],
        decided=did["completed"],
        upheld=did["upheld"],
        not_upheld=did["not_upheld"],
        found_invalid=did["found_invalid"],
        forwarded=did["forwarded"],
        withdrawn=did["withdrawn"],
        open_at_end=did["carried_forward"],
    )


def _ends(periods: Sequence[Period], status_on: date) -> list[date]:
    """The day before the first of these, which follow each other, and the last day of each."""
    return [
        periods[0].day_before(status_on),
        *(period.last_day(status_on) for period in periods),
    ]


def _sum(parts: Iterable[Numbers]) -> Numbers:
    total: Counter[str] = Counter()
    for part in parts:
        total.update(part)
    return total


def _named(block: str, numbers: Numbers) -> dict[str, int]:
    return {f"{block}.{name}": number for name, number in numbers.items()}


def _counted(kind: str, *conditions: ColumnElement[bool]) -> Any:
    counted = select(func.count()).select_from(table_of(Milestone))
    return counted.where(ROWS.kind == kind, is_known(), *conditions).correlate(None)


def _closures(*conditions: ColumnElement[bool]) -> Any:
    """The closures by code in one reading: a column for each."""
    columns = (func.count().filter(ROWS.code == code).label(code) for code in CLOSURES)
    return select(*columns).where(ROWS.kind == "closure", is_known(), *conditions)


def _withdrawn_undetermined(*conditions: ColumnElement[bool]) -> Any:
    valid = table_of(Milestone).alias("valid")
    of_case = (valid.c.case_token == ROWS.case_token, valid.c.kind == "validity")
    is_valid = select(valid.c.id).where(*of_case, is_known(valid.c), _stands(valid)).exists()
    return _counted("closure", ROWS.code == "withdrawn", *conditions, ~is_valid)


def _stands(rows: Any) -> ColumnElement[bool]:
    return stands_on(bindparam("status_on"), rows.c)


# Statements are built once: building one costs several times what running it does.
_CAME = and_(ROWS.received_on > _AFTER, ROWS.received_on <= _LAST)
_BEGAN = and_(ROWS.from_on > _AFTER, ROWS.from_on <= _LAST)
_COHORT = _closures(_CAME, _STATUS).add_columns(
    _counted("received", _CAME).scalar_subquery().label("received"),
    _counted("validity", _CAME, _STATUS).scalar_subquery().label("valid"),
    _withdrawn_undetermined(_CAME, _STATUS).scalar_subquery().label("withdrawn_undetermined"),
)
_REASONS = (
    select(ROWS.code, func.count())
    .where(ROWS.kind == "invalid_reason", is_known(), _CAME, _STATUS)
    .group_by(ROWS.code)
)
_SLOT = _closures(_BEGAN).add_columns(
    _counted("received", _BEGAN).scalar_subquery().label("received"),
    _counted("validity", _BEGAN).scalar_subquery().label("valid"),
)
_ENDED = select(ROWS.code, ROWS.from_on, ROWS.to_on).where(
    ROWS.kind.in_(("closure", "validity")), is_known(), ROWS.to_on > _AFTER, ROWS.to_on <= _LAST
)
_OPEN = select(func.count()).select_from(open_cases().subquery())


def flows(session: Session, ends: Sequence[date], log_size: int) -> Flows:
    """What was done between days on which slots end, in order; between two equal ones nothing was."""
    size = {"log_size": log_size}
    slots = [
        session.execute(_SLOT, {**size, "after_on": after, "last_on": last}).mappings().one()
        for after, last in pairwise(ends)
    ]
    ended = session.execute(_ENDED, {**size, "after_on": ends[0], "last_on": ends[-1]})
    were_open = session.execute(_OPEN, {**size, **days_open(ends[0])}).scalar_one()
    return Flows(ends, were_open, slots, [Ended(*row) for row in ended])


def _cohort(session: Session, after_on: date, last_on: date, days: Mapping[str, Any]) -> Numbers:
    """The cases received after one day and up to another, by how they stand."""
    days = {**days, "after_on": after_on, "last_on": last_on}
    stands = session.execute(_COHORT, days).mappings().one()
    reasons = {f"invalid_by_reason.{code}": n for code, n in session.execute(_REASONS, days)}
    settled = ("invalid", "forwarded", "withdrawn_undetermined")
    withdrawn_valid = stands["withdrawn"] - stands["withdrawn_undetermined"]
    return {
        **stands,
        # What is left over: the parts of a cohort add up to it.
        "undetermined": stands["received"] - stands["valid"] - sum(stands[n] for n in settled),
        "ongoing": stands["valid"] - stands["upheld"] - stands["not_upheld"] - withdrawn_valid,
        **reasons,
    }
