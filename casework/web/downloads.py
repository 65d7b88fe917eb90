"""The only place that writes tables to take away, in which no spreadsheet finds sums to do.

A cell that begins as a formula would is harmless. In ODS and XLSX it is typed as text. CSV has
no types, so such a cell is written with an apostrophe before it, and `csv_value` takes exactly
that apostrophe off again: what was written comes back unchanged.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date
from html import escape
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter
from flask import Response
from odfdo import Document

Cell = str | int | date | None
CSV = "text/csv; charset=utf-8"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_767
"""What Excel can hold in a cell; longer words are cut in XLSX alone."""
_CONTENT = "content.xml"
_BODY = b"<office:spreadsheet/>"

# What Excel, LibreOffice or Sheets may take for the beginning of a formula; the wide signs
# are read like the narrow ones in some places.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_QUOTED_FORMULA = re.compile(r"''*[=+\-@\t\r\n＝＋－＠]")
# What XML 1.0 cannot hold, as the pages themselves could not show it either.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENDS = str.maketrans({"\r": "&#13;", "\n": "&#10;", "\t": "&#9;"})
_SPACING = re.compile("\t|\r\n|\r|\n|  +|^ | $")


def csv_text(value: str) -> str:
    """A value as a CSV cell that no spreadsheet runs."""
    return f"'{value}" if _FORMULA.match(value) else value


def csv_value(text: str) -> str:
    """The value that `csv_text` wrote."""
    return text[1:] if _QUOTED_FORMULA.match(text) else text


def csv_file(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as CSV: UTF-8 with a byte order mark, as Excel needs; days as 2026-04-03."""
    written = StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow([csv_text(title) for title in header])
    for row in rows:
        writer.writerow([_in_csv(cell) for cell in row])
    return written.getvalue().encode("utf-8-sig")


def _in_csv(cell: Cell) -> str | int:
    if cell is None:
        return ""
    if isinstance(cell, int):
        return cell
    return cell.isoformat() if isinstance(cell, date) else csv_text(cell)


def ods_file(title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as an OpenDocument spreadsheet of one sheet, every cell with its type.

    odfdo gives the document and packs it; its cells, made one by one, took minutes for ten
    thousand rows, so the rows are written here.
    """
    written = "".join(_in_ods(row) for row in (header, *rows))
    table = f"<table:table table:name={_quoted(title)}>{written}</table:table>"
    document: Any = Document("spreadsheet")
    document.body.clear()
    empty = document.get_part(_CONTENT).serialize()
    document.container.set_part(_CONTENT, empty.replace(_BODY, _filled(table)))
    file = BytesIO()
    document.container.save(file)
    return file.getvalue()


def _filled(table: str) -> bytes:
    return f"<office:spreadsheet>{table}</office:spreadsheet>".encode()


def _in_ods(row: Sequence[Cell]) -> str:
    return f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>"


def _ods_cell(cell: Cell) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, int):
        typed = f'office:value-type="float" office:value="{cell}"'
    elif isinstance(cell, date):
        typed = f'office:value-type="date" office:date-value="{cell.isoformat()}"'
    else:
        cell = _NOT_XML.sub("\ufffd", cell)
        typed = f'office:value-type="string" office:string-value={_quoted(cell)}'
    return f"<table:table-cell {typed}><text:p>{_paragraph(str(cell))}</text:p></table:table-cell>"


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


def xlsx_file(title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as an Excel workbook of one sheet, its heading and first column kept in sight."""
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "d mmm yyyy"})
    sheet = book.add_worksheet(title)
    for place, name in enumerate(header):
        sheet.write_string(0, place, name, bold)
    last = 0
    for last, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(last, place, _NOT_XML.sub("\ufffd", cell)[:LONGEST_CELL])
            elif isinstance(cell, date):
                sheet.write_datetime(last, place, cell, day)
            elif cell is not None:
                sheet.write_number(last, place, cell)
    sheet.autofilter(0, 0, last, len(header) - 1)
    sheet.freeze_panes(1, 1)
    sheet.autofit(max_width=300)
    book.close()
    return file.getvalue()


def attachment(content: bytes, media_type: str, name: str) -> Response:
    """An answer that is saved under a name of ours, never shown as a page."""
    response = Response(content, content_type=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
