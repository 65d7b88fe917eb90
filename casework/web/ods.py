"""The only place that writes OpenDocument spreadsheets: sheets of typed cells, in English.

Every sheet is laid out as people with screen readers need it: words above a table and none below
or beside it, one row of headings, nothing merged, hidden or frozen, and the table marked as one.
odfdo gives the document; its cells, made one by one, took minutes for ten thousand rows, so the
sheets are written here.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from io import BytesIO
from typing import Any

from odfdo import Document

from casework.web.downloads import NOT_XML, Cell
from casework.web.packing import repacked

MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_MADE_AT = datetime(2020, 2, 1)  # noqa: DTZ001  # a day for all: OpenDocument's has no zone
_WIDTH = 4.0
_BODY = b"<office:spreadsheet/>"
_STYLES = re.compile(
    rb"<office:automatic-styles ?/>|<office:automatic-styles>.*</office:automatic-styles>"
)
_VIEWS = re.compile(rb"<office:settings>.*</office:settings>", re.DOTALL)
_ENDS = str.maketrans({"\r": "&#13;", "\n": "&#10;", "\t": "&#9;"})
_SPACING = re.compile("\t|\r\n|\r|\n|  +|^ | $")
_NO_NAME = re.compile(r"\W")
_CELL_STYLES = {
    "title": (
        "Heading",
        "",
        "no-wrap",
        'fo:font-size="16pt" fo:font-weight="bold" fo:font-style="normal"',
    ),
    "line": ("Default", "", "no-wrap", 'fo:font-size="12pt"'),
    "words": ("Default", "", "wrap", 'fo:font-size="12pt"'),
    "heading": ("Default", "", "wrap", 'fo:font-size="12pt" fo:font-weight="bold"'),
    "above_numbers": ("Default", "", "wrap", 'fo:font-size="12pt" fo:font-weight="bold"'),
    "whole": ("Default", "grouped", "wrap", 'fo:font-size="12pt"'),
    "tenths": ("Default", "one_place", "wrap", 'fo:font-size="12pt"'),
    "day": ("Default", "day", "wrap", 'fo:font-size="12pt"'),
}
"""A style by its name: its parent, how a number is written, whether words wrap, how they look."""
_AT_THE_RIGHT = {"above_numbers", "whole", "tenths"}
_PAPER = {
    "fo:page-width": "29.7cm",
    "fo:page-height": "21cm",
    "style:print-orientation": "landscape",
    "style:scale-to-X": "1",
    "style:scale-to-Y": "0",
}
"""Printed, a sheet is as wide as the paper and as long as it needs."""
_NUMBER_STYLES = (
    '<number:number-style style:name="grouped"><number:number number:decimal-places="0" '
    'number:min-integer-digits="1" number:grouping="true"/></number:number-style>'
    '<number:number-style style:name="one_place"><number:number number:decimal-places="1" '
    'number:min-decimal-places="1" number:min-integer-digits="1" number:grouping="true"/>'
    '</number:number-style><number:date-style style:name="day"><number:day/><number:text> '
    '</number:text><number:month number:textual="true"/><number:text> </number:text>'
    '<number:year number:style="long"/></number:date-style>'
)


@dataclass(frozen=True)
class Link:
    """A cell that leads to a sheet of the same file."""

    text: str
    sheet: str


@dataclass(frozen=True)
class Sheet:
    """A sheet: its title and lines of words in its first column, then its table, if it has one.

    `widths` are those of its columns in centimetres. The lines of a sheet without a table wrap in
    its first column; above a table they run on over its columns.
    """

    name: str
    lines: tuple[str, ...] = ()
    header: Sequence[str] = ()
    rows: Iterable[Sequence[Cell | Link]] = ()
    widths: tuple[float, ...] = ()


def ods_file(title: str, sheets: Sequence[Sheet], author: str = "") -> bytes:
    """A spreadsheet of these sheets, whose names differ; the same ones give the same bytes.

    What XML cannot hold is shown as unreadable.
    """
    document: Any = Document("spreadsheet")
    document.body.clear()
    document.language = "en-GB"
    document.meta.title, document.meta.creator = _held(title), _held(author)
    document.meta.generator, document.meta.creation_date = "Casework", _MADE_AT
    paper = document.styles.get_element("//style:page-layout/style:page-layout-properties")
    for name, value in _PAPER.items():
        paper.set_attribute(name, value)
    parts = document.container
    parts.set_part("meta.xml", document.meta.serialize())
    parts.set_part("styles.xml", document.styles.serialize())
    parts.set_part("settings.xml", _VIEWS.sub(b"", document.settings.serialize()))
    tables, ranges, widths = _written(sheets)
    content = document.get_part("content.xml").serialize()
    content = _STYLES.sub(lambda _: _styles(widths).encode(), content, count=1)
    body = f"<office:spreadsheet>{tables}{ranges}</office:spreadsheet>"
    parts.set_part("content.xml", content.replace(_BODY, body.encode()))
    file = BytesIO()
    parts.save(file)
    return repacked(file.getvalue())


def _written(sheets: Sequence[Sheet]) -> tuple[str, str, list[float]]:
    """The sheets, the marks of their tables, and the widths that columns have."""
    widths = sorted({width for sheet in sheets for width in (_WIDTH, *sheet.widths)})
    tables, ranges = [], []
    for sheet in sheets:
        rows = list(sheet.rows)
        tables.append(_sheet(sheet, rows, widths))
        if sheet.header:
            ranges.append(_range(sheet, len(rows)))
    marked = f"<table:database-ranges>{''.join(ranges)}</table:database-ranges>" if ranges else ""
    return "".join(tables), marked, widths


def _sheet(sheet: Sheet, rows: Sequence[Sequence[Cell | Link]], widths: Sequence[float]) -> str:
    columns = "".join(
        f'<table:table-column table:style-name="w{widths.index(width)}" '
        'table:default-cell-style-name="words"/>'
        for width in _widths(sheet)
    )
    style = "line" if sheet.header else "words"
    lines = "".join(
        _styled([(line, "title" if place == 0 else style)])
        for place, line in enumerate(sheet.lines)
    )
    headings = _styled(_headings(sheet.header, rows)) if sheet.header else ""
    return (
        f'<table:table table:name={_quoted(sheet.name)} table:style-name="sheet">{columns}'
        f"{lines}{headings}{''.join(map(_row, rows))}</table:table>"
    )


def _headings(
    header: Sequence[str], rows: Sequence[Sequence[Cell | Link]]
) -> Iterator[tuple[str, str]]:
    """The headings with their styles: those of numbers stand where the numbers do."""
    first = rows[0] if rows else ()
    for place, title in enumerate(header):
        is_number = place < len(first) and isinstance(first[place], int | float)
        yield title, "above_numbers" if is_number else "heading"


def _widths(sheet: Sheet) -> Iterator[float]:
    yield from sheet.widths
    for _ in range(max(1, len(sheet.header)) - len(sheet.widths)):
        yield _WIDTH


def _range(sheet: Sheet, rows: int) -> str:
    """The mark that says: this is a table, and its first row are its headings."""
    name = sheet.name.replace("'", "''")
    first, last = len(sheet.lines) + 1, len(sheet.lines) + 1 + rows
    cells = f"'{name}'.A{first}:'{name}'.{_column(len(sheet.header))}{last}"
    return (
        f"<table:database-range table:name={_quoted(_NO_NAME.sub('_', sheet.name))} "
        f'table:target-range-address={_quoted(cells)} table:contains-header="true" '
        'table:display-filter-buttons="false"/>'
    )


def _column(number: int) -> str:
    """The letters of a column by its number from 1."""
    before, rest = divmod(number - 1, 26)
    return (_column(before) if before else "") + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rest]


def _styles(widths: Sequence[float]) -> str:
    columns = "".join(
        f'<style:style style:name="w{place}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width}cm"/></style:style>'
        for place, width in enumerate(widths)
    )
    cells = "".join(
        f'<style:style style:name="{name}" style:family="table-cell" '
        f'style:parent-style-name="{parent}"'
        f"{f' style:data-style-name={_quoted(number)}' if number else ''}>"
        f'<style:table-cell-properties fo:wrap-option="{wrap}" style:vertical-align="top" fo:padding="0.08cm"/>'
        f'<style:paragraph-properties fo:text-align="{"end" if name in _AT_THE_RIGHT else "start"}"/>'
        f'<style:text-properties style:font-name="Arial" fo:color="#000000" {look}/></style:style>'
        for name, (parent, number, wrap, look) in _CELL_STYLES.items()
    )
    rows = (
        '<style:style style:name="row" style:family="table-row"><style:table-row-properties '
        'style:use-optimal-row-height="true"/></style:style>'
        '<style:style style:name="sheet" style:family="table" style:master-page-name="Default">'
        '<style:table-properties table:display="true" style:writing-mode="lr-tb"/></style:style>'
    )
    return (
        f"<office:automatic-styles>{_NUMBER_STYLES}{columns}{rows}{cells}</office:automatic-styles>"
    )


def _styled(cells: Iterable[tuple[str, str]]) -> str:
    """A row of words, each with its style."""
    typed = "".join(
        f'<table:table-cell table:style-name="{style}" {_text(words)}' for words, style in cells
    )
    return f'<table:table-row table:style-name="row">{typed}</table:table-row>'


def _row(row: Sequence[Cell | Link]) -> str:
    return f'<table:table-row table:style-name="row">{"".join(map(_cell, row))}</table:table-row>'


def _cell(cell: Cell | Link) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, str):
        return f"<table:table-cell {_text(cell)}"
    if isinstance(cell, Link):
        return f"<table:table-cell {_text(cell.text, cell.sheet)}"
    if isinstance(cell, date):
        day = cell.isoformat()
        typed = f'table:style-name="day" office:value-type="date" office:date-value="{day}"'
    else:
        style = "whole" if isinstance(cell, int) else "tenths"
        typed = f'table:style-name="{style}" office:value-type="float" office:value="{cell}"'
    return f"<table:table-cell {typed}><text:p>{cell}</text:p></table:table-cell>"


def _text(words: str, sheet: str = "") -> str:
    """The rest of a cell that holds words, typed as words whatever they look like."""
    words = _held(words)
    shown = _paragraph(words)
    if sheet:
        there = _quoted(f"#'{sheet}'.A1")
        shown = f'<text:a xlink:href={there} xlink:type="simple">{shown}</text:a>'
    typed = f'office:value-type="string" office:string-value={_quoted(words)}'
    return f"{typed}><text:p>{shown}</text:p></table:table-cell>"


def _held(words: str) -> str:
    return NOT_XML.sub("\ufffd", words)


def _quoted(text: str) -> str:
    """Words as an XML attribute, in which only escaped line ends and tabs survive."""
    return f'"{escape(text).translate(_ENDS)}"'


def _paragraph(text: str) -> str:
    """Words of a cell, with spacing that OpenDocument would otherwise fold away."""
    parts = []
    place = 0
    for found in _SPACING.finditer(text):
        parts += [escape(text[place : found.start()]), _spacing(found[0])]
        place = found.end()
    return "".join([*parts, escape(text[place:])])


def _spacing(run: str) -> str:
    if run == "\t":
        return "<text:tab/>"
    if run.isspace() and run.strip(" ") == "":
        return f'<text:s text:c="{len(run)}"/>'
    return "<text:line-break/>"
