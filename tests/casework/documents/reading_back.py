"""The only place that reads documents again: the tables that a page, a Word file and an ODS file have."""

from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import docx
import lxml.html  # type: ignore[import-untyped]
from docx.oxml.ns import qn
from odfdo import Document

Cells = list[list[Any]]


@dataclass(frozen=True)
class Read:
    """A table as it was found: its caption, and its rows with the headings first."""

    caption: str
    rows: Cells

    @classmethod
    def of(cls, caption: str, rows: Cells) -> "Read":
        """Without the row that says that there is none."""
        return cls(caption, [row for row in rows if row[0] != "None"])


def in_html(page: str) -> list[Read]:
    """The tables of a page."""
    return [
        Read.of(
            " ".join(table.find("caption").text_content().split()),
            [[cell.text_content() for cell in row] for row in table.iter("tr")],
        )
        for table in lxml.html.fromstring(page).iter("table")
    ]


def in_docx(file: bytes) -> list[Read]:
    """The tables of a Word file that have a caption."""
    found = []
    for table in docx.Document(BytesIO(file)).tables:
        caption = table._tbl.tblPr.find(qn("w:tblCaption"))
        if caption is not None:
            rows = [[cell.text for cell in row.cells] for row in table.rows]
            found.append(Read.of(caption.get(qn("w:val")), rows))
    return found


def in_ods(file: bytes) -> dict[str, Cells]:
    """The sheets of a spreadsheet by name, as far as they have cells."""
    return {
        str(table.name): [[_plain(cell.value) for cell in row.cells] for row in table.rows]
        for table in Document(BytesIO(file)).body.tables
    }


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def words_of_docx(file: bytes) -> list[tuple[str, str]]:
    """The paragraphs of a Word file outside its tables: style and words."""
    read = docx.Document(BytesIO(file))
    return [(each.style.name if each.style else "", each.text) for each in read.paragraphs]


def part(file: bytes, name: str) -> str:
    """The source of a part of an office document."""
    with ZipFile(BytesIO(file)) as package:
        return package.read(name).decode()
