"""Makes the pictures of docs/pictures from the demonstration office: `python -m tools.make_pictures`.

Needs Chromium, and the browser driver that the tests use.
"""

import os
import subprocess  # nosec B404: our own command is called with fixed arguments
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from casework import create_app
from casework.cli.demonstration import people
from config import Settings
from tests.abilities import chromium

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
NEWEST = "main a[href*='/annual/']"
WIDTH, COLOURS = 1100, 64
"""Few colours keep a picture small; pages have few anyway."""


@dataclass(frozen=True)
class Picture:
    """A page as a colleague sees it: opened, followed by links, its top so many pixels high.

    `file` leads to a page that is taken away as a file, which is then what the picture shows.
    """

    name: str
    colleague: people.Colleague
    path: str
    follow: tuple[str, ...] = ()
    file: str = ""
    height: int = 1300


PICTURES = (
    Picture("case", people.SUPERVISOR, "/cases", ("tbody th a:text('/008')",)),
    Picture("annual-report", people.CHIEF, "/reports/", (NEWEST,), height=1500),
    Picture("panel-report", people.PANEL, "/published", ("tbody th a",), "a[href$='/html']"),
    Picture("exceptions", people.CHIEF, "/exceptions"),
    Picture("dashboard", people.CHIEF, "/reports/now", height=1500),
)


def main() -> None:
    """Make every picture, or those that are named."""
    wanted = set(sys.argv[1:]) or {picture.name for picture in PICTURES}
    with served_office() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        for picture in PICTURES:
            if picture.name in wanted:
                taken = _taken(browser, url, picture)
                taken.save(FOLDER / f"{picture.name}.png", optimize=True)
        browser.close()


@contextmanager
def served_office() -> Iterator[str]:
    """The address of a demonstration office of its own, served meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"CASEWORK_ENV": "demo", "CASEWORK_DATA_DIR": folder}
        command = Path(sys.executable).with_name("casework")
        subprocess.run(  # nosec B603: no word of it comes from elsewhere
            [command, "demo"], env={**os.environ, **environment}, check=True, capture_output=True
        )
        app = create_app(Settings.from_environment(environment))
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def _taken(browser: Browser, url: str, picture: Picture) -> Image.Image:
    page = browser.new_page(viewport={"width": WIDTH, "height": picture.height})
    _sign_in(page, url, picture.colleague)
    page.goto(url + picture.path)
    for link in picture.follow:
        page.locator(link).first.click()
        page.wait_for_load_state("networkidle")
    if picture.file:
        href = page.locator(picture.file).get_attribute("href")
        file = page.request.get(f"{url}{href}").text()
        page.goto("about:blank")  # the file's own styles are none of the page before
        page.set_content(file)
    image = Image.open(BytesIO(page.screenshot()))
    page.close()
    return image.quantize(COLOURS)


def _sign_in(page: Page, url: str, colleague: people.Colleague) -> None:
    page.goto(f"{url}/sign-in")
    page.locator("[name=email]").fill(colleague.email)
    page.locator("[name=password]").fill(people.PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda address: "sign-in" not in address)


if __name__ == "__main__":
    main()
