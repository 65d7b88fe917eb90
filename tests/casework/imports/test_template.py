"""What tells people of the columns is what the importer takes: template, page and documentation."""

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from casework import clock
from casework.imports import template
from casework.imports.cells import read_cell
from casework.imports.columns import COLUMNS, GROUPS
from casework.sheets import read_rows
from tests import factories
from tests.casework.imports import registers
from tests.casework.imports.registers import DECIDED, tried
from tools.make_register_tables import PAGE, TABLES
from tools.marked_tables import with_tables

pytestmark = pytest.mark.one_database


def test_the_documentation_is_up_to_date() -> None:
    """`python -m tools.make_register_tables` makes it again."""
    assert with_tables(PAGE.read_text(), TABLES) == PAGE.read_text()
    assert set(COLUMNS) == set(registers.COLUMNS)


@pytest.mark.parametrize("write", [template.csv_template, template.xlsx_template])
def test_an_empty_register_has_every_column_and_no_row(write: object, empty: Session) -> None:
    content = write()  # type: ignore[operator]
    assert list(read_rows(BytesIO(content))) == [(1, list(COLUMNS))]
    done = tried(empty, content)
    assert (done.rows, done.errors) == (0, ())


def test_a_filled_in_workbook_is_imported_like_a_csv(empty: Session) -> None:
    book = load_workbook(BytesIO(template.xlsx_template()))
    for number, row in enumerate((DECIDED, DECIDED | {"reference": "CR/2"}), start=2):
        for place, name in enumerate(COLUMNS, start=1):
            book.worksheets[0].cell(number, place, row.get(name))
    file = BytesIO()
    book.save(file)
    done = tried(empty, file.getvalue())
    assert (done.new, done.errors, done.warnings) == (2, (), ())
    assert [sheet.title for sheet in book.worksheets[1:]] == ["What each column holds", "Codes"]


@pytest.mark.parametrize("column", COLUMNS.values(), ids=lambda column: column.name)
def test_every_example_is_accepted_and_every_column_explained(column: object) -> None:
    explained = COLUMNS[column.name]  # type: ignore[attr-defined]
    assert explained.about.endswith(".")
    for example in filter(None, (explained.example, *explained.codes)):
        assert read_cell(explained, example, clock.today()) is not None


def test_the_page_about_the_columns_tells_all_of_them(client: FlaskClient, db: Session) -> None:
    visitor = factories.sign_in(client, factories.person(db, "supervisor"))
    page = visitor.get("/imports/columns").text
    listed = [column for group in GROUPS for column in group.columns]
    assert all(f"<code>{column.name}</code>" in page for column in listed)
    assert all(f"<code>{code}</code>" in page for column in listed for code in column.codes)
    assert visitor.get("/imports/template/csv").data == template.csv_template()
    assert visitor.get("/imports/template/xlsx").data[:4] == b"PK\x03\x04"
    assert visitor.get("/imports/template/ods").status_code == 404
