"""The only place that says what this machine can test, and whether what it cannot is a failure.

CASEWORK_REQUIRE=browser,compiler,pdf,postgres names the abilities that must be there.
"""

import os
import shutil
from pathlib import Path

import pytest

ABILITIES = frozenset({"browser", "compiler", "pdf", "postgres"})
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""What a machine may have; the first costs half of what the others do, as it has no windows."""


def required() -> frozenset[str]:
    """The abilities whose absence fails the run.

    Raises:
        pytest.UsageError: CASEWORK_REQUIRE names something that is no ability.
    """
    named = frozenset(filter(None, os.environ.get("CASEWORK_REQUIRE", "").split(",")))
    if unknown := named - ABILITIES:
        raise pytest.UsageError(
            f"CASEWORK_REQUIRE names {', '.join(sorted(unknown))}; "
            f"it may name {', '.join(sorted(ABILITIES))}."
        )
    return named


def lack(ability: str, reason: str) -> None:
    """Skip the present test with the reason, or fail it when the ability is required."""
    if ability in required():
        pytest.fail(f"CASEWORK_REQUIRE asks for {ability}: {reason}", pytrace=False)
    pytest.skip(reason)


def chromium() -> str | None:
    """Where the browser is, or None."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def postgres_binaries() -> Path | None:
    """The folder of the newest PostgreSQL server here, or None."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(versions, key=lambda path: float(path.parts[-3]), default=None)
    return newest.parent if newest else None
