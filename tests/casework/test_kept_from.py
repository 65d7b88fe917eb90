"""What is kept from somebody, by a conflict or by a restriction, is nowhere in what they are given."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.extensions import db as extension
from casework.models import Case
from tests import factories, list_factory
from tests.databases import watched
from tests.factories import LOGGED_ON
from tests.route_office import Office, arguments
from workflows.roles import ROLES

ASIDE = ("apply.", "signing_in.", "people.", "single_sign_on.", "account.", "second_factor.")
"""Addresses of accounts and for the public, which are about no case."""
WORDS: dict[str, Any] = {
    "complainant_name": "Canaryname Birdsong",
    "complainant_email": "canarymail@birdsong.example",
    "complainant_address": "Canarystreet 1",
    "force_reference": "CANARY/77/26",
    "grounds": "Canarygrounds were given",
}
LETTER: dict[str, Any] = {
    "way": "letter",
    "direction": "in",
    "with": "force",
    "summary": "Canaryletter",
    "next": "reply_owed",
}
LISTS = {
    *("desk.mine", "desk.chase", "desk.register"),
    *("triage.queue", "trail.office", "oversight.exceptions", "recommendations.index"),
    *("retention.index", "retention.waiting", "outbox.index"),
    *("reconciliation.check", "reconciliation.settle", "reporting.figure"),
}
"""What tells of cases to whoever may see them."""


@pytest.fixture
def office(app: Flask, db: Session) -> Iterator[Office]:
    with watched(extension.engine) as state:
        made = Office(app, db, state)
        made.fill(ROLES)
        made.people["named"] = factories.person(db, "supervisor", "chief_executive")
        tell(made)
        yield made


def tell(office: Office) -> None:
    """A case with canaries in it, that was decided and recommends something, and is on no list."""
    db = office.db
    told = factories.case(db, on=date(2026, 3, 5), reference="CANARYREF/1", **WORDS)
    factories.item(db, told.case, "correspondence", **LETTER)
    steps: tuple[tuple[str, dict[str, Any]], ...] = (
        ("find_valid", {"reasons": "Canaryreasons", "route": "otherwise"}),
        ("write_review", {"finding": "not_reasonable", "reasons": "Canaryreview"}),
    )
    for step, facts in steps:
        factories.move(db, told.reference, step, LOGGED_ON, facts)
    upheld = {"reasons": "Canarydecision", "recommendations": ["apology"]}
    chief = office.people["chief_executive"]
    factories.move(db, told.reference, "uphold", LOGGED_ON, upheld, by=chief)
    office.check = list_factory.checked(db, list_factory.csv_list([["CO/1/26"]])).token
    office.finding = next(
        each.token for each in list_factory.findings_of(db, office.check) if told.case in each.cases
    )


def keep_from(office: Office) -> list[str]:
    """Restrict every case to two people, of whom one has a conflict with each; their tokens."""
    by, barred = office.people["named"], office.people["supervisor"]
    cases = office.db.scalars(select(Case.token).where(Case.erased_on.is_(None))).all()
    for case in cases:
        named = [by.token, barred.token]
        factories.item(office.db, case, "restriction", by=by, people=named, why="Canarywhy")
        whose = barred.token
        factories.item(office.db, case, "conflict", by=by, person=whose, why="Canarycousin")
    return list(cases)


def endpoints(app: Flask) -> list[str]:
    """The endpoints for people whose roles allow it, but those that are about no case."""
    guarded = (name for name, view in app.view_functions.items() if hasattr(view, "permissions"))
    return [name for name in guarded if not name.startswith(ASIDE)]


def answers(
    office: Office, client: FlaskClient, asked: Iterable[str]
) -> Iterator[tuple[str, bool, int, str]]:
    """Endpoint, whether its address names a case, status and text: of these, a search and an export."""
    for endpoint in asked:
        path, (rule,) = office.address(endpoint), office.app.url_map.iter_rules(endpoint)
        if "GET" in (rule.methods or ()):
            told = client.get(path, buffered=True)
            names_case = "token" in arguments(office.app, endpoint)
            yield endpoint, names_case, told.status_code, told.data.decode(errors="replace")
    found = factories.post(client, "/search", words="given").location
    yield "search.index", False, 200, client.get(found).text
    exported = factories.post(client, "/cases/export", format="csv", column="complainant_name")
    yield "desk.export", False, exported.status_code, exported.text


@pytest.mark.one_database
def test_s03_what_is_kept_from_somebody_is_nowhere_in_what_they_are_given(office: Office) -> None:
    """One is not named, however much they are in charge; the other is named, and has a conflict."""
    cases = keep_from(office)
    words = {*cases, "Canary", "canarymail", "CANARY/77/26"}
    # Who declared a conflict knows the case, and finds its reference on the page of their own.
    for role, hidden in (("chief_executive", words | {"CANARYREF"}), ("supervisor", words)):
        wrong, client = [], office.client(role)
        for endpoint, names_case, status, text in answers(office, client, endpoints(office.app)):
            is_refused = names_case and status == 404
            told = [] if is_refused else [word for word in hidden if word in text]
            if told or is_refused != names_case:
                wrong.append((endpoint, status, told))
        assert not wrong, (role, wrong)
    client = office.client("named")
    found = answers(office, client, LISTS)
    assert [name for name, _, _, text in found if not any(word in text for word in words)] == []
