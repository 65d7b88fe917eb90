"""Days are reckoned as the law, the official list and a plain day-by-day count reckon them."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import holidays
import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays
from hypothesis import assume, given
from hypothesis import strategies as st

from workflows.calendar import (
    COVERED_FROM,
    COVERED_TO,
    Calendar,
    FinancialYear,
    Quarter,
    end_year_earlier,
    financial_year_of,
    last_day_to_apply,
    london_day,
    midnight,
    one_month_beginning_with,
    response_due_on,
    year_earlier,
)

DAY = timedelta(days=1)
PAST = Path(__file__).parents[1] / "data" / "bank_holidays_past.txt"
HOLIDAYS = Path(__file__).parents[2] / "workflows" / "bank_holidays.json"
BASE = Calendar()

days_of_life = st.dates(date(2015, 1, 1), date(2028, 12, 31))
added_holidays = st.frozensets(days_of_life, max_size=12)


@st.composite
def spells(draw: st.DrawFn) -> tuple[Calendar, date, int]:
    """A start, a number of days, and a calendar whose added holidays lie about that time."""
    start = draw(days_of_life)
    days = draw(st.integers(0, 30) | st.integers(0, 400))
    added = draw(st.frozensets(st.integers(-3, days + 3), max_size=20))
    return Calendar(frozenset(start + offset * DAY for offset in added)), start, days


def each_day(first: date, last: date) -> list[date]:
    return [first + offset * DAY for offset in range((last - first).days + 1)]


# Rule 9: working days


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        (date(2025, 4, 16), 5, date(2025, 4, 25)),  # over Easter
        (date(2025, 12, 19), 5, date(2025, 12, 30)),  # over Christmas
        (date(2025, 4, 16), 1, date(2025, 4, 17)),
        (date(2025, 4, 19), 1, date(2025, 4, 22)),  # from the Saturday within Easter
        (date(2025, 4, 19), 0, date(2025, 4, 19)),
    ],
)
def test_the_next_working_day_is_day_one(start: date, days: int, expected: date) -> None:
    assert BASE.add_working_days(start, days) == expected


@pytest.mark.parametrize(
    "holiday",
    [
        date(2020, 5, 8),
        date(2022, 6, 2),
        date(2022, 6, 3),
        date(2022, 9, 19),
        date(2023, 5, 8),
        date(2022, 12, 27),  # Christmas Day was a Sunday
        date(2024, 3, 29),  # Good Friday
    ],
)
def test_one_off_and_moved_bank_holidays_are_known(holiday: date) -> None:
    assert not BASE.is_working_day(holiday)
    assert BASE.working_days_between(holiday - DAY, holiday) == 0


@pytest.mark.parametrize("day", [date(2020, 5, 4), date(2022, 5, 30)])
def test_a_holiday_moved_away_leaves_a_working_day(day: date) -> None:
    assert BASE.is_working_day(day)


def test_working_days_equal_the_holidays_library_day_by_day() -> None:
    library = holidays.country_holidays(
        "GB", subdiv="ENG", years=range(COVERED_FROM.year, COVERED_TO.year + 1)
    )
    for day in each_day(COVERED_FROM, COVERED_TO):
        assert BASE.is_working_day(day) is (day.weekday() < 5 and day not in library), day


def test_the_bank_holidays_of_years_that_are_over_never_change() -> None:
    """Published figures follow from them: a day learned of late is the office's own setting."""
    past = [date.fromisoformat(day) for day in PAST.read_text("utf-8").split()]
    last_year = past[-1].year
    kept = json.loads(HOLIDAYS.read_text("utf-8"))
    assert [day for day in map(date.fromisoformat, kept) if day.year <= last_year] == past
    assert (past[0].year, last_year >= 2025) == (COVERED_FROM.year, True)


def test_working_days_equal_the_official_list_day_by_day() -> None:
    official = BankHolidays(use_cached_holidays=True).get_holidays("england-and-wales")
    listed = {holiday["date"] for holiday in official}
    assert min(listed) < date(2015, 1, 1)
    assert max(listed) > date(2027, 12, 1)
    for day in each_day(date(2015, 1, 1), date(2027, 12, 31)):
        assert BASE.is_working_day(day) is (day.weekday() < 5 and day not in listed), day


@given(spells())
def test_between_counts_each_working_day_after_the_start(
    spell: tuple[Calendar, date, int],
) -> None:
    calendar, start, days = spell
    counted = each_day(start + DAY, start + days * DAY)
    expected = sum(calendar.is_working_day(day) for day in counted)
    assert calendar.working_days_between(start, start + days * DAY) == expected


