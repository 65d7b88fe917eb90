"""What is taken away is inert in a spreadsheet, and comes back unchanged when it is read."""

import csv
from datetime import date
from io import BytesIO, StringIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from odfdo import Document
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from casework.web.downloads import Cell, csv_file, csv_text, csv_value, xlsx_file
from casework.web.ods import Link, Sheet, ods_file

DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")
TYPED = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
ATTACKS = [f"{sign}{rest}" for sign in DANGEROUS for rest in ("1+1", "cmd|' /C calc'!A0", "")]


def read_csv(file: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(file.decode("utf-8-sig"), newline="")))


def read_ods(file: bytes) -> list[list[object]]:
    table = Document(BytesIO(file)).body.get_table(0)
    assert table is not None
    return [[cell.value for cell in row.cells] for row in table.rows]


@given(st.lists(TYPED, min_size=1, max_size=4), st.sampled_from(DANGEROUS))
@example(["'=1", "''+1", "'", "'plain"], "=")
def test_s27_csv_is_inert_and_reads_back_unchanged(texts: list[str], sign: str) -> None:
    written = [*texts, *(sign + text for text in texts), *(f"'{sign}{text}" for text in texts)]
    (read,) = read_csv(csv_file(["a"], [written]))[1:]
    assert not [cell for cell in read if cell.startswith(DANGEROUS)]
    assert [csv_value(cell) for cell in read] == written


@given(TYPED)
def test_the_apostrophe_is_put_on_only_where_it_is_needed(text: str) -> None:
    if not text.lstrip("'").startswith(DANGEROUS):
        assert csv_text(text) == text
    assert csv_value(csv_text(text)) == text


@pytest.mark.parametrize("attack", ATTACKS)
def test_s27_ods_holds_text_as_text(attack: str) -> None:
    rows: list[list[Cell | Link]] = [[attack, f" a  {attack}\t"], [Link(attack, "Cases"), "b"]]
    file = ods_file(attack, [Sheet("Cases", (attack,), [attack, "b"], rows)], attack)
    assert read_ods(file) == [[attack], [attack, "b"], rows[0], [attack, "b"]]
    table = Document(BytesIO(file)).body.get_table(0)
    assert table is not None
    assert "table:formula" not in table.serialize()
    assert {cell.type for row in table.rows for cell in row.cells} == {"string"}


def test_s27_xlsx_holds_text_as_text() -> None:
    texts = [*ATTACKS, "https://x.example", "mailto:a@b.example", "{=1}", "0123", "_x000D_", " a "]
    file = xlsx_file("Cases", ["=1+1"], [[text] for text in texts])
    heading, *cells = [row[0] for row in load_workbook(BytesIO(file)).active.rows]
    assert (heading.value, heading.data_type) == ("=1+1", "s")
    assert [
        cell.value if cell.value == text else unescape(cell.value)
        for cell, text in zip(cells, texts, strict=True)
    ] == texts
    assert {(cell.data_type, cell.hyperlink) for cell in cells} == {("s", None)}


def test_days_numbers_and_nothing_keep_their_kind() -> None:
    row: list[Cell] = [date(2026, 4, 3), 12, None, "<&>\"'"]
    assert read_ods(ods_file("T", [Sheet("T", header=["d", "n", "x", "t"], rows=[row])]))[1] == row
    book = load_workbook(BytesIO(xlsx_file("T", ["d", "n", "x", "t"], [row])))
    day, *others = next(book.active.iter_rows(min_row=2, values_only=True))
    assert [day.date(), *others] == row
    assert read_csv(csv_file(["d", "n", "x", "t"], [row]))[1] == ["2026-04-03", "12", "", "<&>\"'"]


def test_what_xml_cannot_hold_is_shown_as_unreadable_not_refused() -> None:
    assert read_ods(ods_file("T", [Sheet("T", header=["t"], rows=[["a\x01b\ufffe"]])]))[1] == [
        "a\ufffdb\ufffd"
    ]
