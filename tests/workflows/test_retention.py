"""How long a case is kept, held against counting the days and years one by one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.retention.due import latest_day
from workflows.ending import ended
from workflows.retention import DEFAULT, TRIGGERS, Ended, Rule, due_on, first_day_after
from workflows.situation import Entry, Standing

DAYS = st.dates(date(2012, 1, 1), date(2040, 12, 31))
RULES = st.builds(
    Rule,
    st.just("upheld"),
    st.sampled_from([trigger.code for trigger in TRIGGERS]),
    st.integers(1, 12),
    st.booleans(),
)
ONE_DAY = timedelta(days=1)


def counted(day: date, rule: Rule) -> date:
    """The first day after the time, by walking through it: to 31 March first where the rule says so."""
    while rule.from_year_end and (day.month, day.day) != (3, 31):
        day += ONE_DAY
    for _ in range(rule.years):
        start, day = day, day + ONE_DAY
        while (day.month, day.day) != (start.month, start.day):
            day += ONE_DAY
    return day + ONE_DAY


@given(DAYS.filter(lambda day: (day.month, day.day) != (2, 29)), RULES)
def test_the_first_day_after_is_the_one_that_walking_finds(day: date, rule: Rule) -> None:
    assert first_day_after(day, rule) == counted(day, rule)


@given(DAYS, RULES, st.integers(0, 800))
def test_what_began_later_is_never_due_earlier(day: date, rule: Rule, more: int) -> None:
    assert first_day_after(day, rule) <= first_day_after(day + more * ONE_DAY, rule)


@given(DAYS, RULES, DAYS)
def test_no_case_that_is_due_began_after_the_latest_day(day: date, rule: Rule, today: date) -> None:
    if first_day_after(day, rule) <= today:
        assert day <= latest_day(rule, today)


@pytest.mark.parametrize(
    ("day", "rule", "due"),
    [
        (date(2020, 3, 31), DEFAULT[0], date(2026, 4, 1)),
        (date(2020, 4, 1), DEFAULT[0], date(2027, 4, 1)),
        (date(2020, 5, 10), Rule("upheld", years=6, from_year_end=False), date(2026, 5, 11)),
        (date(2020, 2, 29), Rule("upheld", years=1, from_year_end=False), date(2021, 3, 1)),
        (date(2020, 2, 29), Rule("upheld", years=4, from_year_end=False), date(2024, 3, 1)),
    ],
)
def test_edges(day: date, rule: Rule, due: date) -> None:
    assert first_day_after(day, rule) == due


def entry(step: str, day: date, seq: int = 1) -> Entry:
    return Entry(seq, step, day, {}, "u")


@given(DAYS, st.integers(0, 90), st.integers(0, 90), RULES)
def test_each_trigger_has_its_day(closed: date, told: int, answered: int, rule: Rule) -> None:
    """A letter of an earlier closure is none; what is about keeping the case is no activity."""
    closure, told_on = entry("uphold", closed, 3), closed + told * ONE_DAY
    answered_on = closed + answered * ONE_DAY
    earlier = (entry("log", closed, 0), entry("notify", closed, 1), entry("reopen", closed, 2))
    case = Standing("upheld", (*earlier, closure, entry("notify", told_on, 4)), closure=closure)
    later = Standing("held", (entry("place_hold", date(2050, 1, 1)),))
    kept = {"recommendation": (Standing("made", (entry("respond", answered_on),)),)}
    found = ended(case, {**kept, "hold": (later,), "disposal": (later,)})
    assert found == Ended("upheld", closed, told_on, max(told_on, answered_on))
    begins = {"closed": closed, "letter_sent": told_on, "last_activity": found.active_on}
    assert due_on(found, rule) == first_day_after(begins[rule.trigger], rule)
    assert ended(Standing("valid", case.entries), {}) is None, "an open case has not ended"
    untold = Standing("upheld", (*earlier, closure), closure=closure)
    assert ended(untold, {}) == Ended("upheld", closed, None, closed)
