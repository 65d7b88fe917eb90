"""The only place for an office with somebody signed in and cases that letters can be taken from."""

from collections.abc import Callable, Mapping
from datetime import date
from io import BytesIO
from typing import Any, Protocol

import docx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework.audit import record
from casework.database import begin_write
from casework.office_settings import OfficeSettings, change_settings
from tests import factories
from workflows.definition import Actor

Step = tuple[str, date, Mapping[str, Any]]
WRITER = Actor("u_" + "a" * 32, frozenset({"supervisor"}))
DECIDER = Actor("u_" + "b" * 32, frozenset({"chief_executive"}))
OFFICE = OfficeSettings(
    office_name="Office of the Police and Crime Commissioner for Borsetshire",
    contact_details="01632 960123 or reviews@borsetshire.example.org",
    forces=(("borset", "Borsetshire Police"),),
)


class Live(Protocol):
    """Takes a new case through steps and gives its token."""

    def __call__(self, *steps: Step, reference: str = "CR/2026-27/001") -> str: ...


class Taken:
    """A letter as it was received."""

    def __init__(self, response: TestResponse) -> None:
        assert response.status_code == 200, response.text
        self.response = response
        self.document = docx.Document(BytesIO(response.data))

    @property
    def lines(self) -> list[str]:
        """Its paragraphs."""
        return [paragraph.text for paragraph in self.document.paragraphs]

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.lines)


@pytest.fixture
def live(db: Session) -> Live:
    """Lives of cases, through the same door as everything else."""

    def through(*steps: Step, reference: str = "CR/2026-27/001") -> str:
        (_, logged_on, application), *later = steps
        token = factories.case(db, on=logged_on, by=WRITER, reference=reference, **application).case
        for name, day, given in later:
            actor = DECIDER if name in ("uphold", "not_uphold", "reopen") else WRITER
            factories.move(db, reference, name, day, given, by=actor)
        return token

    return through


@pytest.fixture
def sign_in(app: Flask, db: Session) -> Callable[..., FlaskClient]:
    """A client signed in under roles."""

    def signed_in(*roles: str) -> FlaskClient:
        return factories.sign_in(
            app.test_client(), factories.person(db, *roles, name="Ann O’Neill")
        )

    return signed_in


@pytest.fixture
def office(db: Session) -> OfficeSettings:
    """An office with a name and a force."""
    begin_write(db)
    change_settings(db, OFFICE, role="administrator", origin=record.Origin("command"))
    db.commit()
    return OFFICE
