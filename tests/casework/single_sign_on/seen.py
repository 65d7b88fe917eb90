"""The only place that says how the tests of single sign-on look at what came of a sign-in."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework.audit.record import log_size
from casework.models import DirectoryLink, StaffSession


def written(db: Session) -> tuple[int, int, int]:
    """How much there is of what a sign-in writes."""
    counted = [len(db.execute(select(table)).all()) for table in (StaffSession, DirectoryLink)]
    size = log_size(db)
    db.rollback()
    return (size, *counted)  # type: ignore[return-value]


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/sign-in").status_code == 302


def refusals(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the server's log says of those who were not signed in."""
    said = [record.getMessage() for record in caplog.records]
    return [line.partition("refused: ")[2] for line in said if "single sign-on refused" in line]


def main_of(answer: TestResponse) -> str:
    found = re.search(r"<main.*</main>", answer.text, re.DOTALL)
    assert found
    return found[0]
