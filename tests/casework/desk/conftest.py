"""The only place for who visits the pages of the desk in tests."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.models import Person
from tests import factories


@pytest.fixture
def supervisor(db: Session) -> Person:
    return factories.person(db, "supervisor", name="Sam Weir")


@pytest.fixture
def visitor(client: FlaskClient, supervisor: Person) -> FlaskClient:
    return factories.sign_in(client, supervisor)
