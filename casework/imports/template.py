"""The only place that writes the empty register that offices fill in, by the importer's columns."""

import csv
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter

from casework.imports.columns import COLUMNS, GROUPS, Column

NAME = "register-template"
ROWS = 5_000
"""Rows for which a workbook offers the codes and keeps what is typed as it is typed."""
_TEXT = "@"
_LONGEST_LIST = 250


def csv_template() -> bytes:
    """The header alone: UTF-8 with a byte order mark, as Excel needs."""
    text = StringIO(newline="")
    csv.writer(text).writerow(COLUMNS)
    return text.getvalue().encode("utf-8-sig")


def xlsx_template() -> bytes:
    """A workbook: the empty register first, then what each column holds, and the codes."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "num_format": _TEXT})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        _register(book, bold)
        _columns(book, bold, wrapped)
        _codes(book, bold, wrapped)
    return file.getvalue()


def _register(book: Any, bold: Any) -> None:
    sheet, plain = book.add_worksheet("Register"), book.add_format({"num_format": _TEXT})
    for place, column in enumerate(COLUMNS.values()):
        # As text: a spreadsheet would make other days and numbers of what is typed.
        sheet.set_column(place, place, max(12, len(column.name) + 2), plain)
        sheet.write_string(0, place, column.name, bold)
        codes = list(column.codes)
        if column.kind == "code" and len(",".join(codes)) < _LONGEST_LIST:
            sheet.data_validation(1, place, ROWS, place, {"validate": "list", "source": codes})
    sheet.freeze_panes(1, 1)


def _columns(book: Any, bold: Any, wrapped: Any) -> None:
    sheet = book.add_worksheet("What each column holds")
    _table(
        sheet,
        (("Column", 24), ("What it is", 60), ("Needed", 24), ("Accepted", 44), ("Example", 26)),
        [
            (column.name, column.about, column.is_needed, column.accepted, column.example)
            for column in COLUMNS.values()
        ],
        bold,
        wrapped,
    )


def _codes(book: Any, bold: Any, wrapped: Any) -> None:
    sheet = book.add_worksheet("Codes")
    listed: list[Column] = [column for group in GROUPS for column in group.columns]
    rows = [
        (column.name, choice.code, choice.label)
        for column in listed
        for choice in column.choices
        if choice.label
    ]
    _table(sheet, (("Column", 24), ("Code", 28), ("Meaning", 70)), rows, bold, wrapped)


def _table(sheet: Any, heads: Any, rows: Any, bold: Any, wrapped: Any) -> None:
    for place, (head, width) in enumerate(heads):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, head, bold)
    for number, cells in enumerate(rows, start=1):
        for place, cell in enumerate(cells):
            sheet.write_string(number, place, cell, wrapped)
    sheet.freeze_panes(1, 1)
