"""A contractor sees and changes the cases that were given to them, and no other anywhere."""

import re
from random import Random
from typing import Any

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.accounts.people import PersonRefused
from casework.models import Case, Person
from casework.permissions import visible_to
from casework.progress import Moved
from tests import factories
from tests.factories import LOGGED_ON, PASSWORD
from workflows.attempt import StepRefused

BACK = {"reasons": "A point is open.", "return_by": LOGGED_ON}
CASES = re.compile(r"c_[0-9a-f]{32}")


class Told:
    """What was done to one case, told plainly: who has it, what was asked of whom, who is kept out."""

    def __init__(self, case: Moved) -> None:
        self.case = case
        self.assignee = ""
        self.asked: dict[str, tuple[str, str]] = {}
        self.conflicts: dict[str, str] = {}

    def is_seen_by(self, token: str, *, sees_all: bool) -> bool:
        is_asked = any(
            who == token and state in ("instructed", "returned")
            for who, state in self.asked.values()
        )
        is_given = sees_all or self.assignee == token or is_asked
        return is_given and token not in self.conflicts.values()


def act(db: Session, chance: Random, told: Told, people: list[Person], chief: Person) -> None:
    """Do one thing to a case at random; what the rules refuse changes nothing."""
    person = chance.choice(people)
    try:
        _act(db, chance, told, person, chief)
    except StepRefused:
        db.rollback()


def _act(db: Session, chance: Random, told: Told, person: Person, chief: Person) -> None:
    token, what = told.case.case, chance.choice(("assign", "instruct", "go_on", "go_on", "keep"))
    if what == "assign":
        to = {"assignee": person.token}
        factories.move(db, told.case.reference, "assign", LOGGED_ON, to)
        told.assignee = person.token
    elif what == "instruct" and "contractor" in person.role_names:
        made = factories.instruction(db, token, person)
        told.asked[made.item] = (person.token, "instructed")
    elif what == "go_on" and told.asked:
        item = chance.choice(list(told.asked))
        who, _ = told.asked[item]
        step, facts = chance.choice(
            [
                ("return_work", {}),
                ("accept_work", {}),
                ("send_back", BACK),
                ("cancel_instruction", {}),
            ]
        )
        moved = factories.move_item(db, item, step, LOGGED_ON, facts, by=chief)
        told.asked[item] = (who, moved.state)
    elif what == "keep" and person.token not in told.conflicts.values():
        given: dict[str, Any] = {"person": person.token, "why": "A cousin."}
        made = factories.item(db, token, "conflict", by=chief, **given)
        told.conflicts[made.item] = person.token
    elif what == "keep":
        item = next(item for item, who in told.conflicts.items() if who == person.token)
        factories.move_item(db, item, "end_conflict", LOGGED_ON, {"why_ended": "Over."}, by=chief)
        del told.conflicts[item]


def test_whom_the_database_lets_see_is_whom_a_plain_account_lets_see(db: Session) -> None:
    chance, chief = Random(50), factories.person(db, "chief_executive")
    people = [factories.person(db, role) for role in ("contractor", "contractor", "reviewer")]
    watched = [*people, factories.person(db, "administrator")]
    office = [Told(factories.case(db)) for _ in range(3)]
    seen = set()
    for _ in range(50):
        act(db, chance, chance.choice(office), people, chief)
        for person in watched:
            sees_all = "reviewer" in person.role_names
            expected = {
                told.case.case
                for told in office
                if told.is_seen_by(person.token, sees_all=sees_all)
            }
            query = select(Case.token).where(visible_to(person.token))
            assert set(db.scalars(query)) == expected
            seen.add((min(person.role_names), len(expected)))
    assert {("contractor", 0), ("contractor", 2), ("reviewer", 3), ("reviewer", 2)} <= seen


@pytest.fixture
def contractor(db: Session) -> Person:
    return factories.person(db, "contractor", password=PASSWORD)


@pytest.fixture
def visitor(client: FlaskClient, contractor: Person) -> FlaskClient:
    return factories.sign_in(client, contractor)


@pytest.mark.one_database
def test_every_page_shows_a_contractor_their_own_cases_only(
    app: Flask, db: Session, visitor: FlaskClient, contractor: Person
) -> None:
    words: dict[str, Any] = {
        "complainant_name": "Jo Wren",
        "force_reference": "CO/1/26",
        "grounds": "Footage",
    }
    reviewer = factories.person(db)
    given, theirs, other, past, kept_out = (factories.case(db, **words) for _ in range(5))
    factories.move(db, given.reference, "assign", LOGGED_ON, {"assignee": contractor.token})
    factories.instruction(db, theirs.case, contractor)
    work = factories.instruction(db, past.case, contractor)
    factories.move_item(db, work.item, "cancel_instruction", LOGGED_ON, by=reviewer)
    factories.instruction(db, kept_out.case, contractor)
    factories.item(db, kept_out.case, "conflict", by=contractor, person=contractor.token, why="-")
    for moved in (given, theirs, other, past, kept_out):
        factories.item(db, moved.case, "correspondence", by=reviewer, **LETTER)
    own = {given.case, theirs.case}
    found = factories.post(visitor, "/search", words="Footage").location
    lists = ["/", "/chase", "/chase?whose=me", "/cases", "/cases?state=open", "/recommendations"]
    shown = {path: set(CASES.findall(visitor.get(path).text)) for path in (*lists, found)}
    assert shown == {path: own if path != "/recommendations" else set() for path in shown}
    with app.test_request_context():
        paths = [
            url_for(rule.endpoint, token=token)
            for rule in app.url_map.iter_rules()
            if rule.arguments == {"token"} and "GET" in (rule.methods or ())
            for token in (other.case, past.case, kept_out.case)
        ]
    assert {visitor.get(path).status_code for path in paths} == {404}
    assert len(paths) > 30


LETTER: dict[str, Any] = {
    "way": "letter",
    "direction": "in",
    "with": "force",
    "summary": "Footage",
    "next": "reply_owed",
}


@pytest.mark.one_database
def test_a_contractor_acts_on_no_other_case_by_a_command_either(
    db: Session, contractor: Person
) -> None:
    case = factories.case(db)
    party: dict[str, Any] = {"kind": "interested", "name": "A. Witness"}
    with pytest.raises(StepRefused, match="This case is not with you"):
        factories.item(db, case.case, "party", by=contractor, **party)
    db.rollback()
    factories.instruction(db, case.case, contractor)
    factories.item(db, case.case, "party", by=contractor, **party)
    for step in ("log", "assign", "uphold", "reopen", "find_valid"):
        with pytest.raises(StepRefused, match="needs the role of"):
            factories.move(db, case.reference, step, LOGGED_ON, by=contractor)
        db.rollback()


@pytest.mark.one_database
def test_nobody_with_a_conflict_is_instructed_and_a_contractor_holds_no_other_role(
    db: Session, contractor: Person
) -> None:
    case = factories.case(db)
    chief = factories.person(db, "chief_executive")
    factories.item(db, case.case, "conflict", by=chief, person=contractor.token, why="-")
    with pytest.raises(StepRefused, match="declared conflict with the case"):
        factories.instruction(db, case.case, contractor)
    with pytest.raises(StepRefused, match="must be one of"):
        factories.instruction(db, case.case, factories.person(db, "reviewer"))
    with pytest.raises(PersonRefused, match="goes with no other"):
        factories.person(db, "contractor", "reviewer")
