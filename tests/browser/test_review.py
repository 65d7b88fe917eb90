"""Side roads of a review in a real browser; two whole cases are in `test_two_cases`."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import expect

from casework.cli.demonstration import people
from tests.browser.conftest import Office
from tests.browser.walker import Walker

Visit = Callable[..., Walker]
TODAY = date.today()
GROUNDS = "They never rang me back. <b>Not once</b> & “never” = 1+1"


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def log_an_application(
    walker: Walker, name: str = "Jo Fen", received_on: date | None = None
) -> str:
    """Log an application by the page; the address of its case."""
    received_on = received_on or ago(20)
    walker.follow("Log an application").heading("Log an application").unfold()
    walker.fill_day("effective_on", received_on)
    walker.fill("Name", name).fill("Email address", "jo.fen@example.org")
    walker.choose("Fenmarch Police", group="Police force")
    walker.fill_day("outcome_provided_on", received_on - timedelta(days=3))
    walker.fill("What the complainant says is wrong with the outcome", GROUNDS)
    walker.press("Log the application")
    walker.reads("Application logged as CR/", name)
    return walker.page.url


def take(walker: Walker, step: str, done: str, days_ago: int | None = None) -> Walker:
    """Open a step's page from the case; `fill` in between is the caller's."""
    walker.follow(step).heading(step)
    if days_ago is not None:
        walker.fill_day("effective_on", ago(days_ago))
        walker.press("Save").reads(f"{done}: recorded")
    return walker


def decide(walker: Walker, what: str) -> Walker:
    """Open what is decided on an application, by the step's link on the case; it is chosen there."""
    walker.follow(what).heading("Decide on the application")
    expect(walker.page.get_by_role("radio", checked=True).first).to_be_visible()
    return walker


def test_side_roads_withdrawing_forwarding_waiting_and_reopening(visit: Visit) -> None:
    reviewer = visit(people.REVIEWER)
    case = log_an_application(reviewer)
    take(reviewer, "Start waiting", "Waiting began").choose("The force").press("Save")
    reviewer.reads("Waiting for: the force.")
    take(reviewer, "Stop waiting", "Waiting ended", 0)
    take(reviewer, "Assign the case", "Assigned").choose(people.REVIEWER.name).press("Save")
    reviewer.follow("Forward to the IOPC").heading("Decide on the application")
    reviewer.choose("About a senior officer")
    reviewer.fill("Reasons for forwarding it", "It names a chief officer.")
    reviewer.press("Record it").reads("Forwarded to the IOPC: recorded", "Covering letter")
    take(reviewer.open(case), "Reopen the case", "Reopened").choose("The IOPC sent it back").press(
        "Save"
    )
    reviewer.reads("Reopened: recorded")
    expect(reviewer.page.locator("h1")).to_contain_text("Received")
    take(reviewer, "Record a withdrawal", "Withdrawn")
    reviewer.choose("The application for a review").press("Save").reads("Withdrawn: recorded")
    take(reviewer, "Reopen the case", "Reopened").choose("The IOPC sent it back").press("Save")
    reviewer.tells_errors("Only a case that was forwarded can come back from the IOPC.")
    reviewer.choose("The withdrawal was taken back").press("Save").reads("Reopened: recorded")
    reviewer.follow("Find the application invalid").heading("Decide on the application")
    reviewer.choose("There is no outcome letter yet")
    reviewer.fill("Reasons for finding it invalid", "The force has not finished.")
    reviewer.press("Record it").reads("Found invalid: recorded")


def test_a_mistake_is_corrected_and_another_annulled(visit: Visit) -> None:
    reviewer = visit(people.REVIEWER)
    log_an_application(reviewer)
    take(reviewer, "Acknowledge", "Acknowledged", 15)
    take(reviewer, "Request the force’s file", "File requested from the force", 14)
    reviewer.follow("Correct entry", exact=False).heading("Correct “File requested from the force”")
    reviewer.press("Save").tells_errors("reason for the change")
    reviewer.fill("Reason for the change", "Mistyped.").fill_day("effective_on", ago(30))
    reviewer.press("Save").tells_errors("history that could not have happened")
    reviewer.fill_day("effective_on", ago(13)).press("Save").reads("Corrected")
    reviewer.go(reviewer.page.get_by_role("link", name="Acknowledged").last)
    reviewer.heading("Annul “Acknowledged”").fill("Reason for the change", "Another case.")
    reviewer.press("Save").reads("Annulled", "This never happened")


def test_what_is_wrong_is_said_where_it_is(visit: Visit, office: Office) -> None:
    reviewer = visit(people.REVIEWER)
    before = office.log_size()
    reviewer.open("/cases/log").fill_day("effective_on", ("31", "2", "2026"))
    reviewer.fill_day("letter_dated_on", ("", "3", "2026")).fill("Name", "Kept As Typed")
    reviewer.press("Log the application").tells_errors("must be a real day", "must include a day")
    expect(reviewer.page.get_by_label("Name", exact=True)).to_have_value("Kept As Typed")
    expect(reviewer.page.locator("#effective_on-day")).to_have_value("31")
    reviewer.fill_day("effective_on", TODAY + timedelta(days=1))
    reviewer.fill_day("letter_dated_on", ago(2)).press("Log the application")
    reviewer.tells_errors("in the future")
    case = office.case("received")
    for step in ("withdraw", "wait", "receive_file"):
        reviewer.open(f"/cases/{case}/steps/{step}").press("Save").tells_errors()
    for step in ("find_invalid", "forward"):
        reviewer.open(f"/cases/{case}/steps/{step}").press("Record it").tells_errors()
    reviewer.open(f"/cases/{case}/steps/uphold", 409).reads("Nothing was changed")
    reviewer.open(f"/cases/{case}/steps/no_such_step", 404)
    reviewer.open("/cases/c_0", 404)
    reviewer.open("/settings/", 403)
    assert office.log_size() == before


def test_the_second_of_two_people_is_shown_both_texts(visit: Visit, office: Office) -> None:
    case = f"/cases/{office.case('received')}"
    reviewer, supervisor = visit(people.REVIEWER), visit(people.SUPERVISOR)
    reviewer.open(f"{case}/steps/acknowledge").fill("Note", "Mine, typed first.")
    supervisor.open(f"{case}/steps/chase_file").fill("Note", "Theirs, saved first.").press("Save")
    reviewer.press("Save").heading("Somebody else changed this case")
    reviewer.reads("Theirs, saved first.")
    expect(reviewer.page.get_by_label("Note", exact=True)).to_have_value("Mine, typed first.")
    reviewer.press("Save to the case as it is now").reads("Acknowledged: recorded")

    reviewer.open(f"{case}/steps/find_valid")
    reviewer.fill("Reasons for finding it valid", "Still valid, I say.")
    supervisor.open(f"{case}/steps/withdraw").choose("The application for a review").press("Save")
    reviewer.press("Record it").reads("This can no longer be saved.", "Still valid, I say.")


def test_a_double_click_has_one_effect(visit: Visit, office: Office) -> None:
    # Without script, so that nothing but the server stands between the two posts.
    reviewer = visit(people.REVIEWER, java_script_enabled=False)
    reviewer.open(f"/cases/{office.case('received')}/steps/chase_file")
    before = office.log_size()
    reviewer.page.get_by_role("button", name="Save", exact=True).dblclick()
    expect(reviewer.page).to_have_url(re.compile("/cases/c_[0-9a-f]{32}$"), timeout=20_000)
    reviewer.look().reads("What happened")
    assert office.log_size() == before + 1
