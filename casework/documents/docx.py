"""The only place that makes Word files of documents: real headings, tables whose headings repeat.

Numbers of sections and paragraphs, and letters of lists, are text: whoever edits the file or reads
it in another program sees the same numbers.
"""

from io import BytesIO
from typing import Any

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph

from casework.documents.charts.chart import Chart
from casework.documents.model import (
    Document,
    Grid,
    Heading,
    Items,
    Labelled,
    LaidOut,
    Line,
    PanelHeader,
    Terms,
    in_numbers,
    letter,
)
from casework.documents.picture import painted
from casework.documents.word_table import add_table
from casework.letters.rendering.body import printable
from casework.letters.rendering.paper import MARGIN_CM, Style, blank, number_pages
from casework.letters.rendering.paper import MEDIA_TYPE as MEDIA_TYPE
from casework.web.packing import repacked

_WIDTH_CM = 21 - 2 * MARGIN_CM
_PICTURE_CM = 11.0
_NUMERIC_CM, _NARROWEST_CM = 3.0, 3.5
_NUMBERED, _LETTERED, _LEADING, _CELL, _TERM = "Numbered", "Lettered", "Leading", "Cell", "Term"
_STYLES = (
    Style("Normal", 11, 0, 8),
    Style("Heading 1", 18, 10, 10, is_bold=True, keeps_next=True),
    Style("Heading 2", 14, 18, 6, is_bold=True, keeps_next=True),
    Style("Heading 3", 12, 12, 4, is_bold=True, keeps_next=True),
    Style("List Bullet", 11, 0, 4),
    Style("Caption", 11, 12, 4, is_bold=True, keeps_next=True),
    Style(_NUMBERED, 11, 0, 8),
    Style(_LETTERED, 11, 0, 6),
    Style(_LEADING, 11, 0, 6, is_bold=True),
    Style(_CELL, 9.5, 2, 2),
    Style(_TERM, 10, 0, 4, keeps_together=True),
    Style("Header", 9, 0, 0, is_bold=True),
    Style("Footer", 8, 0, 0),
)
_HANGING_CM = {_NUMBERED: (1.2, 1.2), _LETTERED: (2.2, 1.0)}
"""How far paragraphs with a number or a letter begin from the margin, and the label before that."""


def as_docx(document: Document) -> bytes:
    """The document as a Word file that people may go on editing; the same one, the same bytes."""
    word = blank(printable(document.title), _STYLES, kept=("Table Grid",))
    for name, (left, hanging) in _HANGING_CM.items():
        shape: Any = word.styles[name]
        shape.paragraph_format.left_indent = Cm(left)
        shape.paragraph_format.first_line_indent = Cm(-hanging)
    number_pages(word, printable(document.foot))
    if document.mark:
        head = word.sections[0].header.paragraphs[0]
        head.text, head.alignment = document.mark, WD_ALIGN_PARAGRAPH.CENTER
    if document.header:
        _add_header(word, document.header)
    else:
        _say(word, document.office)
    _say(word, document.title, "Heading 1", is_capital=document.header is not None)
    for part in document.laid_out:
        _add_section(word, part)
    written = BytesIO()
    word.save(written)
    return repacked(written.getvalue())


def _say(
    place: WordDocument | _Cell, text: str, style: str = "Normal", *, is_capital: bool = False
) -> WordParagraph:
    """A paragraph of its own, of what a page can hold of the text."""
    paragraph = place.add_paragraph(style=style)
    paragraph.add_run(printable(text)).font.all_caps = is_capital or None
    return paragraph


def _add_header(word: WordDocument, header: PanelHeader) -> None:
    item = f"Agenda Item No. {header.agenda_item}"
    widths = (0.65 * _WIDTH_CM, 0.35 * _WIDTH_CM)
    table = add_table(word, ((header.panel, item),), widths, _LEADING, numeric=frozenset({1}))
    table.rows[0].cells[0].paragraphs[0].runs[0].font.all_caps = True
    _say(word, header.meeting_on, _LEADING, is_capital=True).paragraph_format.space_before = Cm(0.4)
    _say(word, header.access, _LEADING)
    for label, said in (
        ("Report of: ", header.report_of),
        ("Contact Officer(s) – ", header.contact_officer),
        ("Contact Details – ", header.contact_details),
    ):
        _say_label(word, label, said)


def _say_label(word: WordDocument, label: str, text: str, style: str = "Normal") -> None:
    """A paragraph that begins with what it is about."""
    paragraph = word.add_paragraph(style=style)
    paragraph.add_run(printable(label)).bold = True
    paragraph.add_run(printable(text))


def _add_section(word: WordDocument, part: LaidOut) -> None:
    number = f"{part.label}. " if part.label else ""
    title = _say(word, f"{number}{part.section.title}", "Heading 2", is_capital=bool(number))
    title.paragraph_format.page_break_before = part.section.begins_page or None
    for each in part.blocks:
        _add(word, each, is_lettered=bool(part.label))


def _add(word: WordDocument, each: Labelled, *, is_lettered: bool) -> None:
    block = each.block
    if isinstance(block, Heading):
        _say(word, block.text, "Heading 3")
    elif isinstance(block, Items):
        for place, line in enumerate(block.lines):
            said = f"{letter(place)}\t{line}" if is_lettered else line
            _say(word, said, _LETTERED if is_lettered else "List Bullet")
    elif isinstance(block, Terms):
        _say(word, block.title, "Heading 3")
        for term, meaning in block.meanings:
            _say_label(word, f"{term}: ", meaning, _TERM)
    elif isinstance(block, Grid):
        _add_grid(word, f"{each.label}: {block.title}", block)
    elif isinstance(block, Chart):
        _add_chart(word, each.label, block)
    else:
        text = "\n".join(block.lines)
        _say(word, f"{each.label}\t{text}", _NUMBERED) if each.label else _say(word, text)


def _add_chart(word: WordDocument, label: str, chart: Chart) -> None:
    _say(word, f"{label}: {chart.title}", "Caption")
    word.add_picture(BytesIO(painted(chart)), width=Cm(_PICTURE_CM))
    about = word.paragraphs[-1]._p.find(f".//{qn('wp:docPr')}")  # noqa: SLF001
    about.set("title", chart.title)
    about.set("descr", f"{chart.title}. {chart.description}")
    numbers = in_numbers(label, chart.table)
    _add_grid(word, numbers.title, numbers, _PICTURE_CM)


def _add_grid(word: WordDocument, caption: str, grid: Grid, width: float = _WIDTH_CM) -> None:
    _say(word, caption, "Caption")
    titles = tuple(column.title for column in grid.columns)
    lines = grid.lines or (Line(("None",)),)
    add_table(
        word,
        (titles, *(line.cells for line in lines)),
        _widths(grid, width),
        _CELL,
        caption=caption,
        numeric=frozenset(at for at, column in enumerate(grid.columns) if column.is_numeric),
        parts=frozenset(at for at, line in enumerate(lines, start=1) if line.is_part),
    )
    _say(word, grid.note, _CELL)


def _widths(grid: Grid, width: float) -> tuple[float, ...]:
    """In centimetres: as much as numbers need; of what is left, labels have half a share of words."""
    numbers = sum(column.is_numeric for column in grid.columns)
    texts = len(grid.columns) - numbers
    numeric = min(_NUMERIC_CM, (width - texts * _NARROWEST_CM) / max(1, numbers))
    share = (width - numbers * numeric) / (2 * texts - 1)
    others = (numeric if column.is_numeric else 2 * share for column in grid.columns[1:])
    return (share, *others)
