"""The only place for what a figure is: the list of what it counts.

A number is the length of its list, so every number can open its cases, and the page, the file
and the list behind a link cannot differ. What each figure counts is its block's to say. In a
year's columns the numbers are tallied, and the lists made when one is asked for.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import NamedTuple

from casework.counts.lives import Life, Period, Snapshot
from casework.counts.tallies import Numbers
from casework.office_settings import OfficeSettings


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
"""What each figure counts, by its whole name, such as `cohort.valid`."""


class Later(Mapping[str, Sequence[Counted]]):
    """Figures whose lists are made when one of them is first asked for."""

    def __init__(self, count: Callable[[], Figures]) -> None:
        self._count = cache(count)

    def __getitem__(self, name: str) -> Sequence[Counted]:
        return self._count()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._count())

    def __len__(self) -> int:
        return len(self._count())


@dataclass(frozen=True)
class Part:
    """Some figures of one period: all of a report's, or those of one of its columns.

    `tallied` has their numbers where they were counted without the lists.
    """

    label: str
    period: Period
    figures: Figures
    tallied: Numbers | None = None

    @cached_property
    def numbers(self) -> Numbers:
        """How many each figure counts, by its whole name."""
        if self.tallied is not None:
            return self.tallied
        return {name: len(counted) for name, counted in self.figures.items()}

    def count(self, name: str) -> int:
        """How many a figure counts, by its name; 0 where a breakdown has no such code."""
        return self.numbers.get(name, 0)

    def codes(self, breakdown: str) -> tuple[str, ...]:
        """The codes that occur in a breakdown, such as `cohort.invalid_by_reason`, in order."""
        start = f"{breakdown}."
        found = {
            name[len(start) :].split(".")[0] for name in self.numbers if name[: len(start)] == start
        }
        return tuple(sorted(found, key=lambda code: (code == "none", code)))


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


@dataclass(frozen=True)
class Source:
    """What a block of a report is counted from: the lives, the days, and the office's settings.

    The settings are those of the report's log size.
    """

    lives: Lives
    period: Period
    status_on: date
    settings: OfficeSettings

    @cached_property
    def last_on(self) -> date:
        """S of the definitions: the last day that is counted."""
        return self.period.last_day(self.status_on)

    @cached_property
    def before_on(self) -> date:
        """B of the definitions: the day on which what is brought forward is counted."""
        return self.period.day_before(self.status_on)

    def received(self) -> Iterator[tuple[Life, Counted, Snapshot]]:
        """The cohort: the cases received in the period, as they stood on the status day."""
        lives = self.lives
        for found in zip(lives.all, lives.counted, lives.on(self.status_on), strict=True):
            if self.period.from_on <= found[1].on <= self.last_on:
                yield found


def empty(names: Iterable[str]) -> dict[str, list[Counted]]:
    """Figures that count nothing yet."""
    return {name: [] for name in names}
