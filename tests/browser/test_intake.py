"""How cases come in, by staff in a real browser: logged by keyboard and sorted; a register imported."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import expect

from casework.cli.demonstration import people
from tests.browser.conftest import Office
from tests.browser.test_review import TODAY, ago, take
from tests.browser.walker import Walker

Visit = Callable[..., Walker]
HEADER = "reference,force,received_on,channel,route,complainant_name\n"
WRONG = HEADER + "OLD/1,fenmarch,2022-05-03,pigeon,otherwise,Ada Fen\nOLD/2,fenmarch,3/13/2022,,,\n"
MENDED = HEADER + "OLD/1,fenmarch,2022-05-03,post,otherwise,Ada Fen\nOLD/2,fenmarch,13/03/2022,,,\n"
FOCUSED = """() => {
  const focused = document.activeElement
  const isDrawn = focused.matches('[type=radio], [type=checkbox]')
  const style = isDrawn ? getComputedStyle(focused.labels[0], '::before') : getComputedStyle(focused)
  return [focused.innerText, style.outlineStyle]
}"""


def tab_to(walker: Walker, words: str) -> None:
    """Go on by the keyboard to the button with these words; where one is can be seen all the way."""
    for _ in range(200):
        walker.page.keyboard.press("Tab")
        text, outline = walker.page.evaluate(FOCUSED)
        assert outline != "none", text
        if text == words:
            return
    raise AssertionError(f"the keyboard does not come by “{words}”")


def press_enter(walker: Walker) -> Walker:
    """Press Enter on what leads to another page."""
    with walker.page.expect_navigation():
        walker.page.keyboard.press("Enter")
    return walker.look()


def test_an_application_is_logged_by_keyboard_and_sorted(visit: Visit, office: Office) -> None:
    email = office.one("SELECT complainant_email FROM \"case\" WHERE state = 'received' LIMIT 1")
    alike = office.one('SELECT reference FROM "case" WHERE complainant_email = :e', e=email)
    reviewer = visit(people.REVIEWER)
    before = office.log_size()
    keyboard = reviewer.open("/cases/log").page.keyboard
    keyboard.press("Tab")
    expect(reviewer.page.get_by_role("link", name="Skip to main content")).to_be_focused()
    keyboard.press("Enter")
    day = ago(2)
    for typed in (day.day, day.month, day.year, " ", "Key Board", "01632 960777", email):
        keyboard.press("Tab")
        if typed != " ":
            keyboard.press("Control+A")
        keyboard.type(str(typed))
    tab_to(reviewer, "Check for earlier cases")
    press_enter(reviewer).reads("Earlier cases", alike, "Same email address")
    tab_to(reviewer, "Log the application")
    press_enter(reviewer).reads("Application logged as CR/", "Key Board")
    assert office.log_size() == before + 1

    reference = reviewer.page.locator("h1").inner_text().split()[1]
    reviewer.open("/triage").reads(reference, "Key Board").follow(reference)
    reviewer.heading("Triage").reads("Not known yet", "Missing", alike)
    reviewer.go(reviewer.page.get_by_role("button", name="Decide, ask or forward"))
    reviewer.choose("Ask the applicant").choose("A copy of the outcome letter")
    reviewer.fill_day("ask_answer_by", TODAY + timedelta(days=10)).press("Record it")
    reviewer.reads("Waiting began: recorded", "Request for information")
    case = reviewer.page.url.partition("/letters")[0]
    reviewer.open(f"{case}/triage").reads("The applicant was asked on", "Asked for")
    take(reviewer.open(case), "Stop waiting", "Waiting ended", 0)
    reviewer.follow("Find the application valid")
    reviewer.fill("Reasons for finding it valid", "It is ours, and in time.").press("Record it")
    reviewer.reads("Found valid: recorded")


def test_a_register_is_mended_and_imported(visit: Visit, office: Office, tmp_path: Path) -> None:
    register = tmp_path / "old register.csv"
    supervisor = visit(people.SUPERVISOR).open("/imports/").press("Check the register")
    supervisor.tells_errors("Choose the register.")
    cases = int(office.one('SELECT count(*) FROM "case"'))
    for content, heading in ((WRONG, "2 errors in the register"), (MENDED, "Import 2 reviews")):
        register.write_text(content)
        supervisor.open("/imports/").page.locator("input[type=file]").set_input_files(register)
        supervisor.press("Check the register").heading(heading)
        if content == WRONG:
            supervisor.reads("Row 2", "pigeon", "Row 3", "Nothing was imported")
    supervisor.press("Import 2 reviews").heading("2 reviews imported").open(
        "/cases?text=OLD"
    ).reads("OLD/2")
    assert int(office.one('SELECT count(*) FROM "case"')) == cases + 2
    supervisor.open("/imports/columns").reads("received_on")
