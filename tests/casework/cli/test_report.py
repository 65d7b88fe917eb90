"""Reports by command: the published figures of the example registers, whole files or none."""

import json
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from tests.casework.cli.conftest import Console
from tests.casework.imports.registers import DECIDED, EXAMPLES, UPHELD, register

YEAR = ("report", "annual", "--year", "2022-23")


@pytest.fixture
def reported(casework: Console, tmp_path: Path) -> Console:
    """An office with two decided cases."""
    path = tmp_path / "register.csv"
    path.write_bytes(register(DECIDED, UPHELD | {"reference": "CR/2"}))
    casework("import", str(path))
    return casework


def agrees(expected: Any, found: Any) -> bool:
    """Whether everything expected is found; there may be more of it."""
    if isinstance(expected, dict):
        return all(key in found and agrees(value, found[key]) for key, value in expected.items())
    if isinstance(expected, list):
        return len(expected) <= len(found) and all(map(agrees, expected, found))
    return bool(expected == found)


@pytest.mark.parametrize("year", ["2022-23", "2020-21"])
def test_the_example_registers_give_their_published_figures(casework: Console, year: str) -> None:
    path = EXAMPLES / f"{year}.csv"
    if not path.exists():
        pytest.skip("the example registers are not here")
    expected = json.loads((EXAMPLES / f"{year}.expected.json").read_text())
    casework("import", str(path))
    asked = ("report", "annual", "--year", year, "--status-on", expected["status_on"])
    found = json.loads(casework(*asked, "--format", "json").stdout)
    assert agrees(expected, found)
    text = casework(*asked).stdout
    assert f"considered {expected['cohort']['received']} complaint reviews" in " ".join(
        text.split()
    )


def test_every_format_tells_the_same_year(reported: Console) -> None:
    told = json.loads(reported(*YEAR, "--format", "json").stdout)
    assert (told["cohort"]["received"], told["cohort"]["percent_upheld"]) == (2, 50.0)
    for form in ("text", "csv", "html"):
        assert told["log_root"] in reported(*YEAR, "--format", form).stdout
    canonical = reported(*YEAR, "--format", "canonical", "--edition", "1").stdout
    assert canonical == rfc8785.dumps(told).decode()


def test_a_period_has_no_year(reported: Console) -> None:
    asked = ("report", "period", "--from", "2022-05-01", "--to", "2022-06-06", "--format", "json")
    told = json.loads(reported(*asked).stdout)
    assert told["activity"]["completed"] == 2
    assert not {"year", "quarters", "year_to_date"} & told.keys()
    assert (
        json.loads(reported(*asked, "--status-on", "2022-06-05").stdout)["activity"]["completed"]
        == 0
    )


def test_an_older_log_size_gives_the_older_figures(reported: Console) -> None:
    told = json.loads(reported(*YEAR, "--format", "json", "--log-size", "0").stdout)
    assert (told["log_size"], told["cohort"]["received"]) == (0, 0)


def test_a_report_is_kept_whole_or_not_at_all(reported: Console, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    done = reported(*YEAR, "--format", "json", "--output", str(path))
    assert done.stdout == ""
    assert json.loads(path.read_text())["report"] == "annual"
    before = path.read_bytes()
    reported(*YEAR, "--log-size", "99", "--output", str(path), code=2)
    assert path.read_bytes() == before
    refused = reported(*YEAR, "--output", str(tmp_path / "none" / "report.json"), code=2)
    assert f"There is no folder {tmp_path / 'none'} to keep report.json in" in refused.stderr
    refused = reported(*YEAR, "--output", str(tmp_path), code=2)
    assert f"{tmp_path} is a folder" in refused.stderr
    assert [left.name for left in tmp_path.glob(".report*")] == []


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("annual", "--year", "2022"), "2022-23"),
        (("annual", "--year", "2022-24"), "2022-23"),
        (("annual", "--year", "2098-99"), "still to come"),
        (("annual",), "Missing option '--year'"),
        (("annual", "--year", "2022-23", "--status-on", "tomorrow"), "is not a day"),
        (("annual", "--year", "2022-23", "--status-on", "2199-01-01"), "not known yet"),
        (("annual", "--year", "2022-23", "--log-size", "11"), "at log size 11"),
        (("annual", "--year", "2022-23", "--log-size", "-1"), "--log-size"),
        (("annual", "--year", "2022-23", "--format", "exe"), "'exe'"),
        (("annual", "--year", "2022-23", "--edition", "99"), "no edition 99"),
        (("period", "--from", "2022-05-01"), "Missing option '--to'"),
        (("period", "--from", "2022-05-02", "--to", "2022-05-01"), "earlier day first"),
        (("period", "--from", "2022-02-30", "--to", "2022-05-01"), "is not a day"),
        (("period", "--from", "0001-01-01", "--to", "2022-05-01"), "later first day"),
        (("period", "--from", "20220501", "--to", "2022-05-01"), "is not a day"),
    ],
)
def test_a_report_that_cannot_be_is_refused(
    reported: Console, arguments: tuple[str, ...], said: str
) -> None:
    done = reported("report", *arguments, code=2)
    assert (done.stdout, len(done.stderr.splitlines())) == ("", 1)
    assert said in done.stderr
