"""The register leaves the office as it is shown, inert, and only on record."""

import csv
import json
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from odfdo import Document
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import clock
from casework.audit.events import newest_first
from casework.audit.record import log_size
from casework.desk import columns
from casework.models import AuditEvent, Person
from casework.web.downloads import csv_value
from tests import factories
from tests.casework.cases.pages import Page


def read(kind: str, file: bytes) -> list[list[Any]]:
    if kind == "csv":
        read_back = csv.reader(StringIO(file.decode("utf-8-sig"), newline=""))
        return [[csv_value(cell) for cell in row] for row in read_back]
    if kind == "xlsx":
        sheet = load_workbook(BytesIO(file)).active
        assert isinstance(sheet, Worksheet)
        assert {cell.data_type for row in sheet.rows for cell in row} <= {"s", "d", "n"}
        return [
            [
                "" if cell is None else str(cell)[:10] if isinstance(cell, datetime) else cell
                for cell in row
            ]
            for row in sheet.values
        ]
    table = Document(BytesIO(file)).body.get_table(0)
    assert table is not None
    return [
        ["" if cell.value is None else str(cell.value) for cell in row.cells] for row in table.rows
    ]


ATTACKS = [f"{sign}1+1" for sign in "=+-@"] + ["=cmd|' /C calc'!A0", 'Plain, “quoted” "name"']


ASKED = "complainant_name.force_reference.route.received_on.decide_by"


@pytest.mark.parametrize("kind", ["csv", "ods", "xlsx"])
def test_s27_an_export_is_the_list_unchanged_and_inert(
    db: Session, visitor: FlaskClient, kind: str
) -> None:
    for attack in ATTACKS:
        factories.case(db, complainant_name=attack, force_reference=attack, route="otherwise")
    answer = factories.post(visitor, "/cases/export", format=kind, sort="reference", columns=ASKED)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == (
        f"attachment; filename=cases-{clock.today().isoformat()}.{kind}"
    )
    header, *rows = read(kind, answer.data)
    assert header == [
        "Reference",
        "Complainant",
        "Force’s reference",
        "Route",
        "Received",
        "Decide by",
    ]
    column = {title: place for place, title in enumerate(header)}
    assert [row[column["Complainant"]] for row in rows] == ATTACKS
    assert [row[column["Force’s reference"]] for row in rows] == ATTACKS
    assert {row[column["Received"]] for row in rows} == {"2026-04-01"}
    assert {row[column["Decide by"]] for row in rows} == {"2026-05-14"}
    assert {row[column["Route"]] for row in rows} == {"Otherwise than by investigation"}
    if kind == "csv":
        cells = [cell for row in csv.reader(StringIO(answer.text)) for cell in row]
        assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t\r"))]


def test_an_export_is_on_record_in_codes_alone(
    db: Session, visitor: FlaskClient, supervisor: Person
) -> None:
    factories.case(db, force_reference="Canary/1")
    factories.case(db, complainant_name="Somebody Else")
    answer = factories.post(
        visitor,
        "/cases/export",
        format="csv",
        text="canary",
        state="open",
        received_from="1/4/2026",
        assignee="none",
    )
    assert len(read("csv", answer.data)) == 2
    (recorded,) = newest_first(db, [AuditEvent.action == "list_exported"], limit=2)
    assert (recorded.actor, recorded.role) == (supervisor.token, "supervisor")
    assert recorded.stat == {
        "format": "csv",
        "rows": 1,
        "columns": [column.code for column in columns.USUAL],
        "filters": {
            "text": True,
            "state": "open",
            "received_from": "2026-04-01",
            "assignee": "none",
        },
    }
    assert not recorded.has_words
    bodies = b"".join(db.execute(select(AuditEvent.body)).scalars())
    assert b"anary" not in bodies


def test_an_export_that_cannot_be_recorded_gives_nothing_away(
    db: Session, visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.case(db, complainant_name="Canary Wren")
    before = log_size(db)

    def fail(*_: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("casework.audit.record.Appending._grow_tree", fail)
    visitor.application.testing = False
    visitor.application.config["PROPAGATE_EXCEPTIONS"] = False
    answer = factories.post(visitor, "/cases/export", format="csv")
    assert answer.status_code == 500
    assert "Canary" not in answer.text
    db.rollback()
    assert log_size(db) == before


@pytest.mark.parametrize(
    "wrong", [{"format": "exe"}, {"format": ""}, {"format": "csv", "state": "x"}]
)
def test_an_export_asked_for_wrongly_is_refused(
    db: Session, visitor: FlaskClient, wrong: dict[str, str]
) -> None:
    factories.case(db)
    before = log_size(db)
    assert factories.post(visitor, "/cases/export", **wrong).status_code == 400
    assert log_size(db) == before


def test_the_page_posts_the_filter_it_shows(db: Session, visitor: FlaskClient) -> None:
    factories.case(db, complainant_name="Jo Wren")
    page = Page.get(visitor, "/cases?text=CR&state=open&sort=reference")
    (form,) = page.tree.xpath("//form[contains(@action, 'export')]")
    sent = dict(form.form_values())
    sent.pop("csrf_token")
    assert json.dumps(sent, sort_keys=True) == json.dumps(
        {"sort": "reference", "state": "open", "text": "CR"}
    )
