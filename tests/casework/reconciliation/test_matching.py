"""A list and the cases compared: every row and every case of the period in one part, and which."""

from __future__ import annotations

import io
import random
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.keys import reference_key
from casework.reconciliation.columns import COMPARED, REFERENCE, Order
from casework.reconciliation.matching import (
    CLOSE,
    DIFFERING,
    MISSING_HERE,
    MISSING_THERE,
    UNEVEN,
    Comparison,
    Known,
    Ours,
    compare,
)
from casework.reconciliation.reading import Listed, Reading, read
from tests.list_factory import NAME, TITLES, csv_list

MATCHED = "matched"
DAYS = [date(2026, 3, 4), date(2026, 3, 14), date(2026, 12, 5)]
CODES = {
    "review_body": [("lpb", "OPCC"), ("iopc", "the IOPC")],
    "route": [("otherwise", "OTBI"), ("investigation", "Investigated")],
    "outcome": [("upheld", "Upheld"), ("not_upheld", "NOT UPHELD")],
}


def written(number: int, year: int, style: int) -> str:
    """A reference as different people write it."""
    return (f"CO/{number:05}/{year}", f"co {number}-{year}", f"CO{number} / {year}")[style]


references = st.builds(written, st.integers(1, 25), st.sampled_from([26, 2026]), st.integers(0, 2))


@st.composite
def told(draw: st.DrawFn) -> dict[str, str]:
    """What a row or a case tells: of each column a value or nothing."""
    values: dict[str, str] = {}
    for column in COMPARED:
        choices = [day.isoformat() for day in DAYS] if column.is_day else []
        choices += [code for code, _ in CODES.get(column.code, [])]
        if value := draw(st.sampled_from(["", *choices])):
            values[column.code] = value
    return values


lists = st.lists(st.tuples(references, told()), max_size=8).map(
    lambda rows: [Listed(number, *row) for number, row in enumerate(rows, start=2)]
)
offices = st.lists(
    st.tuples(st.one_of(st.none(), references), told(), st.booleans(), st.booleans()), max_size=8
).map(lambda cases: [Ours(f"c_{number}", *case) for number, case in enumerate(cases)])


def distance(one: str, other: str) -> int:
    """The slips between two words, by the table that every textbook has."""
    table = {(i, j): i + j for i in range(len(one) + 1) for j in range(len(other) + 1)}
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            ways = [table[i - 1, j] + 1, table[i, j - 1] + 1]
            ways.append(table[i - 1, j - 1] + (one[i - 1] != other[j - 1]))
            if i > 1 and j > 1 and one[i - 2 : i] == other[j - 2 : j][::-1]:
                ways.append(table[i - 2, j - 2] + 1)
            table[i, j] = min(ways)
    return table[len(one), len(other)]


def is_slip(row: Listed, case: Ours) -> bool:
    one, other = row.key, case.key
    years = {one.replace("2026", "26"), other.replace("2026", "26")}
    return len(one) >= 5 and one != other and (distance(one, other) <= 1 or len(years) == 1)


def plainly(rows: Sequence[Listed], cases: Sequence[Ours]) -> dict[object, str]:
    """Where each row (by number) and each case (by token) belongs, asked one by one."""
    parts: dict[object, str] = {}
    listed = {row.key for row in rows}
    alone = [case for case in cases if case.key not in listed]
    for row in rows:
        alike = [each for each in rows if each.key == row.key]
        here = [case for case in cases if case.key == row.key]
        near = [case for case in alone if case.is_around and is_slip(row, case)]
        near = near if len(near) <= 3 else []
        if not here:
            part = CLOSE if near else MISSING_HERE
        elif len(alike) != len(here):
            part = UNEVEN
        else:
            part = DIFFERING if differ(alike, here) else MATCHED
        parts[row.row] = part
        parts |= {case.token: part for case in here or near}
    for case in alone:
        if case.is_of_period:
            parts.setdefault(case.token, MISSING_THERE)
    return parts


