"""The only place that writes a table of a Word file.

Written as a whole: made cell by cell, the tables of one report took a second and more.
"""

from collections.abc import Sequence
from html import escape

from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.table import Table

from casework.letters.rendering.body import printable

_TWIPS = 567
"""In a centimetre."""
_RIGHT = '<w:jc w:val="right"/>'
_INDENT = f'<w:ind w:left="{_TWIPS // 2}"/>'


def add_table(
    word: WordDocument,
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    style: str,
    *,
    caption: str = "",
    numeric: frozenset[int] = frozenset(),
    parts: frozenset[int] = frozenset(),
) -> Table:
    """Add a table at the end, with a border; no row is parted between pages.

    `widths` are the columns', in centimetres, `style` the paragraphs'. With a caption, which tells
    what the table is, its first row and column are headings, and the row stands on each page.
    `numeric` are the places of the columns whose cells stand at the right, `parts` those of rows
    whose first cell is indented.
    """
    twips = [round(width * _TWIPS) for width in widths]
    written = "".join(
        _row(row, twips, style, numeric, place == 0 and bool(caption), place in parts)
        for place, row in enumerate(rows)
    )
    headings = ' w:firstRow="1" w:firstColumn="1"' if caption else ""
    told = f"<w:tblCaption w:val={_quoted(caption)}/>" if caption else ""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in twips)
    table = parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="TableGrid"/>'
        f'<w:tblW w:w="{sum(twips)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f'<w:tblLook{headings} w:noVBand="1"/>{told}</w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{written}</w:tbl>"
    )
    word.element.body.sectPr.addprevious(table)
    return Table(table, word)


def _row(
    cells: Sequence[str],
    twips: Sequence[int],
    style: str,
    numeric: frozenset[int],
    is_heading: bool,
    is_part: bool,
) -> str:
    repeated = "<w:tblHeader/>" if is_heading else ""
    bold = "<w:rPr><w:b/></w:rPr>" if is_heading else ""
    padded = [*cells, *[""] * (len(twips) - len(cells))]
    written = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p><w:pPr>'
        f'<w:pStyle w:val="{style}"/>{_INDENT if is_part and place == 0 else ""}'
        f"{_RIGHT if place in numeric else ''}</w:pPr><w:r>{bold}"
        f'<w:t xml:space="preserve">{escape(printable(text))}</w:t></w:r></w:p></w:tc>'
        for place, (text, width) in enumerate(zip(padded, twips, strict=True))
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{written}</w:tr>"


def _quoted(text: str) -> str:
    return f'"{escape(printable(text))}"'
