"""The only place for reckoning days: working days, statutory periods, years and quarters.

`bank_holidays.json` pins the bank holidays of England and Wales, one-off days included, so that
a figure does not move when a library does. Its last year is moved on with:

    python -c "import holidays, json; print(json.dumps({str(day): name for day, name in sorted(
    holidays.UnitedKingdom(subdiv='ENG', years=range(2012, 2031)).items())}, indent=1))"

Days of years that are over never change, whatever the library says then: published figures follow
from them. A one-off holiday that a release came too late for is the office's own, by its setting.
The tests compare the file with that library and with the official list, day by day, and the past
years with `tests/data/bank_holidays_past.txt`, to which each year is added when it is over.
"""

import json
import re
from bisect import bisect_right
from calendar import isleap
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate, pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

_BANK_HOLIDAYS = frozenset(
    date.fromisoformat(day)
    for day in json.loads(Path(__file__).with_name("bank_holidays.json").read_text("utf-8"))
)
COVERED_FROM = date(min(_BANK_HOLIDAYS).year, 1, 1)
COVERED_TO = date(max(_BANK_HOLIDAYS).year, 12, 31)

_DAY = timedelta(days=1)
_FOUR_WEEKS = timedelta(days=28)
_SATURDAY = 5
_LONDON = ZoneInfo("Europe/London")


def _is_base_working_day(day: date) -> bool:
    return day.weekday() < _SATURDAY and day not in _BANK_HOLIDAYS


_COVERED_DAYS = tuple(
    COVERED_FROM + offset * _DAY for offset in range((COVERED_TO - COVERED_FROM).days + 1)
)
_WORKING_DAYS = tuple(day for day in _COVERED_DAYS if _is_base_working_day(day))
# How many working days there are up to and including each covered day. One subtraction then
# counts any period: reports measure thousands of cases, and must not walk through their days.
_WORKED_THROUGH = tuple(accumulate(int(_is_base_working_day(day)) for day in _COVERED_DAYS))


def _worked_through(day: date) -> int:
    """Working days of the base calendar up to and including `day`; ValueError if not covered."""
    if not COVERED_FROM <= day <= COVERED_TO:
        raise ValueError(
            f"Working days cannot be counted on {in_words(day)}: bank holidays are known from "
            f"{COVERED_FROM.year} to {COVERED_TO.year}. Check the date."
        )
    return _WORKED_THROUGH[(day - COVERED_FROM).days]


def in_words(day: date) -> str:
    """As sentences and pages write a day: "3 April 2026"."""
    return f"{day.day} {day:%B} {day.year}"


