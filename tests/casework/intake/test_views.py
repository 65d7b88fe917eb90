"""An application is logged on one page, once, under the next reference, and doubles are pointed out."""

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import clock
from casework.audit.events import events_of
from casework.items import items_on
from casework.models import Case, Person
from tests import factories
from tests.casework.cases.pages import Page
from workflows.calendar import financial_year_of

URL = "/cases/log"


@pytest.fixture
def reviewer(db: Session) -> Person:
    return factories.person(db, "reviewer", name="Riley Marsh")


@pytest.fixture
def visitor(client: FlaskClient, reviewer: Person) -> FlaskClient:
    return factories.sign_in(client, reviewer)


def cases(db: Session) -> list[Case]:
    db.rollback()
    return list(db.execute(select(Case).order_by(Case.id)).scalars())


def log(visitor: FlaskClient, **typed: Any) -> Page:
    return Page.get(visitor, URL).send(**typed)


def test_an_application_is_logged_with_all_that_is_known(
    db: Session, visitor: FlaskClient, reviewer: Person
) -> None:
    done = log(
        visitor,
        effective_on=date(2026, 3, 31),
        complainant_name="Jo Wren",
        complainant_email="jo@example.org",
        complainant_address="1 Fen Lane\r\nSaltby",
        force_reference="CO/1/26",
        outcome_provided_on=date(2026, 3, 20),
        route="otherwise",
        categories=["A1", "B4", "L"],
        channel="post",
        grounds="They asked nobody.",
    ).follow()
    (case,) = cases(db)
    assert (case.reference, case.state) == ("CR/2025-26/001", "received")
    assert done.heading == "Case CR/2025-26/001 Received"
    assert "Application logged as CR/2025-26/001." in done.words
    assert (case.received_on, case.force, case.route) == (date(2026, 3, 31), "force", "otherwise")
    assert case.complainant_address == "1 Fen Lane\nSaltby"
    (event,) = events_of(db, case.token)
    assert (event.actor, event.role, event.via) == (reviewer.token, "reviewer", "web")
    assert event.stat["categories"] == ["A1", "B4", "L"]
    assert (event.words or {})["grounds"] == "They asked nobody."


def test_only_the_day_is_needed_and_it_is_today_unless_changed(
    db: Session, visitor: FlaskClient
) -> None:
    today = clock.today()
    for number in (1, 2):
        log(visitor).follow()
        reference = f"CR/{financial_year_of(today).label}/00{number}"
        assert (cases(db)[-1].reference, cases(db)[-1].received_on) == (reference, today)


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_logged(
    db: Session, visitor: FlaskClient
) -> None:
    page = log(visitor, effective_on=date(2026, 4, 1), outcome_provided_on=date(2026, 4, 2))
    assert page.status == 422
    assert page.errors == {
        "#outcome_provided_on-day": "The outcome was provided on 2 April 2026, after the "
        "application reached this office on 1 April 2026. Check both days."
    }
    mended = page.send(outcome_provided_on=date(2026, 3, 2), complainant_name="Jo Wren")
    assert mended.status == 302
    assert [case.reference for case in cases(db)] == ["CR/2026-27/001"]


RISK = {"safeguarding_at_risk": "complainant", "safeguarding_risk": "Lives alone."}
BESIDE = {
    "party_name": "Ana Wren",
    "party_consent_on": date(2026, 3, 30),
    "contact_plan_adjustments": "Large print",
    **RISK,
}


def test_fifty_equal_posts_log_one_application_with_what_came_with_it(
    db: Session, visitor: FlaskClient
) -> None:
    page = Page.get(visitor, URL)
    answers = {page.send(complainant_name="Jo Wren", **BESIDE).answer.location for _ in range(50)}
    (case,) = cases(db)
    assert answers == {f"/cases/{case.token}"}
    kept = {item.workflow.name: item for item in items_on(db, case.token)}
    assert len(items_on(db, case.token)) == len(kept) == 3
    assert (kept["party"].values["kind"], kept["party"].words["name"]) == (
        "representative",
        "Ana Wren",
    )
    assert kept["contact_plan"].words == {"adjustments": "Large print"}
    assert kept["safeguarding"].values["at_risk"] == "complainant"


