"""A mistaken entry is corrected or annulled on a page, by those who may, and stays to be seen."""

from datetime import date

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.audit.events import events_of
from casework.models import Person
from tests import factories
from tests.casework.cases.pages import Page
from tests.casework.cases.states import case_in, newest, row, url


def test_an_entry_is_corrected_with_what_it_now_holds(
    db: Session, visitor: FlaskClient, supervisor: Person
) -> None:
    moved = case_in(db, "received", supervisor, route="otherwise", complainant_name="Jo Wren")
    page = Page.get(visitor, url(moved, "entries", moved.seq, "correct"))
    fields = page.fields()
    assert (fields["effective_on-day"], fields["effective_on-month"]) == ("1", "4")
    assert (fields["route"], fields["complainant_name"]) == ("otherwise", "Jo Wren")
    refused = page.send(reason="")
    assert refused.errors == {"#reason": "Enter reason for the change."}
    nothing = page.send(reason="I looked again.")
    assert nothing.status == 422
    assert "Nothing would change" in nothing.errors[""]
    done = page.send(effective_on=date(2026, 4, 3), route="", reason="Misread stamp.")
    assert "Corrected" in done.follow().words
    event = newest(db, moved)
    assert (event.action, event.target) == ("corrected", moved.seq)
    assert event.stat == {"effective_on": "2026-04-03", "route": None}
    assert event.words == {"reason": "Misread stamp."}
    assert (row(db, moved).received_on, row(db, moved).route) == (date(2026, 4, 3), None)
    now = Page.get(visitor, url(moved, "entries", moved.seq, "correct")).fields()
    assert (now["effective_on-day"], now["route"]) == ("3", "")


def test_a_name_is_corrected_without_touching_the_log_of_what_was_entered(
    db: Session, visitor: FlaskClient, supervisor: Person
) -> None:
    moved = case_in(db, "received", supervisor, complainant_name="Jo Wren")
    page = Page.get(visitor, url(moved, "entries", moved.seq, "correct"))
    page.send(complainant_name="Jo Wrenn", reason="Misspelt.").follow()
    assert newest(db, moved).words == {"complainant_name": "Jo Wrenn", "reason": "Misspelt."}
    assert row(db, moved).complainant_name == "Jo Wrenn"
    assert "as first entered Jo Wren" in Page.get(visitor, url(moved)).words


def test_an_entry_is_annulled_and_stays_to_be_seen(
    db: Session, visitor: FlaskClient, supervisor: Person
) -> None:
    moved = case_in(db, "invalid", supervisor)
    page = Page.get(visitor, url(moved, "entries", moved.seq, "annul"))
    assert page.heading == "Annul “Found invalid”"
    done = page.send(reason="Wrong case.").follow()
    assert "Received" in done.heading
    assert "Found invalid Annulled" in done.words
    again = Page.get(visitor, url(moved, "entries", moved.seq, "annul"))
    assert again.status == 409
    assert "already annulled" in again.words
    back = Page.get(visitor, url(moved, "entries", newest(db, moved).seq, "annul"))
    assert "Invalid" in back.send(reason="It was this case.").follow().heading


def test_what_cannot_be_annulled_says_what_stands_in_the_way(
    db: Session, visitor: FlaskClient, supervisor: Person
) -> None:
    moved = case_in(db, "reviewed", supervisor)
    found_valid = events_of(db, moved.case)[1].seq
    refused = Page.get(visitor, url(moved, "entries", found_valid, "annul")).send(reason="Oops.")
    assert refused.status == 422
    assert "could not have happened" in refused.errors[""]
    assert row(db, moved).state == "reviewed"


def test_a_decision_is_corrected_only_by_those_who_may_decide(
    db: Session, app: Flask, supervisor: Person
) -> None:
    reviewer = factories.person(db, "reviewer")
    moved = case_in(db, "upheld", supervisor)
    visitor = factories.sign_in(app.test_client(), reviewer)
    assert f"Correct entry {moved.seq}, Upheld" not in Page.get(visitor, url(moved)).links()
    assert Page.get(visitor, url(moved, "entries", moved.seq, "correct")).status == 403
    visitor = factories.sign_in(app.test_client(), supervisor)
    assert f"Correct entry {moved.seq}, Upheld" in Page.get(visitor, url(moved)).links()
