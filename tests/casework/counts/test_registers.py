"""Registers give the figures that were counted by hand from them, on both databases."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from casework.counts.plain import as_plain
from casework.counts.report import annual_report
from tests.casework.imports.registers import taken
from workflows.calendar import FinancialYear

OWN = Path(__file__).parents[2] / "data" / "registers"
EXAMPLES = Path(__file__).parents[3].parent / "shared" / "registers"
REGISTERS = sorted([*OWN.glob("*.expected.json"), *EXAMPLES.glob("*.expected.json")])


def held(whole: Any, part: Any) -> Any:
    """Of the whole, what the part speaks of: the keys it has, in their places."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return {key: held(whole[key], value) for key, value in part.items()}
    if isinstance(part, list) and isinstance(whole, list):
        return [held(*pair) for pair in zip(whole, part, strict=False)]
    return whole


@pytest.mark.parametrize("expected", REGISTERS, ids=lambda path: path.name.split(".")[0])
def test_a_register_gives_its_expected_figures(db: Session, expected: Path) -> None:
    name = expected.name.split(".")[0]
    figures = json.loads(expected.read_text("utf-8"))
    assert taken(db, (expected.parent / f"{name}.csv").read_bytes()).errors == ()
    status_on = date.fromisoformat(figures["status_on"])
    plain = as_plain(annual_report(db, FinancialYear.parse(name), status_on))
    assert held(plain, figures) == figures
    assert plain["by_category"].keys() == figures["by_category"].keys()
    assert plain["cohort"].keys() == figures["cohort"].keys()
    assert plain["activity"].keys() == figures["activity"].keys()
