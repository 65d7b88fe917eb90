"""The desk's pages cost the same however much there is on them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from casework.extensions import db as extension
from casework.models import Person
from tests import factories
from tests.workflows.lives import LEAST
from workflows.definition import Actor

ON = factories.LOGGED_ON
OTHER = Actor("u_" + "8" * 32, frozenset({"supervisor"}))


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(*args: Any) -> None:
        seen.append(args[2])

    with app.app_context():
        engine = extension.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    "address", ["/", "/cases", "/cases?text=CR&sort=decide_by&columns=state.file_requested_on"]
)
def test_three_cases_cost_no_more_statements_than_one(
    app: Flask, db: Session, visitor: FlaskClient, supervisor: Person, address: str
) -> None:
    def add() -> None:
        moved = factories.case(db, by=OTHER, complainant_name="Wren")
        for step in ("find_valid", "write_review"):
            factories.move(db, moved.reference, step, ON, LEAST[step], by=OTHER)

    add()
    visitor.get(address)
    with statements(app) as one:
        assert visitor.get(address).status_code == 200
    add()
    add()
    with statements(app) as three:
        assert visitor.get(address).text.count("</th>") > 3
    assert len(three) == len(one)