def differ(rows: Sequence[Listed], cases: Sequence[Ours]) -> bool:
    for column in COMPARED:
        left = [case.told.get(column.code) for case in cases]
        for row in rows:
            value = row.told.get(column.code)
            if value is not None and value not in left:
                return True
            if value is not None:
                left.remove(value)
    return False


def parts_of(found: Comparison, rows: Sequence[Listed], cases: Sequence[Ours]) -> dict[object, str]:
    """Where each row and each case is; whatever stands twice fails."""
    places: list[tuple[object, str]] = [
        (row.row, each.kind) for each in found.findings for row in each.listed
    ]
    close = {(case, CLOSE) for each in found.findings if each.kind == CLOSE for case in each.cases}
    places += close
    places += [
        (case, each.kind) for each in found.findings if each.kind != CLOSE for case in each.cases
    ]
    assert max(Counter(name for name, _ in places).values(), default=1) == 1
    parts: dict[object, str] = dict(places)
    in_order = {row.key for row in rows if row.row not in parts}
    parts |= {row.row: MATCHED for row in rows if row.row not in parts}
    return parts | {case.token: MATCHED for case in cases if case.key in in_order}


@given(lists, offices, st.randoms(use_true_random=False))
def test_every_row_and_every_case_of_the_period_is_where_a_plain_search_puts_it(
    rows: list[Listed], cases: list[Ours], mixed: random.Random
) -> None:
    """In whatever order they come."""
    found = compare(rows, cases)
    assert compare(mixed.sample(rows, len(rows)), mixed.sample(cases, len(cases))) == found
    parts = parts_of(found, rows, cases)
    assert parts == plainly(rows, cases)
    assert found.matched == sum(
        part == MATCHED for name, part in parts.items() if name in range(99)
    )
    kinds = (MISSING_HERE, CLOSE, DIFFERING, UNEVEN)
    assert found.listed == found.matched + sum(map(found.rows_in, kinds)) == len(rows)
    respelt = {each.row for each in found.respelt}
    for row in rows:
        same = [case.reference for case in cases if case.key == row.key]
        assert (row.row in respelt) == bool(same and row.reference not in same)


@settings(max_examples=25)
@given(lists, offices)
def test_the_two_sides_change_places(rows: list[Listed], cases: list[Ours]) -> None:
    """What is matched as seen from the list is matched as seen from the office."""
    there = [
        Ours(f"c_{row.row}", row.reference, row.told, is_of_period=True, is_around=True)
        for row in rows
    ]
    here = [
        Listed(number, case.reference, case.told)
        for number, case in enumerate(cases)
        if case.reference
    ]
    one = compare(rows, [case for case in cases if case.reference])
    other = compare(here, there)
    same = {row.key for row in rows} & {row.key for row in here}
    assert len(one.met) == sum(row.key in same for row in here)
    assert len(other.met) == sum(row.key in same for row in rows)
    uneven = [
        {each.subject for each in found.findings if each.kind == UNEVEN} for found in (one, other)
    ]
    assert uneven[0] == uneven[1]


STYLES = ("%d/%m/%Y", "%Y-%m-%d", "%d.%m.%y", "%d %B %Y", "%a %d-%b-%y", "%d/%m/%Y 09:30")


@settings(max_examples=30)
@given(st.data(), lists)
def test_however_a_list_is_written_its_rows_are_read_alike(
    data: st.DataObject, rows: list[Listed]
) -> None:
    """The order of columns, the style of days, a title above the header, names beside it."""
    order: Order = data.draw(st.sampled_from(["day", "month"]))
    columns = data.draw(st.permutations([*TITLES, NAME]))
    styles = data.draw(st.lists(st.sampled_from(STYLES), min_size=len(rows), max_size=len(rows)))
    is_titled = data.draw(st.booleans())
    table = [
        [cell_of(row, code, style, order) for code in columns]
        for row, style in zip(rows, styles, strict=True)
    ]
    content = csv_list(table, [TITLES.get(code, code) for code in columns])
    if is_titled:
        content = b"Reviews in March\n\n" + content
    found, unread = read(io.BytesIO(content), Reading(TITLES, order))
    assert unread == []
    assert [(each.key, dict(each.told)) for each in found] == [
        (each.key, dict(each.told)) for each in rows
    ]
    assert [each.row for each in found] == [each.row + 2 * is_titled for each in rows]


