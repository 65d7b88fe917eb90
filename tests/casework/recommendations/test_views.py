"""Recommendations from the browser: answered, extended, sent later, listed with what is overdue."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.audit.events import events_of
from casework.audit.items import items_in
from casework.models import Person
from casework.progress import Moved
from tests import factories
from tests.casework.cases.pages import Page
from workflows.recommendation import RECOMMENDATION

DECIDED_ON = date(2026, 4, 21)
DUE_ON = date(2026, 5, 19)


@pytest.fixture
def writer(db: Session) -> Person:
    return factories.person(db, "reviewer", name="Riley Marsh")


@pytest.fixture
def decider(db: Session) -> Person:
    return factories.person(db, "supervisor", name="Sam Weir")


@pytest.fixture
def upheld(db: Session, writer: Person, decider: Person) -> Moved:
    """A case handled otherwise, upheld with two recommendations and told of to the complainant."""
    moved = factories.case(db, by=writer, route="otherwise", outcome_provided_on=date(2026, 3, 20))
    for step, by, day, facts in (
        ("find_valid", writer, 2, {"reasons": "In time."}),
        ("write_review", writer, 20, {"finding": "not_reasonable", "reasons": "No."}),
        ("uphold", decider, 21, {"reasons": "x", "recommendations": ["apology", "investigate"]}),
        ("notify", writer, 22, {"told": ["complainant", "appropriate_authority"]}),
    ):
        factories.move(db, moved.reference, step, date(2026, 4, day), facts, by=by)
    return moved


def kept(session: Session, case: Moved) -> list[Any]:
    found = items_in(events_of(session, case.case))
    return [item for item in found if item.workflow is RECOMMENDATION and item.is_kept]


def of_case(client: FlaskClient, case: Moved) -> Page:
    return Page.get(client, f"/cases/{case.case}/recommendations")


def test_a_response_from_the_page_to_its_copy(
    client: FlaskClient, db: Session, writer: Person, upheld: Moved
) -> None:
    factories.sign_in(client, writer)
    page = of_case(client, upheld)
    assert "1. Apology Awaiting response" in page.words
    assert "Response due 19 May 2026" in page.words
    assert "Copies owed The recommendation, to interested persons" in page.words
    form = Page.get(client, page.links()["Record the force’s response: Apology"])
    refused = form.send()
    assert (refused.status, refused.errors) == (
        422,
        {"#response": "Select what the force answered."},
    )
    sent = form.send(
        effective_on=DUE_ON, response="accepted", is_in_writing=True, steps_or_reasons="<b>Yes</b>"
    )
    assert sent.status == 302
    page = of_case(client, upheld)
    assert "1. Apology Accepted" in page.words
    assert "19 May 2026, in writing Steps or reasons <b>Yes</b>" in page.words
    assert "The response, to the complainant and interested persons" in page.words
    assert "Copies owed" in Page.get(client, "/recommendations").words
    copy = Page.get(client, page.links()["Record a copy as sent: Apology"])
    copy.send(copied=["response"], copied_to=["complainant", "interested_persons"])
    assert "The response, to" not in of_case(client, upheld).words
    seq = kept(db, upheld)[0].events[0].seq
    told = Page.get(client, f"/cases/{upheld.case}")
    assert "Recommendation: Apology" in told.words
    annulled = Page.get(client, told.links()[f"Annul entry {seq}, Force responded"])
    assert annulled.send(reason="Another case.").status == 422  # its copy was sent since
    decision = next(e.seq for e in events_of(db, upheld.case) if e.action == "upheld")
    barred = Page.get(
        client, f"/cases/{upheld.case}/items/{kept(db, upheld)[0].token}/entries/{decision}/annul"
    )
    assert barred.status == 404


@pytest.mark.one_database
def test_what_is_overdue_is_listed_first_until_it_is_answered(
    client: FlaskClient, db: Session, writer: Person, decider: Person, upheld: Moved
) -> None:
    apology, investigate = (item.token for item in kept(db, upheld))
    more = {"respond_by": "2026-06-30", "reason": "Asked."}
    factories.move_item(db, apology, "extend", date(2026, 5, 1), more, by=writer)
    for on, says in ((DUE_ON, "Due today"), (DUE_ON + timedelta(days=1), "Overdue by 1 day")):
        with time_machine.travel(on, tick=False):
            factories.sign_in(client, decider)
            words = Page.get(client, "/recommendations").words
            assert "Awaiting the force’s response (2)" in words
            assert words.index(says) < words.index("30 Jun 2026")
    answer = {"response": "accepted", "follow_up_on": "2027-01-10"}
    factories.move_item(db, investigate, "respond", date(2026, 5, 20), answer, by=writer)
    words = Page.get(factories.sign_in(client, decider), "/recommendations").words
    assert "Awaiting the force’s response (1)" in words
    assert "not yet recorded as carried out (1)" in words
    assert "10 Jan 2027" in words
    assert "Copies owed to the complainant or interested persons (2)" in words


@pytest.mark.one_database
def test_a_further_recommendation_is_the_deciders_and_within_the_route(
    client: FlaskClient, db: Session, writer: Person, decider: Person, upheld: Moved
) -> None:
    address = f"/cases/{upheld.case}/recommendations/make"
    factories.sign_in(client, writer)
    assert "You wrote the review" in of_case(client, upheld).words
    assert Page.get(client, address).status == 403
    factories.sign_in(client, decider)
    page = Page.get(client, of_case(client, upheld).links()["Make a recommendation"])
    offered = page.tree.xpath("//input[@name='kind']/@value")
    assert sorted(offered) == [
        *("apology", "investigate", "other_remedy"),
        *("refer_to_iopc", "reflective_practice", "return_property"),
    ]
    assert "paragraph 6A(6)(a)" in page.words
    beyond = page.send(kind="reinvestigate", wording="Again.")
    assert (beyond.status, list(beyond.errors)) == (422, ["#kind"])
    early = page.send(effective_on=DECIDED_ON - timedelta(days=1), kind="apology", wording="Sorry.")
    assert (early.status, list(early.errors)) == (422, ["#effective_on-day"])
    sent = page.send(effective_on=DECIDED_ON, kind="other_remedy", wording="Mend the gate.")
    assert "3. Another remedy, not compensation Awaiting response" in sent.follow().words
    factories.move(
        db, upheld.reference, "reopen", date(2026, 6, 1), {"reason": "own_error"}, by=decider
    )
    words = of_case(client, upheld).words
    assert words.count("Set aside with the decision") == 3
    assert "not now. Recommendations are made once a review is decided" in words


@pytest.mark.one_database
def test_learning_points_are_noted_on_any_case(client: FlaskClient, db: Session) -> None:
    case = factories.case(db)
    factories.sign_in(client, factories.person(db))
    page = of_case(client, case)
    form = Page.get(client, page.links()["Note a learning point"])
    form.send(to="chief_constable", themes=["rights"], point="Say <b>how</b> to apply.")
    page = of_case(client, case)
    assert "Say <b>how</b> to apply." in page.words
    Page.get(client, page.links()["Record it as fed back: learning point"]).send(note="By letter.")
    assert "For the chief constable Fed back" in of_case(client, case).words
