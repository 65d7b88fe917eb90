"""What a person can do to a case on its pages, and in which sentence the rest is refused."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import clock
from casework.audit.events import Event, events_of
from casework.audit.record import log_size
from casework.models import AccessRead, Case, Person
from casework.progress import Moved
from tests import factories
from tests.casework.cases.pages import Page
from tests.workflows.lives import LEAST, WAYS
from workflows import WORKFLOWS
from workflows.definition import Actor

REVIEW = WORKFLOWS["complaint_review"]
ON = factories.LOGGED_ON
WRITER = Actor("u_" + "7" * 32, frozenset({"reviewer"}))
DECIDER = Actor("u_" + "8" * 32, frozenset({"supervisor"}))
EVERY_STEP = [step.name for step in REVIEW.steps if step.name != "log"]
STATES = [state for state in WAYS if state != "annulled"]


def least(step: str, person: Person) -> dict[str, Any]:
    facts = dict(LEAST.get(step, {}))
    return {**facts, "assignee": person.token} if "assignee" in facts else facts


def case_in(db: Session, state: str, person: Person, **facts: Any) -> Moved:
    """A case brought to a state, written by one person and decided by another."""
    moved = factories.case(db, by=WRITER, **facts)
    for number, step in enumerate(WAYS[state][1:], start=1):
        by = DECIDER if step in ("uphold", "not_uphold") else WRITER
        on = ON + timedelta(days=number)
        moved = factories.move(db, moved.reference, step, on, least(step, person), by=by)
    return moved


def url(moved: Moved, *more: object) -> str:
    return "/".join(map(str, (f"/cases/{moved.case}", *more)))


def newest(db: Session, moved: Moved) -> Event:
    return events_of(db, moved.case)[-1]


def row(db: Session, moved: Moved) -> Case:
    return db.execute(select(Case).where(Case.token == moved.case)).scalar_one()


@pytest.fixture
def supervisor(db: Session) -> Person:
    return factories.person(db, "supervisor", name="Sam Weir")


@pytest.fixture
def visitor(client: FlaskClient, supervisor: Person) -> FlaskClient:
    return factories.sign_in(client, supervisor)


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
        offered = Page.get(visitor, url(moved)).links()
        page = Page.get(visitor, url(moved, "steps", step.name))
        if step.leads_from(state) is None:
            assert page.status in (200, 409), step.name
            if page.status == 409:
                assert step.label not in offered
                assert "can be done while a case is" in page.words
            continue
        assert (page.status, page.heading) == (200, step.label)
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
        "#time_extended": "The application was made on 1 April 2026; the last day was 1 March 2026 "
        "(reg 29(2)). Decide whether special circumstances make it just to extend the time, or "
        "find the application invalid."
    }
    assert refused.tree.find(".//title").text.strip().startswith("Error: ")
    fields = refused.fields()
    assert fields["reasons"].split() == said.split()
    assert fields.getlist("categories") == ["B4", "C"]
    assert (fields["review_body"], fields["route"]) == ("lpb", "otherwise")
    assert fields["req"] == page.fields()["req"]
    assert row(db, moved).state == "received"
    mended = refused.send(time_extended=True, special_circumstances="In hospital until March.")
    assert "Found valid" in mended.follow().words


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


@pytest.mark.parametrize("role", ["panel", "administrator"])
def test_those_without_cases_see_none(db: Session, client: FlaskClient, role: str) -> None:
    person = factories.person(db, role)
    moved = factories.case(db, complainant_name="Canary Wren")
    factories.sign_in(client, person)
    addresses = ["/cases", url(moved), url(moved, "steps", "acknowledge")]
    addresses += [url(moved, "entries", moved.seq, kind) for kind in ("correct", "annul")]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 403
        assert "Canary" not in answer.text
    assert factories.post(client, "/cases/export", format="csv").status_code == 403
    home = client.get("/")
    assert home.status_code == 302
    assert home.location not in ("/", "/cases")


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


def test_the_case_page_tells_what_there_is_to_know(
    db: Session, visitor: FlaskClient, supervisor: Person
) -> None:
    day = clock.today()
    moved = factories.case(
        db, on=day, outcome_provided_on=day - timedelta(days=10), complainant_name="Jo Wren"
    )
    factories.move(db, moved.reference, "wait", day, {"waiting_for": "applicant"})
    page = Page.get(visitor, url(moved))
    assert page.heading == f"Case {moved.reference} Received"
    assert "Waiting for: the applicant." in page.words
    assert "18 days left" not in page.words  # made in time, so met
    assert "28 days starting with the day after the outcome was provided" in page.words
    assert "Met on" in page.words
    assert page.tree.xpath("//*[name()='svg'][contains(@class, 'workflow-diagram')]")
    assert page.tree.xpath(f"//form[@action='{url(moved, 'letters', 'acknowledgement')}']")
    assert not page.tree.xpath(f"//form[@action='{url(moved, 'letters', 'decision')}']")


def test_words_typed_by_a_complainant_are_shown_as_words(
    db: Session, visitor: FlaskClient, supervisor: Person
) -> None:
    attack = "</textarea><script>alert(1)</script>{{7*7}}"
    moved = case_in(db, "received", supervisor, complainant_name=attack, grounds=attack)
    factories.move(db, moved.reference, "acknowledge", ON, {"note": attack})
    for address in (url(moved), "/cases", "/", url(moved, "entries", moved.seq, "correct")):
        text = visitor.get(address).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in text, address


def reads(db: Session) -> int:
    db.rollback()
    return db.execute(select(func.count()).select_from(AccessRead)).scalar_one()


def test_reading_a_case_is_noted_once_in_half_an_hour(
    db: Session, visitor: FlaskClient, supervisor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = case_in(db, "received", supervisor)
    start = clock.now().replace(minute=2)
    monkeypatch.setattr(clock, "now", lambda: start)
    before = log_size(db)
    for address in (url(moved), url(moved), url(moved, "steps", "acknowledge")):
        assert visitor.get(address).status_code == 200
    assert reads(db) == 1
    noted = db.execute(select(AccessRead)).scalar_one()
    assert (noted.person_token, noted.case_token) == (supervisor.token, moved.case)
    assert noted.began_at == start.replace(minute=0, second=0, microsecond=0)
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(minutes=28))
    visitor.get(url(moved))
    assert reads(db) == 2
    assert log_size(db) == before


@pytest.mark.one_database
def test_a_case_stays_readable_when_its_reading_cannot_be_noted(
    db: Session, visitor: FlaskClient, supervisor: Person, caplog: pytest.LogCaptureFixture
) -> None:
    moved = case_in(db, "received", supervisor)
    from casework.database import begin_write

    begin_write(db)
    db.connection().exec_driver_sql(
        "CREATE TRIGGER full BEFORE INSERT ON access_read BEGIN SELECT RAISE(ABORT, 'full'); END"
    )
    db.commit()
    assert visitor.get(url(moved)).status_code == 200
    assert moved.case in caplog.text
    assert supervisor.token in caplog.text


def test_my_cases_are_what_i_am_to_do_overdue_first(
    db: Session, client: FlaskClient, supervisor: Person
) -> None:
    reviewer = factories.person(db, "reviewer", name="Riley Marsh")
    today = clock.today()
    late, new, closed = (
        factories.case(db, on=on, by=WRITER)
        for on in (today - timedelta(days=90), today, today - timedelta(days=5))
    )
    for moved in (new, late, closed):
        assigned = {"assignee": reviewer.token}
        factories.move(db, moved.reference, "assign", today, assigned, by=WRITER)
    factories.move(db, closed.reference, "withdraw", today, LEAST["withdraw"], by=WRITER)
    decided_by_me = case_in(db, "reviewed", reviewer)

    def lists(person: Person) -> dict[str, list[str]]:
        page = Page.get(factories.sign_in(client, person), "/")
        return {
            caption.text_content(): [
                cell.text_content().strip() for cell in caption.getparent().xpath("./tbody//th")
            ]
            for caption in page.tree.findall(".//caption")
        }

    assert lists(reviewer)["Assigned to you"] == [late.reference, new.reference]
    assert "Waiting for your decision" not in lists(reviewer)
    assert lists(reviewer)["Not assigned to anybody"] == [decided_by_me.reference]
    assert lists(supervisor)["Waiting for your decision"] == [decided_by_me.reference]
    assert "Assigned to you" not in lists(supervisor)
