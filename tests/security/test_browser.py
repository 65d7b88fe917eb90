"""What somebody typed, in a real browser: nothing of it runs, breaks the policy or fetches anything."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Error, Page, sync_playwright
from werkzeug.serving import make_server

from tests import abilities
from tests.casework.retention.canaries import Nest
from tests.conftest import BROWSER_ARGUMENTS
from tests.security.conftest import Siege
from tests.security.payloads import EVERY_MARKUP, MARKUP
from tests.security.walking import Form, walk

pytestmark = [pytest.mark.one_database, pytest.mark.thorough]
LISTENING = """
window.alert = said => console.error('dialog: ' + said)
document.addEventListener('securitypolicyviolation', event =>
  console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI))
"""
FILL = """([typed, action]) => {
  const forms = [...document.querySelectorAll('form[method=post]')]
  const form = forms.find(each => new URL(each.action).pathname === action.split('?')[0])
  if (!form) return false
  for (const box of form.elements) {
    if (box.name === 'csrf_token' || box.type === 'file' || !box.name) continue
    if (box.matches('textarea, input:not([type=radio]):not([type=checkbox])')) box.value = typed
  }
  form.noValidate = true
  form.action = action
  HTMLFormElement.prototype.submit.call(form)
  return true
}"""
TURNS = 5
"""How often each form is sent: first with all texts at once, then each time with another."""


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

    def send(self, form: Form, typed: str) -> bool:
        """Open the page of a form, type the same into every box, and send it, whatever its page says."""
        self.open(form.path)
        with self.page.expect_navigation(wait_until="load"):
            return bool(self.page.evaluate(FILL, [typed, form.action]))


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
    """Lends a window in which somebody with a role is signed in; one for each role."""
    executable = abilities.chromium()
    if executable is None:
        abilities.lack("browser", "no Chromium here (Debian: apt-get install chromium)")
    windows: dict[str, Watched] = {}
    with served(siege) as url, sync_playwright() as playwright:
        arguments = [*BROWSER_ARGUMENTS, "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
        browser: Browser = playwright.chromium.launch(executable_path=executable, args=arguments)

        def lend(role: str) -> Watched:
            if role not in windows:
                windows[role] = Watched(_signed_in(browser, siege, role, url).new_page(), url)
            return windows[role]

        yield lend
        browser.close()


def _signed_in(browser: Browser, siege: Siege, role: str, url: str) -> BrowserContext:
    context = browser.new_context()
    held = siege.cookies[role].items()
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in held])
    return context


def test_s24_no_form_shows_what_was_typed_as_anything_but_words(
    siege: Siege,
    watch: Callable[[str], Watched],
    record_property: Callable[[str, object], None],
) -> None:
    """Every hostile text at once in every box of each form, then one by one; and what comes back."""
    sent, wrong = 0, []
    for turn in range(TURNS):
        for place, form in enumerate(siege.forms):
            typed = MARKUP[(place + turn) % len(MARKUP)] if turn else EVERY_MARKUP
            window = watch(form.role)
            siege.restore()
            try:
                sent += window.send(form, typed)
            except Error as fault:
                wrong.append((str(form), typed, str(fault)[:200]))
            wrong += [(str(form), typed, each) for each in window.wrong]
            window.wrong.clear()
    assert wrong == []
    record_property("texts", len(MARKUP))
    record_property("forms", len(siege.forms))
    record_property("sent", sent)


@pytest.mark.parametrize("typed", MARKUP, ids=range(len(MARKUP)))
def test_s24_no_page_of_a_case_takes_what_was_typed_for_anything_but_words(
    siege: Siege,
    watch: Callable[[str], Watched],
    record_property: Callable[[str, object], None],
    typed: str,
) -> None:
    """The words of all that can be kept on a case are hostile, and each page about it is looked at."""
    siege.restore()
    case = Nest(siege.office.db).lay(name=typed)
    siege.office.db.rollback()
    window, client = watch("supervisor"), siege.client("supervisor")
    seen = 0
    for page in walk(siege.app, client, [f"/cases/{case.token}", "/cases", "/", "/chase", "/mail"]):
        is_about = case.token in page.path or not page.path.startswith("/cases/c_")
        if page.answer.status_code == 200 and page.tree is not None and is_about:
            window.open(page.path)
            seen += 1
    wrong, window.wrong = window.wrong, []
    siege.restore()
    assert wrong == []
    assert seen > 40
    record_property("pages", seen)
