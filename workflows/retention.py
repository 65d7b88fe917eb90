"""The only place that reckons how long a case is kept: the schedule's rules, and the day one falls due.

An office keeps its own schedule, a rule for each outcome. What police offices publish is mostly
six years, from the end of the financial year; `docs/retention.md` names them. Limitation Act 1980,
sections 2 and 5, lets most claims be brought for six years.
"""

from calendar import isleap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

from workflows.calendar import financial_year_of
from workflows.fact import Choice

Trigger = Literal["closed", "letter_sent", "last_activity"]
TRIGGERS = (
    Choice("closed", "The case was closed"),
    Choice(
        "letter_sent",
        "The decision letter was sent",
        "The day it was closed, where no letter is recorded.",
    ),
    Choice(
        "last_activity",
        "Anything last happened on it",
        "To the case itself or to what is kept on it, holds and disposals left out.",
    ),
)
OUTCOMES = (
    Choice("upheld", "Upheld"),
    Choice("not_upheld", "Not upheld"),
    Choice("invalid", "Invalid"),
    Choice("forwarded", "Forwarded to the IOPC"),
    Choice("withdrawn", "Withdrawn"),
)
FEWEST_YEARS, MOST_YEARS = 1, 100
SOURCE = Path(__file__)


@dataclass(frozen=True)
class Rule:
    """How long a case of one outcome is kept: whole years from a day, or from the 31 March after it."""

    outcome: str
    trigger: Trigger = "closed"
    years: int = 6
    from_year_end: bool = True

    @property
    def words(self) -> str:
        """As a certificate gives it: "6 years from the end of the financial year in which …"."""
        span = f"{self.years} year{'' if self.years == 1 else 's'}"
        happened = _HAPPENED[self.trigger]
        if self.from_year_end:
            return f"{span} from the end of the financial year in which {happened}"
        return f"{span} from the day on which {happened}"


_HAPPENED: Mapping[str, str] = {
    "closed": "the case was closed",
    "letter_sent": "the decision letter was sent",
    "last_activity": "anything last happened on the case",
}
Schedule = tuple[Rule, ...]
DEFAULT: Schedule = tuple(Rule(outcome.code) for outcome in OUTCOMES)
"""Until an office sets its own: six years from the end of the financial year of closing."""


@dataclass(frozen=True)
class Ended:
    """How a case ended, as far as a schedule asks; `told_on` is the day of the decision letter."""

    outcome: str
    closed_on: date
    told_on: date | None
    active_on: date

    def day_of(self, trigger: Trigger) -> date:
        """The day from which a rule with this trigger counts."""
        if trigger == "letter_sent":
            return self.told_on or self.closed_on
        return self.active_on if trigger == "last_activity" else self.closed_on


def schedule_of(plain: Sequence[Sequence[Any]]) -> Schedule:
    """A schedule from the plain values that the log has of one, an office's own or the default."""
    return tuple(Rule(*each) for each in plain) or DEFAULT


def rule_for(outcome: str, schedule: Schedule) -> Rule | None:
    """The rule for an outcome, None where the schedule has none."""
    return next((rule for rule in schedule if rule.outcome == outcome), None)


def due_on(case: Ended, rule: Rule) -> date:
    """The first day on which a case may be erased: the day after the last day it is kept."""
    return first_day_after(case.day_of(rule.trigger), rule)


def first_day_after(day: date, rule: Rule) -> date:
    """The day after `rule.years` years from `day`, or from the 31 March that ends its year.

    Never earlier for a later `day`. Years from a 29 February end on 28 February where there is
    no 29th.
    """
    start = financial_year_of(day).last_on if rule.from_year_end else day
    year = start.year + rule.years
    is_missing = (start.month, start.day) == (2, 29) and not isleap(year)
    return start.replace(year=year, day=28 if is_missing else start.day) + timedelta(days=1)
