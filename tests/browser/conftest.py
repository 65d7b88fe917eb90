"""The only place that serves a demonstration office to a real browser, and lends the browser out."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    ViewportSize,
    sync_playwright,
)
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session
from werkzeug.serving import BaseWSGIServer, make_server

from casework.accounts import sessions
from casework.cli.demonstration import people
from casework.database import begin_write, prepare
from casework.models import Person
from config import Settings
from tests.applications import application
from tests.browser.walker import Walker

DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 375, "height": 812}
SECRET = "the-same-for-every-copy-of-the-office-" + "0" * 32
ONLY_THIS_MACHINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """No name on any network can be resolved, so a page that needs one is seen to."""
    arguments = [*browser_type_launch_args["args"], ONLY_THIS_MACHINE]
    return {**browser_type_launch_args, "args": arguments}


@pytest.fixture(scope="package")
def browser(browser_type_launch_args: dict[str, Any]) -> Iterator[Browser]:
    """The machine's Chromium, for all of these tests, which run one after the other.

    While Playwright is there its event loop runs in this thread, where then no application
    context can end; so it must be gone before other tests begin.
    """
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(**browser_type_launch_args)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demonstration office as the command makes it; tests get copies."""
    folder = tmp_path_factory.mktemp("demonstration")
    environment = {**os.environ, "CASEWORK_ENV": "demo", "CASEWORK_DATA_DIR": str(folder)}
    environment.pop("CASEWORK_DATABASE_URL", None)
    command = Path(sys.executable).with_name("casework")
    subprocess.run([command, "demo"], env=environment, check=True, capture_output=True)
    return folder


@dataclass(frozen=True)
class Office:
    """An office that is being served: where, and its database for looking up what to visit."""

    url: str
    database: Path

    def one(self, query: str, **values: Any) -> Any:
        """The first column of the first row that a query finds."""
        engine = create_engine(f"sqlite:///{self.database}")
        with engine.connect() as connection:
            found = connection.execute(text(query), values).scalar()
        engine.dispose()
        return found

    def sign_in(self, who: people.Colleague) -> str:
        """Begin a session of a colleague; the cookie of a browser in which they are signed in."""
        engine = prepare(create_engine(f"sqlite:///{self.database}"))
        with Session(engine) as session:
            begin_write(session)
            person = session.execute(select(Person).where(Person.email == who.email)).scalar_one()
            secret = sessions.begin(session, person, "A browser", by="password")
            session.commit()
        engine.dispose()
        app = Flask("cookies")
        app.secret_key = SECRET
        signer = SecureCookieSessionInterface().get_signing_serializer(app)
        assert signer is not None
        return str(signer.dumps({"_user_id": secret, "_fresh": True, "_permanent": True}))

    def case(self, state: str) -> str:
        """The token of the newest case in a state."""
        query = 'SELECT token FROM "case" WHERE state = :state ORDER BY id DESC'
        found: str = self.one(query, state=state)
        return found

    def log_size(self) -> int:
        """How many entries the log holds."""
        return int(self.one("SELECT count(*) FROM audit_event"))


@dataclass
class Serving:
    """An office served by a thread, in which all of the application lives."""

    settings: Settings
    server: BaseWSGIServer | None = None
    is_ready: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Serve until told to stop."""
        with application(self.settings) as app:
            app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600
            self.server = make_server("127.0.0.1", 0, app, threaded=True)
            self.is_ready.set()
            self.server.serve_forever()
            self.server.server_close()


@pytest.fixture
def office(demonstration: Path, tmp_path: Path) -> Iterator[Office]:
    """The demonstration office, for this test alone, served until the test ends."""
    folder = tmp_path / "office"
    shutil.copytree(demonstration, folder)
    environment = {
        "CASEWORK_ENV": "demo",
        "CASEWORK_DATA_DIR": str(folder),
        "CASEWORK_SECRET_KEY": SECRET,
    }
    serving = Serving(Settings.from_environment(environment))
    thread = threading.Thread(target=serving.run, daemon=True)
    thread.start()
    assert serving.is_ready.wait(30)
    assert serving.server is not None
    url = f"http://127.0.0.1:{serving.server.server_port}"
    yield Office(url, folder / "casework.sqlite3")
    serving.server.shutdown()
    thread.join()


@pytest.fixture
def visit(browser: Browser, office: Office) -> Iterator[Callable[..., Walker]]:
    """Lends a browser window of its own to a colleague who is signed in, or to somebody signed out.

    At the end each has seen no breach of the content policy, no fault of a script and no
    request to another machine.
    """
    lent: list[tuple[BrowserContext, Walker]] = []
    readers: list[BrowserContext] = []

    def reader() -> Page:
        """A window where axe may run, but no script of ours does."""
        context = browser.new_context(viewport=DESKTOP)
        context.route("**/*.js", lambda route: route.abort())
        page = context.new_page()
        readers.append(context)
        return page

    def lend(who: people.Colleague | None = None, **options: Any) -> Walker:
        options = {"viewport": DESKTOP, "locale": "en-GB", "base_url": office.url, **options}
        context = browser.new_context(**options)
        has_script = options.get("java_script_enabled", True)
        walker = Walker(context.new_page(), office.url, None if has_script else reader())
        lent.append((context, walker))
        if who is None:
            return walker
        value = office.sign_in(who)
        context.add_cookies([{"name": "casework", "value": value, "url": office.url}])
        return walker.open("/")

    yield lend
    for context in readers:
        context.close()
    for context, walker in lent:
        context.close()
        assert walker.complaints == []
