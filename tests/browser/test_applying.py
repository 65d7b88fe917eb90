"""The public form in a real browser, on a phone and without script, from its first page to its last."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from casework.apply import robots
from tests.browser.conftest import PHONE, Office
from tests.browser.test_review import ago
from tests.browser.walker import Walker
from tests.factories import PICTURE

Visit = Callable[..., Walker]
REST = (
    (
        "Who does the letter say can review the complaint?",
        "The Police and Crime Commissioner, or this office",
    ),
    (
        "Was the complaint to the police about a senior officer?",
        "No, but something that I want to add now is",
    ),
    (
        "Was the complaint about the Commissioner, or about people who work in this office?",
        "A part of it was",
    ),
    ("Has this office or the IOPC already reviewed how the complaint ended?", "No"),
    ("When was the complaint made to the police?", "I am not sure"),
    ("Was the complaint made on or after 1 February 2020?", "Yes"),
    ("Have you already sent this request to somebody else?", "No"),
)
"""Questions that are answered by choosing, and what is chosen."""
HELP = (
    ("How would you like to hear from us?", "By telephone"),
    ("Which language would you like to use with us?", "English"),
    ("Would you like somebody to act for you?", "No"),
    ("Are you or somebody else at risk of harm now?", "No"),
)


def go_on(walker: Walker, question: str) -> Walker:
    """Send the page's answer; the next question is this one."""
    return walker.press("Continue").heading(question)


def choose(walker: Walker, answers: tuple[tuple[str, str], ...]) -> None:
    """Answer questions by choosing, one after the other."""
    for question, answer in answers:
        go_on(walker, question).choose(answer)


def tell_of_the_complaint(applicant: Walker) -> None:
    """From the first page on, with an answer that ends the form taken back."""
    applicant.open("/apply").heading("Ask for a review of a complaint").reads("29 April")
    applicant.go(applicant.page.get_by_role("button", name="Start now"))
    applicant.press("Continue").tells_errors("Select one of the answers.")
    applicant.choose("No, they are still dealing with the complaint").press("Continue")
    applicant.reads("What you can do", "The law:").follow("Back").choose("Yes")
    go_on(applicant, "Whose complaint was it?").choose("It was my complaint")
    go_on(applicant, "Which police force dealt with the complaint?").choose("Fenmarch Police")
    go_on(applicant, "When did the police tell you how the complaint ended?")
    applicant.fill_day("outcome_day", ago(40))
    choose(applicant, REST)
    go_on(applicant, "Why could you not ask sooner?").reads("28 days")
    applicant.page.get_by_label("What happened, and when").fill("The letter went to an old flat.")


def tell_of_oneself(applicant: Walker) -> None:
    """On to what is wrong and what would help, with a refresh and an answer that is not taken."""
    go_on(applicant, "What is your name?").fill("What is your name?", "Wren Reed")
    go_on(applicant, "How can we reach you?")
    applicant.page.reload()
    applicant.heading("How can we reach you?").press("Continue").tells_errors("Give an email")
    applicant.fill("Your email address", "wren.reed@example.org")
    go_on(applicant, "What was the complaint to the police about?")
    applicant.page.get_by_role("textbox").fill("Nobody rang me. =1+1 <b>bold</b>")
    go_on(applicant, "What does the letter from the police say?")
    go_on(applicant, "What do you think is wrong with how the complaint ended?")
    go_on(applicant, "Do you need us to do anything differently?")
    choose(applicant, HELP[:1])
    applicant.press("Continue").tells_errors("You have not given us a number")
    applicant.choose("By email")
    choose(applicant, HELP[1:])


def test_somebody_asks_for_a_review_without_script_on_a_phone(
    visit: Visit, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An ended answer, back, a refresh, a change, an upload, and the button pressed twice."""
    monkeypatch.setattr(robots, "SHORTEST", timedelta())  # a test fills in faster than a person
    count = 'SELECT count(*) FROM "case"'
    before = int(office.one(count))
    letter = tmp_path / "Outcome letter.png"
    letter.write_bytes(PICTURE)
    applicant = visit(viewport=PHONE, java_script_enabled=False)
    tell_of_the_complaint(applicant)
    tell_of_oneself(applicant)
    go_on(applicant, "Can you add the letter from the police?")
    applicant.page.locator("input[type=file]").set_input_files(letter)
    applicant.press("Add").reads("Outcome letter.png")
    go_on(applicant, "Do you want to add other papers?")
    go_on(applicant, "Check your answers").reads("Outcome letter.png", "Wren Reed")
    applicant.follow(re.compile("What is your name"))
    applicant.fill("What is your name?", "Wren Reed-Mace")
    go_on(applicant, "Check your answers").reads("Wren Reed-Mace", "What follows from your answers")
    applicant.page.get_by_role("button", name="Send your request").dblclick()
    expect(applicant.page.locator("h1")).to_have_text("We have your request", timeout=20_000)
    reference = applicant.look().page.locator(".govuk-panel strong").inner_text()
    applicant.page.reload()
    applicant.heading("We have your request").reads(reference)
    assert int(office.one(count)) == before + 1
    mail = "SELECT count(*) FROM outbox_mail WHERE letter IS NULL"
    assert int(office.one(mail)) == 1