@given(spells())
def test_adding_walks_from_one_working_day_to_the_next(
    spell: tuple[Calendar, date, int],
) -> None:
    calendar, start, days = spell
    day = start
    for _ in range(days):
        day += DAY
        while not calendar.is_working_day(day):
            day += DAY
    assert calendar.add_working_days(start, days) == day


@given(spells())
def test_counting_takes_back_what_adding_added(
    spell: tuple[Calendar, date, int],
) -> None:
    calendar, start, days = spell
    assert calendar.working_days_between(start, calendar.add_working_days(start, days)) == days


@given(spells())
def test_adding_what_was_counted_reaches_the_last_working_day(
    spell: tuple[Calendar, date, int],
) -> None:
    calendar, start, days = spell
    end = start + days * DAY
    counted = calendar.working_days_between(start, end)
    assume(counted > 0)
    reached = calendar.add_working_days(start, counted)
    assert reached <= end
    assert calendar.is_working_day(reached)
    assert not any(calendar.is_working_day(day) for day in each_day(reached + DAY, end))


@given(extra=added_holidays, day=days_of_life)
def test_an_added_holiday_is_not_a_working_day_and_no_other_day_changes(
    extra: frozenset[date], day: date
) -> None:
    assert Calendar(extra).is_working_day(day) is (BASE.is_working_day(day) and day not in extra)
    assert not any(Calendar(extra).is_working_day(added) for added in extra)


def test_an_added_holiday_in_a_year_not_yet_covered_harms_nothing() -> None:
    assert Calendar(frozenset({date(2041, 5, 1)})).add_working_days(date(2025, 4, 16), 5) == date(
        2025, 4, 25
    )


def test_calendars_with_the_same_holidays_are_equal() -> None:
    added = frozenset({date(2026, 7, 1)})
    assert Calendar(added) == Calendar(added) != BASE
    assert hash(Calendar(added)) == hash(Calendar(added))


def test_the_covered_years_are_2012_to_2030() -> None:
    assert date(2012, 1, 1) == COVERED_FROM
    assert date(2030, 12, 31) == COVERED_TO


@pytest.mark.parametrize("day", [COVERED_FROM - DAY, COVERED_TO + DAY, date.min, date.max])
def test_a_day_outside_the_covered_years_is_refused_in_a_sentence(day: date) -> None:
    known = "bank holidays are known from 2012 to 2030"
    with pytest.raises(ValueError, match=known):
        BASE.is_working_day(day)
    with pytest.raises(ValueError, match=known):
        BASE.add_working_days(day, 0)
    with pytest.raises(ValueError, match=known):
        BASE.working_days_between(*sorted((day, date(2020, 1, 1))))


def test_adding_past_the_last_covered_year_is_refused_in_a_sentence() -> None:
    assert BASE.add_working_days(date(2030, 12, 30), 1) == date(2030, 12, 31)
    with pytest.raises(ValueError, match="later than 2030"):
        BASE.add_working_days(date(2030, 12, 30), 2)
    with pytest.raises(ValueError, match="later than 2030"):
        Calendar(frozenset({date(2030, 12, 31)})).add_working_days(date(2030, 12, 30), 1)


def test_days_the_wrong_way_round_are_refused_in_a_sentence() -> None:
    with pytest.raises(ValueError, match="2 April 2026 is before 3 April 2026"):
        BASE.working_days_between(date(2026, 4, 3), date(2026, 4, 2))
    with pytest.raises(ValueError, match="-1 working days cannot be added"):
        BASE.add_working_days(date(2026, 4, 3), -1)


# Rules 1, 2 and 6: the 28 days


@pytest.mark.parametrize(
    ("provided_on", "last_on"),
    [
        (date(2026, 4, 1), date(2026, 4, 29)),
        (date(2026, 11, 27), date(2026, 12, 25)),  # Christmas Day: no roll-forward
        (date(2023, 12, 31), date(2024, 1, 28)),
        (date(2024, 2, 1), date(2024, 2, 29)),
    ],
)
def test_the_last_day_to_apply_is_28_days_after_the_outcome_was_provided(
    provided_on: date, last_on: date
) -> None:
    assert last_day_to_apply(provided_on) == last_on
    assert response_due_on(provided_on) == last_on


def test_the_day_the_wrong_body_got_it_decides_whether_it_is_in_time() -> None:
    last_on = last_day_to_apply(date(2026, 4, 1))
    assert date(2026, 4, 25) <= last_on < date(2026, 5, 6)


# Rule 12: one month beginning with


