"""The only place that measures: contenders in interleaved rounds, and the table of medians.

A machine is never quiet, so nobody is measured alone: in every round each contender does the
same number of actions, and what is compared is the median round of each.
"""

import gc
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
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
    """What was measured of one contender on one database; `seconds` is one action's, at median."""

    work: str
    database: str
    contender: str
    seconds: float | None
    limit: float
    goal: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times the limit it took, None when it was not measured."""
        return self.seconds / self.limit if self.seconds is not None else None


def medians(contenders: Sequence[Contender], rounds: int, size: int) -> dict[str, float]:
    """Seconds of one action of each contender, the median of its rounds of `size` actions.

    The first round warms up and is not counted.
    """
    seconds: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for number in range(rounds + 1):
        for contender in contenders:
            numbers = range(number * size, (number + 1) * size)
            contender.ready(numbers)
            gc.collect()
            took = _timed(contender, numbers)
            if number:
                seconds[contender.name].append(took / size)
    return {name: median(each) for name, each in seconds.items()}


def _timed(contender: Contender, numbers: range) -> float:
    started = perf_counter()
    for number in numbers:
        contender.act(number)
    return perf_counter() - started


def table(rows: Sequence[Row]) -> str:
    """The rows as a table to print."""
    heads = ("work", "database", "who", "ms", "a second", "x limit", "goal")
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
    if row.seconds is None or row.ratio is None:
        return (*named, "-", "-", "-", row.note)
    goal = (
        "" if row.goal is None else f"{row.goal:g} {'met' if row.ratio <= row.goal else 'not met'}"
    )
    return (*named, f"{row.seconds * 1000:.2f}", f"{1 / row.seconds:.0f}", f"{row.ratio:.2f}", goal)