@pytest.mark.one_database
def test_what_is_begun_beside_it_is_finished_or_nothing_is_logged(
    db: Session, visitor: FlaskClient
) -> None:
    page = log(visitor, safeguarding_risk="Lives alone.", complainant_name="Jo Wren")
    assert (page.status, list(page.errors)) == (422, ["#safeguarding_at_risk"])
    assert cases(db) == []
    assert page.send(safeguarding_at_risk="complainant").status == 302
    assert [case.complainant_name for case in cases(db)] == ["Jo Wren"]


@pytest.mark.one_database
def test_earlier_cases_are_looked_for_before_anything_is_recorded(
    db: Session, visitor: FlaskClient
) -> None:
    earlier = factories.case(db, force_reference="CO/00123/26")
    page = log(visitor, force_reference="co 123-26", complainant_name="Jo Wren", then="look")
    assert (page.status, len(cases(db))) == (200, 1)
    assert page.links()[f"{earlier.reference} (in a new tab)"] == f"/cases/{earlier.case}"
    assert "Same force reference. Received 1 April 2026." in page.words
    assert page.fields()["complainant_name"] == "Jo Wren"
    assert page.send().status == 302
    none = log(visitor, complainant_name="Nobody Else", then="look")
    assert "None that you may see has this force reference" in none.words


@pytest.mark.one_database
def test_what_was_missing_is_added_later_and_only_that_is_recorded(
    db: Session, visitor: FlaskClient
) -> None:
    made = factories.case(db, complainant_name="Jo Wren", channel="post")
    page = Page.get(visitor, f"/cases/{made.case}/steps/complete_application")
    assert (page.fields()["complainant_name"], page.fields()["channel"]) == ("Jo Wren", "post")
    nothing = page.send(effective_on=date(2026, 4, 3))
    assert (nothing.status, list(nothing.errors.values())) == (
        422,
        ["Nothing is added. Enter what the office has learned."],
    )
    gone = page.send(complainant_name="")
    assert list(gone.errors) == ["#complainant_name"]
    page.send(
        effective_on=date(2026, 4, 3), complainant_telephone="01632 960001", route="otherwise"
    ).follow()
    (case,) = cases(db)
    assert (case.complainant_name, case.complainant_telephone, case.route) == (
        "Jo Wren",
        "01632 960001",
        "otherwise",
    )
    event = events_of(db, case.token)[-1]
    assert (event.stat, event.words) == (
        {"route": "otherwise"},
        {"complainant_telephone": "01632 960001"},
    )
    afresh = Page.get(visitor, page.url).send(outcome_provided_on=date(2026, 4, 2))
    assert list(afresh.errors) == ["#outcome_provided_on-day"]


def test_possible_doubles_are_shown_and_block_nothing(db: Session, visitor: FlaskClient) -> None:
    same_reference = factories.case(db, force_reference="co/1/26")
    same_person = factories.case(db, complainant_name="JO WREN", complainant_email="Jo@Example.org")
    factories.case(db, complainant_name="Jo Wren", complainant_email="other@example.org")
    factories.case(db)
    done = log(
        visitor,
        force_reference="CO/1/26",
        complainant_name="Jo Wren",
        complainant_email="jo@example.org",
    ).follow()
    assert "There may be a case about this already." in done.words
    shown = {words: url for words, url in done.links().items() if words.startswith("CR/")}
    assert shown == {
        moved.reference: f"/cases/{moved.case}" for moved in (same_person, same_reference)
    }
    again = Page.get(visitor, done.url)
    assert "There may be a case about this already." not in again.words


def test_one_who_gave_nothing_is_like_nobody(db: Session, visitor: FlaskClient) -> None:
    for _ in range(3):
        done = log(visitor).follow()
        assert "There may be a case" not in done.words


@pytest.mark.parametrize("role", ["chief_executive", "panel", "administrator"])
def test_others_log_nothing(db: Session, client: FlaskClient, role: str) -> None:
    factories.sign_in(client, factories.person(db, role))
    assert client.get(URL).status_code == 403
    assert factories.post(client, URL).status_code == 403
    assert db.execute(select(func.count()).select_from(Case)).scalar_one() == 0
