"""The only place that draws bars: rows of them, each with its label, and with its numbers beside it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from casework.documents.charts.chart import Chart, Number, Numbers, Row, shown
from casework.documents.charts.drawing import (
    LINE,
    SIZE,
    WIDTH,
    Label,
    box,
    line,
    lines_of,
    picture,
    width_of,
)

_THICK, _GAP, _KEY = 16, 8, 10
_BESIDE = 120
"""The longest labels that stand beside their bars; longer ones stand above."""


@dataclass(frozen=True)
class Bar:
    """A row: its label and its numbers, each a part of the one before and drawn upon it.

    `kinds` say how the mark of each number is filled (`drawing.STYLES`).
    """

    label: str
    numbers: tuple[Number, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """A line below so many rows, with its words."""

    rows: int
    words: str


def bar_chart(
    name: str,
    title: str,
    description: str,
    table: tuple[str, tuple[str, ...]],
    bars: Sequence[Bar],
    rule: Rule | None = None,
) -> Chart:
    """Bars with their table: what stands above the labels, and above each number."""
    first, columns = table
    rows = tuple(Row(bar.label, bar.numbers) for bar in bars)
    layout = _Layout.of(bars, first, columns)
    height, marks = layout.drawn(bars, rule)
    return Chart(
        name,
        title,
        description,
        picture(name, title, description, height, marks),
        Numbers(first, columns, rows),
    )


@dataclass(frozen=True)
class _Layout:
    """Where everything stands: bars from `left`, `unit` long for each 1, numbers' ends at `ends`.

    The numbers of one column stand at the ends of their bars, those of more in columns.
    """

    first: str
    columns: tuple[str, ...]
    is_beside: bool
    left: float
    unit: float
    ends: tuple[float, ...]

    @classmethod
    def of(cls, bars: Sequence[Bar], first: str, columns: tuple[str, ...]) -> "_Layout":
        """The layout that these bars need."""
        longest = max((width_of(bar.label) for bar in bars), default=0)
        is_beside = len(columns) == 1 and longest <= _BESIDE
        left = longest + 8 if is_beside else 0
        numbers = [shown(number) for bar in bars for number in bar.numbers]
        widest = max((width_of(number) for number in numbers), default=0)
        ends: tuple[float, ...] = ()
        if len(columns) == 1:
            taken = widest + 6
        else:
            heads = [max(widest, width_of(column, True) + _KEY + 4) + 8 for column in columns]
            taken = sum(heads)
            ends = tuple(WIDTH - sum(heads[place + 1 :]) for place in range(len(heads)))
        most = max((bar.numbers[0] for bar in bars), default=0) or 1
        return cls(first, columns, is_beside, left, (WIDTH - left - taken) / most, ends)

    def drawn(self, bars: Sequence[Bar], rule: Rule | None) -> tuple[float, list[Markup]]:
        """The height of the picture and its marks, from the top down."""
        marks = [*self._headings(bars)]
        y = float(LINE + _GAP)
        if not bars:
            marks.append(Label("None", 0, y + SIZE).drawn())
        for place, bar in enumerate(bars):
            if rule and rule.rows == place:
                marks += self._rule(rule, y)
                y += LINE + _GAP
            lines = [] if self.is_beside else lines_of(bar.label, WIDTH)
            marks += [
                Label(words, 0, y + SIZE + number * LINE).drawn()
                for number, words in enumerate(lines)
            ]
            y += len(lines) * LINE
            marks += self._bar(bar, y)
            y += _THICK + _GAP
        return max(y, 2 * LINE + _GAP), marks

    def _headings(self, bars: Sequence[Bar]) -> Iterator[Markup]:
        yield Label(self.first, 0, SIZE, is_bold=True).drawn()
        for place, (column, end) in enumerate(zip(self.columns, self.ends, strict=False)):
            heading = Label(column, end, SIZE, "end", is_bold=True)
            yield heading.drawn()
            if bars:
                yield box(heading.left - _KEY - 3, 3, _KEY, _KEY, bars[0].kinds[place])

    def _bar(self, bar: Bar, y: float) -> Iterator[Markup]:
        if self.is_beside:
            yield Label(bar.label, 0, y + SIZE).drawn()
        for number, kind, column in zip(bar.numbers, bar.kinds, self.columns, strict=True):
            told = f"{bar.label}: {shown(number)} {column.lower()}"
            yield box(self.left, y, number * self.unit, _THICK, kind, told)
        if self.ends:
            for number, end in zip(bar.numbers, self.ends, strict=True):
                yield Label(shown(number), end, y + SIZE, "end").drawn()
        else:
            end = self.left + bar.numbers[0] * self.unit
            yield Label(shown(bar.numbers[0]), end + 5, y + SIZE).drawn()

    @staticmethod
    def _rule(rule: Rule, y: float) -> Iterator[Markup]:
        yield Label(rule.words, WIDTH, y + SIZE, "end", is_bold=True).drawn()
        yield line(0, y + LINE, WIDTH, y + LINE, dash="6 4", width=2)