def cell_of(row: Listed, code: str, style: str, order: Order) -> str:
    if code == REFERENCE:
        return row.reference
    value = row.told.get(code, "")
    if not value or code == NAME:
        return f" {value} "
    if code in CODES:
        return dict(CODES[code])[value]
    written_in = (
        style if order == "day" else style.replace("%d/%m", "%m/%d").replace("%d.%m", "%m.%d")
    )
    return date.fromisoformat(value).strftime(written_in)


def test_a_workbook_is_read_as_its_csv_is() -> None:
    days = [date(2026, 3, 1) + timedelta(days=number) for number in range(40)]
    rows: list[tuple[object, ...]] = [
        (f"CO/{number}/26", "Jo Wren", day, "OTBI") for number, day in enumerate(days)
    ]
    titles = ["Ref", "Complainant", "Letter", "Handled"]
    book_of = io.BytesIO()
    with xlsxwriter.Workbook(book_of, {"in_memory": True}) as book:
        sheet, format_ = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
        for place, cells in enumerate([titles, *rows]):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write_datetime(place, column, cell, format_)
                else:
                    sheet.write(place, column, cell)
        sheet.write_formula(
            len(rows) + 1, 0, '=HYPERLINK("https://example.org", "CO/99/26")', value="CO/99/26"
        )
    written_out = [
        [f"{cell:%d/%m/%Y}" if isinstance(cell, date) else str(cell) for cell in row]
        for row in rows
    ]
    plain = csv_list([*written_out, ["CO/99/26"]], titles)
    reading = Reading({"reference": "Ref", "letter_dated_on": "Letter", "route": "Handled"}, "day")
    assert read(book_of, reading) == read(io.BytesIO(plain), reading)
    assert len(read(book_of, reading)[0]) == 41


def test_two_rows_of_one_reference_are_two_cases_only_where_each_has_its_own() -> None:
    tells = [{"letter_dated_on": day.isoformat()} for day in DAYS[:2]]
    cases = [Ours(f"c_{number}", "CO/1/26", told) for number, told in enumerate(tells)]
    same, twice = (
        [Listed(2, "CO/1/26", tells[0]), Listed(3, "CO/1/26", each)] for each in tells[::-1]
    )
    assert compare(same, cases).matched == 2
    assert [each.kind for each in compare(twice, cases).findings] == [DIFFERING]


def test_what_was_settled_is_known_of_references() -> None:
    case = Ours("c_1", "CO/7159/26", is_of_period=True, is_around=True)
    row = Listed(2, "CO/7195/26")
    key = reference_key(row.reference) or ""
    assert [each.kind for each in compare([row], [case]).findings] == [CLOSE]
    assert compare([row], [case], Known(same={key: "c_1"})).matched == 1
    apart = compare([row], [case], Known(apart={(key, "c_1")}))
    assert [each.kind for each in apart.findings] == [MISSING_HERE, MISSING_THERE]


@pytest.mark.parametrize(
    "close", ["CO/124/26", "CO/12/26", "CO/1223/26", "OC/123/26", "CO/123/2026"]
)
def test_one_slip_is_close_and_two_are_not(close: str) -> None:
    cases = [Ours("c_1", "CO/123/26", is_of_period=True, is_around=True)]
    assert [each.kind for each in compare([Listed(2, close)], cases).findings] == [CLOSE]
    twice = compare([Listed(2, close.replace("26", "37"))], cases)
    assert [each.kind for each in twice.findings] == [MISSING_HERE, MISSING_THERE]
