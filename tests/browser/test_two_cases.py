"""Two whole cases in a real browser, from the application to letters issued and what came after."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfWriter

from casework.cli.demonstration import people
from tests.browser.conftest import PHONE
from tests.browser.test_review import TODAY, ago, take
from tests.browser.walker import Walker

Visit = Callable[..., Walker]
MADE_ON, DUE_ON = ago(40), ago(12)
"""Recommendations made 40 days ago were to be answered within 28 days (reg 30)."""


@cache
def report_file(folder: Path) -> Path:
    """A PDF as the force might send one."""
    path, writer = folder / "Case handler’s report.pdf", PdfWriter()
    writer.add_blank_page(595, 842)
    writer.write(path)
    return path


def log_an_application(walker: Walker, name: str, route: str, received_on: date) -> str:
    """Log an application by the page; the address of its case."""
    walker.open("/cases/log").unfold().fill_day("effective_on", received_on)
    walker.fill("Name", name).fill("Address", "3 Sluice Row\nFenmarch\nFM1 3AA")
    walker.fill("Email address", "applicant@example.org")
    walker.choose("Fenmarch Police", group="Police force").choose(route)
    walker.fill("The force’s complaint reference", "CO/311/26")
    walker.fill_day("complaint_made_on", received_on - timedelta(days=60))
    walker.fill_day("outcome_provided_on", received_on - timedelta(days=5))
    walker.press("Log the application").reads("Application logged as CR/", name)
    return walker.page.url.removeprefix(walker.url)


def add_a_paper(walker: Walker, case: str, file: Path) -> None:
    """Add a paper of the force to the case."""
    walker.open(f"{case}/papers/add")
    walker.page.locator("input[type=file]").set_input_files(file)
    walker.choose("Investigation report or case-handler’s report").choose("The force")
    walker.press(re.compile("Add|Save")).heading("Papers").reads(file.stem)


def issue(walker: Walker, case: str, letter: str, *more: str) -> Walker:
    """Write a letter from the case, complete it, check it and issue it."""
    walker.open(f"{case}/letters").press(letter)
    text = walker.page.locator("#text")
    text.fill(re.sub(r"\[to be completed:[^\]]*\]", "as we agreed", text.input_value()))
    walker.press("Save, then check and issue")
    walker.press("Issue the letter").tells_errors("Confirm each point of the disclosure check")
    for box in (
        walker.page.get_by_role("group", name="I have checked that").get_by_role("checkbox").all()
    ):
        box.check()
    for choice in more:
        walker.choose(choice)
    return walker.press("Issue the letter").heading(re.compile("L[0-9]+ "))


def file_and_validity(walker: Walker, case: str, report: Path, asked: int) -> None:
    """The file is asked for so many days ago and comes; then the application is found valid."""
    take(walker.open(case), "Request the force’s file", "File requested from the force", asked)
    add_a_paper(walker, case, report)
    take(walker.open(case), "Record the force’s file as received", "File received")
    walker.fill_day("effective_on", ago(asked - 7)).choose("The complete file").press("Save")
    walker.follow("Find the application valid").fill_day("effective_on", ago(asked - 8))
    why = "Reasons for finding it valid"
    walker.fill(why, "").press("Record it").tells_errors("Enter reasons")
    walker.fill(why, "In time, and ours to decide.").press("Record it")


def find(walker: Walker, finding: str, reasons: str) -> Walker:
    """Fill in the review on the page as far as it must be."""
    test = walker.page.get_by_role("group", name="Was the outcome reasonable").first
    test.get_by_label(finding).check()
    return walker.fill("Reasons", reasons)


def overdue(walker: Walker, on: date) -> int:
    """How many recommendations made on that day the office counts as overdue on another."""
    first = f"{MADE_ON.day}/{MADE_ON.month}/{MADE_ON.year}"
    walker.open(f"/reports/period?from={first}&to={first}&status_on={on.day}/{on.month}/{on.year}")
    row = walker.page.get_by_role("row", name=re.compile("^Overdue"))
    return int(row.get_by_role("cell").first.inner_text().split()[0])


def test_upheld_on_an_investigation_with_a_late_response(visit: Visit, tmp_path: Path) -> None:
    """The reviewer works on a phone without script, the supervisor at a desk with it."""
    reviewer = visit(people.REVIEWER, viewport=PHONE, java_script_enabled=False)
    case = log_an_application(reviewer, "Alder Fen", "By investigation", ago(70))
    take(reviewer.open(case), "Acknowledge", "Acknowledged", 69)
    file_and_validity(reviewer, case, report_file(tmp_path), 68)
    reviewer.open(f"{case}/review").fill_day("effective_on", ago(45))
    reviewer.press("Add an allegation").reads("Allegation 1")
    reviewer.press("Record the review").tells_errors("reasons")
    find(reviewer, "No: not reasonable and proportionate", "Two witnesses were never asked.")
    reviewer.choose("Investigate again").choose("Apology").press("Record the review")

    supervisor = visit(people.SUPERVISOR)
    supervisor.open(f"{case}/decision").reads("Two witnesses were never asked.")
    supervisor.press("Record the decision").tells_errors("decision")
    supervisor.choose("Uphold").fill_day("effective_on", MADE_ON)
    supervisor.press("Record the decision").reads("Upheld: recorded")
    issue(supervisor, case, "Decision", "By post", "Record on the case too: decision letter sent")
    supervisor.reads("Letter issued", "By post")
    issue(supervisor, case, "Recommendation", "From Outlook or another mailbox")

    reviewer.open(f"{case}/recommendations").reads("Investigate again", "Overdue")
    reviewer.follow("Record the force’s response", exact=False)
    reviewer.press("Save").tells_errors("what the force answered")
    reviewer.choose("Accepted").fill_day("effective_on", ago(5))
    reviewer.choose("The response is in writing and on file")
    reviewer.fill("What the force will do, or why it will not", "Both will be asked by March.")
    reviewer.press("Save").reads("Force responded: recorded")
    days = (DUE_ON, ago(11), ago(6), ago(5), TODAY)
    assert [overdue(reviewer, day) for day in days] == [0, 2, 2, 1, 1]


@pytest.mark.thorough
def test_not_upheld_with_a_learning_point_and_a_later_letter(visit: Visit, tmp_path: Path) -> None:
    """The file arrives before validity; the applicant writes again once all is closed."""
    supervisor, reviewer = visit(people.SUPERVISOR), visit(people.REVIEWER)
    case = log_an_application(reviewer, "Reed Bank", "Otherwise than by investigation", ago(30))
    issue(reviewer, case, "Acknowledgement", "Record on the case too: acknowledged")
    file_and_validity(reviewer, case, report_file(tmp_path), 27)
    find(reviewer.open(f"{case}/review"), "Yes: reasonable and proportionate", "All answered.")
    reviewer.fill("New oversight or learning points", "Say in the letter who was spoken to.")
    reviewer.press("Record the review").reads("Review written: recorded")
    reviewer.open(f"{case}/decision", 403).reads("a second person must decide")

    supervisor.open(f"{case}/decision").choose("Return the review to its writer")
    supervisor.page.get_by_text("If you return it").click()
    supervisor.fill("What needs more work", "Say what the evidence was.")
    supervisor.press("Record the decision").reads("Review returned: recorded")
    reviewer.open(f"{case}/review").reads("Returned by Sam Weir", "Say what the evidence was.")
    reviewer.fill("Reasons", "Each point was answered, with the evidence for it.")
    reviewer.press("Record the review").reads("Review written: recorded")
    supervisor.open(f"{case}/decision").choose("Do not uphold")
    points = supervisor.page.get_by_label("Number of oversight or learning points fed back")
    expect(points).to_have_value("1")
    supervisor.press("Record the decision").reads("Not upheld: recorded")
    sending = ("By the office’s mail", "Record on the case too: decision letter sent")
    issue(supervisor, case, "Decision", *sending)
    supervisor.open("/mail").reads("L2 Decision: not upheld", "applicant@example.org")
    a_later_letter(reviewer, case)
    reviewer.open(f"{case}/recommendations").reads("Say in the letter who was spoken to.")


def a_later_letter(walker: Walker, case: str) -> None:
    """The applicant writes again after the decision, and wants an answer."""
    walker.open(case).follow("Correspondence", exact=False)
    walker.follow("Add a letter, call or meeting").press("Save")
    walker.tells_errors("Select what it was", "Enter what was said")
    walker.choose("Letter").choose("To this office").choose("The complainant")
    walker.fill("What was said", "Asks why nobody met her before the decision.")
    walker.choose("This office is to answer it")
    walker.fill_day("reply_by", TODAY + timedelta(days=10)).press("Save")
    walker.reads("Asks why nobody met her before the decision.")
    walker.open("/chase").reads("Reed Bank")
