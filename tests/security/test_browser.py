"""What somebody typed, in a real browser: nothing of it runs, breaks the policy or fetches anything."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Error, Page, sync_playwright
from werkzeug.serving import make_server

from tests import abilities
from tests.casework.retention.canaries import Nest
from tests.conftest import BROWSER_ARGUMENTS
from tests.security.conftest import Siege
from tests.security.harm import harm
from tests.security.payloads import EVERY_MARKUP, MARKUP
from tests.security.sending import honest
from tests.security.walking import Form, walk

pytestmark = [pytest.mark.one_database, pytest.mark.thorough]
LISTENING = """
window.alert = said => console.error('dialog: ' + said)
document.addEventListener('securitypolicyviolation', event =>
  console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI))
"""
FIND = """action => [...document.querySelectorAll('form[method=post]')].findIndex(form =>
  [form, ...form.querySelectorAll('button')].some(each => {
    const own = each.getAttribute(each === form ? 'action' : 'formaction')
    const there = each === form ? own || location.href : own
    return there && new URL(there, location.href).pathname === action.split('?')[0]
  }))
"""
SEND = """([place, typed, action]) => {
  const form = document.querySelectorAll('form[method=post]')[place]
  for (const box of form.elements) {
    const values = typed[box.name]
    if (!values || box.type === 'file') continue
    if (box.matches('[type=radio], [type=checkbox]')) box.checked = values.includes(box.value)
    else box.value = values[0]
  }
  form.setAttribute('action', action)
  HTMLFormElement.prototype.submit.call(form)
}"""
TURNS = 2
"""How often each form is sent: with all texts at once in every box, then so that it may be taken."""
DAY = re.compile(r"effective_on|-(day|month|year)$")
CARRIED = tuple(text for text in MARKUP if text.isprintable())
"""What also a mail can bear; no other is ever the subject of one."""
PART = 6
"""Of the pages of a case, how many there are for each that is looked at again for each text."""


class Watched:
    """A browser window, and all that went wrong in it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.wrong: list[str] = []
        page.set_default_timeout(20_000)
        page.add_init_script(LISTENING)
        page.on("dialog", self._dismiss)
        page.on("pageerror", lambda fault: self.wrong.append(f"script: {fault}"))
        page.on("console", self._hear)
        page.on("request", self._see)

    def _dismiss(self, dialog: Dialog) -> None:
        self.wrong.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _hear(self, message: Any) -> None:
        if message.text.startswith(("dialog:", "policy:")) or "Content Security" in message.text:
            self.wrong.append(message.text)

    def _see(self, request: Any) -> None:
        if not request.url.startswith((self.url, "data:")):
            self.wrong.append(f"request for {request.url}")

    def open(self, path: str) -> None:
        """Look at a page, also with what is folded away."""
        self.page.goto(f"{self.url}{path}", wait_until="load")
        self.page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")

    def send(self, form: Form, typed: dict[str, list[str]]) -> int | None:
        """Type this into a form and send it, whatever its page would say to that.

        The status of what comes back, 200 of a file; None where the page does not show the form.
        """
        self.open(form.path)
        place = self.page.evaluate(FIND, form.action)
        if place < 0:
            return None
        try:
            with self.page.expect_navigation(wait_until="load") as came:
                self.page.evaluate(SEND, [place, typed, form.action])
        except Error as fault:
            if "Download" not in fault.message:
                raise
            return 200
        return came.value.status


def typing(form: Form, chance: Random, words: str, *, is_plausible: bool) -> dict[str, list[str]]:
    """What is typed or chosen in each box: these words, but days where it may then be taken."""
    hostile = {name for name in form.texts if not (is_plausible and DAY.search(name))}
    unseen = set(form.form.xpath(".//input[@type='hidden' or @type='file']/@name"))
    return {
        name: [words] if name in hostile else [str(each) for each in values]
        for name, values in honest(form, chance).items()
        if values and name not in unseen
    }


@contextmanager
def served(siege: Siege) -> Iterator[str]:
    """The office on a port of this machine."""
    server = make_server("127.0.0.1", 0, siege.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def watch(siege: Siege) -> Iterator[Callable[[str], Watched]]:
    """Lends a window in which somebody with a role is signed in, as they were; one for each role."""
    executable = abilities.chromium()
    if executable is None:
        abilities.lack("browser", "no Chromium here (Debian: apt-get install chromium)")
    windows: dict[str, Watched] = {}
    with served(siege) as url, sync_playwright() as playwright:
        arguments = [*BROWSER_ARGUMENTS, "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
        browser: Browser = playwright.chromium.launch(executable_path=executable, args=arguments)

        def lend(role: str) -> Watched:
            if role not in windows:
                windows[role] = Watched(browser.new_context().new_page(), url)
            held = siege.cookies[role].items()
            context = windows[role].page.context
            context.clear_cookies()  # whatever was sent last may have signed somebody out
            context.add_cookies(
                [{"name": name, "value": value, "url": url} for name, value in held]
            )
            return windows[role]

        yield lend
        browser.close()


def test_s24_no_form_shows_what_was_typed_as_anything_but_words(
    siege: Siege,
    watch: Callable[[str], Watched],
    record_property: Callable[[str, object], None],
) -> None:
    """Every hostile text at once in every box of each form, then one by one; and what comes back."""
    told, gone, wrong = Counter[int](), [], []
    for turn in range(TURNS):
        for place, form in enumerate(siege.forms):
            words = MARKUP[(place + turn) % len(MARKUP)] if turn else EVERY_MARKUP
            typed = typing(form, Random(place), words, is_plausible=turn > 0)
            siege.restore()
            window = watch(form.role)
            try:
                status = window.send(form, typed)
            except Error as fault:
                window.wrong.append(fault.message[:200])
            else:
                gone += [str(form)] if status is None else []
                told.update([status] if status else [])
            wrong += [(str(form), words, each) for each in window.wrong]
            window.wrong.clear()
    assert wrong == []
    assert gone == []
    assert told.total() == TURNS * len(siege.forms) and max(told) < 500, told
    record_property("texts", len(MARKUP))
    record_property("forms", len(siege.forms))
    record_property("sent", told.total())
    record_property("answers", dict(told))


@pytest.mark.parametrize("number", range(len(CARRIED) + 1))
def test_s24_no_page_of_a_case_takes_what_was_typed_for_anything_but_words(
    siege: Siege,
    watch: Callable[[str], Watched],
    record_property: Callable[[str, object], None],
    number: int,
) -> None:
    """The words of all that can be kept on a case are hostile, and each page about it is looked at.

    With all texts at once each in the browser; with one alone a part of them there.
    """
    siege.restore()
    words, part = (CARRIED[number - 1], PART) if number else (EVERY_MARKUP, 1)
    case = Nest(siege.office.db).lay(name=words)
    siege.office.db.rollback()
    window, client = watch("supervisor"), siege.client("supervisor")
    pages, wrong = [], []
    for page in walk(siege.app, client, [f"/cases/{case.token}", "/cases", "/", "/chase", "/mail"]):
        is_about = case.token in page.path or not page.path.startswith("/cases/c_")
        if page.answer.status_code == 200 and page.tree is not None and is_about:
            pages.append(page.path)
            wrong += [(page.path, each) for each in harm(page.path, page.answer)]
    looked_at = pages[number % part :: part]
    for path in looked_at:
        window.open(path)
        wrong += [(path, each) for each in window.wrong]
        window.wrong.clear()
    siege.restore()
    assert wrong == []
    assert len(pages) > 40
    record_property("pages", len(pages))
    record_property("in the browser", len(looked_at))
