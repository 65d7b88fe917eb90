"""The only place that writes tables to take away, in which no spreadsheet finds sums to do.

A cell that begins as a formula would is harmless. In XLSX, as in the spreadsheets of `ods`, it is
typed as text. CSV has no types, so such a cell is written with an apostrophe before it, and
`csv_value` takes exactly that apostrophe off again: what was written comes back unchanged.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO, StringIO

import xlsxwriter
from flask import Response

Cell = str | int | float | date | None
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_767
"""What Excel can hold in a cell; longer words are cut in XLSX alone."""

# What Excel, LibreOffice or Sheets may take for the beginning of a formula; the wide signs
# are read like the narrow ones in some places.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_QUOTED_FORMULA = re.compile(r"''*[=+\-@\t\r\n＝＋－＠]")
# What XML 1.0 cannot hold, as the pages themselves could not show it either.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


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


def _in_csv(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, int | float):
        return cell
    return cell.isoformat() if isinstance(cell, date) else csv_text(cell)


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
                sheet.write_string(last, place, NOT_XML.sub("\ufffd", cell)[:LONGEST_CELL])
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
