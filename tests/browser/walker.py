"""The only place that says how a browser window is used and what every page it shows must be.

Each page that is arrived at, error pages too, is checked: axe finds nothing in what it has not
read before, the body is no wider than a phone, and there is one main heading, which the title
begins with. With CASEWORK_SCREENSHOTS naming a folder, each is kept there as pictures, wide and
narrow.
"""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe, AxeResults
from playwright.sync_api import ConsoleMessage, Locator, Page, Request, expect

from casework.cli.demonstration.office import OFFICE

AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CONTRAST = "color-contrast"
AXE_OPTIONS: dict[str, Any] = {
    "resultTypes": ["violations"],
    "preload": False,  # no rule among these needs the style sheets fetched again
}
ALL_BUT_CONTRAST = {
    **AXE_OPTIONS,
    "runOnly": {"type": "tag", "values": AXE_TAGS},
    "rules": {CONTRAST: {"enabled": False}},
}
ONLY_CONTRAST = {**AXE_OPTIONS, "runOnly": {"type": "rule", "values": [CONTRAST]}}
PHONE_WIDTH = 375
TELL_VIOLATIONS = """
document.addEventListener('securitypolicyviolation', event => {
  console.error('content policy: ' + event.violatedDirective + ' ' + event.blockedURI)
})
"""
EXPECTED_FAILURES = re.compile("Failed to load resource: the server responded with a status of 4")
MARKUP = """() => {
  const isScripts = name => name.startsWith('data-') && name.endsWith('-init')
  return [...new Set([...document.querySelectorAll('body *')].map(each => each.tagName
    + [...each.attributes].map(a => a.name).filter(name => !isScripts(name)).join()
    + each.className))]
}"""
TEXTS = """() => {
  const found = {}
  const isText = node => node.nodeType === Node.TEXT_NODE && node.data.trim()
  const isRead = element => element.matches('input, select, textarea')
    || [...element.childNodes].some(isText)
  for (const element of document.querySelectorAll('body *')) {
    if (!isRead(element) || !element.checkVisibility()) continue
    const style = getComputedStyle(element)
    let look = [style.color, style.backgroundColor, style.fontSize, style.fontWeight].join()
    let place = ''
    for (let each = element; each !== document.body; each = each.parentElement) {
      look += ' < ' + each.tagName + '.' + each.className
      place = ` > :nth-child(${[...each.parentElement.children].indexOf(each) + 1})` + place
    }
    found[look] ??= 'body' + place
  }
  return found
}"""
"""Where the first text is of each that looks alike: it and all it is in are styled alike."""
read: dict[str, set[str]] = {}
"""The markup that axe has read at each kind of address: it reads slowly, and words are no fault."""
contrasted: set[str] = set()
"""The looks whose contrast axe has measured, wherever it was; by far its slowest rule."""
axe, axe_again = Axe(), Axe(axe_script="")
"""Axe, and axe where its script is on the page already: a tenth of a second."""


