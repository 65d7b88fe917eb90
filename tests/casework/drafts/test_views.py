"""What is typed into a long form is not lost: not to a refusal, a stale form, or a lost session."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework import clock
from casework.accounts import sessions
from casework.database import begin_write
from casework.models import Draft, Person
from tests import factories
from tests.casework.cases.pages import Page
from tests.factories import LOGGED_ON

NOTE = "Spoke to them at length."


@pytest.fixture
def reviewer(db: Session) -> Person:
    return factories.person(db, "reviewer")


@pytest.fixture
def visitor(client: FlaskClient, reviewer: Person) -> FlaskClient:
    return factories.sign_in(client, reviewer)


@pytest.fixture
def form(db: Session) -> str:
    """The address of a form with long words, on a case that can take it."""
    return f"/cases/{factories.case(db).case}/steps/acknowledge"


def save(client: FlaskClient, page: Page, *, by_script: bool = True, **typed: Any) -> TestResponse:
    """Send a form to be kept, as its page's script or its button does."""
    headers = {"Accept": "application/json"} if by_script else {}
    fields = {**page.fields().to_dict(), **typed}
    return client.post(f"/drafts?form={page.url}", data=fields, headers=headers)


def kept(db: Session) -> list[dict[str, str]]:
    """What is kept, of everybody."""
    db.rollback()
    return [dict(each.fields) for each in db.scalars(select(Draft))]


def test_what_is_typed_is_kept_and_given_back_to_its_writer_alone(
    db: Session, visitor: FlaskClient, form: str
) -> None:
    page = Page.get(visitor, form)
    with time_machine.travel("2026-11-22T14:32:00Z", tick=False):
        factories.sign_in(visitor, db.scalars(select(Person)).one())
        page = Page.get(visitor, form)
        answer = save(visitor, page, note=NOTE)
        assert answer.get_json() == {"saved": "Saved at 2:32pm"}
    with time_machine.travel("2026-11-24T09:00:00Z", tick=False):
        factories.sign_in(visitor, db.scalars(select(Person)).one())
        again = Page.get(visitor, form)
        assert again.fields()["note"] == NOTE
        assert "began this on 22 November 2026 at 2:32pm" in again.words
        assert again.fields()["effective_on-day"] == "24"
        other = factories.person(db, "supervisor")
        theirs = Page.get(factories.sign_in(visitor.application.test_client(), other), form)
        assert theirs.fields()["note"] == ""


def test_it_is_gone_once_recorded_or_thrown_away(
    db: Session, visitor: FlaskClient, form: str
) -> None:
    page = Page.get(visitor, form)
    save(visitor, page, note=NOTE)
    recorded = Page.get(visitor, form)
    recorded.send(effective_on=LOGGED_ON).follow()
    assert kept(db) == []
    late = save(visitor, recorded, note=NOTE)
    assert (late.get_json(), kept(db)) == ({"saved": "Recorded"}, [])
    save(visitor, Page.get(visitor, form), note="Another.")
    factories.post(visitor, f"/drafts/discard?form={form}")
    assert kept(db) == []
    assert Page.get(visitor, form).fields()["note"] == ""


@pytest.mark.one_database
def test_without_script_a_button_keeps_it(db: Session, visitor: FlaskClient, form: str) -> None:
    page = Page.get(visitor, form)
    (button,) = page.tree.xpath("//button[contains(., 'Save and come back later')]")
    answer = visitor.post(button.get("formaction"), data={**page.fields().to_dict(), "note": NOTE})
    assert answer.location == form.removesuffix("/steps/acknowledge")
    case = Page.get(visitor, answer.location)
    assert "Only you see it. Open “Acknowledge” again" in case.words
    assert form in case.tree.xpath("//li[contains(., 'last saved')]/a/@href")
    assert Page.get(visitor, form).fields()["note"] == NOTE


@pytest.mark.one_database
def test_a_refused_or_stale_form_is_kept_as_it_was_sent(
    db: Session, visitor: FlaskClient, form: str
) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    refused = Page.get(visitor, form).send(effective_on=tomorrow, note=NOTE)
    assert refused.status == 422
    assert Page.get(visitor, form).fields()["note"] == NOTE
    reference = Page.get(visitor, form.removesuffix("/steps/acknowledge")).heading.split()[1]
    factories.move(db, reference, "chase_file", LOGGED_ON)
    restored = Page.get(visitor, form)
    assert "The case was changed since" in restored.words
    stale = refused.send(effective_on=LOGGED_ON, note=NOTE + " And again.")
    assert stale.status == 409
    assert Page.get(visitor, form).fields()["note"] == NOTE + " And again."
    factories.move(db, reference, "withdraw", date(2026, 4, 2), {"withdrawal_of": "application"})
    assert "And again." in Page.get(visitor, form).words


@pytest.mark.one_database
def test_it_outlives_the_session_and_signing_in_leads_back(
    db: Session, visitor: FlaskClient, reviewer: Person, form: str
) -> None:
    page = Page.get(visitor, form)
    save(visitor, page, note=NOTE)
    begin_write(db)
    sessions.end_all(db, reviewer.token, "ended")
    db.commit()
    late = {**page.fields().to_dict(), "note": "Late."}
    lost = Page(visitor, visitor.post(form, data=late))
    assert (lost.status, "Late." in lost.words) == (401, True)
    assert lost.links()["Sign in again"] == f"/sign-in?next={form}"
    visitor.delete_cookie("casework")
    assert save(visitor, page, note="Too late.").status_code == 400
    lost = Page(visitor, visitor.post(form, data=late))
    assert (lost.status, "Late." in lost.words) == (400, True)
    assert lost.links()["Open the form again"] == form
    assert visitor.get(form).location == f"/sign-in?next={form}"
    factories.sign_in(visitor, reviewer)
    assert Page.get(visitor, form).fields()["note"] == NOTE


@pytest.mark.parametrize(
    "address",
    ["", "/nowhere", "//evil.example/cases/log", "https://evil.example/", "/cases", "cases/log"],
)
@pytest.mark.one_database
def test_only_a_form_of_this_office_has_drafts(
    db: Session, visitor: FlaskClient, address: str
) -> None:
    for path in ("/drafts", "/drafts/discard"):
        assert factories.post(visitor, f"{path}?form={address}", note="x").status_code == 404
    assert kept(db) == []


@pytest.mark.one_database
def test_an_application_is_kept_while_it_is_logged(db: Session, visitor: FlaskClient) -> None:
    page = Page.get(visitor, "/cases/log")
    save(visitor, page, grounds="Nobody answered.")
    again = Page.get(visitor, "/cases/log")
    assert again.fields()["grounds"] == "Nobody answered."
    again.send(effective_on=LOGGED_ON).follow()
    assert kept(db) == []
