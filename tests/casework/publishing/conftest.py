"""The only place for the people who draft, approve and publish in tests, on a day in July."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy.orm import Session

from casework.models import Person
from tests import factories

People = dict[str, Person]


@pytest.fixture(autouse=True)
def july() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 7, 6, 10, 0, tzinfo=UTC)):
        yield


@pytest.fixture
def people(db: Session) -> People:
    roles = {"riley": "reviewer", "sam": "supervisor", "charlie": "chief_executive"}
    roles |= {"dee": "chief_executive", "pat": "panel"}
    return {name: factories.person(db, role, name=name.title()) for name, role in roles.items()}
