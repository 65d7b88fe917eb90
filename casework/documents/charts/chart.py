"""The only place for what a chart is: a picture, and the numbers it was drawn from."""

from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

Number = int | float


class Row(NamedTuple):
    """A row of a chart's table: what the numbers are of, and one number for each column."""

    label: str
    numbers: tuple[Number, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """The numbers as people read them."""
        return tuple(shown(number) for number in self.numbers)


@dataclass(frozen=True)
class Numbers:
    """The table of a chart: `first` stands above the labels, `columns` above the numbers."""

    first: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Chart:
    """A picture with its name, what it shows in sentences, and its numbers.

    `name` is unique on a page and begins the picture's ids. `svg` is a whole `<svg>` element that
    needs no style sheet; its own title and description are `title` and `description`, which it
    does not draw. Wherever the picture is shown its table follows.
    """

    name: str
    title: str
    description: str
    svg: Markup
    table: Numbers


def shown(number: Number) -> str:
    """A number as charts and their tables write it: "1,204", "29.5", and "30" for 30.0."""
    return f"{int(number) if number == int(number) else number:,}"


def counted(number: Number, one: str, many: str = "") -> str:
    """A number with its noun: "1 case", "1,204 cases"."""
    return f"{shown(number)} {one if number == 1 else many or f'{one}s'}"
