"""The only place that counts: each figure of a period as the list of what it counts.

A number is the length of its list, so every number can open its cases, and the page, the file
and the list behind a link cannot differ.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from casework.counts.lives import Life, Period, Snapshot, Span
from casework.counts.measures import ACTIVITY, COHORT, DECIDED, Seen
from workflows.calendar import Calendar, response_due_on
from workflows.recommendation_rules import DUTY

ROUTES = ("otherwise", "investigation", "unknown")

_TIMELINESS = (
    "timeliness.decided.decided",
    "timeliness.decided.known",
    "timeliness.decided.within_target",
    "timeliness.notified.decided",
    "timeliness.notified.known",
)
_BY_ROUTE = tuple(
    f"by_route.{route}.{name}" for route in ROUTES for name in ("completed", "upheld")
)
RECOMMENDATIONS = (
    *("made", "accepted", "partly_accepted", "rejected", "awaiting", "unknown", "overdue"),
    *("extended", "responded_late", "implemented", "lapsed", "observations"),
)
"""The figures of recommendations made in a period: the five after the first add up to it."""


class Counted(NamedTuple):
    """One thing a figure counts: a case, or a recommendation or learning point of one.

    `on` is the day that made it count; `what` says which of a case's, `days` how many working
    days were counted.
    """

    case: str
    on: date
    what: str = ""
    days: int | None = None


Figures = Mapping[str, Sequence[Counted]]


class Lives:
    """The lives of a report, with how they all stood on each day that one of its columns asks for.

    `counted` are they again, in their order, as what most figures count: by the day received.
    """

    def __init__(self, lives: Sequence[Life]) -> None:
        self.all = lives
        self.counted = [Counted(life.case, life.received.from_on) for life in lives]
        self._on: dict[date, list[Snapshot]] = {}

    def on(self, day: date) -> list[Snapshot]:
        """How every case stood at the end of a day, in the order of the lives; worked out once."""
        if day not in self._on:
            self._on[day] = [life.on(day) for life in self.all]
        return self._on[day]

    def received_in(
        self, period: Period, status_on: date
    ) -> Iterator[tuple[Life, Counted, Snapshot]]:
        """The cases received in a period and not after the status day, as they stood on it."""
        last_on = period.last_day(status_on)
        for found in zip(self.all, self.counted, self.on(status_on), strict=True):
            if period.from_on <= found[1].on <= last_on:
                yield found


def count_cohort(lives: Lives, period: Period, status_on: date) -> Figures:
    """The cases received in the period, by how they stood on the status day."""
    figures = _empty(f"cohort.{measure.name}" for measure in COHORT)
    for life, counted, case in lives.received_in(period, status_on):
        for measure in COHORT:
            if measure.counts(case):
                figures[f"cohort.{measure.name}"].append(counted)
        if case.is_closed_as("invalid"):
            reason = life.one("invalid_reason", status_on)
            name = f"cohort.invalid_by_reason.{reason.code if reason else 'unknown'}"
            figures.setdefault(name, []).append(counted)
    return figures


def count_activity(lives: Lives, period: Period, status_on: date) -> Figures:
    """What happened in the period up to the status day, whenever the case was received."""
    figures = _empty(f"activity.{measure.name}" for measure in ACTIVITY)
    before_on, last_on = period.day_before(status_on), period.last_day(status_on)
    for counted, before, after in zip(
        lives.counted, lives.on(before_on), lives.on(last_on), strict=True
    ):
        if not after.is_received or (before.closure and before.closure is after.closure):
            continue  # not there yet, or closed throughout: in none of the figures
        seen = Seen(period.from_on, counted.on, before, after)
        for measure in ACTIVITY:
            if measure.counts(seen):
                on = _day_of(measure.name, seen)
                one = counted if on == counted.on else Counted(counted.case, on)
                figures[f"activity.{measure.name}"].append(one)
    return figures


def _day_of(measure: str, seen: Seen) -> date:
    if measure == "found_valid" and seen.after.validity is not None:
        return seen.after.validity.from_on
    if measure == "reopened" and seen.before.closure and seen.before.closure.to_on:
        return seen.before.closure.to_on
    if measure not in ("brought_forward", "received", "carried_forward") and seen.after.closure:
        return seen.after.closure.from_on
    return seen.received_on


def count_decisions(
    lives: Lives, period: Period, status_on: date, calendar: Calendar, target: int
) -> Figures:
    """Timeliness and route of the decisions that count as completed; `target` in working days."""
    figures = _empty((*_TIMELINESS, *_BY_ROUTE))
    last_on = period.last_day(status_on)
    for life, case in zip(lives.all, lives.on(last_on), strict=True):
        decision = case.closure
        if decision is None or decision.code not in DECIDED or decision.from_on < period.from_on:
            continue
        for name, counted in _decision(life, decision, last_on, status_on, calendar):
            figures[name].append(counted)
            if name == "timeliness.decided.known" and (counted.days or 0) <= target:
                figures["timeliness.decided.within_target"].append(counted)
    return figures


def _decision(
    life: Life, decision: Span, last_on: date, status_on: date, calendar: Calendar
) -> Iterator[tuple[str, Counted]]:
    counted = Counted(life.case, decision.from_on)
    route = life.one("route", last_on)
    names = f"by_route.{route.code if route else 'unknown'}"
    yield f"{names}.completed", counted
    if decision.code == "upheld":
        yield f"{names}.upheld", counted
    for ends, end in (("decided", decision), ("notified", _notice(life, decision, status_on))):
        yield f"timeliness.{ends}.decided", counted
        if end is not None and not end.is_estimated and not life.received.is_estimated:
            days = calendar.working_days_between(life.received.from_on, end.from_on)
            yield f"timeliness.{ends}.known", Counted(life.case, end.from_on, days=days)


def _notice(life: Life, decision: Span, status_on: date) -> Span | None:
    """The first letter about a decision known on the status day, also when it was reopened since.

    When the decision's own day is a guess the letter's may still be known.
    """
    about_it = (
        notice
        for notice in life.spans.get("notified", ())
        if decision.from_on <= notice.from_on <= status_on
        and (decision.to_on is None or notice.from_on < decision.to_on)
    )
    return min(about_it, key=lambda notice: (notice.from_on, notice.is_estimated), default=None)


def count_categories(lives: Lives, period: Period, status_on: date) -> Figures:
    """The cohort by allegation category: each case once for each distinct letter it has."""
    figures: dict[str, list[Counted]] = defaultdict(list)
    for life, counted, case in lives.received_in(period, status_on):
        letters = {span.code[0] for span in life.standing("categories", status_on)} or {"none"}
        for letter in letters:
            figures[f"by_category.{letter}.received"].append(counted)
            if case.validity is not None:
                figures[f"by_category.{letter}.valid"].append(counted)
            if case.is_closed_as("upheld"):
                figures[f"by_category.{letter}.upheld"].append(counted)
    return figures


def count_recommendations(lives: Lives, period: Period, status_on: date) -> Figures:
    """Recommendations made in the period whose decision still stands, and learning points."""
    figures = _empty(f"recommendations.{name}" for name in RECOMMENDATIONS)
    made_in = Period(period.from_on, period.last_day(status_on))
    for life in lives.all:
        for made in life.standing("recommendations", status_on):
            if made_in.holds(made.from_on):
                counted = Counted(life.case, made.from_on, made.code)
                for name in _names_of(life, made, status_on):
                    figures.setdefault(f"recommendations.{name}", []).append(counted)
        for points in life.standing("observations", status_on):
            if made_in.holds(points.from_on):
                one = Counted(life.case, points.from_on, "learning_point")
                figures["recommendations.observations"] += [one] * int(points.code)
    return figures


def _names_of(life: Life, made: Span, status_on: date) -> Iterator[str]:
    """The figures that a recommendation counts in, as it stands on the status day."""
    yield "made"
    yield f"by_kind.{made.code}"
    answer = life.about(made.item, "responses", status_on)
    ends = [kind for kind in ("implemented", "lapsed") if life.about(made.item, kind, status_on)]
    due_on = _due_on(life, made, status_on)
    yield answer.code if answer else "unknown" if ends else "awaiting"
    if due_on and not answer and not ends and due_on < status_on:
        yield "overdue"
    if life.about(made.item, "response_due", status_on):
        yield "extended"
    if _is_late(life, made, status_on):
        yield "responded_late"
    yield from ends


def _due_on(life: Life, made: Span, day: date) -> date | None:
    """The last day for the response as it was on a day; None for a duty, which needs none."""
    if made.code == DUTY:
        return None
    extended = life.about(made.item, "response_due", day)
    return date.fromisoformat(extended.code) if extended else response_due_on(made.from_on)


def _is_late(life: Life, made: Span, status_on: date) -> bool:
    """Whether the first response known on the status day came after the last day for it."""
    responses = (
        span
        for span in life.spans.get("responses", ())
        if span.item == made.item and span.code != "unknown" and span.from_on <= status_on
    )
    first = next(responses, None)
    due_on = _due_on(life, made, first.from_on) if first else None
    return first is not None and due_on is not None and due_on < first.from_on


def _empty(names: Iterable[str]) -> dict[str, list[Counted]]:
    return {name: [] for name in names}
