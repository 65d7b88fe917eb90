"""One case in which everything comes together, in a real browser: to the IOPC, and back again.

A boy was strip-searched in custody, and his mother acts for him. The outcome letter went to a dead
address and was sent again. The application went first to the force. It makes a new point about an
assistant chief constable, and a part of it is about the Commissioner. Somebody is at risk.
"""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from casework.audit.verify import verify_log
from casework.cli.demonstration import people
from tests.browser.conftest import Office
from tests.browser.test_review import ago, take
from tests.browser.test_two_cases import issue
from tests.browser.walker import Walker
from workflows.calendar import in_words
from workflows.complaint_review_choices import LIMBS

Visit = Callable[..., Walker]
POSTED_ON, SENT_AGAIN_ON, TO_FORCE_ON, RECEIVED_ON = ago(60), ago(33), ago(12), ago(10)
"""28 days after it was sent again the application was here, but the IOPC’s answer was not."""
LAST_DAY = ago(5)
IN_TIME = (f"{in_words(LAST_DAY)}: 28 days", "The application was made with 5 days left.")
CANDIDATES = (
    (POSTED_ON, "Posted, and the day it arrived is not known"),
    (SENT_AGAIN_ON, "Sent again, as an earlier letter did not arrive"),
)
RISK = "He says that he will hurt himself if nobody answers."
FLAG = ("Safeguarding risk raised", RISK, "Sergeant Heath")
HAPPENED = """
    logged party_added risk_raised risk_told outcome_day_named outcome_day_named part_passed
    outcome_day_found review_body_found file_requested file_received review_body_found forwarded
    letter_issued letter_sent decision_notified letter_issued letter_sent decision_notified
    reopened review_body_found found_valid
"""
"""The case’s entries in the log, in order."""


def log_it(walker: Walker) -> str:
    """Log the application with all that came with it; the address of its case."""
    walker.open("/cases/log").unfold().fill_day("effective_on", RECEIVED_ON)
    walker.choose("Through the force").fill("Name", "Lee Mallard")
    walker.choose("Fenmarch Police", group="Police force").fill_day("letter_dated_on", POSTED_ON)
    walker.fill("The force’s complaint reference", "CO/4471/26")
    walker.fill("What the complaint was about", "Strip-searched in custody, aged 17.")
    walker.choose("No", group="Was the complaint to the force about a senior officer?")
    received = "Who received it first, if not this office"
    walker.choose("The force", group=received).fill_day("first_received_on", TO_FORCE_ON)
    walker.fill(
        "What the complainant says is wrong with the outcome",
        "Nobody asked why. And the assistant chief constable should have stopped such searches.",
    )
    walker.choose("Somebody acting for the complainant")
    walker.fill("Name of whoever acts for the complainant", "Robin Mallard, his mother")
    walker.fill("Their email address", "robin.mallard@example.org")
    walker.fill_day("party_consent_on", ago(14))
    walker.choose("A child", group="Who is at risk").fill("What the risk is", RISK)
    walker.press("Log the application").reads("Application logged as CR/", "Lee Mallard", RISK)
    return walker.page.url.removeprefix(walker.url)


def tell_the_police(walker: Walker, case: str) -> None:
    """Record who was told of the risk, which from then on stands on every page of the case."""
    walker.follow("See it in full", exact=False).follow("Record who was told", exact=False)
    walker.choose("The police, by 999 or the control room").fill_day("effective_on", RECEIVED_ON)
    walker.fill("Name, and how they were reached", "Sergeant Heath").press("Save")
    for page in ("", "/triage", "/timeline", "/papers", "/letters"):
        walker.open(f"{case}{page}").reads(*FLAG)


def keep_what_is_known(walker: Walker, case: str) -> None:
    """Add the days on which the letter may have been provided, and pass on what is not for here."""
    for day, what in CANDIDATES:
        walker.open(f"{case}/add/outcome_day").fill_day("candidate_on", day)
        walker.choose("Professional Standards", group="Who says so").choose(what).press("Save")
    walker.open(f"{case}/add/passed_part").choose("The Police and Crime Panel", group="To whom")
    walker.fill("Which part", "That the Commissioner knew of it.").press("Save")


def find_day(walker: Walker, case: str) -> None:
    """Find which of the days it was."""
    walker.open(f"{case}/triage").reads("Disputed", "The office’s finding decides.")
    walker.follow(re.compile(f"Find this day.*{in_words(SENT_AGAIN_ON)}"))
    walker.fill("Reasons", "The first letter never arrived.").press("Save").heading("Triage")
    walker.reads(*IN_TIME, "only time with the IOPC is left out")


def find_body(walker: Walker, case: str, body: str, met: str, reasons: str) -> None:
    """Find the relevant review body, limb by limb, from the page of triage."""
    walker.open(f"{case}/triage").follow(re.compile("Find the (relevant )?review body"))
    for limb in LIMBS:
        walker.choose("Yes" if limb.code == met else "No", group=limb.label)
    walker.choose("The Commissioner", group="Review body named in the outcome letter")
    walker.choose(body, group="The office’s own finding on the review body")
    walker.fill("Reasons", reasons).press("Save").heading("Triage")


def decide(walker: Walker, what: str, done: str) -> None:
    """Decide from the page of triage, with the reasons that are begun there."""
    walker.go(walker.page.get_by_role("button", name="Decide, ask or forward"))
    walker.choose(what).press("Record it").reads(f"{done}: recorded")


@pytest.mark.thorough
def test_the_messy_case_goes_to_the_iopc_and_comes_back(visit: Visit, office: Office) -> None:
    reviewer = visit(people.REVIEWER)
    case = log_it(reviewer)
    reference = reviewer.page.locator("h1").inner_text().split()[1]
    tell_the_police(reviewer, case)
    keep_what_is_known(reviewer, case)
    find_day(reviewer, case)
    find_body(reviewer, case, "The Commissioner", "", "The point about a senior officer is new.")

    take(reviewer.open(case), "Request the force’s file", "File requested from the force", 8)
    take(reviewer, "Record the force’s file as received", "File received")
    reviewer.choose("The complete file").press("Save")
    find_body(reviewer, case, "The IOPC", "referred", "The file shows a referral on 3 May.")
    decide(reviewer.reads("The answers differ."), "Forward it to the IOPC", "Forwarded to the IOPC")
    for letter in ("Covering letter to the IOPC", "Sent to the IOPC"):
        issue(reviewer, case, letter, "By post", "Record on the case too: decision letter sent")

    take(reviewer.open(case), "Reopen the case", "Reopened").choose("The IOPC sent it back")
    reviewer.press("Save").reads("Reopened: recorded", *FLAG)
    reviewer.open(f"{case}/triage").reads("To be found anew", *IN_TIME)
    find_body(reviewer, case, "The Commissioner", "", "The IOPC says that it was never referred.")
    decide(reviewer, "Find it valid", "Found valid")
    reviewer.heading(re.compile(rf"{reference}\s+Valid")).reads(f"by {in_words(LAST_DAY)}", *FLAG)
    assert_the_log_tells_it(office, case.rpartition("/")[2])


def assert_the_log_tells_it(office: Office, case: str) -> None:
    """One case from first to last, whose log verifies."""
    told = "SELECT group_concat(action, ' ') FROM audit_event WHERE case_token = :case"
    assert office.one(told, case=case).split() == HAPPENED.split()
    engine = create_engine(f"sqlite:///{office.database}")
    with Session(engine) as session:
        assert [found for found in verify_log(session) if not found.holds] == []
    engine.dispose()
