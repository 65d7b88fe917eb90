"""A contractor sees and changes the cases that were given to them, and no other anywhere."""

import re
from typing import Any

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.accounts.people import PersonRefused
from casework.models import Person
from tests import factories
from tests.factories import LOGGED_ON, PASSWORD
from workflows.attempt import StepRefused

BACK = {"reasons": "A point is open.", "return_by": LOGGED_ON}
CASES = re.compile(r"c_[0-9a-f]{32}")


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
