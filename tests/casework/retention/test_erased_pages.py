"""What is left of an erased case: pages that tell what happened, and an answer on all others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.models import AuditEvent
from config import Settings
from tests import factories
from tests.casework.cli.conftest import Console
from tests.casework.retention.canaries import Nest
from tests.casework.retention.spent import AGREED_AT, LOGGED_AT, age_files, agree

pytestmark = pytest.mark.one_database
TOLD = {"cases.case", "cases.timeline", "trail.case"}


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with time_machine.travel(AGREED_AT):
        yield


def test_of_an_erased_case_pages_tell_what_happened_and_no_other_opens(
    app: Flask, client: FlaskClient, db: Session, settings: Settings, environment: dict[str, str]
) -> None:
    """Every page about a case, whatever is kept on it, for somebody with every role."""
    with time_machine.travel(LOGGED_AT):
        factories.person(db, "contractor")
        case = Nest(db).lay()
    agree(db, [case.token])
    age_files(settings.data_dir / "files")
    db.rollback()
    casework = Console(environment)
    casework("retention", "erase")
    roles = ("reviewer", "supervisor", "chief_executive")
    visitor = factories.sign_in(client, factories.person(db, *roles))
    for endpoint, url in addresses(app, case.token):
        answer = visitor.get(url)
        assert case.name not in answer.text
        if endpoint in TOLD:
            assert answer.status_code == 200
            assert "rased" in answer.text
        else:
            assert answer.status_code in (404, 410), (endpoint, answer.status_code)
    size = db.scalar(select(func.count()).select_from(AuditEvent))
    for url in (f"/cases/{case.token}/steps/reopen", f"/cases/{case.token}/papers/add"):
        assert factories.post(visitor, url).status_code == 410
    for url in ("/cases", f"/cases?q={case.reference}", "/trail"):
        assert case.name not in visitor.get(url).text
    assert db.scalar(select(func.count()).select_from(AuditEvent)) == size
    assert "The words were erased" in visitor.get(f"/cases/{case.token}/trail").text
    assert case.name not in casework("case", "show", case.reference).output


def addresses(app: Flask, case: str) -> Iterator[tuple[str, str]]:
    """The address of every page about a case; what else it names is anything."""
    names = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        is_read = "GET" in (rule.methods or ()) and str(rule).startswith("/cases/<token>")
        if is_read:
            given = {name: 1 if name == "seq" else "acknowledge" for name in rule.arguments}
            yield rule.endpoint, names.build(rule.endpoint, {**given, "token": case})
