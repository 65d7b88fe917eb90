"""A case is given to somebody with everybody’s load in sight, or to whoever has the least to do."""

from random import Random

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.models import Case, Person
from casework.progress import Moved
from tests import factories
from tests.casework.cases.pages import Page
from tests.factories import LOGGED_ON


@pytest.fixture
def supervisor(db: Session) -> Person:
    return factories.person(db, "supervisor", name="Sam Weir")


@pytest.fixture
def visitor(client: FlaskClient, supervisor: Person) -> FlaskClient:
    return factories.sign_in(client, supervisor)


def given_to(db: Session, person: Person) -> Moved:
    made = factories.case(db)
    factories.move(db, made.reference, "assign", LOGGED_ON, {"assignee": person.token})
    return made


def page_of(visitor: FlaskClient, case: Moved) -> Page:
    return Page.get(visitor, f"/cases/{case.case}/assign")


def holder(db: Session, case: Moved) -> str | None:
    db.rollback()
    return db.execute(select(Case.assignee).where(Case.token == case.case)).scalar_one()


def test_the_least_busy_is_who_has_fewest_open_cases_by_a_plain_count(
    db: Session, visitor: FlaskClient
) -> None:
    """Among equals who has fewest overdue, then by name; contractors and others are passed over."""
    chance = Random(4)
    people = [factories.person(db, "reviewer", name=name) for name in ("Ada", "Bo", "Cy", "Di")]
    factories.person(db, "contractor", name="Al Outside")
    closed = {"withdrawal_of": "application", "is_in_writing": True}
    counted = {person.token: 0 for person in people}
    for _ in range(9):
        person = chance.choice(people)
        case = given_to(db, person)
        if chance.random() < 0.3:
            factories.move(db, case.reference, "withdraw", LOGGED_ON, closed)
        else:
            counted[person.token] += 1
    for _ in range(4):
        new = factories.case(db)
        done = page_of(visitor, new).send(assignee="least_busy").follow()
        least = min(people, key=lambda person: counted[person.token])
        assert holder(db, new) == least.token
        assert f"The case is with {least.name}, since" in done.words
        counted[least.token] += 1


@pytest.mark.one_database
def test_loads_and_who_is_barred_or_has_it_are_in_sight(db: Session, visitor: FlaskClient) -> None:
    ada, bo = (factories.person(db, "reviewer", name=name) for name in ("Ada Lode", "Bo Mere"))
    case, _ = given_to(db, ada), given_to(db, ada)
    factories.item(db, case.case, "conflict", by=bo, person=bo.token, why="A cousin.")
    page = page_of(visitor, case)
    assert (page.status, page.heading) == (200, "Give the case to somebody else")
    assert "The case is with Ada Lode, since 1 April 2026." in page.words
    assert "Ada Lode 2 open, 0 waiting, 2 overdue, has it now" in page.words
    assert "Bo Mere Has a declared conflict with this case" in page.words
    (barred,) = page.tree.xpath("//input[@name='assignee'][@disabled]/@value")
    assert barred == bo.token
    refused = page.send(assignee=bo.token)
    assert refused.status == 422
    assert list(refused.errors) == ["#assignee"]
    assert holder(db, case) == ada.token


@pytest.mark.one_database
def test_with_nobody_left_the_least_busy_is_a_supervisor_and_then_nobody(
    db: Session, visitor: FlaskClient, supervisor: Person
) -> None:
    case = factories.case(db)
    page_of(visitor, case).send(assignee="least_busy")
    assert holder(db, case) == supervisor.token
    refused = page_of(visitor, case).send(assignee="least_busy")
    assert refused.status == 422
    assert "no other reviewer or supervisor" in refused.errors["#assignee"]


@pytest.mark.one_database
def test_sent_twice_it_is_given_once(db: Session, visitor: FlaskClient) -> None:
    ada, case = factories.person(db, "reviewer", name="Ada"), factories.case(db)
    page = page_of(visitor, case)
    answers = {page.send(assignee="least_busy").status for _ in range(3)}
    assert (answers, holder(db, case)) == ({302}, ada.token)
    assert Page.get(visitor, f"/cases/{case.case}/timeline").words.count("Who will work on it") == 1
