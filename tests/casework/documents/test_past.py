"""Registers of past years give documents that say what the office’s own annual reports said."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from casework.counts.report import annual_report
from casework.documents import annual, panel
from casework.documents.docx import as_docx
from tests.casework.counts.test_registers import EXAMPLES, OWN
from tests.casework.documents import reading_back
from tests.casework.imports.registers import taken
from workflows.calendar import FinancialYear

OFFICE = "the Office of the Police and Crime Commissioner considered"
PAST = [
    pytest.param(
        OWN,
        "2023-24",
        date(2024, 4, 30),
        (f"{OFFICE} ", "2 of the 5 decided by 30 April 2024 were upheld"),
        id="2023-24",
    ),
    pytest.param(
        EXAMPLES,
        "2022-23",
        date(2023, 7, 6),
        (
            f"Between April 2022 and March 2023, {OFFICE} 53 complaint reviews from the public.",
            "38 of these were valid, and 4 of the 34 decided by 6 July 2023 were upheld.",
            "15 were invalid. Four complaint reviews remain ongoing.",
        ),
        id="2022-23",
    ),
    pytest.param(
        EXAMPLES,
        "2020-21",
        date(2021, 6, 30),
        (
            f"Between April 2020 and March 2021, {OFFICE} 36 complaint reviews from the public.",
            "none of the",
            "was upheld",
        ),
        id="2020-21",
    ),
]


@pytest.mark.one_database
@pytest.mark.parametrize(("folder", "year", "status_on", "sentences"), PAST)
def test_a_past_year_says_what_was_published_then(
    db: Session, folder: Path, year: str, status_on: date, sentences: tuple[str, ...]
) -> None:
    register = folder / f"{year}.csv"
    if not register.exists():
        pytest.skip(f"the example register of {year} is not here")
    assert taken(db, register.read_bytes()).errors == ()
    report = annual_report(db, FinancialYear.parse(year), status_on)
    file = as_docx(annual.unpublished(report))
    in_word = " ".join(text for _, text in reading_back.words_of_docx(file))
    to_the_panel = panel.prefilled(report, report.settings)["key_issues"]
    for sentence in sentences:
        assert sentence in in_word
        assert sentence in to_the_panel
