"""Reports in a real browser: the Chief Executive’s with its cases, and what the panel is shown."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from casework.cli.demonstration import people
from tests.browser.conftest import Office
from tests.browser.walker import Walker

Visit = Callable[..., Walker]


def newest_year(walker: Walker) -> str:
    """Open the newest annual report from the page of reports; its address."""
    walker.follow("Reports").heading("Reports")
    walker.go(walker.page.locator('main a[href*="/reports/annual/"]').first)
    walker.heading(re.compile("^Complaint reviews"))
    return walker.page.url


def taken_away(walker: Walker, kind: str, to: Path) -> str:
    link = walker.page.locator(f'main a[href*="format={kind}"]')
    return walker.download(link, to).read_text(encoding="utf-8-sig")


def test_the_chief_executive_reads_a_year_and_opens_the_cases_of_a_number(
    visit: Visit, tmp_path: Path
) -> None:
    chief = visit(people.CHIEF)
    address = newest_year(chief)
    chief.reads("Between 1 April", "Brought forward", "Q1", "Carried forward")
    report = json.loads(taken_away(chief, "json", tmp_path))
    assert report["report"] == "annual"
    assert report["cohort"]["received"] > 0
    rows = list(csv.reader(io.StringIO(taken_away(chief, "csv", tmp_path))))
    assert any(str(report["cohort"]["received"]) in row for row in rows)
    assert report["narrative"] in taken_away(chief, "text", tmp_path).replace("\n", " ")
    chief.reads(report["narrative"])

    number = chief.page.locator('main a[href*="measure=cohort.received"]').first
    assert int(number.inner_text().split()[0]) == report["cohort"]["received"]
    chief.go(number).reads("State on", "Counted for")
    listed = chief.page.locator("tbody tr").count()
    assert listed == min(report["cohort"]["received"], 50)
    chief.go(chief.page.locator("tbody th a").first).reads("Summary")
    chief.page.goto(address)
    chief.look().page.emulate_media(media="print")
    expect(chief.page.locator(".govuk-service-navigation")).to_be_hidden()
    expect(chief.page.locator("main table").first).to_be_visible()


def test_the_panel_reads_what_was_published_and_what_it_means(visit: Visit, office: Office) -> None:
    panel = visit(people.PANEL).heading("Published reports")
    panel.open("/definitions").heading("What the figures mean").reads("Status day", "version 1")
    panel.open("/reports/", 403)
    panel.open(f"/cases/{office.case('upheld')}", 403)


def test_any_period_is_asked_for_by_its_days(visit: Visit) -> None:
    sam = visit(people.SUPERVISOR, java_script_enabled=False).open("/reports/")
    sam.press("Show the report").tells_errors("Enter the first day.", "Enter the last day.")
    sam.page.locator("[name=from]").fill("1/4/2025")
    sam.page.locator("[name=to]").fill("31/13/2025")
    sam.press("Show the report").tells_errors("must be a real day")
    sam.page.locator("[name=to]").fill("30/9/2025")
    sam.press("Show the report").reads("1 April 2025", "30 September 2025", "Brought forward")
    sam.open("/reports/annual/2022-24", 404)
    sam.open("/reports/annual/2022-23?log_size=999999", 422).tells_errors("log")
