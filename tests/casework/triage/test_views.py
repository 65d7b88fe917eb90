"""A new application is sorted: what the rules say of it, who decides what, and what leaves the office then."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from casework import clock
from casework.audit.events import events_of
from casework.models import Person
from casework.progress import Moved
from tests import factories
from tests.casework.cases.pages import Page
from workflows.complaint_review_choices import LIMBS

pytestmark = pytest.mark.one_database
NO_LIMB = {f"limb_{limb.code}": "no" for limb in LIMBS}


class Office:
    """A reviewer and a supervisor at their browsers, and applications that reached them lately."""

    def __init__(self, app: Flask, db: Session) -> None:
        self.db, self.today = db, clock.today()
        self.people: dict[str, Person] = {}
        self.clients = {}
        for role in ("reviewer", "supervisor"):
            self.people[role] = factories.person(db, role)
            self.clients[role] = factories.sign_in(app.test_client(), self.people[role])

    def page(self, role: str, address: str) -> Page:
        return Page.get(self.clients[role], address)

    def logged(self, provided: int, **facts: Any) -> Moved:
        """An application of ten days ago, its outcome provided so many days before that."""
        on = self.today - timedelta(days=10)
        day = (on - timedelta(days=provided)).isoformat()
        known = {"complainant_name": "Zoe Pike", "complaint": "Nobody came.", "channel": "email"}
        made = {"outcome_provided_on": day, "complaint_made_on": "2026-01-02", **known, **facts}
        return factories.case(self.db, on=on, by=self.people["reviewer"], **made)

    def move(self, moved: Moved, step: str, **facts: Any) -> Moved:
        by = self.people["supervisor"]
        return factories.move(self.db, moved.reference, step, self.today, facts, by=by)

    def last(self, moved: Moved) -> tuple[str, dict[str, Any], dict[str, Any]]:
        """The newest event of a case: what happened, its codes and its words."""
        self.db.rollback()
        event = events_of(self.db, moved.case)[-1]
        return event.action, dict(event.stat), dict(event.words or {})


@pytest.fixture
def office(app: Flask, db: Session) -> Office:
    return Office(app, db)


def address(moved: Moved, *more: str) -> str:
    return "/".join((f"/cases/{moved.case}", *more))


def stages(page: Page) -> dict[str, list[str]]:
    """The references under each heading of the queue."""
    return {
        heading.text_content().rsplit(" (", 1)[0]: [
            link.text_content() for link in heading.getparent().xpath(".//th[@scope='row']/a")
        ]
        for heading in page.tree.xpath("//h2[contains(@class, 'app-stage')]")
    }


def test_the_queue_parts_what_each_may_decide_from_what_waits(office: Office) -> None:
    late = office.logged(40, why_late="I was in hospital.")
    office.move(late, "find_review_body", review_body="lpb")
    ready = office.logged(10)
    office.move(ready, "find_review_body", review_body="lpb")
    open_ = office.logged(10, force_reference="CO/9/26")
    double = office.logged(10, force_reference="co 9 26")
    waiting = office.logged(10)
    office.move(waiting, "wait", waiting_for="legal")
    found = {
        "Extra time to decide about": [late.reference],
        "Ready to decide": [ready.reference],
        "To be settled": [open_.reference, double.reference],
        "Waiting for others": [waiting.reference],
    }
    queue = office.page("supervisor", "/triage")
    assert stages(queue) == found
    assert "Extra time to decide about: 1, 1 for you" in queue.words
    assert queue.words.count("Possible duplicate") == 2
    theirs = office.page("reviewer", "/triage")
    assert stages(theirs) == found
    assert "Extra time to decide about: 1 Ready to decide: 1, 1 for you" in theirs.words
    factories.item(office.db, late.case, "safeguarding", at_risk="child", risk="A threat.")
    office.move(late, "assign", assignee=office.people["reviewer"].token)
    mine = office.page("reviewer", "/triage?whose=me")
    assert stages(mine) == {"Extra time to decide about": [late.reference]}
    assert "Safeguarding" in mine.words
    assert late.reference not in office.page("reviewer", "/triage?whose=nobody").words


def test_a_day_is_found_from_those_that_were_named(office: Office) -> None:
    moved = office.logged(40, letter_dated_on=(office.today - timedelta(days=60)).isoformat())
    again = office.today - timedelta(days=20)
    named: dict[str, Any] = {
        "candidate_on": again.isoformat(),
        "says": "applicant",
        "basis": "sent_again",
    }
    factories.item(office.db, moved.case, "outcome_day", on=office.today, **named)
    page = office.page("reviewer", address(moved, "triage"))
    assert "in time on one of these days and late on another" in page.words
    link = next(link for words, link in page.links().items() if again.isoformat() in link)
    form = office.page("reviewer", link)
    assert form.fields()["outcome_day_basis"] == "sent_again"
    after = form.send(reasons="The first went to a dead address.").follow()
    assert after.url == address(moved, "triage")
    assert "The first went to a dead address." in after.words
    assert "late on another" not in after.words
    assert office.last(moved)[1]["outcome_provided_on"] == again.isoformat()


def test_reasons_are_begun_and_nothing_typed_is_lost_by_choosing_anew(office: Office) -> None:
    moved = office.logged(10)
    office.move(moved, "find_review_body", review_body="lpb", **NO_LIMB)
    page = office.page("reviewer", address(moved, "triage", "decide"))
    fields = page.fields()
    assert fields["decision"] == "find_valid"
    assert "in time" in fields["find_valid_reasons"]
    assert "decide_time" not in page.tree.xpath("//input[@name='decision']/@value")
    typed = {"find_valid_reasons": "All is there.", "find_invalid_reasons": "Not a review."}
    refused = page.send(decision="find_invalid", **typed)
    assert (refused.status, refused.errors) == (
        422,
        {"#find_invalid_reason": "Select why it is invalid."},
    )
    factories.move(office.db, moved.reference, "acknowledge", office.today, {})
    stale = refused.send(decision="find_valid")
    assert stale.status == 409
    assert stale.fields()["find_invalid_reasons"] == "Not a review."
    assert "Found valid: recorded" in stale.send().follow().words
    action, stat, words = office.last(moved)
    assert (action, words) == ("found_valid", {"reasons": "All is there."})
    assert "reason" not in stat


def test_extra_time_is_for_whoever_the_delegation_names(office: Office) -> None:
    moved = office.logged(40, why_late="I was in hospital.")
    office.move(moved, "find_review_body", review_body="lpb")
    url = address(moved, "triage", "decide")
    mine = office.page("reviewer", url)
    assert "decide_time" not in mine.tree.xpath("//input[@name='decision']/@value")
    assert office.page("reviewer", address(moved, "steps", "decide_time")).status == 403
    late = mine.send(decision="find_valid")
    assert "Decide first whether special circumstances" in late.errors[""]
    page = office.page("supervisor", url)
    assert page.fields()["decision"] == "decide_time"
    assert "“I was in hospital.”" in page.fields()["decide_time_special_circumstances"]
    after = page.send(decide_time_extra_time="refused").follow()
    assert after.fields()["decision"] == "find_invalid"
    assert after.fields()["find_invalid_reason"] == "out_of_time"
    assert "I was in hospital" in after.fields()["find_invalid_reasons"]
    letters = after.send().follow()
    assert letters.url == address(moved, "letters#owed")
    assert "This letter has to go" in letters.words
    assert office.last(moved)[1]["invalid_reason"] == "out_of_time"


def test_what_is_asked_stands_in_the_letter_and_in_the_queue(office: Office) -> None:
    moved = office.logged(10, applicant="representative")
    page = office.page("reviewer", address(moved, "triage", "decide"))
    assert page.fields()["decision"] == "ask"
    assert page.fields().getlist("ask_asked_for") == ["outcome_letter", "consent"]
    letters = page.send(ask_asked_for=["consent"]).follow()
    assert letters.url == address(moved, "letters#write")
    action, stat, _ = office.last(moved)
    assert (action, stat["waiting_for"], stat["asked_for"]) == (
        "waiting_began",
        "applicant",
        ["consent"],
    )
    assert stages(office.page("reviewer", "/triage")) == {"Waiting for others": [moved.reference]}


def test_a_forwarded_case_owes_two_letters_and_comes_back_as_itself(office: Office) -> None:
    moved = office.logged(10)
    iopc = {"review_body": "iopc", "limb_referred": "yes", "reasons": "The file shows it."}
    office.move(moved, "find_review_body", **iopc)
    page = office.page("reviewer", address(moved, "triage", "decide"))
    assert (page.fields()["decision"], page.fields()["forward_limb"]) == ("forward", "referred")
    page.send().follow()
    case = office.page("reviewer", address(moved))
    assert "Still to be written to" in case.words
    assert "the IOPC and the complainant" in case.words
    office.move(moved, "notify", told=["complainant"])
    assert "the IOPC and" not in office.page("reviewer", address(moved)).words
    letters = office.page("reviewer", address(moved, "letters"))
    assert "To the IOPC: Covering letter to the IOPC" in letters.words
    office.move(moved, "notify", told=["iopc"])
    assert "Still to be written to" not in office.page("reviewer", address(moved)).words
    office.move(moved, "reopen", reason="returned_by_iopc")
    back = office.page("reviewer", address(moved, "triage"))
    assert "The IOPC sent the case back" in back.words
    refused = office.page("reviewer", address(moved, "triage", "decide")).send(
        decision="find_valid", find_valid_reasons="It is ours."
    )
    assert refused.status == 422
    anew = office.page("reviewer", back.links()["Find the relevant review body"])
    assert anew.fields()["limb_referred"] == "yes"
    anew.send(review_body="lpb", limb_referred="no", reasons="It never was.").follow()
    page = office.page("reviewer", address(moved, "triage", "decide"))
    assert page.fields()["decision"] == "find_valid"
