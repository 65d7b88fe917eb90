"""The only place for the office that the tests of a force's list visit, on a day in April."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.models import Person
from tests import factories


@pytest.fixture(autouse=True)
def april() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 4, 7, 10, 0, tzinfo=UTC)):
        yield


@pytest.fixture
def reviewer(db: Session) -> Person:
    return factories.person(db, "reviewer", name="Riley Marsh")


@pytest.fixture
def visitor(client: FlaskClient, reviewer: Person) -> FlaskClient:
    return factories.sign_in(client, reviewer)
