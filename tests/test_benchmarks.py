"""Each benchmark still runs, and says of everybody measured how they stand to the limit."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import abilities

ROOT = Path(__file__).parent.parent
PEERS = {"viewflow.fsm + log", "django-fsm-2 + log", "transitions + ORM + log", "ORM + Continuum"}

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "database", ["delete", "wal", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
def test_an_audited_transition_is_measured_beside_its_limit_and_its_peers(database: str) -> None:
    if database == "postgresql" and abilities.postgres_binaries() is None:
        abilities.lack("postgres", "no PostgreSQL server here (Debian: apt-get install postgresql)")
    arguments = ["--rounds", "1", "--size", "2", "--database", database]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    heads, *rows = (re.split(r"  +", line) for line in done.stdout.splitlines()[:-1])
    assert heads == ["work", "database", "who", "ms", "a second", "x limit", "goal"]
    found = {row[2]: row for row in rows}
    assert set(found) == {"this project", "the limit", *PEERS}
    assert found["the limit"][5] == "1.00"
    assert float(found["this project"][5]) > 0
    assert re.fullmatch(r"[\d.]+ (not )?met", found["this project"][6])
