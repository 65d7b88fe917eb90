"""What a person can do to a case on its pages, and in which sentence the rest is refused."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.audit.events import events_of
from casework.audit.record import log_size
from casework.models import Person
from tests import factories
from tests.casework.cases.pages import Page
from tests.casework.cases.states import (
    EVERY_STEP,
    ON,
    REVIEW,
    STATES,
    WRITER,
    case_in,
    found_late,
    least,
    newest,
    row,
    url,
)
from tests.workflows.lives import LEAST


@pytest.mark.one_database
@pytest.mark.parametrize("state", STATES)
def test_each_step_by_a_page_in_every_state(
    db: Session, visitor: FlaskClient, supervisor: Person, state: str
) -> None:
    """A step that the state allows is on the case page, and its page takes it; no other is."""
    is_waiting = state in ("received", "valid", "reviewed")
    for step in (REVIEW.steps_by_name[name] for name in EVERY_STEP):
        moved = case_in(db, state, supervisor)
        if is_waiting:
            moved = factories.move(db, moved.reference, "wait", ON, {"waiting_for": "legal"})
        if step.name == "decide_time":
            moved = found_late(db, moved)
        offered = Page.get(visitor, url(moved)).links()
        page = Page.get(visitor, url(moved, "steps", step.name))
        if step.leads_from(state) is None:
            assert page.status in (200, 409), step.name
            if page.status == 409:
                assert step.label not in offered
                assert "can be done while a case is" in page.words
            continue
        assert page.status == 200, step.name
        assert page.heading in (step.label, "Decide the review", "Decide on the application")
        assert offered[step.label] == url(moved, "steps", step.name)
        done = page.send(effective_on=ON + timedelta(days=40), **least(step.name, supervisor))
        assert step.done in done.follow().words, step.name
        event = newest(db, moved)
        assert (event.action, event.effective_on) == (step.event, ON + timedelta(days=40))
        assert (event.actor, event.via) == (supervisor.token, "web")
        assert row(db, moved).version == moved.version + 1


def test_a_review_goes_from_received_to_decided_and_notified(
    db: Session, app: Flask, supervisor: Person
) -> None:
    reviewer = factories.person(db, "reviewer", name="Riley Marsh")
    moved = factories.case(db, by=reviewer, route="investigation", outcome_provided_on="2026-03-20")
    first = factories.sign_in(app.test_client(), reviewer)
    second = factories.sign_in(app.test_client(), supervisor)

    def take(client: FlaskClient, step: str, **typed: Any) -> Page:
        return Page.get(client, url(moved, "steps", step)).send(**typed).follow()

    take(first, "acknowledge", effective_on=date(2026, 4, 2))
    take(first, "find_valid", effective_on=date(2026, 4, 8), reasons="In time.", categories=["A1"])
    take(first, "write_review", finding="not_reasonable", reasons="A witness was not asked.")
    assert "second person must decide" in Page.get(first, url(moved)).words
    assert Page.get(first, url(moved, "steps", "uphold")).status == 403
    page = take(second, "uphold", reasons="I agree.", recommendations=["reinvestigate", "apology"])
    assert "Upheld" in page.heading
    page = take(first, "notify", told=["complainant", "appropriate_authority"])
    assert "The complainant; The appropriate authority" in page.words
    upheld = next(event for event in events_of(db, moved.case) if event.action == "upheld")
    assert upheld.stat["recommendations"] == ["reinvestigate", "apology"]
    assert upheld.words == {"reasons": "I agree."}


def test_a_refusal_stands_at_its_field_and_everything_typed_is_kept(
    db: Session, visitor: FlaskClient, supervisor: Person
) -> None:
    moved = case_in(db, "received", supervisor, outcome_provided_on="2026-02-01")
    page = Page.get(visitor, url(moved, "steps", "find_valid"))
    said = "They were in hospital.\r\n  Two lines."
    refused = page.send(reasons=said, categories=["B4", "C"], review_body="lpb", route="otherwise")
    assert refused.status == 422
    assert refused.errors == {
        "": "The application was made on 1 April 2026; the last day was 1 March 2026 "
        "(reg 29(2)). Decide first whether special circumstances make it just to extend the time, "
        "or find the application invalid."
    }
    assert refused.tree.find(".//title").text.strip().startswith("Error: ")
    fields = refused.fields()
    assert fields["find_valid_reasons"].split() == said.split()
    assert fields.getlist("find_valid_categories") == ["B4", "C"]
    chosen = (fields["find_valid_review_body"], fields["find_valid_route"])
    assert chosen == ("lpb", "otherwise")
    assert fields["req"] == page.fields()["req"]
    assert row(db, moved).state == "received"
    settled = {
        "find_review_body": {"review_body": "lpb"},
        "decide_time": {"extra_time": "extended", "special_circumstances": "In hospital."},
    }
    for step, facts in settled.items():
        moved = factories.move(db, moved.reference, step, ON, facts, by=supervisor)
    stale = refused.send()
    assert stale.status == 409
    assert "Found valid" in stale.send().follow().words


def test_a_step_that_is_not_there_is_not_found(
    db: Session, visitor: FlaskClient, supervisor: Person
) -> None:
    moved = case_in(db, "received", supervisor)
    nobody = "c_" + "0" * 32
    for address in (
        url(moved, "steps", "sing"),
        url(moved, "entries", 999, "correct"),
        url(moved, "entries", 999, "annul"),
        f"/cases/{nobody}",
        f"/cases/{nobody}/steps/acknowledge",
        "/cases/c_%27",
        f"/cases/{row(db, moved).id}",
    ):
        assert visitor.get(address).status_code == 404, address


def test_a_stale_form_shows_both_texts_and_can_be_sent_again(
    db: Session, visitor: FlaskClient, supervisor: Person
) -> None:
    moved = case_in(db, "valid", supervisor)
    opened = Page.get(visitor, url(moved, "steps", "write_review"))
    factories.move(db, moved.reference, "acknowledge", ON, {"note": "Their own words."}, by=WRITER)
    stale = opened.send(finding="reasonable", reasons="My own words.")
    assert stale.status == 409
    assert "Their own words." in stale.words
    assert "Application received" not in stale.words
    assert stale.fields()["reasons"] == "My own words."
    assert row(db, moved).state == "valid"
    again = stale.send()
    assert "Review written" in again.follow().words
    assert newest(db, moved).words == {"reasons": "My own words."}


def test_a_stale_form_that_can_no_longer_be_sent_gives_the_words_back(
    db: Session, visitor: FlaskClient, supervisor: Person
) -> None:
    moved = case_in(db, "valid", supervisor)
    opened = Page.get(visitor, url(moved, "steps", "write_review"))
    factories.move(db, moved.reference, "withdraw", ON + timedelta(days=9), LEAST["withdraw"])
    stale = opened.send(finding="reasonable", reasons="My own words.")
    assert stale.status == 409
    assert "Yes: reasonable and proportionate" in stale.words
    assert "My own words." in stale.words
    assert "Withdrawn" in stale.words
    assert not stale.tree.xpath("//main//form")


def test_fifty_equal_posts_have_one_effect(
    db: Session, visitor: FlaskClient, supervisor: Person
) -> None:
    moved = case_in(db, "received", supervisor)
    page = Page.get(visitor, url(moved, "steps", "find_valid"))
    before = log_size(db)
    answers = [page.send(reasons="In time.") for _ in range(50)]
    assert {(page.status, page.answer.location) for page in answers} == {(302, url(moved))}
    db.rollback()
    assert log_size(db) == before + 1
    assert row(db, moved).version == moved.version + 1


def test_equal_posts_at_the_same_time_have_one_effect(
    db: Session, app: Flask, visitor: FlaskClient, supervisor: Person
) -> None:
    moved = case_in(db, "received", supervisor)
    page = Page.get(visitor, url(moved, "steps", "acknowledge"))
    fields, before = page.fields(), log_size(db)
    db.rollback()
    with visitor.session_transaction() as cookie:
        signed_in = dict(cookie)

    def send(_: int) -> tuple[int, str]:
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie.update(signed_in)
        answer = client.post(page.url, data=fields)
        return answer.status_code, answer.location

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(send, range(8)))
    assert answers == {(302, url(moved))}
    db.rollback()
    assert log_size(db) == before + 1


@pytest.mark.parametrize("missing", ["req", "version"])
def test_a_form_without_its_hidden_fields_is_refused(
    db: Session, visitor: FlaskClient, supervisor: Person, missing: str
) -> None:
    moved = case_in(db, "received", supervisor)
    page = Page.get(visitor, url(moved, "steps", "acknowledge"))
    for value in ("", "x" * 10_000, "-1"):
        fields = page.fields()
        fields[missing] = value
        assert visitor.post(page.url, data=fields).status_code == 400
    assert row(db, moved).version == moved.version


def test_a_role_that_takes_no_step_is_told_so(db: Session, client: FlaskClient) -> None:
    chief = factories.person(db, "chief_executive")
    moved = factories.case(db)
    factories.sign_in(client, chief)
    page = Page.get(client, url(moved, "steps", "acknowledge"))
    assert page.status == 403
    assert "needs the role of reviewer or supervisor" in page.words
    sent = factories.post(client, url(moved, "steps", "acknowledge"), version=1)
    assert sent.status_code == 403
    assert newest(db, moved).action == "logged"
    assert "Correct" not in " ".join(Page.get(client, url(moved)).links())


def test_what_was_forgotten_can_still_be_entered_after_closing(
    db: Session, visitor: FlaskClient, supervisor: Person
) -> None:
    moved = case_in(db, "withdrawn", supervisor)
    page = Page.get(visitor, url(moved))
    assert page.links()["Acknowledge"] == url(moved, "steps", "acknowledge")
    assert "Find the application valid" not in page.links()
    form = Page.get(visitor, url(moved, "steps", "acknowledge"))
    refused = form.send()
    assert refused.status == 422
    assert "because the case is then “withdrawn”" in refused.words
    assert "Acknowledged" in refused.send(effective_on=ON).follow().words
    assert row(db, moved).acknowledged_on == ON
