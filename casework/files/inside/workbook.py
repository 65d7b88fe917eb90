"""The only place that opens an Excel workbook, in a process that may die of it.

Writes the rows of the first sheet that is not hidden, a line of JSON for each: its number and its
cells as text. Rows that are wholly blank are left out, save the first. The last line is `true`;
where it is missing, the process came to its bounds. A workbook that is not taken is
`{"row": 1, "refused": "..."}`. `casework.sheets` is who asks.
"""

import json
import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from string import ascii_uppercase
from typing import Any, BinaryIO
from zipfile import ZipFile

from openpyxl import load_workbook

from casework.files.inside.bounds import LONGEST_CELL, MOST_COLUMNS, bound_memory, bound_work
from casework.files.inside.packages import check_xml, opened, read_part
from casework.files.inside.refusal import DAMAGED, Refused

MEMORY = 500_000_000
SECONDS = 60
MOST_ROWS = 1_048_576
_INSTEAD = "Save the sheet on its own, as a new .xlsx or as “CSV UTF-8”, and choose that."
_WORKBOOK = "xl/workbook.xml"


class _RefusedAt(Exception):
    """The workbook is not taken for what is in this row."""

    def __init__(self, row: int, sentences: str) -> None:
        super().__init__(sentences)
        self.row = row


def main(file: BinaryIO) -> None:
    """Write the rows of the workbook on standard input, or why it is not taken."""
    bound_memory(MEMORY + os.fstat(file.fileno()).st_size)
    bound_work(SECONDS)
    warnings.simplefilter("ignore")  # of what openpyxl leaves out, no cell is
    try:
        for number, cells in _checked_rows(file):
            _say([number, cells])
    except _RefusedAt as refused:
        _say({"row": refused.row, "refused": str(refused)})
    except Refused as refused:
        _say({"row": 1, "refused": f"{refused.why} {_INSTEAD}"})
    except Exception:  # noqa: BLE001  # whatever openpyxl stumbles over, the file is at fault
        _say({"row": 1, "refused": f"{DAMAGED.why} {_INSTEAD}"})
    else:
        _say(True)


def _say(line: Any) -> None:
    sys.stdout.write(json.dumps(line) + "\n")


def _checked_rows(file: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    archive = opened(file)
    if _WORKBOOK not in archive.namelist():
        raise Refused("It is not an Excel workbook (.xlsx).")
    check_xml(archive)
    book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    sheet = next((each for each in book.worksheets if each.sheet_state == "visible"), None)
    if sheet is None:
        raise Refused("It has no sheet, or all of them are hidden.")
    _check_formulas(archive, sheet._worksheet_path)  # noqa: SLF001  # it says which part it read
    sheet.reset_dimensions()  # what programs write there is often wrong
    width = 0
    for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number > MOST_ROWS:
            raise _RefusedAt(number, f"The sheet has more than {MOST_ROWS:,} rows. Split it.")
        cells = _cells(number, values)
        if number == 1:
            width = len(cells)
        if cells or number == 1:
            yield number, cells + [""] * (width - len(cells))


def _cells(number: int, values: Sequence[Any]) -> list[str]:
    """A row as text, without what is blank at its end."""
    cells = [_text(value) for value in values]
    while cells and not cells[-1].strip():
        cells.pop()
    if len(cells) > MOST_COLUMNS:
        raise _RefusedAt(number, f"The row has more than {MOST_COLUMNS} columns. {_INSTEAD}")
    if any(len(cell) > LONGEST_CELL for cell in cells):
        raise _RefusedAt(number, f"A cell is longer than {LONGEST_CELL:,} characters. Shorten it.")
    return cells


def _text(value: Any) -> str:
    """A cell as text: days and times as ISO 8601, a whole number without “.0”, blank for none."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("_x000D_", "")  # how Excel writes a carriage return
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return (value.date() if value.time() == time.min else value).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, int | float | timedelta) else ""


def _check_formulas(archive: ZipFile, part: str) -> None:
    """A formula reads as what it last came to; refused where a program kept only the formula."""
    place, held = "", set[str]()

    def begin(name: str, given: dict[str, str]) -> None:
        nonlocal place
        local = name.rpartition(" ")[2]
        if local == "c":
            place = given.get("r", "")
            held.clear()
        elif local in ("f", "v"):
            held.add(local)

    def end(name: str) -> None:
        if name.endswith(" c") and held == {"f"}:
            raise _RefusedAt(
                int(place.lstrip(ascii_uppercase) or 1),
                f"In cell {place} is a formula, and the file does not hold what it comes to. Open "
                "it in Excel or LibreOffice, save it there, and choose it again.",
            )

    read_part(archive, part, begin, end)


if __name__ == "__main__":
    main(sys.stdin.buffer)
