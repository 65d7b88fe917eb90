"""The only place that says whether an application was made in time, on each day there is to choose from.

The rules themselves are `complaint_review_validity_guards`': here they are told to a person.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from workflows.calendar import in_words, last_day_to_apply
from workflows.complaint_review_choices import FIRST_RECEIVERS, OUTCOME_DAYS
from workflows.complaint_review_validity_guards import EXTENDED, REFUSED, made_on
from workflows.definition import Standing
from workflows.outcome_day import CANDIDATE, SAYS
from workflows.triage_content import Kept

IN_TIME, LATE, NOT_KNOWN = "in_time", "late", "not_known"
_SAYS = {choice.code: choice.label for choice in SAYS}
_BASES = {choice.code: choice.label for choice in OUTCOME_DAYS}
_RECEIVERS = {choice.code: choice.label for choice in FIRST_RECEIVERS}
_FOUND_BY = ("find_outcome_day", "find_valid", "find_invalid")


@dataclass(frozen=True)
class Candidate:
    """A day on which the outcome may have been provided: who says so, and what would follow.

    `days_late` is negative or nought for an application made in time. `basis` is a code of how
    the day is known, empty where nobody said.
    """

    on: date
    says: str
    basis: str
    last_day: date
    days_late: int

    @property
    def what(self) -> str:
        """What happened on it, in words; empty where nobody said."""
        return _BASES.get(self.basis, "")


@dataclass(frozen=True)
class Timeliness:
    """What is known of an application's time. `decided` is what was decided about extra time.

    `is_found` says that the day in `provided_on` is the office's finding, and not only as the
    application says.
    """

    received_on: date
    made_on: date
    first_by: str | None
    first_on: date | None
    provided_on: date | None
    is_found: bool
    candidates: tuple[Candidate, ...]
    decided: str | None

    @property
    def last_day(self) -> date | None:
        """The last day to apply, None while the day of the outcome is unknown."""
        return last_day_to_apply(self.provided_on) if self.provided_on else None

    @property
    def days_late(self) -> int | None:
        """Days after the last day, negative or nought for in time; None when unknown."""
        return (self.made_on - self.last_day).days if self.last_day else None

    @property
    def status(self) -> str:
        """Code: `in_time`, `late`, `extended`, `refused` or `not_known`."""
        if self.days_late is None:
            return NOT_KNOWN
        if self.days_late <= 0:
            return IN_TIME
        return self.decided if self.decided in (EXTENDED, REFUSED) else LATE

    @property
    def is_in_dispute(self) -> bool:
        """Whether it is in time on one of the days and late on another, and none was found."""
        return not self.is_found and len({day.days_late > 0 for day in self.candidates}) > 1

    @property
    def first_receipt(self) -> str:
        """Which day counts as the one it was made on, and why, in sentences (reg 29(3))."""
        here = in_words(self.received_on)
        if self.first_by is None or self.first_on is None:
            return f"It reached this office on {here}. That day counts."
        who = _RECEIVERS[self.first_by]
        first = f"{who} received it first, on {in_words(self.first_on)}; this office on {here}. "
        if self.first_by == "iopc":
            return first + (
                f"The time with the IOPC is left out, so {in_words(self.made_on)} counts "
                "(reg 29(3))."
            )
        return first + (
            f"{here} counts: only time with the IOPC is left out (reg 29(3)). That it went to "
            "the wrong place first may be a special circumstance (reg 29(4))."
        )


def timeliness(standing: Standing, kept: Kept) -> Timeliness | None:
    """What is known of the time of a case that stands so; None before anything was received."""
    received_on, made = standing.first_day("log"), made_on(standing)
    if received_on is None or made is None:
        return None
    values = standing.values
    provided_on = values.get("outcome_provided_on")
    saying = (e for e in standing.entries if "outcome_provided_on" in e.facts)
    newest = max(saying, key=lambda entry: (entry.effective_on, entry.seq), default=None)
    return Timeliness(
        received_on=received_on,
        made_on=made,
        first_by=values.get("first_received_by"),
        first_on=values.get("first_received_on"),
        provided_on=provided_on,
        is_found=newest is not None and newest.step in _FOUND_BY,
        candidates=tuple(_candidates(standing, kept, made)),
        # An old register only knows that time was extended.
        decided=values.get("extra_time") or (EXTENDED if values.get("time_extended") else None),
    )


def _candidates(standing: Standing, kept: Kept, made: date) -> Iterator[Candidate]:
    """Every day that was named, each once for whoever names it, the earliest first."""
    found = dict.fromkeys(sorted(_named(standing, kept)))
    for on, says, basis in found:
        last_day = last_day_to_apply(on)
        yield Candidate(on, says, basis, last_day, (made - last_day).days)


def _named(standing: Standing, kept: Kept) -> Iterator[tuple[date, str, str]]:
    for entry in standing.entries:
        facts = entry.facts if entry.step not in _FOUND_BY else {}
        if facts.get("letter_dated_on"):
            yield facts["letter_dated_on"], "The date on the outcome letter", "letter_date"
        if facts.get("outcome_provided_on"):
            yield facts["outcome_provided_on"], "As the application was logged", "applicant_says"
    for item in kept.get("outcome_day", ()):
        if item.state == CANDIDATE:
            values = item.values
            yield values["candidate_on"], _SAYS[values["says"]], values.get("basis", "")
