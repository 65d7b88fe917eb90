"""The only place for what tests of the public form share: an office that has it, and somebody who applies."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories
from tests.applicant import Applicant


@pytest.fixture
def applicant(client: FlaskClient, db: Session) -> Applicant:
    """Somebody who applies at an office with the form switched on."""
    factories.open_form(db)
    return Applicant(client)
