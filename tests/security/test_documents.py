"""The table of the OWASP standard says what it says of every requirement, once, and of real checks."""

import re
from pathlib import Path

SECURITY = Path(__file__).parents[2] / "docs" / "security"
TABLE = (SECURITY / "asvs.md").read_text("utf-8")
ROW = re.compile(r"^\| ([0-9., ]+) \| [12, ]+ \| [^|]+ \| (.+?) \| (.+) \|$", re.MULTILINE)
REQUIREMENTS = 253
"""Of levels 1 and 2 in version 5.0.0: 70 and 183."""


def test_every_requirement_is_there_once() -> None:
    numbers = [number for ids, _, _ in ROW.findall(TABLE) for number in ids.split(", ")]
    assert len(numbers) == len(set(numbers)) == REQUIREMENTS
    assert {met for _, met, _ in ROW.findall(TABLE)} == {"yes", "installation", "partly", "n/a"}
    # All lines of the table are such rows.
    assert len(ROW.findall(TABLE)) == len(re.findall(r"^\| [0-9]", TABLE, re.MULTILINE))


def test_what_is_met_is_known_by_checks_that_there_are() -> None:
    there = re.findall(
        r"^\| (S[0-9]+) \|", (SECURITY / "checks.md").read_text("utf-8"), re.MULTILINE
    )
    assert set(re.findall(r"\bS[0-9]+\b", TABLE)) <= set(there)
