"""The only place that reads a force's list: its header, what its columns mean, its rows.

Read row by row and never held whole. Of a row only the reference, days and codes are taken; who
complained is not looked at.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from itertools import chain, islice
from itertools import count as numbers
from typing import BinaryIO

from casework.keys import reference_key
from casework.reconciliation.columns import BY_CODE, COLUMNS, REFERENCE, Order, order_of
from casework.sheets import Numbered, SheetRefused, read_rows

MOST_ROWS = 20_000
MOST_BYTES = 5_000_000
LONGEST_REFERENCE = 60
EXAMPLES = 3
_LONGEST_TITLE = 80
_LONGEST_EXAMPLE = 40
_ROWS_ABOVE = 10
"""The header is looked for in the first so many rows: lists begin with a title or a date."""
NO_REFERENCE, NOT_A_REFERENCE, NOT_A_DAY, UNKNOWN_WORDS = (
    "no_reference",
    "not_a_reference",
    "not_a_day",
    "unknown_words",
)


class ListRefused(Exception):
    """The list cannot be read; the message are sentences: why, and what to do."""


@dataclass(frozen=True)
class Listed:
    """A row of the list: its number, the reference as written, days (2026-04-03) and codes."""

    row: int
    reference: str
    told: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def key(self) -> str:
        """What its reference is compared by."""
        return reference_key(self.reference) or ""


@dataclass(frozen=True)
class Unread:
    """What could not be read: the row, the code of the column, and why. Never the words."""

    row: int
    column: str
    why: str


@dataclass(frozen=True)
class Reading:
    """How a force's list is read: the title of each column it tells something in, by our code."""

    columns: Mapping[str, str]
    order: Order


@dataclass(frozen=True)
class Seen:
    """A column of a list as first seen: its title, first values, and a cell for each order of days.

    `days` tells of cells written in three numbers: one that is a day in either order, one that is
    a day in one order only.
    """

    title: str
    examples: tuple[str, ...]
    days: Mapping[frozenset[Order], str]


@dataclass(frozen=True)
class Look:
    """A list as first seen: its columns, the row of its header, how many rows are under it."""

    columns: tuple[Seen, ...]
    header_row: int
    rows: int
    sha256: str

    @property
    def header(self) -> str:
        """What is the same of two lists with the same titles in whatever order: a hash, as a list
        without a header has people in its first row.
        """
        titles = sorted(column.title.casefold() for column in self.columns)
        return sha256("\n".join(titles).encode()).hexdigest()

    def days_in(self, titles: Collection[str]) -> dict[frozenset[Order], str]:
        """A cell for each order of days, of those found in these columns."""
        columns = (column for column in self.columns if column.title in titles)
        return {orders: cell for column in columns for orders, cell in column.days.items()}

    def is_readable_in(self, order: Order, titles: Collection[str]) -> bool:
        """Whether nothing in these columns says that the days are written in the other order."""
        days = self.days_in(titles)
        others = [orders for orders in days if len(orders) == 1 and order not in orders]
        return not others or frozenset({order}) in days


def look(file: BinaryIO) -> Look:
    """See what columns a list has. Raises ListRefused when it is no table of rows."""
    digest = sha256(_from_start(file).read()).hexdigest()
    header_row, titles, rows = _table(file)
    examples: list[list[str]] = [[] for _ in titles]
    days: list[dict[frozenset[Order], str]] = [{} for _ in titles]
    count = 0
    for _, cells in rows:
        count += 1
        for place, cell in enumerate(map(_tidy, cells[: len(titles)])):
            if cell and len(examples[place]) < EXAMPLES and cell not in examples[place]:
                examples[place].append(cell[:_LONGEST_EXAMPLE])
            if orders := order_of(cell):
                days[place].setdefault(orders, cell)
    columns = (
        Seen(title, tuple(shown), found)
        for title, shown, found in zip(titles, examples, days, strict=True)
        if title
    )
    return Look(tuple(columns), header_row, count, digest)


def read(file: BinaryIO, reading: Reading) -> tuple[list[Listed], list[Unread]]:
    """The rows of a list whose titles the reading names, and what of it could not be read."""
    _, titles, rows = _table(file)
    places = {code: titles.index(title) for code, title in reading.columns.items()}
    listed, unread = list[Listed](), list[Unread]()
    for number, cells in rows:
        told = {
            code: _tidy(cells[place]) if place < len(cells) else ""
            for code, place in places.items()
        }
        reference = told.pop(REFERENCE)
        if not _is_reference(reference):
            unread.append(Unread(number, REFERENCE, NOT_A_REFERENCE if reference else NO_REFERENCE))
            continue
        found, faults = _values(number, told, reading.order)
        listed.append(Listed(number, reference, found))
        unread += faults
    return listed, unread


def guessed(titles: Iterable[str]) -> dict[str, str]:
    """Which titles are likely to be which of our columns, by the words in them; each once."""
    left = {title: f" {title.casefold()} " for title in titles}
    found: dict[str, str] = {}
    for column in COLUMNS:
        likely = (
            title for words in column.headings for title, folded in left.items() if words in folded
        )
        title = next(likely, None)
        if title is not None:
            found[column.code] = title
            del left[title]
    return found


def _values(row: int, told: Mapping[str, str], order: Order) -> tuple[dict[str, str], list[Unread]]:
    values, faults = dict[str, str](), list[Unread]()
    for code, text in told.items():
        column = BY_CODE[code]
        try:
            value = column.read(text, order) if text else None
        except ValueError:
            faults.append(Unread(row, code, NOT_A_DAY if column.is_day else UNKNOWN_WORDS))
            continue
        if value is not None:
            values[code] = value
    return values, faults


def _table(file: BinaryIO) -> tuple[int, list[str], Iterator[Numbered]]:
    """The row of the header, its titles, each its own, and the rows under it."""
    rows = _filled_rows(file)
    above = list(islice(rows, _ROWS_ABOVE))
    if not above:
        raise ListRefused("The list is empty. Choose the file with the header and the rows.")
    wide = (
        place for place, (_, cells) in enumerate(above) if len(list(filter(str.strip, cells))) > 1
    )
    place = next(wide, 0)
    number, cells = above[place]
    return number, _titles(cells), chain(above[place + 1 :], rows)


def _filled_rows(file: BinaryIO) -> Iterator[Numbered]:
    rows = read_rows(_from_start(file))
    try:
        for count, (number, cells) in enumerate(rows):
            if count > MOST_ROWS + _ROWS_ABOVE:
                raise ListRefused(
                    f"The list has more than {MOST_ROWS:,} rows. Split it, and check one part for "
                    "each period."
                )
            if any(map(str.strip, cells)):
                yield number, cells
    except SheetRefused as refused:
        raise ListRefused(f"Row {refused.row}: {refused}") from None


def _is_reference(text: str) -> bool:
    """Whether it can be one: names and remarks that stand in its column must not be taken for it."""
    return len(text) <= LONGEST_REFERENCE and text.isprintable() and bool(reference_key(text))


def _titles(cells: Iterable[str]) -> list[str]:
    """A title for each cell, different from those before it; "" where there is none."""
    taken, found = set[str](), list[str]()
    for title in (_tidy(cell)[:_LONGEST_TITLE] for cell in cells):
        numbered = (f"{title} ({number})" for number in numbers(2))
        own = next(each for each in chain([title], numbered) if not title or each not in taken)
        found.append(own)
        taken.add(own)
    return found


def _tidy(cell: str) -> str:
    return " ".join(cell.split())


def _from_start(file: BinaryIO) -> BinaryIO:
    file.seek(0)
    return file
