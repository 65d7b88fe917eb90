"""A report’s spreadsheet is laid out as “Releasing statistics in spreadsheets” asks for."""

import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from odfdo import Document
from openpyxl import load_workbook

from casework.counts.report import Report
from casework.documents.annual import unpublished
from casework.documents.docx import as_docx
from casework.documents.ods import as_ods
from casework.documents.parts import all_tables
from tests.casework.documents import made_up, reading_back
from tests.casework.documents.made_up import OFFICE

FIRST = ("Cover", "Contents", "Notes", "Definitions")
RANGE = re.compile(r"'(?P<sheet>[^']+)'\.A(?P<first>\d+):'[^']+'\.(?P<column>[A-Z]+)(?P<last>\d+)")


@pytest.fixture(scope="module")
def report() -> Report:
    return made_up.report(made_up.some(24))


@pytest.fixture(scope="module")
def file(report: Report) -> bytes:
    return as_ods(report)


@pytest.fixture(scope="module")
def sheets(file: bytes) -> dict[str, reading_back.Cells]:
    return reading_back.in_ods(file)


@pytest.fixture(scope="module")
def ranges(file: bytes) -> dict[str, tuple[int, int, int]]:
    """Of each table that is marked as one: its first and last row, and how many columns it has."""
    found = {}
    content = reading_back.part(file, "content.xml")
    for mark in re.findall(r"<table:database-range [^>]*/>", content):
        assert 'table:contains-header="true"' in mark
        place = RANGE.search(mark.replace("&apos;", "'").replace("&#x27;", "'"))
        assert place is not None, mark
        columns = ord(place["column"]) - ord("A") + 1
        found[place["sheet"]] = (int(place["first"]), int(place["last"]), columns)
    return found


def test_it_has_a_cover_contents_notes_and_one_table_on_a_sheet(
    report: Report, sheets: dict[str, reading_back.Cells]
) -> None:
    tables = all_tables(report)
    assert list(sheets) == [*FIRST, *(f"Table_{number}" for number in range(1, len(tables) + 1))]
    links = [row[0] for row in sheets["Contents"][3:]]
    assert links == [name for name in sheets if name not in ("Cover", "Contents")]
    for rows in sheets.values():
        assert isinstance(rows[0][0], str)
        assert rows[0][0]
    cover = " ".join(str(row[0]) for row in sheets["Cover"])
    for told in (OFFICE.office_name, "Not published", "[z] means", "[c] means", report.log_root):
        assert told in cover


def test_every_table_is_marked_whole_and_nothing_is_blank_merged_or_beside_it(
    file: bytes,
    sheets: dict[str, reading_back.Cells],
    ranges: dict[str, tuple[int, int, int]],
) -> None:
    assert set(ranges) == set(sheets) - {"Cover"}
    for name, (first, last, columns) in ranges.items():
        above, table = sheets[name][: first - 1], sheets[name][first - 1 :]
        assert all(len(row) == 1 and row[0] for row in above)
        assert len(table) == last - first + 1
        assert all(len(row) == columns for row in table)
        assert not [cell for row in table for cell in row if cell in (None, "")]
        assert len(set(table[0])) == columns
        labels = [tuple(row[:2]) if name == "Definitions" else row[0] for row in table]
        assert len(set(labels)) == len(labels)
    content = reading_back.part(file, "content.xml")
    for sign in ("spanned", "covered", "repeated", "table:formula", 'display="false"', "collapse"):
        assert f"table:{sign}" not in content.replace('table:display-filter-buttons="false"', "")


def test_numbers_are_numbers_and_signs_and_notes_are_explained(
    sheets: dict[str, reading_back.Cells], ranges: dict[str, tuple[int, int, int]]
) -> None:
    notes = {f"[{row[0].lower()}]" for row in sheets["Notes"][3:]}
    seen: set[str] = set()
    for name, (first, _, _) in ranges.items():
        rows = sheets[name]
        used = set(re.findall(r"\[note \d+\]", rows[0][0]))
        assert used <= notes
        seen |= used
        cells = [cell for row in rows[first:] for cell in row[1:] if name.startswith("Table")]
        signs = {cell for cell in cells if isinstance(cell, str) and cell.startswith("[")}
        assert signs <= {"[z]", "[c]"}
        said = " ".join(str(row[0]) for row in rows[: first - 1])
        assert all(f"{sign} means " in said for sign in signs)
        assert not [cell for cell in cells if isinstance(cell, str) and cell.isdigit()]
    assert seen == notes


def test_it_says_what_it_is_in_english(file: bytes) -> None:
    document = Document(BytesIO(file))
    assert document.meta.title == "Complaint reviews 2022-23"
    assert document.meta.creator == OFFICE.office_name
    assert (document.meta.language, document.get_language()) == ("en-GB", "en-GB")
    assert document.meta.generator == "Casework"


def test_libreoffice_reads_the_same_numbers_in_both(
    report: Report, file: bytes, sheets: dict[str, reading_back.Cells], tmp_path: Path
) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip(
            "no LibreOffice here (Debian: apt-get install libreoffice-calc libreoffice-writer)"
        )
    (tmp_path / "report.ods").write_bytes(file)
    (tmp_path / "report.docx").write_bytes(as_docx(unpublished(report)))
    own = f"-env:UserInstallation=file://{tmp_path}/profile"
    for form, name in (("xlsx", "report.ods"), ("txt:Text", "report.docx")):
        subprocess.run(
            [
                office,
                own,
                "--headless",
                "--convert-to",
                form,
                "--outdir",
                tmp_path,
                tmp_path / name,
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
    book = load_workbook(tmp_path / "report.xlsx")
    for name, rows in sheets.items():
        read: list[list[Any]] = [list(row) for row in book[name].iter_rows(values_only=True)]
        assert [[cell for cell in row if cell is not None] for row in read] == rows
    words = " ".join((tmp_path / "report.txt").read_text("utf-8-sig").split())
    for table in all_tables(report):
        for row in table.rows:
            assert f"{row.label} {' '.join(cell.text for cell in row.cells)}" in words
