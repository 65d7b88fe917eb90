"""The only place that measures: contenders in interleaved rounds, and the table of medians.

A machine is never quiet, so nobody is measured alone: in every round each contender does the
same number of actions, and what is compared is the median round of each.
"""

import gc
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from time import perf_counter
from typing import Protocol


class Contender(Protocol):
    """Something that does the work; `act(number)` does it once, durably, on case `number`."""

    name: str

    def ready(self, numbers: range) -> None:
        """Prepare, outside what is timed, the actions of the next round."""
        ...

    def act(self, number: int) -> None:
        """One action."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...


@dataclass(frozen=True)
class Row:
    """What was measured of one contender on one database; `took` is None when it was not."""

    work: str
    database: str
    contender: str
    took: "Took | None"
    limit: float
    goal: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times the limit it took, None when it was not measured."""
        return self.took.median / self.limit if self.took is not None else None


@dataclass(frozen=True)
class Took:
    """Seconds of one action: the median of the rounds' means, and what 19 actions of 20 kept within."""

    median: float
    p95: float


def measured(contenders: Sequence[Contender], rounds: int, size: int) -> dict[str, Took]:
    """How long one action of each contender took, in rounds of `size` actions.

    The first round warms up and is not counted.
    """
    seconds: dict[str, list[list[float]]] = {contender.name: [] for contender in contenders}
    for number in range(rounds + 1):
        for contender in contenders:
            numbers = range(number * size, (number + 1) * size)
            contender.ready(numbers)
            gc.collect()
            took = [_timed(contender, each) for each in numbers]
            if number:
                seconds[contender.name].append(took)
    return {name: _summed_up(rounds) for name, rounds in seconds.items()}


def _timed(contender: Contender, number: int) -> float:
    started = perf_counter()
    contender.act(number)
    return perf_counter() - started


def _summed_up(rounds: list[list[float]]) -> Took:
    each = sorted(second for took in rounds for second in took)
    return Took(median(fmean(took) for took in rounds), each[len(each) * 19 // 20])


def rows_of(
    work: str, database: str, took: Mapping[str, Took], limit: str, goals: Mapping[str, float]
) -> Iterator[Row]:
    """A row for each contender; `limit` names the one that the others are compared with."""
    for name, seconds in took.items():
        yield Row(work, database, name, seconds, took[limit].median, goals.get(name))


def table(rows: Sequence[Row]) -> str:
    """The rows as a table to print."""
    heads = ("work", "database", "who", "ms", "p95 ms", "x limit", "goal")
    lines = [heads, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column < 3 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _cells(row: Row) -> tuple[str, ...]:
    named = (row.work, row.database, row.contender)
    if row.took is None or row.ratio is None:
        return (*named, "-", "-", "-", row.note)
    goal = (
        "" if row.goal is None else f"{row.goal:g} {'met' if row.ratio <= row.goal else 'not met'}"
    )
    times = (f"{row.took.median * 1000:.2f}", f"{row.took.p95 * 1000:.2f}")
    return (*named, *times, f"{row.ratio:.2f}", goal)
