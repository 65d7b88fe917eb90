"""The only place for who writes and decides reviews in tests, and the cases they work on."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.audit.items import KeptItem
from casework.items import items_on
from casework.models import Person
from casework.progress import Moved
from tests import factories
from tests.casework.cases.pages import Page
from tests.factories import LOGGED_ON

ON = LOGGED_ON
REVIEW = {"finding": "not_reasonable", "reasons": "A witness was not asked."}


@dataclass
class Office:
    """An office with somebody of each role that works on cases, each at a browser."""

    app: Flask
    db: Session
    people: dict[str, Person] = field(default_factory=dict)
    clients: dict[str, FlaskClient] = field(default_factory=dict)

    def page(self, role: str, address: str) -> Page:
        """The page at an address, for somebody of this role."""
        return Page.get(self.clients[role], address)

    def valid(self, **facts: Any) -> Moved:
        """A valid case, handled otherwise than by investigation unless told."""
        by = self.people["reviewer"]
        moved = factories.case(self.db, by=by, **{"route": "otherwise", **facts})
        reasons = {"reasons": "In time."}
        return factories.move(self.db, moved.reference, "find_valid", ON, reasons, by=by)

    def reviewed(self, **review: Any) -> Moved:
        """A case whose review the reviewer has written."""
        moved = self.valid()
        given, by = {**REVIEW, **review}, self.people["reviewer"]
        day = ON + timedelta(days=1)
        return factories.move(self.db, moved.reference, "write_review", day, given, by=by)

    def items(self, moved: Moved, kind: str) -> list[KeptItem]:
        """What of a kind stands on a case."""
        self.db.rollback()
        kept = items_on(self.db, moved.case)
        return [each for each in kept if each.is_kept and each.workflow.name == kind]


@pytest.fixture
def office(app: Flask, db: Session) -> Office:
    made = Office(app, db)
    for role in ("reviewer", "supervisor", "chief_executive"):
        made.people[role] = factories.person(db, role)
        made.clients[role] = factories.sign_in(app.test_client(), made.people[role])
    return made


def address(moved: Moved, *more: str) -> str:
    """The address of a case, or of a page of it."""
    return "/".join((f"/cases/{moved.case}", *more))
