"""Around a review in a real browser: words kept as they are typed, who is told, who is kept out."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from casework.cli.demonstration import people
from tests.browser.conftest import Office
from tests.browser.walker import Walker

Visit = Callable[..., Walker]
MINUTE = 60_000


def test_s16_words_are_kept_as_they_are_typed_and_the_session_warns(
    visit: Visit, office: Office
) -> None:
    reviewer = visit(people.REVIEWER)
    reviewer.page.clock.install()
    review = f"/cases/{office.case('valid')}/review"
    reviewer.open(review).page.locator("#reasons").fill("Typed and left.")
    reviewer.page.clock.run_for(2_000)
    expect(reviewer.page.locator("[data-keep-status]")).to_contain_text("Saved at")
    notice = reviewer.page.get_by_role("dialog", name="You will soon be signed out")
    reviewer.page.clock.run_for(28 * MINUTE)
    expect(notice).to_be_visible()
    notice.get_by_role("button", name="Stay signed in").click()
    expect(notice).to_be_hidden()
    reviewer.page.clock.run_for(31 * MINUTE)
    ended = reviewer.page.get_by_role("dialog", name="You have been signed out")
    onward = ended.get_by_role("link", name="Sign in and go on")
    expect(onward).to_have_attribute("href", re.compile(re.escape(review)))
    reviewer.open(review).reads("You began this on")
    expect(reviewer.page.locator("#reasons")).to_have_value("Typed and left.")
    reviewer.press("Add an allegation").press("Throw it away and start again")
    expect(reviewer.page.locator("#reasons")).to_have_value("")


def test_who_is_told_and_who_is_kept_out(visit: Visit, office: Office) -> None:
    case = f"/cases/{office.case('received')}"
    supervisor = visit(people.SUPERVISOR)
    supervisor.open(f"{case}/telling").press("Record").tells_errors("say what was done")
    supervisor.page.locator("select").first.select_option("told")
    supervisor.press("Record").reads("Told on")
    supervisor.open(f"{case}/conflict").press("Declare the conflict").tells_errors("Enter what")
    supervisor.fill("What the conflict is", "A cousin.").press("Declare the conflict")
    supervisor.heading("Your declared conflicts").reads("it stands")
    supervisor.open(case, 404)
    chief = visit(people.CHIEF)
    chief.open("/settings/delegations/new").press("Enter it in the register")
    chief.tells_errors("Choose to whom").open("/settings/delegations")
