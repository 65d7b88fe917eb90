"""A spreadsheet's rows come out as the person who wrote it sees them, or the file is refused."""

import csv
from datetime import date, datetime, time
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from casework.sheets import SheetRefused, read_rows

pytestmark = pytest.mark.one_database

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=6)


def rows(content: bytes) -> list[tuple[int, list[str]]]:
    return list(read_rows(BytesIO(content)))


def refusal(content: bytes) -> SheetRefused:
    with pytest.raises(SheetRefused) as refused:
        rows(content)
    return refused.value


@given(rows=ROWS, mark=st.sampled_from(("", "\ufeff")), end=st.sampled_from(("\r\n", "\n", "\r")))
def test_a_csv_reads_as_it_was_written(rows: list[list[str]], mark: str, end: str) -> None:
    text = StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator=end).writerows(rows)
    expected = [
        (number, cells)
        for number, cells in enumerate(rows, start=1)
        if number == 1 or any(cell.strip() for cell in cells)
    ]
    reading = BytesIO((mark + text.getvalue()).encode())
    assert list(read_rows(reading)) == list(read_rows(reading)) == expected


@given(st.binary(max_size=60))
def test_any_bytes_are_rows_or_refused(content: bytes) -> None:
    try:
        assert all(cells for _, cells in rows(content)[1:])
    except SheetRefused as refused:
        assert refused.row >= 1  # noqa: PT017


class _Endless:
    """A file that begins like this and goes on for ever; what was read of it is counted."""

    def __init__(self, begin: bytes, line: bytes) -> None:
        self.begin, self.line, self.taken = begin, line, 0

    def seek(self, place: int, whence: int = 0) -> int:
        return 0

    def read(self, size: int) -> bytes:
        return self.begin[:size]

    def readline(self, size: int) -> bytes:
        line = self.line[:size] if self.taken else self.begin
        self.taken += len(line)
        return line


@pytest.mark.parametrize("line", [b'","\n', b"," * 5_000_000])
def test_s34_no_row_takes_more_memory_than_a_row_may(line: bytes) -> None:
    endless: Any = _Endless(b'"a,b\n', line)
    with pytest.raises(SheetRefused):
        list(read_rows(endless))
    assert endless.taken < 5_000_000


FAULTS = [
    (b"a,b\n1,2\n\xe9,2\n", 3, "UTF-8"),
    (b'a,b\n"1\n",2\n\0,2\n', 3, "NUL"),
    (b'a,b\n"1,2\n', 2, "quotation"),
    (b"a\n" + b"x" * 140_000, 2, "longer than"),
    (b"a\n" + b"," * 501, 2, "500 columns"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99, 1, "password"),
    (b"x" * 50_000_001, 1, "50 MB"),
]


@pytest.mark.parametrize(("content", "row", "said"), FAULTS, ids=[fault[2] for fault in FAULTS])
def test_where_a_file_cannot_be_read_on_is_said(content: bytes, row: int, said: str) -> None:
    refused = refusal(content)
    assert refused.row == row
    assert said in str(refused)


def workbook(*table: list[Any], hidden: bool = True) -> bytes:
    """A workbook whose first sheet is hidden, and whose second holds this table."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"default_date_format": "d mmm yyyy"}) as book:
        if hidden:
            first = book.add_worksheet("Codes")
            first.write(0, 0, "not this")
            first.hide()
        sheet = book.add_worksheet("Register")
        sheet.activate()
        for row, cells in enumerate(table):
            for column, cell in enumerate(cells):
                if cell is not None:
                    sheet.write(row, column, cell)
        book.add_worksheet("Notes").write(0, 0, "nor this")
    return file.getvalue()


def altered(content: bytes, part: str, change: Any) -> bytes:
    """The workbook with one part's text changed, or a part more."""
    file = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(file, "w", ZIP_DEFLATED) as new:
        for name in dict.fromkeys([*old.namelist(), part]):
            text = old.read(name).decode() if name in old.namelist() else ""
            new.writestr(name, change(text) if name == part else text)
    return file.getvalue()


def test_a_workbook_reads_as_it_is_seen() -> None:
    moment = datetime(2026, 4, 3, 10, 30)
    content = workbook(
        ["reference", "day", "n", "words", None],
        ["CR/1", date(2026, 4, 3), 12.0, " two\nlines ’ “ "],
        [None, " "],
        ["0012", moment, 1.5, True, None],
        [7],
        [None, time(9, 5), -3, "=1+1"],
    )
    assert rows(content) == [
        (1, ["reference", "day", "n", "words"]),
        (2, ["CR/1", "2026-04-03", "12", " two\nlines ’ “ "]),
        (4, ["0012", "2026-04-03T10:30:00", "1.5", "TRUE"]),
        (5, ["7", "", "", ""]),
        (6, ["", "09:05:00", "-3", "0"]),
    ]


SHEET, STRINGS = "xl/worksheets/sheet2.xml", "xl/sharedStrings.xml"
ENTITY = '<!DOCTYPE a [<!ENTITY b "c">]>'


def hide(xml: str) -> str:
    return xml.replace(' state="hidden"', "").replace("sheetId=", 'state="hidden" sheetId=')


CELLS_OF_ONE_ROW = '<row r="2">' + '<c r="A2"/>' * 3_000_000 + "</row></sheetData>"
HOSTILE: list[tuple[str, str, Any, int | None, str]] = [
    ("no result", SHEET, lambda xml: xml.replace("<v>0</v>", ""), 1, "B1"),
    ("hidden", "xl/workbook.xml", hide, 1, "hidden"),
    ("entity", STRINGS, lambda xml: ENTITY + xml[55:], 1, "unpacks"),
    ("a far column", SHEET, lambda xml: xml.replace("A2", "ZZZ2"), 2, "columns"),
    ("many cells", SHEET, lambda xml: xml.replace("</sheetData>", CELLS_OF_ONE_ROW), None, ""),
]


@pytest.mark.parametrize(
    ("part", "change", "row", "said"), [h[1:] for h in HOSTILE], ids=[h[0] for h in HOSTILE]
)
def test_s33_a_workbook_that_is_none_or_means_harm_is_refused(
    part: str, change: Any, row: int | None, said: str
) -> None:
    refused = refusal(altered(workbook(["a", "=1+1"], ["b"]), part, change))
    assert row is None or refused.row == row
    assert said in str(refused)
    assert "CSV UTF-8" in str(refused) or "Split" in str(refused) or "again" in str(refused)


def test_another_archive_or_half_a_workbook_is_none() -> None:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "a")
    assert "not an Excel workbook" in str(refusal(file.getvalue()))
    assert "cannot be read" in str(refusal(workbook(["a"])[:-900]))
