"""The only place that finds which cases fall due to be erased, without replaying any of them."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache, partial
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from casework.models import Case, Item
from casework.models.base import table_of
from casework.permissions import restricted_to_others, visible_to
from workflows.calendar import financial_year_of
from workflows.disposal import APPROVED, DISPOSAL, KEEP_UNTIL, PROPOSED, REFUSED
from workflows.ending import NOT_ACTIVITY
from workflows.hold import HELD, HOLD
from workflows.pre_action import PRE_ACTION
from workflows.retention import Rule, Schedule, first_day_after

_CASES, _ITEMS = table_of(Case).c, table_of(Item).c
_ONE_DAY = timedelta(days=1)
FEW = 100
"""Candidates of a rule that are looked at to say whether any is due: nearly all of them are."""


class Falling(NamedTuple):
    """A case that falls due on a day; `day` is the one from which its rule counts."""

    due_on: date
    day: date
    token: str
    outcome: str
    is_held: bool


def falling_due(
    session: Session, schedule: Schedule, until: date, person: str
) -> tuple[Falling, ...]:
    """The cases that fall due by a day and that this person (by token) may see, the first first.

    Those whose erasure is proposed or approved are left out, and those to be kept for longer.
    """
    held = held_cases(session)
    kept = _kept_until(session)
    found: list[Falling] = []
    for rule in schedule:
        first_after = cache(partial(first_day_after, rule=rule))
        found += (
            Falling(due_on, day, token, rule.outcome, token in held)
            for token, day in session.execute(_candidates(rule, until, visible_to(person))).all()
            if (due_on := max(first_after(day), kept.get(token, date.min))) <= until
        )
    return tuple(sorted(found))


def some_are_due(session: Session, schedule: Schedule, today: date, person: str) -> bool:
    """Whether any case is due by today that this person (by token) may see, held or not."""
    return any(
        first_day_after(day, rule) <= today
        for rule in schedule
        for _, day in session.execute(_candidates(rule, today, visible_to(person)).limit(FEW))
    )


def due_unseen(session: Session, schedule: Schedule, today: date, person: str) -> int:
    """How many cases are due by today that are restricted to others than this person (by token)."""
    others = _CASES.token.in_(restricted_to_others(person))
    kept = _kept_until(session)
    return sum(
        max(first_day_after(day, rule), kept.get(token, date.min)) <= today
        for rule in schedule
        for token, day in session.execute(_candidates(rule, today, others))
    )


def by_month(found: Iterable[Falling], today: date) -> dict[date, int]:
    """How many fall due in each month after today, by its first day; a year of months."""
    counted = Counter(each.due_on.replace(day=1) for each in found if each.due_on > today)
    month, months = today.replace(day=1), []
    for _ in range(13):
        months.append(month)
        month = (month + 31 * _ONE_DAY).replace(day=1)
    return {month: counted[month] for month in months}


def latest_day(rule: Rule, until: date) -> date:
    """A day after which nothing can have begun that falls due by `until`; few before it do not."""
    years_before = until.replace(year=until.year - rule.years, day=min(until.day, 28))
    bound = years_before + 3 * _ONE_DAY
    if not rule.from_year_end:
        return bound
    return financial_year_of(bound + _ONE_DAY).first_on - _ONE_DAY


def held_cases(session: Session) -> frozenset[str]:
    """The tokens of the cases that are held: by a hold, or by a claim that is not over."""
    return frozenset(session.execute(select(_ITEMS.case_token).where(holding())).scalars())


def holding() -> ColumnElement[bool]:
    """The condition on items that hold their case."""
    claims = [state.name for state in PRE_ACTION.states if state.flag]
    return or_(
        and_(_ITEMS.workflow == HOLD.name, _ITEMS.state == HELD),
        and_(_ITEMS.workflow == PRE_ACTION.name, _ITEMS.state.in_(claims)),
    )


def _candidates(rule: Rule, until: date, seen: ColumnElement[bool]) -> Select[Any]:
    day = _day_of(rule)
    in_hand = select(_ITEMS.case_token).where(
        _ITEMS.workflow == DISPOSAL.name, _ITEMS.state.in_((PROPOSED, APPROVED))
    )
    return select(_CASES.token, day).where(
        _CASES.state == rule.outcome,
        _CASES.closed_on <= latest_day(rule, until),
        _CASES.erased_on.is_(None),
        _CASES.token.not_in(in_hand),
        seen,
    )


def _day_of(rule: Rule) -> ColumnElement[Any]:
    if rule.trigger == "closed":
        return _CASES.closed_on
    if rule.trigger == "letter_sent":
        return func.coalesce(_CASES.told_on, _CASES.closed_on)
    last = (
        select(func.max(_ITEMS.active_on))
        .where(_ITEMS.case_token == _CASES.token, _ITEMS.workflow.not_in(NOT_ACTIVITY))
        .correlate(table_of(Case))
        .scalar_subquery()
    )
    return case((last > _CASES.active_on, last), else_=_CASES.active_on)


def _kept_until(session: Session) -> dict[str, date]:
    """The first day after that until which it was decided to keep a case, by its token."""
    query = select(_ITEMS.case_token, _ITEMS.codes).where(
        _ITEMS.workflow == DISPOSAL.name, _ITEMS.state == REFUSED
    )
    kept: dict[str, date] = {}
    for token, codes in session.execute(query):
        until = date.fromisoformat(codes[KEEP_UNTIL.code]) + _ONE_DAY
        kept[token] = max(until, kept.get(token, until))
    return kept
