"""The only place that counts without a list: numbers of cases by ranges of an index alone.

A period is made of *slots*, runs of days one after another. What came and what began in each is
counted once; what ended is read, for it is little. Every period that begins and ends with a slot
follows from these, so that a year's quarters and year-to-date columns cost what the year costs.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, func, select
from sqlalchemy.orm import Session

from casework.counts.lives import Period
from casework.counts.standing import ROWS, days_open, is_known, open_cases, stands_on
from casework.models import Milestone
from casework.models.base import table_of

Numbers = Mapping[str, int]
"""How many each figure counts, by its name."""

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
class Tallies:
    """The numbers of every period that begins and ends with one of some slots, as at a status day.

    `cohorts` are the cases received in each slot, by how they stand.
    """

    flows: Flows
    cohorts: Sequence[Numbers]

    def cohort(self, first: int, last: int) -> dict[str, int]:
        """The cohort of the period from one slot to another, by name."""
        total: Counter[str] = Counter()
        for each in self.cohorts[first : last + 1]:
            total.update(each)
        return dict(total)

    def activity(self, first: int, last: int) -> dict[str, int]:
        """The activity of the period from one slot to another, by name."""
        return self.flows.activity(first, last)


def tally(session: Session, slots: Sequence[Period], status_on: date, log_size: int) -> Tallies:
    """Count periods that follow each other without gaps, such as a year's quarters."""
    ends = [slots[0].day_before(status_on), *(slot.last_day(status_on) for slot in slots)]
    days = {"log_size": log_size, "status_on": status_on}
    done = flows(session, ends, log_size)
    cohorts = [
        _cohort(session, slot["received"], {**days, "after_on": after, "last_on": last})
        for slot, (after, last) in zip(done.slots, pairwise(ends), strict=True)
    ]
    return Tallies(done, cohorts)


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
    _counted("validity", _CAME, _STATUS).scalar_subquery().label("valid"),
    _withdrawn_undetermined(_CAME, _STATUS).scalar_subquery().label("withdrawn_undetermined"),
)
_REASONS = (
    select(ROWS.code, func.count().label("number"))
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


def _cohort(session: Session, received: int, days: Mapping[str, Any]) -> Numbers:
    """So many cases received after one day and up to another, by how they stand."""
    stands = session.execute(_COHORT, days).mappings().one()
    reasons = {row.code: row.number for row in session.execute(_REASONS, days)}
    if unknown := stands["invalid"] - sum(reasons.values()):
        reasons["unknown"] = unknown
    settled = ("valid", "invalid", "forwarded", "withdrawn_undetermined")
    withdrawn_valid = stands["withdrawn"] - stands["withdrawn_undetermined"]
    return {
        "received": received,
        **stands,
        # What is left over: the parts of a cohort add up to it.
        "undetermined": received - sum(stands[name] for name in settled),
        "ongoing": stands["valid"] - stands["upheld"] - stands["not_upheld"] - withdrawn_valid,
        **{f"invalid_by_reason.{code}": number for code, number in reasons.items()},
    }
