"""The only place that draws a distribution: how many took how long, with the median and the target."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations, permutations
from typing import NamedTuple

from markupsafe import Markup

from casework.counts.arithmetic import median, percentile_90
from casework.documents.charts.chart import Chart, Number, Numbers, Row, counted, shown
from casework.documents.charts.columns import HEADROOM, Columns
from casework.documents.charts.drawing import (
    LINE,
    SIZE,
    WIDTH,
    Label,
    apart,
    line,
    picture,
    width_of,
)
from casework.documents.charts.scale import Scale, scale

TITLE = "How long decisions took"
NOTHING = "No decision of which both days are known."
_PLOT, _MOST = 120, 12
_TABLE = ("Working days", ("Decisions",))


class _Flag(NamedTuple):
    """A line across the columns at so many days, and the words that stand beside its top."""

    x: float
    words: Label
    dash: str


def time_to_decide(
    days: Sequence[int], target: int | None, name: str = "chart-time-to-decide"
) -> Chart:
    """How many decisions took how many working days; `days` has one number for each decision."""
    if not days:
        empty = picture(name, TITLE, NOTHING, 2 * LINE, (Label(NOTHING, 0, LINE).drawn(),))
        return Chart(name, TITLE, NOTHING, empty, Numbers(*_TABLE, ()))
    across = scale(max(*days, target or 0), WIDTH, _MOST)
    rows = tuple(_rows(days, across))
    told = _told(days, target)
    height, marks = _drawn(rows, across, _marks(days, target))
    svg = picture(name, TITLE, told, height, marks)
    return Chart(name, TITLE, told, svg, Numbers(*_TABLE, rows))


def _rows(days: Sequence[int], across: Scale) -> Iterator[Row]:
    """The decisions of each step; those of the same day are in the first."""
    for last in across.ticks[1:]:
        before = last - across.step
        first = before + 1 if before else 0
        label = shown(last) if first == last else f"{shown(first)} to {shown(last)}"
        yield Row(label, (sum(first <= each <= last for each in days),))


def _marks(days: Sequence[int], target: int | None) -> list[tuple[Number, str, str]]:
    """What is marked: at how many days, what it is called, and the dashes of its line."""
    found = [(median(days) or 0, "Median", "2 3"), (percentile_90(days) or 0, "9 in 10", "7 4")]
    return found if target is None else [*found, (target, "Target", "")]


def _told(days: Sequence[int], target: int | None) -> str:
    if len(days) == 1:
        told = f"The one decision took {counted(days[0], 'working day')}"
    else:
        told = (
            f"Of {counted(len(days), 'decision')}, half took no longer than "
            f"{counted(median(days) or 0, 'working day')} and nine in ten no longer than "
            f"{shown(percentile_90(days) or 0)}"
        )
    if target is None:
        return f"{told}."
    within = sum(each <= target for each in days)
    return f"{told}; {shown(within)} {'was' if within == 1 else 'were'} within the target of {shown(target)}."


def _drawn(
    rows: Sequence[Row], across: Scale, marks: Sequence[tuple[Number, str, str]]
) -> tuple[float, list[Markup]]:
    """The height of the picture and its marks: each line over the columns has a row for its words."""
    numbers = [int(row.numbers[0]) for row in rows]
    columns = Columns.of(len(rows), max(numbers), _PLOT, width_of(shown(across.top)) / 2)
    foot = (1 + len(marks)) * LINE + HEADROOM + _PLOT
    told = [
        f"{row.label} working days: {counted(number, 'decision')}"
        for row, number in zip(rows, numbers, strict=True)
    ]
    unit = columns.slot / across.step
    flags = [
        _flag(columns.left + days * unit, f"{name}: {shown(days)}", dash)
        for days, name, dash in marks
    ]
    in_rows = list(enumerate(min(permutations(flags), key=_crossings), 1))
    return foot + 2 * LINE + 4, [
        Label("Decisions", 0, SIZE, is_bold=True).drawn(),
        *columns.drawn(numbers, told, foot, 1, "pale"),
        *(
            line(flag.x, place * LINE + 2, flag.x, foot, dash=flag.dash, width=2)
            for place, flag in in_rows
        ),
        *(label.cleared() for label in columns.numbers(numbers, foot)),
        *(replace(flag.words, y=place * LINE + SIZE).cleared() for place, flag in in_rows),
        *_axis(across, columns, foot),
    ]


def _flag(x: float, words: str, dash: str) -> _Flag:
    """A line with its words on the right, or on the left where there is no room for them."""
    beside = Label(words, x + 5, 0)
    if beside.left + beside.width > WIDTH:
        beside = Label(words, x - 5, 0, "end")
    return _Flag(x, beside, dash)


def _crossings(flags: Iterable[_Flag]) -> int:
    """How often a line would pass behind the words of one below it."""
    return sum(
        below.words.left <= above.x <= below.words.left + below.words.width
        for above, below in combinations(flags, 2)
    )


def _axis(across: Scale, columns: Columns, foot: float) -> Iterator[Markup]:
    """The days under the edges between columns, as many as fit."""
    unit = columns.slot / across.step
    named = (
        Label(shown(days), columns.left + days * unit, foot + LINE, "middle")
        for days in across.ticks
    )
    yield from (label.drawn() for label in apart(named))
    yield Label("Working days", columns.left, foot + 2 * LINE).drawn()
