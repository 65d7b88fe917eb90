"""The register of delegations: entered by the Chief Executive, declared, ended, and binding."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.delegations import register
from casework.models import Person
from casework.office_rules import office_rules
from tests import factories
from tests.casework.cases.pages import Page

DECLARED = ["not_constable", "not_other_lpb", "is_impartial"]
NEW = "/settings/delegations/new"


@pytest.fixture
def stand_in(db: Session) -> Person:
    return factories.person(db, "reviewer", name="Riley Marsh")


@pytest.fixture
def chief(client: FlaskClient, db: Session, stand_in: Person) -> FlaskClient:
    return factories.sign_in(client, factories.person(db, "chief_executive"))


@pytest.mark.one_database
def test_a_delegation_is_entered_shown_and_ended(
    db: Session, chief: FlaskClient, stand_in: Person
) -> None:
    entered = Page.get(chief, NEW).send(
        person=stand_in.token,
        functions=["decide"],
        from_on=date(2026, 4, 1),
        instrument="Scheme of governance, 4.2",
        declared=DECLARED,
    )
    shown = entered.follow()
    assert "Riley Marsh" in shown.words
    assert "Scheme of governance, 4.2" in shown.words
    assert "In force" in shown.words
    assert office_rules(db).is_delegated("decide", stand_in.token, date(2027, 1, 1))
    (held,) = register(db)
    end = Page.get(chief, f"/settings/delegations/{held.token}/end")
    assert end.send(until_on=date(2026, 3, 31)).status == 422
    ended = end.send(until_on=date(2026, 4, 30), reason="Back from leave.").follow()
    assert "Not in force" in ended.words
    rules = office_rules(db)
    assert rules.is_delegated("decide", stand_in.token, date(2026, 4, 30))
    assert not rules.is_delegated("decide", stand_in.token, date(2026, 5, 1))


@pytest.mark.parametrize(
    ("changed", "at"),
    [
        ({"declared": DECLARED[1:]}, "#declared"),
        ({"declared": []}, "#declared"),
        ({"functions": []}, "#functions"),
        ({"functions": ["everything"]}, "#functions"),
        ({"instrument": " "}, "#instrument"),
        ({"person": "u_" + "0" * 32}, "#person"),
        ({"until_on": date(2026, 3, 1)}, "#until_on-day"),
    ],
)
@pytest.mark.one_database
def test_what_regulation_50_forbids_or_is_not_said_is_refused(
    db: Session, chief: FlaskClient, stand_in: Person, changed: dict[str, object], at: str
) -> None:
    given = {
        "person": stand_in.token,
        "functions": ["decide"],
        "from_on": date(2026, 4, 1),
        "instrument": "Scheme 4.2",
        "declared": DECLARED,
    }
    refused = Page.get(chief, NEW).send(**{**given, **changed})
    assert (refused.status, list(refused.errors)) == (422, [at])
    assert register(db) == ()
