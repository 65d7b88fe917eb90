"""The only place for what every test may ask for: databases, the application, a client, a browser."""

import contextvars
import os
from collections.abc import Callable, Iterator
from ctypes.util import find_library
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse
from xdist.scheduler import LoadScopeScheduling

from tests import abilities, applications, databases

if TYPE_CHECKING:
    from config import Settings

# `ci` gives every run the same examples; HYPOTHESIS_PROFILE=thorough goes looking for new ones.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, max_examples=50)
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=2000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

TOGETHER = ("tests/browser/", "tests/faults/", "tests/security/", "tests/test_wheel.py")
BROWSER_FIXTURES = {"browser", "context", "page"}
BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def is_worker(config: pytest.Config) -> bool:
    """Whether this process is one of xdist's, which all share the first one's run."""
    return hasattr(config, "workerinput")


def pytest_configure(config: pytest.Config) -> None:
    abilities.required()  # a wrong CASEWORK_REQUIRE is said at once
    if not is_worker(config):
        databases.begin_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not is_worker(config):
        databases.end_run()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test that asks for a database runs on both, unless marked `one_database`."""
    if "database_kind" not in metafunc.fixturenames:
        return
    kinds = [pytest.param("sqlite")]
    if metafunc.definition.get_closest_marker("one_database") is None:
        kinds.append(pytest.param("postgres", marks=pytest.mark.postgres))
    metafunc.parametrize("database_kind", kinds)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")


class Together(LoadScopeScheduling):
    """Hands tests to the workers one by one, but all of a place in `TOGETHER` to one, and first.

    xdist writes its own groups into the tests' ids where pytest 9.2 does not look for them.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((place for place in TOGETHER if nodeid.startswith(place)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    """One worker drives the browser: it starts once, and axe reads no page twice."""
    return Together(config, log)


class Visitor(FlaskClient):
    """A client whose requests, as on a server, begin with no context and no session of the test.

    What the test has not committed a request cannot see, so leaving anything uncommitted fails;
    afterwards the test's session reads anew.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if has_app_context():
            from casework.extensions import db

            session = db.session
            uncommitted = [*session.new, *session.dirty, *session.deleted]
            assert uncommitted == [], "commit first"
            session.rollback()
        return contextvars.Context().run(super().open, *args, **kwargs)


@pytest.fixture
def new_database_url(database_kind: str) -> Iterator[Callable[[], str]]:
    """Makes fresh migrated databases, for a test that needs one per example."""
    made: list[str] = []

    def new() -> str:
        made.append(databases.new_database(database_kind))
        return made[-1]

    yield new
    for url in made:
        databases.drop_database(url)


@pytest.fixture
def database_url(new_database_url: Callable[[], str]) -> str:
    """The URL of a fresh migrated database: once SQLite, once PostgreSQL."""
    return new_database_url()


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    """The environment of an installation, for settings and for commands."""
    return {
        "CASEWORK_ENV": "test",
        "CASEWORK_DATABASE_URL": database_url,
        "CASEWORK_DATA_DIR": str(tmp_path),
        "CASEWORK_SECRET_KEY": "only-for-the-tests-" + "0" * 32,
    }


@pytest.fixture
def settings(environment: dict[str, str]) -> "Settings":
    """The settings that this environment gives."""
    from config import Settings

    return Settings.from_environment(environment)


@pytest.fixture
def app(settings: "Settings") -> Iterator[Flask]:
    """The application on a fresh database; other tests used it before, on theirs."""
    with applications.application(settings) as app:
        app.test_client_class = Visitor
        yield app


@pytest.fixture
def new_app(settings: "Settings") -> Iterator[Flask]:
    """The application on a fresh database, for this test alone, which may add pages to it."""
    app = applications.new_application(settings)
    app.test_client_class = Visitor
    yield app
    applications.disconnect(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser's stand-in, signed out."""
    return app.test_client()


@pytest.fixture
def db(app: Flask) -> Iterator[Session]:
    """The application's own session inside an application context, which stays open."""
    from casework.extensions import db as extension

    with app.app_context():
        yield extension.session


@pytest.fixture
def printer() -> None:
    """A machine that can print PDF files."""
    if find_library("pango-1.0") is None:
        abilities.lack("pdf", "no Pango here (Debian: apt-get install libpango-1.0-0)")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the machine's own Chromium; Playwright's downloads are not needed."""
    executable = abilities.chromium()
    if executable is None:
        abilities.lack("browser", "no Chromium here (Debian: apt-get install chromium)")
    return {
        **browser_type_launch_args,
        "executable_path": executable,
        "args": BROWSER_ARGUMENTS,
    }


@pytest.fixture
def quick_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Published reports as Word file and PDF take seconds, and have tests of their own."""
    from casework.publishing import pack

    for form in ("pdf", "docx"):
        kind, _ = pack.WRITERS[form]
        monkeypatch.setitem(pack.WRITERS, form, (kind, pack.WRITERS["html"][1]))
