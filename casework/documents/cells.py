"""The only place that says how people read a figure: shares of a small base, days, what is not known.

Names tell what a figure is: `percent_upheld` is a share of what was decided, `oldest_received_on`
a day. JSON and CSV have the value, and everything that people read has the text.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.counts import arithmetic
from casework.counts.block import Block
from casework.counts.figures import Part
from casework.counts.lives import Period
from casework.counts.report import Report
from workflows.calendar import in_words

Value = int | float | str | None
NOT_APPLICABLE = "not applicable"
WITHHELD = "withheld"
"""What stands in the place of a small number by which somebody could be recognised."""
WITHHELD_SIGN = "[c]"
"""And what does in files for computers, as the Government Analysis Function writes it."""
_SHARE = "percent_"


@dataclass(frozen=True)
class Cell:
    """One figure of one period: `value` as it is published, `text` as people read it.

    `figure` is its whole name, such as `cohort.valid`. `is_list` says that it is the length of a
    list, which can be opened.
    """

    value: Value
    text: str
    figure: str
    period: Period
    status_on: date
    is_list: bool = False

    @property
    def number(self) -> int | float | None:
        """Its value where people read it as a number; None where they read words or nothing."""
        value = self.value
        if isinstance(value, int | float) and self.text in (said(value), f"{said(value)}%"):
            return value
        return None


@dataclass(frozen=True)
class Column:
    """Some blocks of a report in one of its periods: their values by the figures' whole names."""

    report: Report
    part: Part
    values: Mapping[str, Value]

    def cell(self, figure: str) -> Cell:
        """A figure as it is printed; 0 where no case has the code of a breakdown."""
        counted = self.part.numbers.get(figure)
        value = self.values.get(figure, counted or 0)
        is_list = counted is not None and isinstance(value, int)
        is_withheld = counted is not None and value is None
        text = WITHHELD if is_withheld else self._text(figure, value)
        return Cell(value, text, figure, self.part.period, self.report.status_on, is_list)

    def _text(self, figure: str, value: Value) -> str:
        start, _, name = figure.rpartition(".")
        if name.startswith(_SHARE):
            part, whole = self._base(start, name.removeprefix(_SHARE))
            return share(part, whole, self.report.settings.small_base)
        if name.endswith("_on") and isinstance(value, str):
            return in_words(date.fromisoformat(value))
        return said(value)

    def _base(self, start: str, name: str) -> tuple[int, int]:
        """What a share is of: the decisions, which are counted, or upheld and not upheld."""
        part, rest = self.cell(f"{start}.{name}"), self.cell(f"{start}.not_{name}")
        whole = self.cell(f"{start}.completed")
        if f"{start}.completed" in self.values:
            return int(part.value or 0), int(whole.value or 0)
        return int(part.value or 0), int(part.value or 0) + int(rest.value or 0)


def column(report: Report, part: Part, blocks: Sequence[Block]) -> Column:
    """The values of these blocks in a part of a report that has them."""
    values = {
        f"{block.name}.{path}": value
        for block in blocks
        for path, value in _by_path(block, block.plain(part, report.settings))
    }
    return Column(report, part, values)


def whole(report: Report) -> Column:
    """Everything that a report counts in its whole period."""
    return column(report, report.whole, report.blocks)


def share(part: int, whole: int, small_base: int) -> str:
    """A percentage for people: "4 of 34", and "11.8%" only of as many as the office asks for."""
    if whole == 0:
        return NOT_APPLICABLE
    if whole < small_base:
        return f"{part:,} of {whole:,}"
    return f"{arithmetic.percent(part, whole)}%"


def said(value: Value) -> str:
    """A value as people read it: "1,204", "31", "29.5", "not applicable"; words as they are."""
    if value is None:
        return NOT_APPLICABLE
    return value if isinstance(value, str) else f"{value:,.1f}".removesuffix(".0")


def _by_path(block: Block, plain: Any) -> Iterator[tuple[str, Value]]:
    """Published values by the paths of figures.

    Codes come first where they are keys, in the order of the labels where the block is a list,
    and under `rows` where it has figures of no code too.
    """
    if isinstance(plain, list):
        for code, each in zip(block.labels[block.name], plain, strict=True):
            yield from ((f"{code}.{path}", value) for path, value in _leaves(each, "_"))
        return
    for path, value in _leaves(plain, "."):
        yield path.removeprefix("rows."), value


def _leaves(plain: Mapping[str, Any], joint: str) -> Iterator[tuple[str, Value]]:
    for name, value in plain.items():
        if isinstance(value, dict):
            for path, leaf in _leaves(value, joint):
                yield f"{name}{joint}{path}", leaf
        else:
            yield name, value
