"""The only place where the harness asks the verifier for strangers too, and compares."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from casework.cli.verifying import Verdict
from casework.verifier import verify_casework
from tests.casework.verifier.both import Both, exported, wrong

NOW = datetime(2026, 4, 2, tzinfo=UTC)


def of(connection: Connection, place: Path, verdict: Verdict) -> Both:
    """What the verifier for strangers finds of an export, beside what the office's own found.

    It is given the checkpoints outside. What was done is not committed, so nothing is rolled back.
    """
    folder = place / "export"
    with (
        Session(connection, join_transaction_mode="create_savepoint") as session,
        mock.patch.object(session, "rollback"),
    ):
        exported(session, folder)
    kept = sorted(map(str, (place / "outside").glob("checkpoint-*.txt")))
    found = verify_casework.verify_export(verify_casework.Source(str(folder)), kept, [], NOW)
    shutil.rmtree(folder)
    return Both(wrong(verdict.findings), wrong(found.findings))
