"""Every form of one report says the same numbers, and the same report is the same bytes."""

import csv
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from io import StringIO
from typing import Any

from hypothesis import given, settings

from casework.counts.block import Block
from casework.counts.lives import Life
from casework.counts.report import Report
from casework.documents import annual
from casework.documents.cells import said
from casework.documents.docx import as_docx
from casework.documents.flat import as_csv
from casework.documents.formats import as_json
from casework.documents.html import as_html
from casework.documents.model import Document
from casework.documents.ods import as_ods
from casework.documents.parts import all_tables
from casework.documents.tables import Table
from casework.documents.text import as_text
from tests.casework.documents import made_up, reading_back
from tests.casework.documents.reading_back import Read

SIGNS = {"[z]": "not applicable", "[c]": "withheld"}


def expected(report: Report) -> list[Read]:
    """The tables of a report as people read them."""
    return [
        Read(
            f"Table {number}: {table.title}",
            [[table.first, *table.columns], *printed(table)],
        )
        for number, table in enumerate(all_tables(report), start=1)
    ]


def printed(table: Table) -> list[list[str]]:
    return [[row.label, *(cell.text for cell in row.cells)] for row in table.rows]


def numbered(tables: list[Read]) -> list[Read]:
    """Without the numbers that charts were drawn from."""
    return [table for table in tables if table.caption.startswith("Table ")]


@settings(max_examples=8)
@given(made_up.lives(), made_up.BASES)
def test_every_format_says_the_same_numbers(lives: list[Life], small_base: int) -> None:
    report = made_up.report(lives, replace(made_up.OFFICE, small_base=small_base))
    tables = expected(report)
    assert numbered(reading_back.in_html(as_html(annual.unpublished(report)))) == tables
    sheets = reading_back.in_ods(as_ods(report))
    for number, (table, read) in enumerate(zip(all_tables(report), tables, strict=True), start=1):
        assert numbers_on(sheets[f"Table_{number}"], table) == [row[1:] for row in read.rows[1:]]
    text = as_text(report)
    for table in all_tables(report):
        assert_in_text(text, table)
    assert_csv_is_json(report)


def numbers_on(sheet: reading_back.Cells, table: Table) -> list[list[str]]:
    """The numbers of a sheet as people read them elsewhere."""
    start = next(place for place, row in enumerate(sheet) if row[0] == table.first) + 1
    width = len(table.columns) + 1
    return [
        [as_read(cell, text) for cell, text in zip(row[1:width], shown[1:], strict=True)]
        for row, shown in zip(sheet[start:], printed(table), strict=bool(table.rows))
    ]


def as_read(cell: Any, text: str) -> str:
    if isinstance(cell, str):
        return SIGNS.get(cell, cell)
    return f"{said(float(cell))}{'%' if text.endswith('%') else ''}"


def assert_in_text(text: str, table: Table) -> None:
    """Its rows stand below its title, in order; a long label goes on below."""
    below = text.partition(f"{table.title.upper()}\n")[2]
    for row in table.rows:
        shown = r"\s+".join(re.escape(cell.text) for cell in row.cells)
        label = re.escape(row.label.split()[0])
        found = re.search(rf"^ +{label}.*?\s+{shown}$", below, re.MULTILINE)
        assert found, (table.title, row.label)
        below = below[found.end() :]


def assert_csv_is_json(report: Report) -> None:
    rows = csv.DictReader(StringIO(as_csv(report)))
    year = f"{made_up.YEAR.first_on} to {made_up.YEAR.last_on}"
    in_csv = {
        (row["section"], row["figure"]): row["value"] for row in rows if row["period"] == year
    }
    published = json.loads(as_json(report))
    for block in report.blocks:
        told = {path: in_csv.pop((block.name, path), None) for path in figures_of(block, published)}
        for path, value in figures_of(block, published).items():
            assert told[path] == value or (told[path] is None and value == "0"), (block.name, path)
        assert any(told.values()) or block.name in block.labels, block.name
    left = {(section, figure) for section, figure in in_csv if section != "report"}
    assert left == {("open_cases", "oldest")}  # of which the JSON tells the day


def test_in_csv_what_is_withheld_is_told_from_what_does_not_apply() -> None:
    report = made_up.report(made_up.some(12))
    assert_csv_is_json(report)
    assert as_csv(report).count(",[c],") == 9


def figures_of(block: Block, published: dict[str, Any]) -> dict[str, str]:
    """A block's figures of the JSON by the names and in the text of the CSV."""
    plain, withheld = published[block.name], "[c]" if block.name == "characteristics" else ""
    if isinstance(plain, list):  # its codes in their order; what they are from and to stands there
        codes = zip(block.labels[block.name], plain, strict=True)
        found = {
            f"{code}.{path.replace('.', '_').removesuffix('_cases')}": value
            for code, each in codes
            for path, value in leaves(each)
            if path not in ("from", "to")
        }
    else:
        found = {path.removeprefix("rows."): value for path, value in leaves(plain)}
    return {path: withheld if value is None else str(value) for path, value in found.items()}


def leaves(plain: dict[str, Any], start: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in plain.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{start}{name}.")
        else:
            yield f"{start}{name}", value


@settings(max_examples=2)
@given(made_up.lives())
def test_a_word_file_says_the_same_numbers(lives: list[Life]) -> None:
    document = annual.unpublished(report := made_up.report(lives))
    read = reading_back.in_docx(as_docx(document))
    assert numbered(read) == expected(report)
    assert read == reading_back.in_html(as_html(document))  # those of the charts too


def hashes(document: Document, report: Report) -> str:
    files = (as_docx(document), as_ods(report), as_html(document).encode())
    return " ".join(sha256(file).hexdigest() for file in files)


OTHERWISE = """
import sys
sys.path.insert(0, ".")
from tests.casework.documents import made_up, test_renderings
from casework.documents import annual
report = made_up.report(made_up.some(6))
print(test_renderings.hashes(annual.unpublished(report), report))
"""


def test_the_same_report_is_the_same_bytes_in_another_process_too() -> None:
    report = made_up.report(made_up.some(6))
    made = hashes(annual.unpublished(report), report)
    done = subprocess.run(
        [sys.executable, "-c", OTHERWISE],
        capture_output=True,
        check=True,
        text=True,
        env={"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"},
    )
    assert done.stdout.split() == made.split()
