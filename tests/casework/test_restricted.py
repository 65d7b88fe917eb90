"""A case that is restricted to people named: who reads it is on the log, and who may do what."""

import re
import sqlite3
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, NoReturn

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from casework.audit import record
from casework.audit.events import parse
from casework.letters.rendering import PdfRefused
from casework.letters.service import word_starter
from casework.letters.templates import views
from casework.models import AuditEvent, Person
from casework.progress import Moved
from casework.web.access import RESTRICTED_READ
from tests import factories, letter_factory, retention_factory
from tests.factories import LOGGED_ON
from workflows.attempt import StepRefused
from workflows.complaint_review import COMPLAINT_REVIEW

NAME = "Canaryname Birdsong"
PAGES = (
    *("triage", "people", "papers", "correspondence", "letters", "recommendations", "timeline"),
    "trail",
)
DOES = re.compile(r'action="/cases/[^"]*"|href="/cases/c_[^"]*/(?:steps|add|entries|assign)[^"]*"')
"""What leads from a page of a case to something that would be recorded on it."""
WHY: dict[str, Any] = {"why": "Somebody well known."}


@pytest.fixture
def people(db: Session) -> dict[str, Person]:
    roles = {"riley": "reviewer", "sam": "supervisor", "chris": "chief_executive"}
    return {name: factories.person(db, role) for name, role in roles.items()}


@pytest.fixture
def case(db: Session, people: dict[str, Person]) -> Moved:
    """A case that only the supervisor and the reviewer may see."""
    made = factories.case(db, complainant_name=NAME)
    named = [people["sam"].token, people["riley"].token]
    factories.item(db, made.case, "restriction", by=people["sam"], people=named, **WHY)
    return made


def reads(db: Session) -> list[tuple[str, str, str | None]]:
    """Who read what, by the log: person, role and case."""
    query = select(AuditEvent.body).where(AuditEvent.action == RESTRICTED_READ)
    events = [parse(body) for body in db.scalars(query.order_by(AuditEvent.seq))]
    return [(event.actor, event.role, event.case) for event in events]


def test_s10_a_read_is_on_the_log_once_for_each_person_and_half_hour(
    app: Flask, db: Session, people: dict[str, Person], case: Moved
) -> None:
    open_to_all = factories.case(db)
    by_riley = (people["riley"].token, "reviewer", case.case)
    by_sam = (people["sam"].token, "supervisor", case.case)
    with time_machine.travel(datetime(2026, 11, 20, 10, 1, tzinfo=UTC), tick=False):
        clients = {name: factories.sign_in(app.test_client(), who) for name, who in people.items()}
        for path in ("", "/timeline", "/people", "/papers", "/steps/acknowledge"):
            assert clients["riley"].get(f"/cases/{case.case}{path}").status_code == 200
            assert clients["chris"].get(f"/cases/{case.case}{path}").status_code == 404
            assert clients["chris"].get(f"/cases/{open_to_all.case}").status_code == 200
        assert reads(db) == [by_riley]
        assert clients["sam"].head(f"/cases/{case.case}/trail").status_code == 200
    with time_machine.travel(datetime(2026, 11, 20, 10, 29, 59, tzinfo=UTC), tick=False):
        clients["riley"].get(f"/cases/{case.case}")
        assert reads(db) == [by_riley, by_sam]
    with time_machine.travel(datetime(2026, 11, 20, 10, 30, tzinfo=UTC), tick=False):
        clients["riley"].get(f"/cases/{case.case}")
        assert reads(db) == [by_riley, by_sam, by_riley]


@pytest.mark.one_database
def test_a_read_that_cannot_be_told_is_not_answered(
    app: Flask, people: dict[str, Person], case: Moved, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> NoReturn:
        raise OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))

    client = factories.sign_in(app.test_client(), people["riley"])
    with monkeypatch.context() as patched:
        patched.setattr(record, "append", full)
        answer = client.get(f"/cases/{case.case}")
        assert (answer.status_code, NAME in answer.text) == (503, False)
    assert NAME in client.get(f"/cases/{case.case}").text


