"""The search in a real browser: found, followed, gone back to; refused with a sentence."""

from collections.abc import Callable

from playwright.sync_api import expect

from casework.cli.demonstration import people
from tests.browser.conftest import Office
from tests.browser.walker import Walker

Visit = Callable[..., Walker]


def test_what_is_found_is_marked_and_back_leads_to_it_again(visit: Visit, office: Office) -> None:
    reviewer = visit(people.REVIEWER).open("/search")
    name = office.one("SELECT complainant_name FROM \"case\" WHERE state = 'upheld' LIMIT 1")
    reviewer.fill("Words, names or references", name).press("Search").reads("1 to", name)
    marks = reviewer.page.locator("main mark")
    expect(marks.first).to_be_visible()
    reviewer.page.locator(".app-results a").first.click()
    expect(reviewer.page.locator("h1")).to_contain_text("Case ")
    reviewer.page.go_back()
    expect(marks.first).to_be_visible()
    assert name.split()[-1] not in reviewer.page.url
    reviewer.fill("Words, names or references", '"( *').press("Search")
    reviewer.tells_errors("Enter a word, a name or a reference")
