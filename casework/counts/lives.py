"""The only place that loads lives: what was true of each case, from when to when, at a log size."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Select, bindparam, select, union
from sqlalchemy.orm import Session

from casework.counts.standing import ROWS, days_open, is_known, open_cases

KINDS = (
    "received",
    "validity",
    "closure",
    "invalid_reason",
    "notified",
    "route",
    "categories",
    "recommendations",
    "responses",
    "response_due",
    "implemented",
    "lapsed",
    "observations",
    "acknowledged",
    "file_requested",
    "file_received",
    "extent",
    "waiting_for",
    "reviewed",
    "extra_time",
    "time_extended",
    "reopen_reason",
    "force",
    "learning_point",
    "learning_point_fed_back",
    "themes",
)
"""What figures are counted from; other milestones serve pages."""


@dataclass(frozen=True, order=True)
class Period:
    """Whole London days, both ends included."""

    from_on: date
    to_on: date

    def last_day(self, status_on: date) -> date:
        """S of the definitions: the last day that is counted, the earlier of both."""
        return min(status_on, self.to_on)

    def day_before(self, status_on: date) -> date:
        """B of the definitions: the day on which what is brought forward is counted."""
        return min(self.last_day(status_on), self.from_on - timedelta(days=1))

    def holds(self, day: date) -> bool:
        """Whether the day is one of the period's."""
        return self.from_on <= day <= self.to_on


class Span(NamedTuple):
    """Something true of a case from `from_on` until before `to_on` (None: still)."""

    item: str
    code: str
    from_on: date
    to_on: date | None
    is_estimated: bool

    def stands_on(self, day: date) -> bool:
        """Whether it is so at the end of the day."""
        return self.from_on <= day and (self.to_on is None or self.to_on > day)


def first_of(spans: Iterable[Span]) -> Span | None:
    """What began first, of two on one day the one whose day is known; None of nothing."""
    return min(spans, key=lambda span: (span.from_on, span.is_estimated), default=None)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How a case stood at the end of a day; a case is open while received and not closed."""

    is_received: bool
    validity: Span | None
    closure: Span | None

    @property
    def is_open(self) -> bool:
        """Received by then, and no closure stands."""
        return self.is_received and self.closure is None

    def is_closed_as(self, *codes: str) -> bool:
        """Whether a closure of one of these codes stands."""
        return self.closure is not None and self.closure.code in codes


_NOT_YET = Snapshot(False, None, None)


@dataclass(frozen=True, slots=True)
class Life:
    """All that is counted about one case, as known at the log size it was loaded at."""

    case: str
    received: Span
    spans: Mapping[str, tuple[Span, ...]]

    def standing(self, kind: str, day: date) -> tuple[Span, ...]:
        """What of a kind stands at the end of a day, in the order it began."""
        return tuple(span for span in self.spans.get(kind, ()) if span.stands_on(day))

    def one(self, kind: str, day: date) -> Span | None:
        """The one of a kind that stands at the end of a day; None when there is none."""
        for span in self.spans.get(kind, ()):
            if span.from_on <= day and (span.to_on is None or span.to_on > day):
                return span
        return None

    def about(self, item: str, kind: str, day: date) -> Span | None:
        """What of a kind stands of one item at the end of a day; None when nothing does."""
        return next((span for span in self.standing(kind, day) if span.item == item), None)

    def on(self, day: date) -> Snapshot:
        """How the case stood at the end of a day."""
        if self.received.from_on > day:
            return _NOT_YET
        return Snapshot(True, self.one("validity", day), self.one("closure", day))


_BEFORE: BindParameter[date] = bindparam("before_on")
_LAST: BindParameter[date] = bindparam("last_on")


def _began(kind: str) -> Select[tuple[str]]:
    return _in_period(kind, ROWS.from_on)


def _ended(kind: str) -> Select[tuple[str]]:
    return _in_period(kind, ROWS.to_on)


def _in_period(kind: str, day: Any) -> Select[tuple[str]]:
    """The cases of what of a kind began, or ended, after `before_on` and up to `last_on`."""
    return select(ROWS.case_token).where(ROWS.kind == kind, day > _BEFORE, day <= _LAST, is_known())


# Statements are built once: building one costs several times what running it does.
# What was closed in the period was open when it began, or received or reopened in it.
# Recommendations may be made later than the decision, and learning points noted.
_CASES = union(
    _began("received"),
    _ended("closure"),
    _began("recommendations"),
    _began("learning_point"),
    open_cases(),
).subquery()
_READ = ("case_token", "kind", "item", "code", "from_on", "to_on", "is_estimated")
_LIVES = (
    select(*(ROWS[name] for name in _READ))
    .join(_CASES, _CASES.c.case_token == ROWS.case_token)
    .where(ROWS.kind.in_(KINDS), is_known())
    .order_by(ROWS.case_token, ROWS.from_on, ROWS.item)
)


def load(session: Session, period: Period, status_on: date, log_size: int) -> tuple[Life, ...]:
    """The lives that matter to a period, by day received: open in it, or opened or closed in it,
    or with a recommendation made or a learning point noted in it.

    What is kept on an application that was entered in error matters to none. The work grows with
    those cases, not with the log.
    """
    before_on, last_on = period.day_before(status_on), period.last_day(status_on)
    days = {"before_on": before_on, "last_on": last_on, **days_open(before_on)}
    rows = session.execute(_LIVES, {"log_size": log_size, **days})
    lives = (_life(case, group) for case, group in groupby(rows, key=itemgetter(0)))
    received = (life for life in lives if life is not None)
    return tuple(sorted(received, key=lambda life: (life.received.from_on, life.case)))


def _life(case: str, rows: Iterable[Any]) -> Life | None:
    found: dict[str, list[Span]] = {}
    for _, kind, *span in rows:
        found.setdefault(kind, []).append(Span(*span))
    spans = {kind: tuple(of_kind) for kind, of_kind in found.items()}
    return Life(case, spans["received"][0], spans) if "received" in spans else None
