"""The only place that counts for the page of the office today: fast, and as reports count.

A report loads the life of every case that matters to its period. This page tells of two years and
only how many, so it reads three kinds of milestones and puts their days into periods.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.orm import Session

from casework.audit import record
from casework.counts.blocks.by_category import LABELS
from casework.counts.blocks.open_cases import OPEN_CASES
from casework.counts.decisions import DECIDED
from casework.counts.figures import Lives, Part, Source
from casework.counts.lives import Period, load
from casework.documents.charts import Category, Month, months_between
from casework.models import Case, Item, Milestone
from casework.models.base import table_of
from casework.office_settings import OfficeSettings, settings_at
from casework.permissions import visible_to
from workflows.calendar import financial_year_of, year_earlier
from workflows.recommendation import RECOMMENDATION

MONTHS = 24
_ROWS, _ITEMS, _CASES = table_of(Milestone).c, table_of(Item), table_of(Case)


class Closing(NamedTuple):
    """A decision of a case: its day, the day on which it ceased to stand, and the case's day.

    `is_known` says that neither its own day nor the case's is estimated.
    """

    on: date
    until: date | None
    received_on: date
    is_known: bool

    def counts_in(self, period: Period) -> bool:
        """Whether it was taken in the period and stood at its end."""
        return period.holds(self.on) and (self.until is None or self.until > period.to_on)


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


def office_now(session: Session, person: str, today: date) -> OfficeNow:
    """The office today, as the log knows it now.

    Recommendations are those that the list of them shows this person.
    """
    log_size = record.log_size(session)
    settings = settings_at(session, log_size)
    months = list(months_between(_months_before(today, MONTHS - 1), today))
    period = Period(months[0].from_on, today)
    cohort, closings = _cohort(session, period), _closings(session, period)
    received = Counter(row.from_on for row in cohort if row.kind == "received")
    known = (each for each in closings if each.is_known and each.counts_in(period))
    return OfficeNow(
        period,
        log_size,
        settings,
        _open(session, today, settings, log_size),
        _overdue(session, person, today),
        tuple(_flows(today, received, closings)),
        tuple(_months(months, today, received, closings, _openings(session, period))),
        tuple(settings.calendar.working_days_between(one.received_on, one.on) for one in known),
        _categories(cohort),
    )


def _months_before(day: date, months: int) -> date:
    """The first day of the month so many months before that of a day."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, 1)


def _open(session: Session, today: date, settings: OfficeSettings, log_size: int) -> Part:
    period = Period(today, today)
    lives = Lives(load(session, period, today, log_size))
    return Part("", period, OPEN_CASES.count(Source(lives, period, today, settings)))


def _overdue(session: Session, person: str, today: date) -> int:
    query = (
        select(func.count())
        .select_from(_ITEMS)
        .join(_CASES, _CASES.c.token == _ITEMS.c.case_token)
        .where(
            _ITEMS.c.workflow == RECOMMENDATION.name,
            _ITEMS.c.state == "made",
            _ITEMS.c.due_on < today,
            visible_to(person),
        )
    )
    return int(session.execute(query).scalar_one())


def _stands(day: date) -> ColumnElement[bool]:
    """The condition of a milestone that the log knows now and that is so on a day."""
    is_so = and_(_ROWS.from_on <= day, or_(_ROWS.to_on.is_(None), _ROWS.to_on > day))
    return and_(_ROWS.until_seq.is_(None), is_so)


def _cohort(session: Session, period: Period) -> Sequence[Any]:
    """What reports by category ask of the cases received in a period, as it stands at its end."""
    query = select(_ROWS.case_token, _ROWS.kind, _ROWS.code, _ROWS.from_on).where(
        _ROWS.kind.in_(("received", "categories", "validity", "closure")),
        _ROWS.received_on >= period.from_on,
        _stands(period.to_on),
    )
    return session.execute(query).all()


def _closings(session: Session, period: Period) -> list[Closing]:
    """The decisions taken in a period, also those that were reopened since."""
    guessed = select(_ROWS.case_token).where(
        _ROWS.kind == "received", _ROWS.until_seq.is_(None), _ROWS.is_estimated
    )
    is_known = and_(not_(_ROWS.is_estimated), _ROWS.case_token.not_in(guessed))
    query = select(_ROWS.from_on, _ROWS.to_on, _ROWS.received_on, is_known).where(
        _ROWS.kind == "closure",
        _ROWS.code.in_(DECIDED),
        _ROWS.from_on >= period.from_on,
        _ROWS.until_seq.is_(None),
    )
    return [Closing(*row) for row in session.execute(query)]


def _openings(session: Session, period: Period) -> Sequence[Any]:
    """From when to when cases were open, of those that were on a day of the period."""
    query = select(_ROWS.from_on, _ROWS.to_on).where(
        _ROWS.kind == "open",
        or_(_ROWS.to_on.is_(None), _ROWS.to_on > period.from_on),
        _ROWS.until_seq.is_(None),
    )
    return session.execute(query).all()


def _flows(today: date, received: Counter[date], closings: Iterable[Closing]) -> Iterator[Flow]:
    quarter = next(each for each in financial_year_of(today).quarters if today <= each.last_on)
    for label, first_on in (("month", today.replace(day=1)), ("quarter", quarter.first_on)):
        this = Period(first_on, today)
        before = Period(year_earlier(first_on), year_earlier(today))
        yield Flow(f"This {label}", this, *_flow(this, received, closings))
        yield Flow("The same days last year", before, *_flow(before, received, closings))


def _flow(period: Period, received: Counter[date], closings: Iterable[Closing]) -> tuple[int, int]:
    came = sum(count for day, count in received.items() if period.holds(day))
    return came, sum(closing.counts_in(period) for closing in closings)


def _months(
    months: Iterable[Period],
    today: date,
    received: Counter[date],
    closings: Iterable[Closing],
    openings: Iterable[Any],
) -> Iterator[Month]:
    for month in months:
        so_far = Period(month.from_on, min(month.to_on, today))
        still_open = sum(
            row.from_on <= so_far.to_on and (row.to_on is None or row.to_on > so_far.to_on)
            for row in openings
        )
        flow = _flow(so_far, received, closings)
        yield Month(month.from_on, *flow, still_open, is_part=so_far != month)


def _categories(cohort: Iterable[Any]) -> dict[str, Category]:
    """Each case once for each letter it has, as reports count them; in the order of the letters."""
    letters: dict[str, set[str]] = defaultdict(set)
    cases: dict[str, set[str]] = defaultdict(set)
    for row in cohort:
        cases[row.code if row.kind == "closure" else row.kind].add(row.case_token)
        if row.kind == "categories":
            letters[row.code[0]].add(row.case_token)
    letters["none"] = cases["received"] - cases["categories"]
    return {
        letter: Category(
            LABELS[letter],
            len(letters[letter]),
            len(letters[letter] & cases["validity"]),
            len(letters[letter] & cases["upheld"]),
        )
        for letter in LABELS
        if letters[letter]
    }
