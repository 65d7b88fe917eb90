"""A report in a real browser: drafted, approved and published by three people, read by anybody."""

import re
from collections.abc import Callable
from datetime import date

from casework.cli.demonstration import people
from tests.browser.walker import Walker

Visit = Callable[..., Walker]
FIRST, LAST = date(2025, 4, 1), date(2025, 6, 30)


def test_a_quarter_is_published_by_three_people_and_read_by_anybody(visit: Visit) -> None:
    riley = visit(people.REVIEWER, java_script_enabled=False).open("/publications")
    riley.follow("Report of a quarter or other days", exact=False)
    riley.fill_day("from_on", FIRST).fill_day("to_on", ("31", "6", "2025"))
    riley.fill_day("status_on", LAST).press("Count the figures").tells_errors(
        re.compile("real day")
    )
    riley.fill_day("to_on", LAST).press("Count the figures").reads("Draft", "What happened to it")
    riley.fill("What the figures tell", "Files came sooner than the year before.")
    riley.press("Save, and see it").reads("Files came sooner than the year before.")
    address = riley.page.url.removeprefix(riley.url)

    riley.open(f"{address}/approve", 403)
    chief = visit(people.CHIEF).open(address)
    chief.follow("Read and approve").reads("You approve exactly what is shown below", "Files came")
    chief.press("Approve this report").heading("Reports to publish")
    chief.open(f"{address}/publish").reads("You approved this report")
    sam = visit(people.SUPERVISOR).open(f"{address}/publish").press("Publish it now")
    number = re.search(r"R/(\d{4}-\d\d/\d+)", sam.page.locator("main").inner_text())
    assert number is not None

    anybody = visit(java_script_enabled=False).open("/published")
    anybody.open(f"/published/{number[1]}").unfold().look()
    anybody.reads("Files came sooner", "Check code", "not that decisions were right")
    panel = visit(people.PANEL).open(f"/publications/published/{number[1]}")
    panel.press("Recount now").reads("same figures")


def test_what_has_changed_since_and_what_is_an_exception_is_for_those_who_may_see_it(
    visit: Visit,
) -> None:
    chief = visit(people.CHIEF).open("/publications/changed")
    chief.go(chief.page.locator("main a[href$='/changes']").first).reads("Published", "Now")
    changes = chief.page.url.removeprefix(chief.url)
    chief.open("/exceptions").reads("An exception is a question, not an accusation")
    chief.open("/publications/new/self_assessment").press("Count the figures")
    chief.reads("Before it can be approved, complete")
    panel = visit(people.PANEL)
    panel.open(changes, 403)
    panel.open("/exceptions", 403)
