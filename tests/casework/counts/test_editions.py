"""An edition that reports were published under counts and says the same in every later release.

The golden file of an edition is never written anew once a report may have been published under
it. While an edition is being made, `CASEWORK_GOLDEN=write` writes it.
"""

import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from casework.audit.record import Origin
from casework.counts import editions, plain
from casework.counts.blocks import cohort
from casework.counts.editions import EDITIONS, Edition
from casework.counts.report import Report, annual_report
from casework.database import begin_write
from casework.office_settings import change_settings, settings_at
from tests.casework.imports.registers import taken
from workflows.calendar import FinancialYear

DATA = Path(__file__).parents[2] / "data"
YEAR, STATUS_ON = FinancialYear(2023), date(2024, 6, 30)


def reported(session: Session, edition: Edition) -> Report:
    return annual_report(session, YEAR, STATUS_ON, edition=edition)


def office(session: Session) -> None:
    """An office with a register, which withholds nothing: a tie is settled by the cases' tokens."""
    assert taken(session, (DATA / "registers" / "2023-24.csv").read_bytes()).errors == ()
    begin_write(session)
    open_handed = replace(settings_at(session), small_number=1)
    change_settings(session, open_handed, role="administrator", origin=Origin("command"))
    session.commit()


def golden(report: Report) -> Any:
    """The frozen figures, but for what differs from log to log."""
    figures = json.loads(plain.canonical(report))
    assert len(figures.pop("log_root")) == 64
    return figures


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: f"edition {edition.number}")
def test_an_edition_gives_what_it_always_gave(db: Session, edition: Edition) -> None:
    office(db)
    kept, found = DATA / "editions" / f"{edition.number}.json", golden(reported(db, edition))
    if os.environ.get("CASEWORK_GOLDEN") == "write":
        kept.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert found == json.loads(kept.read_text("utf-8"))


def test_each_edition_has_a_number_and_a_golden_file_of_its_own() -> None:
    numbers = [edition.number for edition in EDITIONS]
    assert numbers == list(range(1, len(EDITIONS) + 1))
    kept = sorted(int(path.stem) for path in (DATA / "editions").glob("*.json"))
    assert kept == numbers


@pytest.mark.one_database
def test_a_new_meaning_in_a_new_edition_leaves_the_older_one_as_it_was(
    db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    office(db)
    before = plain.canonical(reported(db, EDITIONS[0]))
    next_one = with_other_meaning(EDITIONS[-1])
    monkeypatch.setattr(editions, "EDITIONS", (*EDITIONS, next_one))

    now = json.loads(plain.canonical(reported(db, editions.edition(next_one.number))))
    assert now["edition"] == next_one.number
    assert now["measures"]["cohort"]["valid"] == 2
    assert now["cohort"]["valid"] != json.loads(before)["cohort"]["valid"]
    assert plain.canonical(reported(db, editions.edition(1))) == before


def with_other_meaning(edition: Edition) -> Edition:
    """An edition in which “valid” is said of the decided alone."""

    def count(source: Any) -> Any:
        figures = dict(cohort.COHORT.count(source))
        figures["cohort.valid"] = [*figures["cohort.upheld"], *figures["cohort.not_upheld"]]
        return figures

    words = tuple(
        replace(each, version=2) if each.name == "valid" else each for each in cohort.COHORT.words
    )
    changed = replace(cohort.COHORT, words=words, count=count)
    blocks = tuple(changed if block.name == "cohort" else block for block in edition.blocks)
    return Edition(edition.number + 1, blocks)