@dataclass(frozen=True)
class Calendar:
    """Working days as reg 1(2) has them, less the holidays an office has added itself.

    A working day is any day but Saturday, Sunday, Christmas Day, Good Friday or a bank holiday
    in England and Wales. An extra holiday that is already one, or outside the covered years,
    changes nothing. Every method raises ValueError, with a sentence, outside those years.
    """

    extra_holidays: frozenset[date] = frozenset()
    _lost_days: tuple[date, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        covered = (day for day in self.extra_holidays if COVERED_FROM <= day <= COVERED_TO)
        lost = tuple(sorted(day for day in covered if _is_base_working_day(day)))
        object.__setattr__(self, "_lost_days", lost)

    def is_working_day(self, day: date) -> bool:
        """Whether `day` is a working day (reg 1(2))."""
        _worked_through(day)
        return _is_base_working_day(day) and day not in self.extra_holidays

    def add_working_days(self, start: date, days: int) -> date:
        """The day `days` working days after `start`: the next working day is day 1.

        `start` may be any day; 0 days is `start` itself. Raises ValueError for a negative number.
        """
        if days < 0:
            raise ValueError(f"{days} working days cannot be added: give 0 or more.")
        position = _worked_through(start) + days
        if days == 0:
            return start
        for lost in self._lost_days[bisect_right(self._lost_days, start) :]:
            if _worked_through(lost) > position:
                break
            position += 1
        if position > len(_WORKING_DAYS):
            raise ValueError(
                f"{days} working days after {in_words(start)} is later than {COVERED_TO.year}, the "
                "last year whose bank holidays are known. Check the date and the number of days."
            )
        return _WORKING_DAYS[position - 1]

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie in (start, end]: the same day is 0, the next working day 1.

        Raises ValueError when `end` is before `start`.
        """
        if end < start:
            raise ValueError(
                f"{in_words(end)} is before {in_words(start)}, so no working days lie between them. "
                "Give the earlier day first."
            )
        lost = bisect_right(self._lost_days, end) - bisect_right(self._lost_days, start)
        return _worked_through(end) - _worked_through(start) - lost


def last_day_to_apply(provided_on: date) -> date:
    """The last whole day on which an application for a review is in time (reg 29(2)).

    28 days starting with the day after the outcome was provided; a weekend or bank holiday at
    the end moves nothing.
    """
    return provided_on + _FOUR_WEEKS


def application_made_on(
    received_on: date, first_received_by: str | None, first_received_on: date | None
) -> date:
    """The day on which an application counts as made, of those on which it was received.

    Time between the IOPC's receipt and this office's is left out, so the first receipt decides
    (reg 29(3)); time with the force or anybody else is not.
    """
    if first_received_by == "iopc" and first_received_on is not None:
        return min(first_received_on, received_on)
    return received_on


def response_due_on(made_on: date) -> date:
    """The last day for the response to a recommendation made on `made_on` (reg 30(4) to (7)).

    28 days starting with the day after it was made, before any extension by the office.
    """
    return made_on + _FOUR_WEEKS


def one_month_beginning_with(day: date) -> date:
    """The last day of one month beginning with `day`, which is itself counted.

    "Month" is a calendar month (Interpretation Act 1978, Schedule 1). It ends on the day before
    the corresponding day of the next month: 15 September, 14 October. Where the next month has no
    corresponding day it ends with that month (the exception to the corresponding date rule,
    Dodds v Walker [1981] 1 WLR 1027): 31 January, 28 or 29 February; 31 March, 30 April.
    """
    next_month_on = _first_of_next_month(day)
    end_of_next_month_on = _first_of_next_month(next_month_on) - _DAY
    return min(next_month_on + (day.day - 2) * _DAY, end_of_next_month_on)


def _first_of_next_month(day: date) -> date:
    return (day.replace(day=28) + 4 * _DAY).replace(day=1)


def year_earlier(day: date) -> date:
    """The same day a year before; 28 February for the 29th."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)


def end_year_earlier(last_on: date) -> date:
    """The last day of the same days a year before: the end of a February is that of the other."""
    ends_february = (last_on.month, last_on.day) == (2, 28) and isleap(last_on.year - 1)
    return year_earlier(last_on) + (_DAY if ends_february else timedelta())


def london_day(instant: datetime) -> date:
    """The London date on which `instant` falls; ValueError if it carries no time zone."""
    if instant.tzinfo is None:
        raise ValueError(
            "The instant has no time zone, so its London day is unknown. Give an aware datetime."
        )
    return instant.astimezone(_LONDON).date()


def midnight(day: date) -> datetime:
    """The instant at which a London day begins, in UTC: the inverse of `london_day`."""
    return datetime.combine(day, time.min, _LONDON).astimezone(UTC)


@dataclass(frozen=True)
class Quarter:
    """A quarter of a financial year, both days included: Q1 is April to June."""

    label: str
    first_on: date
    last_on: date


@dataclass(frozen=True, order=True)
class FinancialYear:
    """The financial year from 1 April of `starts_in` to 31 March of the year after."""

    starts_in: int

    def __post_init__(self) -> None:
        if not date.min.year <= self.starts_in < date.max.year:
            raise ValueError(f"No financial year starts in {self.starts_in}. Check the year.")

    @classmethod
    def parse(cls, text: str) -> "FinancialYear":
        """The year that `text` names as "2022-23"; ValueError, saying what to write, if none."""
        found = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text)
        if found is None:
            raise ValueError(
                f"{text!r} is not a financial year. Write its two years as 2022-23, which is "
                "1 April 2022 to 31 March 2023."
            )
        year = cls(int(found[1]))
        if year.label != text:
            raise ValueError(
                f"{text!r} is not a financial year, which is one year long. The one that starts "
                f"on 1 April {found[1]} is written {year.label}."
            )
        return year

    @property
    def label(self) -> str:
        """As published: "2022-23"."""
        return f"{self.starts_in:04}-{(self.starts_in + 1) % 100:02}"

    @property
    def first_on(self) -> date:
        """1 April."""
        return date(self.starts_in, 4, 1)

    @property
    def last_on(self) -> date:
        """31 March of the next calendar year."""
        return date(self.starts_in + 1, 3, 31)

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """Q1 (April to June) to Q4 (January to March), in order."""
        starts = [date(self.starts_in, month, 1) for month in (4, 7, 10)]
        starts += [date(self.starts_in + 1, 1, 1), self.last_on + _DAY]
        return tuple(
            Quarter(f"Q{number}", first_on, next_on - _DAY)
            for number, (first_on, next_on) in enumerate(pairwise(starts), 1)
        )


def financial_year_of(day: date) -> FinancialYear:
    """The financial year in which `day` falls: 31 March ends one, 1 April starts the next."""
    return FinancialYear(day.year if day.month >= 4 else day.year - 1)