@pytest.mark.one_database
def test_a_preview_of_a_letter_tells_nothing_of_it_without_the_event(
    app: Flask, db: Session, people: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_pdf(*_: object, **__: object) -> NoReturn:
        raise PdfRefused("No Pango here.")

    monkeypatch.setattr(views, "docx_to_pdf", no_pdf)
    client = factories.sign_in(app.test_client(), factories.person(db, "administrator"))
    page = "/settings/letters/acknowledgement"
    file = (BytesIO(word_starter(COMPLAINT_REVIEW.letters[0])), "ours.docx")
    assert factories.post(client, page, file=file).status_code == 302
    both = factories.person(db, "administrator", "supervisor")
    named = factories.case(db, reference="CR/NAMED/1")
    factories.item(db, named.case, "restriction", by=both, people=[both.token], **WHY)
    client = factories.sign_in(app.test_client(), both)
    for reference, status in (("CR/NAMED/1", 200), (case_of_others(db, people), 404)):
        answer = client.get(f"{page}/versions/1/preview?reference={reference}", buffered=True)
        assert answer.status_code == status
    assert [(person, case) for person, _, case in reads(db)] == [(both.token, named.case)]


def case_of_others(db: Session, people: dict[str, Person]) -> str:
    """The reference of a case that is restricted to the supervisor."""
    made = factories.case(db)
    sam = people["sam"]
    factories.item(db, made.case, "restriction", by=sam, people=[sam.token], **WHY)
    return made.reference


@pytest.mark.one_database
def test_a_search_gives_its_reference_and_nothing_that_it_says(
    app: Flask, db: Session, people: dict[str, Person], case: Moved
) -> None:
    client = factories.sign_in(app.test_client(), people["riley"])
    page = client.get(factories.post(client, "/search", words="Canaryname").location).text
    assert f'href="/cases/{case.case}"' in page
    assert "that is recorded" in page
    assert ("<mark>Canaryname" in page, "Birdsong" in page) == (False, False)
    assert reads(db) == []


@pytest.mark.one_database
def test_the_offices_trail_gives_those_named_what_was_done_and_nothing_that_was_said(
    app: Flask, db: Session, people: dict[str, Person]
) -> None:
    chris = people["chris"]
    made, other = (factories.case(db) for _ in range(2))
    factories.item(db, made.case, "restriction", by=chris, people=[chris.token], **WHY)
    client = factories.sign_in(app.test_client(), chris)
    of_other = client.get(f"/trail?reference={other.reference}").text
    of_it = client.get(f"/trail?reference={made.reference}").text
    assert "Case restricted to people named" in of_it and f"/cases/{made.case}/trail" in of_it
    assert ("app-trail__fact" in of_other, "app-trail__fact" in of_it) == (True, False)
    assert reads(db) == []


@pytest.mark.one_database
def test_who_is_not_named_is_told_that_there_are_some_and_who_restricted_them(
    app: Flask, db: Session, people: dict[str, Person]
) -> None:
    old = retention_factory.ended(db, complainant_name=NAME)
    sam, day = people["sam"], LOGGED_ON.isoformat()
    factories.item(db, old.case, "restriction", by=sam, people=[sam.token], **WHY)
    case_of_others(db, people)
    client = factories.sign_in(app.test_client(), people["chris"])

    def told(url: str) -> str:
        text = " ".join(client.get(url).text.split())
        assert (old.case in text, old.reference in text, NAME in text) == (False, False, False)
        return text

    trail = told("/trail")
    assert "2 cases are restricted to people of whom you are none" in trail
    assert trail.count("Case restricted to people named") == 2
    by_reference = client.get(f"/trail?reference={old.reference}").text
    assert "There are no such entries" in by_reference
    exceptions = told("/exceptions")
    assert "No time limit was extended. Not looked at: 2 restricted." in exceptions
    assert "No sign-in was locked. Not looked at" not in exceptions
    figure = told(f"/reports/figure?from={day}&to={day}&measure=cohort.received")
    assert "which you may not see" in figure
    assert "declared conflict" not in figure
    assert "Due by today as well: 1 restricted" in told("/retention/")


@pytest.mark.one_database
def test_who_is_not_named_does_nothing_on_it_and_is_given_no_part_in_it(
    db: Session, people: dict[str, Person], case: Moved
) -> None:
    chris, sam = people["chris"], people["sam"]
    friend, outside = factories.person(db), factories.person(db, "contractor")
    factories.item(db, case.case, "conflict", by=sam, person=friend.token, why="A cousin.")

    def refused(by: Person, item: str, **facts: Any) -> str:
        with pytest.raises(StepRefused) as refusal:
            factories.item(db, case.case, item, by=by, **facts)
        db.rollback()
        return refusal.value.sentence

    assert "you are none of them" in refused(chris, "party", kind="interested")
    assert "restricted already" in refused(sam, "restriction", people=[sam.token], **WHY)
    asked = {"asked": "-", "is_eligible": True, "return_by": LOGGED_ON}
    assert "not one of those" in refused(sam, "instruction", person=outside.token, **asked)
    for given, told in ((chris, "not one of those named"), (friend, "declared conflict")):
        to = {"assignee": given.token}
        with pytest.raises(StepRefused, match=told):
            factories.move(db, case.reference, "assign", LOGGED_ON, to, by=sam)
        db.rollback()


@pytest.mark.one_database
def test_whoever_names_people_is_one_of_them_and_names_nobody_with_a_conflict(
    db: Session, people: dict[str, Person]
) -> None:
    sam, riley, case = people["sam"], people["riley"], factories.case(db)
    factories.item(db, case.case, "conflict", by=sam, person=riley.token, why="A cousin.")
    for by, named, told in (
        (sam, [people["chris"]], "Name yourself too"),
        (sam, [sam, riley], "declared conflict"),
        (factories.person(db), [sam], "needs the role"),
    ):
        tokens = [person.token for person in named]
        with pytest.raises(StepRefused, match=told):
            factories.item(db, case.case, "restriction", by=by, people=tokens, **WHY)
        db.rollback()


@pytest.mark.one_database
def test_no_correction_leaves_a_case_without_who_corrects_it(
    db: Session, people: dict[str, Person]
) -> None:
    sam, chris, case = people["sam"], people["chris"], factories.case(db)
    both = [sam.token, chris.token]
    kept = factories.item(db, case.case, "restriction", by=chris, people=both, **WHY)
    named = factories.move_item(
        db, kept.item, "name_readers", LOGGED_ON, {"people": [sam.token], **WHY}, by=sam
    )

    def refused(step: str, target: int, **facts: Any) -> str:
        given = {**facts, "reason": "A slip."}
        with pytest.raises(StepRefused) as refusal:
            factories.move_item(db, kept.item, step, None, given, target=target, by=sam)
        db.rollback()
        return refusal.value.sentence

    assert "Name yourself too" in refused("correct", named.seq, people=[chris.token])
    only = {"people": [chris.token], "reason": "A slip."}
    factories.move_item(db, kept.item, "correct", None, only, target=kept.seq, by=sam)
    assert "Name yourself too" in refused("annul", named.seq)


@pytest.mark.one_database
def test_nothing_taken_back_makes_a_case_restricted_twice(
    db: Session, people: dict[str, Person]
) -> None:
    sam, case = people["sam"], factories.case(db)
    named: dict[str, Any] = {"people": [sam.token], **WHY}
    undo = {"reason": "A slip."}
    first = factories.item(db, case.case, "restriction", by=sam, **named)
    over = {"why_lifted": "Over."}
    lifted = factories.move_item(db, first.item, "lift_case_restriction", LOGGED_ON, over, by=sam)
    second = factories.item(db, case.case, "restriction", by=sam, **named)
    with pytest.raises(StepRefused, match="restricted twice"):
        factories.move_item(db, first.item, "annul", None, undo, target=lifted.seq, by=sam)
    db.rollback()
    gone = factories.move_item(db, second.item, "annul", None, undo, target=second.seq, by=sam)
    factories.move_item(db, first.item, "annul", None, undo, target=lifted.seq, by=sam)
    with pytest.raises(StepRefused, match="restricted twice"):
        factories.move_item(db, second.item, "annul", None, undo, target=gone.seq, by=sam)


@pytest.mark.one_database
def test_an_auditor_reads_a_case_and_is_offered_nothing_to_do(app: Flask, db: Session) -> None:
    case = factories.case(db, complainant_name=NAME)
    factories.item(db, case.case, "party", kind="interested")
    factories.paper(db, case.case)
    letter_factory.letter(db, case.case)
    client = factories.sign_in(app.test_client(), factories.person(db, "auditor"))
    for page in ("", *("/" + name for name in PAGES)):
        text = client.get(f"/cases/{case.case}{page}").text
        assert NAME in text, page
        assert DOES.findall(text) == [], page
