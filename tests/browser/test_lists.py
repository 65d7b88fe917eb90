"""The lists of cases in a real browser: narrowing down, sorting, taking away."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from casework.cli.demonstration import people
from tests.browser.conftest import Office
from tests.browser.walker import Walker

Visit = Callable[..., Walker]


def test_cases_are_narrowed_down_and_taken_away(
    visit: Visit, office: Office, tmp_path: Path
) -> None:
    reviewer = visit(people.REVIEWER).heading("My work")
    reviewer.open("/cases").reads("cases")
    reviewer.open("/cases?state=upheld&sort=reference").reads("Upheld")
    row = office.one("SELECT reference FROM \"case\" WHERE state = 'upheld' LIMIT 1")
    reviewer.follow(row).reads("Upheld")
    reviewer.open("/cases?text=nobody+of+this+name").reads("There are no such cases")
    reviewer.open("/cases?received_from=31/2/2026", 422).tells_errors("must be a real day")
    reviewer.open("/cases")
    before = office.log_size()
    button = reviewer.page.get_by_role("button", name="Save as CSV")
    assert row in reviewer.download(button, tmp_path).read_text(encoding="utf-8-sig")
    for name in ("Save as OpenDocument (ODS)", "Save as Excel (XLSX)"):
        button = reviewer.page.get_by_role("button", name=name)
        assert reviewer.download(button, tmp_path).read_bytes()[:2] == b"PK"
    assert office.log_size() == before + 3


def test_the_register_is_looked_at_as_a_spreadsheet_was(visit: Visit) -> None:
    reviewer = visit(people.REVIEWER).open("/cases")
    reviewer.page.get_by_text("Choose columns").click()
    reviewer.page.get_by_label("Complainant").uncheck()
    reviewer.page.get_by_label("File requested").check()
    reviewer.press("Show these columns").follow("File requested")
    page = reviewer.page
    expect(page.get_by_role("columnheader", name="File requested")).to_have_attribute(
        "aria-sort", "ascending"
    )
    expect(page.get_by_role("columnheader", name="Complainant")).to_have_count(0)
    reviewer.open("/cases?state=open")
    expect(page).to_have_url(re.compile("columns=reference.state.*file_requested_on"))


def test_the_day_begins_at_the_desk(visit: Visit) -> None:
    supervisor = visit(people.SUPERVISOR).heading("My work").reads("Not assigned to anybody")
    supervisor.follow("Chase list").heading("Chase list").reads("Last reminder")
    supervisor.follow("Show only mine").reads("Only cases assigned to you.")
    supervisor.follow("The office’s work").reads("Who has how much", "Riley Marsh")
    supervisor.page.set_viewport_size({"width": 375, "height": 800})
    for address in ("/", "/chase", "/office", "/cases"):
        supervisor.open(address)
        assert supervisor.page.evaluate("document.documentElement.scrollWidth") <= 375


def test_every_state_has_a_page_that_reads_well_and_prints(visit: Visit, office: Office) -> None:
    chief = visit(people.CHIEF)
    states = ("received", "valid", "reviewed", "upheld", "not_upheld", "invalid", "forwarded")
    for state in (*states, "withdrawn"):
        chief.open(f"/cases/{office.case(state)}").reads("Summary", "What happened")
    chief.page.emulate_media(media="print")
    expect(chief.page.get_by_role("heading", name="What happened")).to_be_visible()
    expect(chief.page.locator(".govuk-service-navigation")).to_be_hidden()
    expect(chief.page.get_by_text("Steps you can take")).to_be_hidden()


def test_what_is_kept_on_a_case_is_told_on_its_pages(visit: Visit, office: Office) -> None:
    supervisor = visit(people.SUPERVISOR, java_script_enabled=False)
    query = "SELECT case_token FROM item WHERE workflow = :kind"
    claimed, written = (office.one(query, kind=kind) for kind in ("pre_action", "no_further_reply"))
    at_risk = office.one(f"{query} AND words LIKE '%lives alone%'", kind="safeguarding")
    for page in ("", "/people", "/correspondence", "/timeline", "/trail", "/papers"):
        supervisor.open(f"/cases/{at_risk}{page}").reads("Safeguarding", "Adult social care")
    supervisor.open(f"/cases/{claimed}").reads("destroy nothing of this case")
    supervisor.open(f"/cases/{written}/correspondence").reads("No further reply")
    supervisor.follow("Add a letter, call or meeting").press("Save").tells_errors(
        "Select which way"
    )
    supervisor.choose("Telephone call").choose("To this office").choose("The complainant")
    supervisor.fill("What was said", "Thanks the office.").choose("Nothing: it is for the file")
    supervisor.press("Save").heading("Correspondence").reads("Telephone call", "Thanks the office.")
