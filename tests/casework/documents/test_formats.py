"""Every form of a report says the same figures, with their definitions."""

import csv
import json
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from casework.counts.editions import LATEST
from casework.counts.plain import as_plain
from casework.counts.report import Report, annual_report, period_report
from casework.database import begin_write
from casework.documents.flat import as_csv
from casework.documents.formats import FORMATS, as_json
from casework.documents.naming import command
from casework.documents.text import as_text
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


def test_json_is_the_published_shape_in_the_same_bytes(db: Session, report: Report) -> None:
    written = as_json(report)
    assert json.loads(written) == as_plain(report)
    again = annual_report(db, FinancialYear(2023), date(2024, 4, 30), report.log_size)
    assert as_json(again) == written


def test_csv_has_every_figure_once_with_its_definition(report: Report) -> None:
    rows = list(csv.DictReader(StringIO(as_csv(report))))
    named = [(row["section"], row["figure"], row["period"]) for row in rows]
    assert len(named) == len(set(named))
    assert all(row["definition"] for row in rows)
    values = dict(zip(named, (row["value"] for row in rows), strict=True))
    year = "2023-04-01 to 2024-03-31"
    plain = as_plain(report)
    for section in ("cohort", "activity"):
        for figure, value in plain[section].items():
            if figure != "invalid_by_reason":
                assert values[section, figure, year] == str(value)
    for quarter in plain["quarters"]:
        days = f"{quarter['from']} to {quarter['to']}"
        assert values["activity", "completed", days] == str(quarter["activity"]["completed"])
    assert values["timeliness", "decided.p90_working_days", year] == "23"
    assert values["by_category", "none.upheld", year] == "1"
    assert values["recommendations", "by_kind.apology", year] == "1"
    assert values["by_route", "unknown.percent_upheld", year] == ""
    assert values["report", "log_root", year] == report.log_root


def test_text_says_figures_definitions_and_how_to_count_again(report: Report) -> None:
    written = as_text(report)
    flat = " ".join(written.split())
    assert "2 of the 5 decided by 30 April 2024 were upheld" in flat
    assert report.log_root in written
    assert command(report) in written
    assert "not applicable" in written
    for block in LATEST.blocks:
        for words in block.words:
            assert " ".join(words.definition.split()) in flat
    assert max(map(len, written.splitlines())) <= 100


def test_the_page_that_stands_alone_needs_nothing_from_elsewhere(report: Report) -> None:
    page = FORMATS["html"].write(report).decode()
    assert page.lstrip().startswith("<!DOCTYPE html>")
    assert report.log_root in page
    assert "not applicable" in page
    page = page.replace(' src="data:image/svg+xml;base64,', "")
    for mark in (" src=", " href=", "url(", "@import", "<script"):
        assert mark not in page


def test_s24_an_office_name_is_text_in_every_form(db: Session, report: Report) -> None:
    named = "<b>Office & Co</b>"
    object.__setattr__(report.settings, "office_name", named)
    assert named.encode() not in FORMATS["html"].write(report)
    assert named in as_text(report)


def test_the_command_names_what_fixes_a_report(db: Session, report: Report) -> None:
    assert command(report) == (
        "casework report annual --year 2023-24 --status-on 2024-04-30 "
        f"--log-size {report.log_size} --edition {report.edition.number}"
    )
    part = period_report(db, date(2023, 4, 1), date(2023, 5, 1))
    assert "period --from 2023-04-01 --to 2023-05-01 --status-on 2023-05-01" in command(part)
