"""The only place that writes SVG: elements, labels that know their room, the frame of a chart.

Every colour is a presentation attribute, so a picture shows the same in a page, a PDF and a file
of its own; the classes are there for readers who choose their own colours (`charts.css`). Text is
never smaller than on the page: a picture is as wide as a phone and grows with the page.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from casework.documents.charts.chart import Number

WIDTH = 340
SIZE = 13
"""Of all text, in the units of the picture: on a phone a unit is a pixel."""
LINE = 18
INK, GROUND, BLUE, PALE, PLUM = "#0b0c0c", "#ffffff", "#12436d", "#c5d5e6", "#801650"
STYLES: dict[str, dict[str, Number | str]] = {
    "solid": {"fill": BLUE},
    "pale": {"fill": PALE, "stroke": BLUE, "stroke_width": 1},
    "hollow": {"fill": GROUND, "stroke": BLUE, "stroke_width": 1},
    "strong": {"fill": PLUM},
}
"""How marks are filled: told apart by how dark they are, and by a border, also without colour."""

# Widths of Arial's letters in thousandths of the size. Fonts that stand in for it may be wider.
_NARROW = dict.fromkeys("ijl’'|", 222) | dict.fromkeys(" .,:;fItr()-/", 333)
_WIDE = dict.fromkeys("mM%", 889) | {"w": 722, "W": 944} | dict.fromkeys("GOQCDHNRUABEKPSVXY&", 740)
_WIDTHS = _NARROW | _WIDE
_USUAL, _STAND_IN, _BOLD = 556, 1.12, 1.08


def width_of(words: str, is_bold: bool = False) -> float:
    """The room that a line of text needs at most, in units of the picture."""
    thousandths = sum(_WIDTHS.get(letter, _USUAL) for letter in words)
    return thousandths / 1000 * SIZE * _STAND_IN * (_BOLD if is_bold else 1)


def lines_of(words: str, room: float) -> list[str]:
    """The words in lines that fit the room; a word that is too long stands alone."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def tag(name: str, *inside: Markup | str, **attributes: Number | str) -> Markup:
    """An element; `stroke_width` is written stroke-width, `class_` is class. Words are escaped."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_plain(value)}"'
        for key, value in attributes.items()
    )
    return Markup(f"<{name}{given}>{''.join(map(escape, inside))}</{name}>")  # nosec B704


def _plain(value: Number | str) -> str:
    return f"{round(value, 2):g}" if isinstance(value, float) else escape(value)


@dataclass(frozen=True)
class Label:
    """A line of text with its baseline at (x, y), which `anchor` says is its start, middle or end."""

    words: str
    x: float
    y: float
    anchor: str = "start"
    is_bold: bool = False

    @property
    def width(self) -> float:
        """The room it needs at most."""
        return width_of(self.words, self.is_bold)

    @property
    def left(self) -> float:
        """Where its room begins."""
        return self.x - {"start": 0, "middle": self.width / 2, "end": self.width}[self.anchor]

    def within(self, first: float, last: float) -> "Label":
        """The same, moved sideways as little as keeps it between two places."""
        moved = min(max(self.left, first), last - self.width) - self.left
        return Label(self.words, self.x + moved, self.y, self.anchor, self.is_bold)

    def meets(self, other: "Label") -> bool:
        """Whether the two would touch."""
        is_beside = self.left + self.width <= other.left or other.left + other.width <= self.left
        return not is_beside and abs(self.y - other.y) < SIZE

    def drawn(self) -> Markup:
        """The text as an element."""
        weight: dict[str, Any] = {"font_weight": "bold"} if self.is_bold else {}
        return tag("text", self.words, x=self.x, y=self.y, text_anchor=self.anchor, **weight)

    def cleared(self) -> Markup:
        """The text on a ground of its own, where lines pass behind it."""
        return box(self.left - 1, self.y - SIZE + 2, self.width + 2, SIZE, "ground") + self.drawn()


def apart(labels: Iterable[Label]) -> list[Label]:
    """The labels that do not meet one before them, which goes first."""
    kept: list[Label] = []
    for label in labels:
        if not any(label.meets(other) for other in kept):
            kept.append(label)
    return kept


def box(x: float, y: float, width: float, height: float, kind: str, told: str = "") -> Markup:
    """A mark, or the ground behind words; what is `told` of a mark shows when it is pointed at."""
    style = STYLES.get(kind, {"fill": GROUND})
    inside = (tag("title", told),) if told else ()
    return tag(
        "rect",
        *inside,
        class_=f"app-chart__{kind}",
        x=x,
        y=y,
        width=width,
        height=height,
        **style,
    )


def line(
    x1: float, y1: float, x2: float, y2: float, kind: str = "rule", dash: str = "", width: int = 1
) -> Markup:
    """A straight line: a `rule` in ink, or a `gap` in the ground's colour through marks."""
    style: dict[str, Number | str] = {"stroke": INK if kind == "rule" else GROUND}
    if dash:
        style["stroke_dasharray"] = dash
    return tag(
        "line",
        class_=f"app-chart__{kind}",
        x1=x1,
        y1=y1,
        x2=x2,
        y2=y2,
        stroke_width=width,
        **style,
    )


def picture(
    name: str, title: str, description: str, height: float, marks: Iterable[Markup]
) -> Markup:
    """The whole `<svg>` element around its marks."""
    return tag(
        "svg",
        tag("title", title, id=f"{name}-title"),
        tag("desc", description, id=f"{name}-desc"),
        *marks,
        xmlns="http://www.w3.org/2000/svg",
        class_="app-chart__picture",
        viewBox=f"0 0 {WIDTH} {_plain(float(height))}",
        width=WIDTH,
        height=height,
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
        font_family="arial, helvetica, sans-serif",
        font_size=SIZE,
        fill=INK,
    )