@pytest.mark.parametrize(
    ("day", "last_on"),
    [
        (date(2026, 9, 15), date(2026, 10, 14)),
        (date(2026, 12, 15), date(2027, 1, 14)),
        (date(2026, 4, 1), date(2026, 4, 30)),
        (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2028, 1, 31), date(2028, 2, 29)),
        (date(2028, 1, 30), date(2028, 2, 29)),
        (date(2028, 1, 29), date(2028, 2, 28)),
        (date(2026, 1, 29), date(2026, 2, 28)),
        (date(2026, 1, 28), date(2026, 2, 27)),
        (date(2026, 3, 31), date(2026, 4, 30)),
        (date(2026, 12, 31), date(2027, 1, 30)),
    ],
)
def test_one_month_beginning_with_a_day_ends_before_its_corresponding_day(
    day: date, last_on: date
) -> None:
    assert one_month_beginning_with(day) == last_on


@given(days_of_life)
def test_a_month_ends_before_the_corresponding_day_or_with_the_next_month(day: date) -> None:
    after = one_month_beginning_with(day) + DAY
    if after.day == day.day:
        assert (after.year * 12 + after.month) - (day.year * 12 + day.month) == 1
    else:
        assert after.day == 1
        assert (after.year * 12 + after.month) - (day.year * 12 + day.month) == 2


# Rule 13: London days


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 6, 30, 22, 59, 59, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 6, 30, 23, 0, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), date(2026, 12, 31)),
        # 25 October 2026, when 01:30 happens twice, is a day of 25 hours
        (datetime(2026, 10, 24, 23, 0, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 59, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 26, 0, 0, tzinfo=UTC), date(2026, 10, 26)),
        # 29 March 2026, when 01:30 never happens, is a day of 23 hours
        (datetime(2026, 3, 28, 23, 59, tzinfo=UTC), date(2026, 3, 28)),
        (datetime(2026, 3, 29, 0, 0, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 22, 59, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 23, 0, tzinfo=UTC), date(2026, 3, 30)),
    ],
)
def test_a_day_is_cut_at_midnight_in_london(instant: datetime, day: date) -> None:
    assert london_day(instant) == day


def test_an_instant_without_a_time_zone_has_no_london_day() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        london_day(datetime(2026, 6, 30, 23, 0))


@given(days_of_life)
def test_a_london_day_begins_at_its_midnight_and_not_a_moment_before(day: date) -> None:
    assert london_day(midnight(day)) == day
    assert london_day(midnight(day) - timedelta(microseconds=1)) == day - DAY


# The year before


@given(st.dates(date(2, 1, 1), date(9999, 12, 30)))
def test_days_that_follow_each_other_have_a_year_before_without_gaps(day: date) -> None:
    """Where one period ends and the next begins, none of the days a year before is left out."""
    ended, begins = end_year_earlier(day), year_earlier(day + DAY)
    assert ended + DAY == begins or (day.month, day.day + 1) == (2, 29)
    assert (ended.month, ended.year) == (day.month, day.year - 1)


def test_the_end_of_a_february_is_the_end_of_the_other() -> None:
    assert end_year_earlier(date(2025, 2, 28)) == date(2024, 2, 29)
    assert end_year_earlier(date(2024, 2, 29)) == end_year_earlier(date(2024, 2, 28))
    assert end_year_earlier(date(2026, 2, 28)) == date(2025, 2, 28)


# Financial years and quarters


def test_a_financial_year_runs_from_april_to_march_in_four_quarters() -> None:
    year = FinancialYear.parse("2022-23")
    assert (year.first_on, year.last_on) == (date(2022, 4, 1), date(2023, 3, 31))
    assert year.quarters == (
        Quarter("Q1", date(2022, 4, 1), date(2022, 6, 30)),
        Quarter("Q2", date(2022, 7, 1), date(2022, 9, 30)),
        Quarter("Q3", date(2022, 10, 1), date(2022, 12, 31)),
        Quarter("Q4", date(2023, 1, 1), date(2023, 3, 31)),
    )


@given(st.dates(date(1, 4, 1), date(9999, 3, 31)))
def test_every_day_is_in_the_financial_year_it_is_given_and_in_one_quarter(day: date) -> None:
    year = financial_year_of(day)
    assert year.first_on <= day <= year.last_on
    assert sum(quarter.first_on <= day <= quarter.last_on for quarter in year.quarters) == 1
    assert FinancialYear.parse(year.label) == year


def test_a_century_is_written_with_two_noughts() -> None:
    assert FinancialYear.parse("1999-00").last_on == date(2000, 3, 31)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2022-24", "written 2022-23"),
        ("2022-22", "written 2022-23"),
        ("202-23", "as 2022-23"),
        ("2022/23", "as 2022-23"),
        ("2022-2023", "as 2022-23"),
        ("2022-23\n", "as 2022-23"),
        ("２０２２-23", "as 2022-23"),
        ("", "as 2022-23"),
        ("0000-01", "Check the year"),
        ("9999-00", "Check the year"),
    ],
)
def test_what_is_not_a_financial_year_is_refused_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        FinancialYear.parse(text)