class Walker:
    """A browser window and the person before it."""

    def __init__(self, page: Page, url: str, reader: Page | None = None) -> None:
        self.page = page
        self.reader = reader
        self.url = url
        self.complaints: list[str] = []
        self.seen: set[int] = set()
        page.set_default_timeout(10_000)
        page.add_init_script(TELL_VIOLATIONS)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("request", self._watch)

    def _hear(self, message: ConsoleMessage) -> None:
        # Chromium also tells of every 4xx page on the console; those are pages we ask for.
        if message.type in ("error", "warning") and not EXPECTED_FAILURES.match(message.text):
            self.complaints.append(f"console: {message.text}")

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:")):
            self.complaints.append(f"request elsewhere: {request.url}")

    # Going about

    def open(self, path: str, status: int = 200) -> Walker:
        """Go to an address of the office."""
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"
        return self.look()

    def follow(self, name: str | re.Pattern[str], **options: Any) -> Walker:
        """Follow a link by its words."""
        options.setdefault("exact", isinstance(name, str))
        return self.go(self.page.get_by_role("link", name=name, **options).first)

    def go(self, what: Locator) -> Walker:
        """Click what leads to another page, and look at that."""
        with self.page.expect_navigation():
            what.click()
        return self.look()

    def press(self, name: str | re.Pattern[str], within: Locator | None = None) -> Walker:
        """Press a button that sends a form, by its words."""
        place = within or self.page.locator("main")
        return self.go(place.get_by_role("button", name=name).first)

    def download(self, button: Locator, to: Path) -> Path:
        """Press what hands over a file; where it was put."""
        with self.page.expect_download() as handed:
            button.click()
        path = to / handed.value.suggested_filename
        handed.value.save_as(path)
        return path

    # Filling in

    def fill(self, label: str | re.Pattern[str], words: str) -> Walker:
        """Fill in a box by its label."""
        self.page.get_by_label(label, exact=isinstance(label, str)).fill(words)
        return self

    def choose(self, label: str, *, group: str | None = None) -> Walker:
        """Choose a radio button or tick a box by its label, within a group where one is named."""
        place = self.page.get_by_role("group", name=group) if group else self.page
        place.get_by_label(label, exact=True).first.check()
        return self

    def unfold(self) -> Walker:
        """Open whatever of the page is folded away."""
        self.page.evaluate("document.querySelectorAll('main details').forEach(e => e.open = true)")
        return self

    def fill_day(self, name: str, day: date | tuple[str, str, str]) -> Walker:
        """Fill in the three boxes of a day, by the field's name."""
        parts = (day.day, day.month, day.year) if isinstance(day, date) else day
        for part, typed in zip(("day", "month", "year"), parts, strict=True):
            self.page.locator(f"#{name}-{part}").fill(str(typed))
        return self

    # What a page must be

    def reads(self, *words: str | re.Pattern[str]) -> Walker:
        """The page's main part says these words."""
        for each in words:
            expect(self.page.locator("main")).to_contain_text(each)
        return self

    def heading(self, words: str | re.Pattern[str]) -> Walker:
        """The page's main heading is this."""
        expect(self.page.locator("h1")).to_have_text(words)
        return self

    def tells_errors(self, *sentences: str | re.Pattern[str]) -> Walker:
        """The page says first, and in its title, what is wrong; with script the focus is there."""
        summary = self.page.locator(".govuk-error-summary")
        for sentence in sentences:
            expect(summary).to_contain_text(sentence)
        assert self.page.title().startswith("Error: ")
        if self.page.locator("body.js-enabled").count():
            expect(summary).to_be_focused()
        for link in summary.get_by_role("link").all():
            target = self.page.locator(str(link.get_attribute("href")))
            assert target.count() == 1, link.inner_text()
            assert target.is_visible(), link.inner_text()
        return self

    def look(self) -> Walker:
        """Check the page that is there now."""
        page = self.page
        page.wait_for_load_state("load")
        heading = page.locator("h1")
        assert heading.count() == 1, page.url
        words = [each for each in heading.inner_text().split()[:2] if not each[0].isdigit()]
        assert page.title().endswith((" – Casework", f" – {OFFICE.office_name}")), page.title()
        assert all(word.strip(",:") in page.title() for word in words), (page.title(), words)
        content = hash(re.sub(r'(csrf_token|req)"[^>]*>', "", page.locator("html").inner_html()))
        if content not in self.seen:
            self.seen.add(content)
            self.check_axe()
            self.check_narrow()
            self.keep_pictures()
        return self

    def check_axe(self) -> None:
        """Axe finds nothing new on the page as it is; where no script runs, on a copy of it."""
        # Such forms are made by one template, so an element that one shows is known to all.
        made = r"(?<=/steps/)\w+|(?<=/add/)\w+|(?<=/questions/)[\w-]+"
        kind = re.sub(rf"[0-9a-f]{{32}}|[0-9]+|{made}", "", self.page.url)
        kind += self.page.title()[:6]
        known, markup = read.setdefault(kind, set()), set(self.page.evaluate(MARKUP))
        looks = self.page.evaluate(TEXTS).keys() - contrasted
        if markup <= known and not looks:
            return
        page = self.page if self.reader is None else self.copied(self.reader)
        is_known = markup <= known
        if not is_known:
            known |= markup
            self.find_no_fault(axe.run(page, options=ALL_BUT_CONTRAST))
        if looks:
            contrasted.update(looks)
            texts, reading = page.evaluate(TEXTS), axe if is_known else axe_again
            places = [[texts[look]] for look in looks if look in texts]
            self.find_no_fault(reading.run(page, context=places, options=ONLY_CONTRAST))

    def copied(self, reader: Page) -> Page:
        """The page as it is, in a window where axe may run."""
        url, body = self.page.url, self.page.content()
        answer = {"status": 200, "content_type": "text/html; charset=utf-8", "body": body}
        reader.route(url, lambda route: route.fulfill(**answer))
        reader.goto(url)
        reader.unroute(url)
        return reader

    def find_no_fault(self, found: AxeResults) -> None:
        """What axe found is nothing."""
        assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"

    def check_narrow(self) -> None:
        """On a phone the page does not scroll sideways."""
        before = self.page.viewport_size
        assert before is not None
        self.page.set_viewport_size({"width": PHONE_WIDTH, "height": 812})
        wide = self.page.evaluate("document.scrollingElement.scrollWidth")
        self.page.set_viewport_size(before)
        assert wide <= PHONE_WIDTH, f"{self.page.url} is {wide} pixels wide on a phone"

    def keep_pictures(self) -> None:
        """Keep the page as two pictures where CASEWORK_SCREENSHOTS asks; one pair of each title."""
        folder = os.environ.get("CASEWORK_SCREENSHOTS")
        before = self.page.viewport_size
        if not folder or before is None:
            return
        Path(folder).mkdir(parents=True, exist_ok=True)
        title = re.sub("[^A-Za-z0-9]+", "-", self.page.title())[:70]
        if list(Path(folder).glob(f"*-{title}-wide.png")):
            return
        number = len(list(Path(folder).glob("*-wide.png")))
        for name, width in (("wide", 1280), ("narrow", PHONE_WIDTH)):
            self.page.set_viewport_size({"width": width, "height": 900})
            path = Path(folder) / f"{number:03}-{title}-{name}.png"
            self.page.screenshot(path=path, full_page=True)
        self.page.set_viewport_size(before)
