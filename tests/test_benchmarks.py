"""Each benchmark still runs, on one database at least, and says of everybody measured how they stand to the limit."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import abilities

ROOT = Path(__file__).parent.parent
PEERS = {"viewflow.fsm + log", "django-fsm-2 + log", "transitions + ORM + log", "ORM + Continuum"}

BOTH = ("this project", "the limit")

pytestmark = pytest.mark.slow


@pytest.mark.thorough
@pytest.mark.parametrize(
    "database", ["wal", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
def test_an_audited_transition_is_measured_beside_its_limit_and_its_peers(database: str) -> None:
    need(database)
    rows = measured("--work", "W1", "--database", database)
    assert {row[2] for row in rows} == {"this project", "the limit", *PEERS}


@pytest.mark.thorough
def test_a_year_is_counted_beside_its_limit_and_its_peers() -> None:
    rows = measured("--work", "W2", "--database", "sqlite", "--cases", "400")
    whole = "the whole report, with its lists"
    assert {row[2] for row in rows} == {*BOTH, whole, "Django annotate", "Django loop"}


@pytest.mark.thorough
def test_a_log_is_verified_beside_its_limit() -> None:
    rows = measured("--work", "W3", "--database", "sqlite", "--events", "300")
    assert {row[2] for row in rows} == {
        *BOTH,
        "this project, 2 processes",
        "rfc8785, canonical form alone",
    }


@pytest.mark.thorough
def test_pages_and_searches_are_measured_beside_their_limits_and_peers() -> None:
    given = ["--work", "W4", "--work", "W5", "--database", "sqlite", "--cases", "2000"]
    rows = measured(*given, size="4")
    assert {(row[0], row[2]) for row in rows} == {
        *(
            (work, who)
            for work in ("W4 case list", "W4 case page")
            for who in (*BOTH, "Django admin")
        ),
        *(("W5 full text", who) for who in (*BOTH, "this project, with excerpts", "LIKE")),
    }


@pytest.mark.thorough
def test_a_register_is_imported_beside_the_limit_of_its_events() -> None:
    rows = measured("--work", "W7", "--database", "wal", "--rows", "40")
    assert [row[2] for row in rows] == list(BOTH)


def need(database: str) -> None:
    if database == "postgresql" and abilities.postgres_binaries() is None:
        abilities.lack("postgres", "no PostgreSQL server here (Debian: apt-get install postgresql)")


def measured(*arguments: str, size: str = "2") -> list[list[str]]:
    """The rows that a short run prints, each of this project's beside a limit and a goal."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--rounds", "1", "--size", size, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    heads, *rows = (re.split(r"  +", line) for line in done.stdout.splitlines()[:-1])
    assert heads == ["work", "database", "who", "ms", "p95 ms", "x limit", "goal"]
    for row in rows:
        if row[2] == "the limit":
            assert row[5] == "1.00"
        if row[2] == "this project":
            assert float(row[5]) > 0
            assert re.fullmatch(r"[\d.]+ (not )?met", row[6])
    return rows
