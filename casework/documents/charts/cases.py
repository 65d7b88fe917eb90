"""The only place for the bars of cases: how long open ones are open, by category, where time went."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from casework.documents.charts.bars import Bar, Rule, bar_chart
from casework.documents.charts.chart import Chart, Number, counted, shown

_WITHIN = (0.25, 0.5, 0.75, 1)
_OVER = (1.5, 2, 3)


@dataclass(frozen=True)
class Band:
    """Working days from `first` to `last`, both included; None: and over."""

    first: int
    last: int | None

    @property
    def label(self) -> str:
        """As charts and tables write it: "8 to 14"."""
        if self.last is None:
            return f"{shown(self.first)} and over"
        if self.first == self.last:
            return shown(self.first)
        return f"{shown(self.first)} to {shown(self.last)}"

    def holds(self, days: int) -> bool:
        """Whether so many days are in it."""
        return self.first <= days and (self.last is None or days <= self.last)


@dataclass(frozen=True)
class Category:
    """Cases with an allegation in a category: those valid of the received, those upheld of these."""

    label: str
    received: int
    valid: int
    upheld: int


def bands(target: int) -> tuple[Band, ...]:
    """The bands of ages: quarters of the target (working days), then past it by halves and wholes."""
    ends = sorted({ceil(target * part) for part in (*_WITHIN, *_OVER)})
    starts = [0, *(end + 1 for end in ends)]
    return tuple(Band(first, last) for first, last in zip(starts, [*ends, None], strict=True))


def ageing(ages: Sequence[int], target: int, unknown: int = 0, name: str = "chart-ageing") -> Chart:
    """The open cases by how many working days ago they were received, against the target.

    `unknown` counts the open cases whose day of receipt is estimated.
    """
    all_bands = bands(target)
    bars = [
        Bar(
            band.label,
            (sum(band.holds(days) for days in ages),),
            ("pale" if band.first <= target else "strong",),
        )
        for band in all_bands
    ]
    if unknown:
        bars.append(Bar("Day not known", (unknown,), ("hollow",)))
    return bar_chart(
        name,
        "How long open cases have been open",
        _told_of_ages(ages, target, unknown),
        ("Working days since received", ("Open cases",)),
        bars,
        Rule(
            sum(band.first <= target for band in all_bands),
            f"Target: {counted(target, 'working day')}",
        ),
    )


def _told_of_ages(ages: Sequence[int], target: int, unknown: int) -> str:
    if not ages and not unknown:
        return "No case is open."
    over = sum(days > target for days in ages)
    told = f"{counted(len(ages) + unknown, 'case')} open, {shown(over)} of them over the target "
    told += f"of {counted(target, 'working day')}."
    if ages:
        told += f" The oldest was received {counted(max(ages), 'working day')} ago."
    return told


def by_category(categories: Sequence[Category], name: str = "chart-by-category") -> Chart:
    """The cases received by allegation category: how many were valid, how many upheld."""
    bars = [
        Bar(each.label, (each.received, each.valid, each.upheld), ("hollow", "pale", "solid"))
        for each in categories
    ]
    if categories:
        most = max(categories, key=lambda each: each.received)
        told = f"Most were received in {most.label}: {shown(most.received)}, of which "
        told += f"{shown(most.valid)} valid and {shown(most.upheld)} upheld. "
        told += "A case with several categories counts in each."
    else:
        told = "No case was received."
    return bar_chart(
        name,
        "Received, valid and upheld by allegation category",
        told,
        ("Category", ("Received", "Valid", "Upheld")),
        bars,
    )


def where_time_went(
    decisions: int,
    in_all: Number,
    waiting: Sequence[tuple[str, Number]],
    name: str = "chart-where-time-went",
) -> Chart:
    """The mean working days that decisions took, and on how many of them each party was waited for.

    The office may wait for two at once, so the parts may add up to more than the whole.
    """
    told = f"{counted(decisions, 'decision')} took a mean of {counted(in_all, 'working day')}. "
    told += "Each bar below is how many of these the office waited; it may wait for two at once."
    bars = [Bar("In all", (in_all,), ("solid",))]
    bars += [Bar(label, (days,), ("pale",)) for label, days in waiting]
    return bar_chart(
        name,
        "Where the time to decide went",
        told if decisions else "No decision of which both days are known.",
        ("Waiting for", ("Mean working days",)),
        bars if decisions else (),
    )
