"""The only place for what a document is made of, whatever it is printed as.

    body   = words("Typed in the plain text of letters.")    # what people edited
    paper  = Document(title, office, (Section("Key issues", (*body, table), is_numbered=True),))
    for section in paper.laid_out: ...                       # what every renderer goes through

Renderers number nothing and decide nothing: `laid_out` gives each block with its label, so that
"4.2", "Table 3" and "Chart 1" are the same on paper, in Word and on the page.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count

from casework.documents.charts.chart import Chart, Numbers, shown
from casework.documents.tables import Table
from casework.letters.rendering.body import Heading as Heading
from casework.letters.rendering.body import Items as Items
from casework.letters.rendering.body import Paragraph as Paragraph
from casework.letters.rendering.body import parse


@dataclass(frozen=True)
class Column:
    """The heading of a column; numbers stand on its right."""

    title: str
    is_numeric: bool = False


@dataclass(frozen=True)
class Line:
    """A row as it is printed: a text for each column, the first of which is the row's heading.

    `is_part` says that it breaks down a row above.
    """

    cells: tuple[str, ...]
    is_part: bool = False


@dataclass(frozen=True)
class Grid:
    """A table as it is printed, with a note below it. Without rows it says "None"."""

    title: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    note: str = ""


@dataclass(frozen=True)
class Terms:
    """Figures or words with what they mean, under a heading of their own."""

    title: str
    meanings: tuple[tuple[str, str], ...]


Block = Heading | Paragraph | Items | Terms | Grid | Chart
"""What a section is made of. Under a chart stands what `in_numbers` makes of it."""


@dataclass(frozen=True)
class Section:
    """A part under a title. Of a numbered one the paragraphs are numbered and its lists lettered."""

    title: str
    blocks: tuple[Block, ...]
    is_numbered: bool = False
    begins_page: bool = False


@dataclass(frozen=True)
class PanelHeader:
    """What stands above a report to the Police and Crime Panel, as people typed it."""

    panel: str
    agenda_item: str
    meeting_on: str
    report_of: str
    contact_officer: str
    contact_details: str
    access: str = "Public Report"


@dataclass(frozen=True)
class Document:
    """A whole document. `foot` stands on every page, `mark` on every page of a draft.

    `made_on` is the day that its file bears, and no clock is asked, so that the same document has
    the same bytes.
    """

    title: str
    office: str
    sections: tuple[Section, ...]
    foot: str = ""
    header: PanelHeader | None = None
    mark: str = ""
    made_on: date | None = None

    @property
    def laid_out(self) -> tuple["LaidOut", ...]:
        """The sections in order, everything with its label."""
        return tuple(_laid_out(self.sections))


@dataclass(frozen=True)
class Labelled:
    """A block and what stands before it: "4.2", "Table 3", "Chart 1", or nothing."""

    label: str
    block: Block


@dataclass(frozen=True)
class LaidOut:
    """A section with its number, if it has one."""

    label: str
    section: Section
    blocks: tuple[Labelled, ...]


def words(text: str) -> tuple[Block, ...]:
    """Blocks of what people typed, in the plain text of letters; any text is some."""
    return parse(text).blocks


def grid(table: Table) -> Grid:
    """A table of figures as it is printed; what they count stands among the definitions."""
    columns = (Column(table.first), *(Column(title, True) for title in table.columns))
    lines = (
        Line((row.label, *(cell.text for cell in row.cells)), row.is_part) for row in table.rows
    )
    return Grid(table.title, columns, tuple(lines), table.note)


def in_numbers(label: str, numbers: Numbers) -> Grid:
    """The numbers that a chart was drawn from, under the chart's label."""
    columns = (Column(numbers.first), *(Column(title, True) for title in numbers.columns))
    lines = tuple(Line((row.label, *map(shown, row.numbers))) for row in numbers.rows)
    return Grid(f"{label} in numbers", columns, lines)


def letter(place: int) -> str:
    """The letter of an item by its place from 0: (a) to (z), then (aa)."""
    rounds, rest = divmod(place, 26)
    return f"({'abcdefghijklmnopqrstuvwxyz'[rest] * (rounds + 1)})"


def _laid_out(sections: tuple[Section, ...]) -> Iterator[LaidOut]:
    numbers, counted = count(1), Counter[str]()
    for section in sections:
        number = str(next(numbers)) if section.is_numbered else ""
        blocks = (Labelled(_label(block, number, counted), block) for block in section.blocks)
        yield LaidOut(number, section, tuple(blocks))


def _label(block: Block, number: str, counted: Counter[str]) -> str:
    """The next label of the block's kind; `counted` has how many of each there were."""
    if isinstance(block, Grid | Chart):
        kind = "Table " if isinstance(block, Grid) else "Chart "
    elif isinstance(block, Paragraph) and number:
        kind = f"{number}."
    else:
        return ""
    counted[kind] += 1
    return f"{kind}{counted[kind]}"
