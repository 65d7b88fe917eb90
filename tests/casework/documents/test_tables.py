"""Tables say every figure of a report, and say it as people may read it."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from casework.counts.report import Report, annual_report
from casework.database import begin_write
from casework.documents.cells import said, share, whole
from casework.documents.honest import honest, key_figures
from casework.documents.tables import Table, tables
from casework.imports.service import import_register
from workflows.calendar import FinancialYear

REGISTER = Path(__file__).parents[2] / "data" / "registers" / "2023-24.csv"
pytestmark = pytest.mark.one_database


@pytest.fixture
def report(db: Session) -> Report:
    begin_write(db)
    import_register(db, BytesIO(REGISTER.read_bytes()))
    db.commit()
    return annual_report(db, FinancialYear(2023), date(2024, 4, 30))


@pytest.mark.parametrize(
    ("part", "whole", "small_base", "text"),
    [
        (4, 49, 50, "4 of 49"),
        (4, 50, 50, "8.0%"),
        (0, 0, 50, "not applicable"),
        (0, 0, 0, "not applicable"),
        (1, 2, 0, "50.0%"),
        (0, 1, 50, "0 of 1"),
        (1000, 1200, 1201, "1,000 of 1,200"),
        (1, 8, 1, "12.5%"),
    ],
)
def test_a_share_of_few_is_said_in_numbers(
    part: int, whole: int, small_base: int, text: str
) -> None:
    assert share(part, whole, small_base) == text


def test_values_are_read_as_people_write_them() -> None:
    values = (None, 0, 1204, 31.0, 29.5, "2023-24")
    assert [said(value) for value in values] == [
        *("not applicable", "0", "1,204", "31", "29.5", "2023-24"),
    ]


def test_every_figure_of_every_column_stands_in_a_table(report: Report) -> None:
    cells = [cell for table in tables(report) for row in table.rows for cell in row.cells]
    printed = {(cell.figure, cell.period) for cell in cells}
    for part in (report.whole, *report.quarters, *report.year_to_date):
        assert {(figure, part.period) for figure in part.figures} <= printed
    values = whole(report).values
    given = {cell.figure: cell.value for cell in cells if cell.period == report.whole.period}
    not_shown = set(values) - set(given)
    assert all(name.endswith(("_cases", ".from", ".to")) for name in not_shown)
    assert {name: given[name] for name in values if name in given} == {
        name: value for name, value in values.items() if name in given
    }


def column(table: Table, place: int = 0) -> dict[str, str]:
    return {row.label: row.cells[place].text for row in table.rows}


def test_the_honest_table_says_the_figures_and_reconciles(report: Report) -> None:
    count, said = report.whole.count, column(honest(report))
    assert said["Upheld, of those decided"] == (
        f"{count('activity.upheld')} of {count('activity.completed')}"
    )
    assert said["Open at the end"] == str(count("activity.carried_forward"))
    why = [row for row in honest(report).rows if row.about == "found_invalid.by_reason"]
    assert sum(int(row.cells[0].text) for row in why) == int(said["Found invalid, by reason"])


def test_the_honest_table_stands_beside_the_year_before(db: Session, report: Report) -> None:
    before = annual_report(db, FinancialYear(2022), date(2023, 4, 30))
    table, alone = honest(report), honest(before)
    assert table.columns == ("2023-24", "2022-23")
    assert alone.columns == ("2022-23",)
    assert "as its cases stood on 30 April 2023" in table.note
    assert alone.note == "The audit log holds no case of the year before."
    beside = column(table, 1)
    assert {label: text for label, text in column(alone).items() if text != beside[label]} == {}


def test_percentages_come_back_with_a_base_that_is_not_small(report: Report) -> None:
    object.__setattr__(report.settings, "small_base", 5)
    said = {row.label: row.cells[0].text for row in key_figures(report)}
    assert said["Upheld, of those decided"] == "2 of 5 (40.0%)"
    rows = [row for table in tables(report) for row in table.rows]
    shares = [row.cells[0].text for row in rows if row.label == "Percentage upheld"]
    assert "40.0%" in shares
