"""The audit trail as the Chief Executive reads it in a real browser."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from casework.cli.demonstration import people
from tests.browser.conftest import Office
from tests.browser.walker import Walker

Visit = Callable[..., Walker]


def test_the_chief_executive_reads_one_case_as_a_chronology(visit: Visit, office: Office) -> None:
    chief = visit(people.CHIEF)
    chief.open(f"/cases/{office.case('upheld')}").follow("audit trail of this case")
    chief.heading(re.compile("^Audit trail of CR/"))
    chief.reads("Application received", "Found valid", "Upheld", "Sam Weir, as supervisor")
    chief.reads("entries", "Root:", "Happened", "Recorded")
    chief.follow("Show in the order of the log").reads("As the office came to know it.")
    chief.page.emulate_media(media="print")
    expect(chief.page.locator(".govuk-service-navigation")).to_be_hidden()
    expect(chief.page.locator(".moj-timeline")).to_be_visible()


def test_corrected_late_and_annulled_entries_are_marked(visit: Visit, office: Office) -> None:
    chief = visit(people.CHIEF)
    for action, mark in (("corrected", "Corrected"), ("annulled", "Annulled")):
        query = "SELECT case_token FROM audit_event WHERE action = :action LIMIT 1"
        case = office.one(query, action=action)
        assert case, f"the demonstration has no {action} entry"
        chief.open(f"/cases/{case}/trail").reads(mark)


def test_the_whole_office_is_narrowed_by_person_action_case_and_day(
    visit: Visit, office: Office
) -> None:
    chief = visit(people.CHIEF).follow("Audit trail").heading("Audit trail")
    chief.reads("newest first", f"{office.log_size():,} entries")
    main = chief.page.locator("main")
    chief.page.get_by_text("Narrow the trail down").click()
    chief.page.get_by_label("Person").select_option(label=people.SUPERVISOR.name)
    chief.press("Show these entries").reads(people.SUPERVISOR.name)
    acted = main.locator("tbody td:nth-child(3)")  # what somebody else did may name them
    expect(acted.filter(has_text=people.CHIEF.name)).to_have_count(0)
    chief.page.get_by_label("Action").select_option(label="Upheld")
    chief.press("Show these entries").reads("Upheld")
    reference = office.one("SELECT reference FROM \"case\" WHERE state = 'upheld' LIMIT 1")
    chief.open("/trail").page.get_by_text("Narrow the trail down").click()
    chief.fill("Case reference", reference).press("Show these entries").reads(reference)
    chief.page.locator("#entered_from").fill("31/2/2026")
    chief.press("Show these entries").tells_errors("must be a real day")
    chief.page.locator("#entered_from").fill("1/1/2020")
    chief.page.locator("#entered_to").fill("2/1/2020")
    chief.press("Show these entries").reads("There are no such entries.")


def test_the_trail_is_not_for_others(visit: Visit) -> None:
    visit(people.REVIEWER).open("/trail", 403)
    visit(people.PANEL).open("/trail", 403)
