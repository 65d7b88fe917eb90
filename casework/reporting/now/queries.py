"""The only place that counts for the page of the office today: fast, and as reports count.

A report loads the life of every case that matters to its period. This page tells of two years and
mostly only how many, which the database counts; only what is open is loaded.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, not_, select
from sqlalchemy.orm import Session

from casework.audit import record
from casework.counts.blocks.by_category import LABELS
from casework.counts.blocks.open_cases import OPEN_CASES
from casework.counts.decisions import DECIDED
from casework.counts.figures import Lives, Part, Source
from casework.counts.lives import Period, load
from casework.counts.standing import ROWS, is_known, stands_on
from casework.counts.tallies import Flows, flows
from casework.documents.charts import Category, Month, months_before, months_between
from casework.models import Case, Item, Milestone
from casework.models.base import table_of
from casework.office_settings import OfficeSettings, settings_at
from casework.permissions import visible_to
from workflows.calendar import end_year_earlier, financial_year_of, year_earlier
from workflows.recommendation import RECOMMENDATION

MONTHS = 24
_ITEMS, _CASES = table_of(Item), table_of(Case)
_DAY = timedelta(days=1)


class Flow(NamedTuple):
    """How many cases came and how many were decided in a period."""

    label: str
    period: Period
    received: int
    decided: int


@dataclass(frozen=True)
class OfficeNow:
    """The office at the end of a day, and the two years before it.

    `open` has the figures of what is open, by the names that reports use. `days` are the working
    days of the decisions of the two years; `categories` the cases received in them by letter.
    """

    period: Period
    log_size: int
    settings: OfficeSettings
    open: Part
    overdue: int
    flows: tuple[Flow, ...]
    months: tuple[Month, ...]
    days: tuple[int, ...]
    categories: Mapping[str, Category]

    @property
    def oldest(self) -> int:
        """How many working days ago the oldest open case was received; 0 when none is open."""
        return max(
            (counted.days or 0 for counted in self.open.figures["open_cases.oldest"]),
            default=0,
        )


def office_now(session: Session, person: str, today: date) -> OfficeNow:
    """The office today, as the log knows it now.

    Recommendations are those that the list of them shows this person.
    """
    log_size = record.log_size(session)
    settings = settings_at(session, log_size)
    months = list(months_between(months_before(today, MONTHS - 1), today))
    period = Period(months[0].from_on, today)
    done = _Done.of(session, months, today, log_size)
    asked = {"log_size": log_size, "from_on": period.from_on, "last_on": today}
    return OfficeNow(
        period,
        log_size,
        settings,
        _open(session, today, settings, log_size),
        _overdue(session, person, today),
        tuple(_beside_last_year(today, done)),
        tuple(_month(month, today, done) for month in months),
        tuple(
            settings.calendar.working_days_between(received_on, decided_on)
            for received_on, decided_on in session.execute(_DECISIONS, asked)
        ),
        _categories(session, asked),
    )


def _open(session: Session, today: date, settings: OfficeSettings, log_size: int) -> Part:
    period = Period(today, today)
    lives = Lives(load(session, period, today, log_size))
    return Part("", period, OPEN_CASES.count(Source(lives, period, today, settings)))


def _overdue(session: Session, person: str, today: date) -> int:
    query = (
        select(func.count())
        .join_from(_ITEMS, _CASES, _CASES.c.token == _ITEMS.c.case_token)
        .where(
            _ITEMS.c.workflow == RECOMMENDATION.name,
            _ITEMS.c.state == "made",
            _ITEMS.c.due_on < today,
            visible_to(person),
        )
    )
    return session.execute(query).scalar_one()


@dataclass(frozen=True)
class _Done:
    """What was done, of which any period counts that begins and ends where its slots do."""

    flows: Flows

    @classmethod
    def of(cls, session: Session, months: Sequence[Period], today: date, log_size: int) -> "_Done":
        """The months up to today, cut where the days of last year end that are set beside this year's."""
        ends = {month.from_on - _DAY for month in months} | {end_year_earlier(today), today}
        return cls(flows(session, sorted(ends), log_size))

    def within(self, period: Period) -> Mapping[str, int]:
        """The activity of a period by name."""
        ends = self.flows.ends
        first = ends.index(period.from_on - _DAY)
        return self.flows.activity(first, ends.index(period.to_on) - 1)


def _month(month: Period, today: date, done: _Done) -> Month:
    last_on = min(month.to_on, today)
    did = done.within(Period(month.from_on, last_on))
    return Month(
        month.from_on,
        did["received"],
        did["completed"],
        did["carried_forward"],
        is_part=last_on < month.to_on,
    )


def _beside_last_year(today: date, done: _Done) -> Iterator[Flow]:
    """The month and the quarter so far, each with the same days a year before."""
    quarter = next(each for each in financial_year_of(today).quarters if today <= each.last_on)
    for label, first_on in (("month", today.replace(day=1)), ("quarter", quarter.first_on)):
        so_far = Period(first_on, today)
        before = Period(year_earlier(first_on), end_year_earlier(today))
        for words, period in ((f"This {label}", so_far), ("The same days last year", before)):
            did = done.within(period)
            yield Flow(words, period, did["received"], did["completed"])


def _of_cohort(kind: str, *conditions: ColumnElement[bool]) -> Select[tuple[str]]:
    """The cases of which something of a kind stands that began in the period.

    Whatever is so of a case that was received in it began in it too; of others it is not asked.
    """
    return select(ROWS.case_token).where(
        ROWS.kind == kind, ROWS.from_on >= _FROM, is_known(), _STANDS, *conditions
    )


# Statements are built once: building one costs several times what running it does.
_FROM: BindParameter[date] = bindparam("from_on")
_STANDS = stands_on(bindparam("last_on"))
_CAME = _of_cohort("received").subquery()
_LETTERS = (
    _of_cohort("categories").add_columns(func.substr(ROWS.code, 1, 1).label("letter")).distinct()
).subquery()
_LETTER = func.coalesce(_LETTERS.c.letter, "none")
_BY_CATEGORY = (
    select(
        _LETTER,
        func.count(),
        func.count().filter(_CAME.c.case_token.in_(_of_cohort("validity"))),
        func.count().filter(_CAME.c.case_token.in_(_of_cohort("closure", ROWS.code == "upheld"))),
    )
    .outerjoin_from(_CAME, _LETTERS, _CAME.c.case_token == _LETTERS.c.case_token)
    .group_by(_LETTER)
)
_RECEIVED = table_of(Milestone).alias("received")
_IS_GUESSED = (
    select(_RECEIVED.c.id)
    .where(
        _RECEIVED.c.case_token == ROWS.case_token,
        _RECEIVED.c.kind == "received",
        is_known(_RECEIVED.c),
        _RECEIVED.c.is_estimated,
    )
    .exists()
)
_DECISIONS = select(ROWS.received_on, ROWS.from_on).where(
    ROWS.kind == "closure",
    ROWS.code.in_(DECIDED),
    ROWS.from_on >= _FROM,
    is_known(),
    _STANDS,
    not_(ROWS.is_estimated),
    not_(_IS_GUESSED),
)


def _categories(session: Session, asked: Mapping[str, Any]) -> dict[str, Category]:
    """In the order of the letters; cases without a category come last."""
    found = {letter: counts for letter, *counts in session.execute(_BY_CATEGORY, asked)}
    return {
        letter: Category(label, *found[letter])
        for letter, label in LABELS.items()
        if letter in found
    }
