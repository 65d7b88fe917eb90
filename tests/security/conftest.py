"""The only place for an office that is attacked, again and again as it was before."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework import clock
from casework.extensions import db as extension
from casework.files.kinds import Kind as FileKind
from casework.files.looking import Seen, look_inside
from config import Settings
from tests import databases, factories
from tests.applicant import Applicant
from tests.applications import application
from tests.casework.cases.states import case_in
from tests.casework.retention.canaries import Nest
from tests.conftest import Visitor
from tests.route_office import SIGNED_OUT, WRITTEN_BY_READING, Office
from tests.security.payloads import EVERY_MARKUP
from tests.security.walking import EACH, Form, Kind, Visited, forms, walk
from workflows.roles import ROLES

WALKING = (SIGNED_OUT, "chief_executive", "supervisor", "administrator")
"""Who walks through the office: they see all of it, and each what those before did not."""
COOKIES = ("casework", "apply")
KEPT_OF_THE_REFUSED = {
    *("draft", "limited_use", "sign_in_attempt", "staff_session", "waiting_application"),
}
"""What a refused form may leave: what was typed, that it was sent, and from which session."""

STAYING = timedelta(minutes=10)
"""People are here again after so long at most."""
Tables = dict[str, set[tuple[Any, ...]]]

taken: dict[tuple[object, ...], Seen] = {}
"""What was seen in files that were taken, by all that this depends on."""


@dataclass
class Siege:
    """An office with everything in it, on SQLite, that is put back to what it was.

    What is committed after `begin` is gone with `restore`.
    """

    office: Office
    name: str
    """What every word of one of its cases bears, and nothing else."""
    database: sqlite3.Connection
    kept: sqlite3.Connection
    pages: list[tuple[str, Visited]] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    before: Tables = field(default_factory=dict)
    seen_at: datetime = field(default_factory=clock.now)
    verified: float = 0.05
    """How many of the attacks that changed something are followed by a verification of the log."""

    @property
    def app(self) -> Flask:
        return self.office.app

    def begin(self) -> None:
        """Walk through the office as each role, and keep it as it is then."""
        known, found = set[Kind](), dict[Any, Form]()
        starts = self.starts()
        for role in (*WALKING, *(each for each in ROLES if each not in WALKING)):
            client = self.office.client(role)
            factories.csrf_token(client)
            if role == SIGNED_OUT:
                Applicant(client).ready(self.office.db)
            for page in walk(self.app, client, starts if role in WALKING else (), known):
                self.pages.append((role, page))
                if page.answer.status_code == 200 and page.endpoint not in EACH:
                    known.add(page.kind)
                for form in forms(self.app, role, page):
                    found.setdefault(form.kind, form)
            held = {name: client.get_cookie(name) for name in COOKIES}
            self.cookies[role] = {name: cookie.value for name, cookie in held.items() if cookie}
        self.forms = list(found.values())
        self.keep()

    @property
    def firsts(self) -> list[Form]:
        """A form of each endpoint."""
        return list({form.endpoint: form for form in reversed(self.forms)}.values())

    @property
    def some(self) -> list[Form]:
        """A form of each endpoint, and a tenth of all others: enough for every run."""
        firsts = {id(form) for form in self.firsts}
        others = [form for form in self.forms if id(form) not in firsts]
        return [*self.firsts, *others[::10]]

    def starts(self) -> list[str]:
        """Where walks begin: at every page there is."""
        endpoints = {
            rule.endpoint for rule in self.app.url_map.iter_rules() if "GET" in (rule.methods or ())
        }
        skipped = {"static", "signing_in.sign_out"}
        return ["/", *(self.office.address(each) for each in sorted(endpoints - skipped))]

    def client(self, role: str) -> FlaskClient:
        """A client with the session in which this role walked through the office."""
        client = self.app.test_client()
        for name, value in self.cookies[role].items():
            client.set_cookie(name, value)
        return client

    def keep(self) -> None:
        """What is now is what `restore` brings back."""
        self.office.db.rollback()
        self.database.backup(self.kept)
        self.before = self.tables()

    def tables(self) -> Tables:
        """Every row as SQLite has it, but of what reading may write."""
        self.office.db.rollback()
        named = self.database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {
            name: set(self.database.execute(f'SELECT * FROM "{name}"'))
            for (name,) in named.fetchall()
            if name not in WRITTEN_BY_READING
        }

    def changed(self) -> set[str]:
        """The tables that are not as they were."""
        now = self.tables()
        return {name for name in self.before if now.get(name) != self.before[name]}

    def restore(self) -> None:
        """Put everything in the database back."""
        self.office.db.rollback()
        is_long = clock.now() - self.seen_at > STAYING
        if is_long:  # or sessions would end in the longest attacks
            self.seen_at = clock.now()
            seen = f"{self.seen_at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
            self.kept.execute("UPDATE staff_session SET last_seen_at = ?", (seen,))
            self.kept.commit()
        self.kept.backup(self.database)
        if is_long:
            self.before = self.tables()


@pytest.fixture(scope="session")
def siege(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Siege]:
    """An office with a person of each role, a case with everything on it, and all else there is."""
    folder, url = tmp_path_factory.mktemp("siege"), databases.new_database("sqlite")
    environment = {
        "CASEWORK_ENV": "test",
        "CASEWORK_DATABASE_URL": url,
        "CASEWORK_DATA_DIR": str(folder),
        "CASEWORK_SECRET_KEY": "only-for-the-tests-" + "0" * 32,
    }
    with application(Settings.from_environment(environment)) as app, app.app_context():
        app.test_client_class = Visitor
        app.config["PROPAGATE_EXCEPTIONS"] = False  # a fault is a page, as on a server
        with databases.watched(extension.engine) as state:
            path = url.removeprefix("sqlite:///")
            office = Office(app, extension.session, state)
            name = filled_in(office)
            made = Siege(office, name, sqlite3.connect(path), sqlite3.connect(":memory:"))
            made.begin()
            yield made
            made.database.close()
            made.kept.close()
            extension.session.rollback()
    databases.drop_database(url)


def filled_in(office: Office) -> str:
    """Put something behind every address of the office; the name that one of its cases is full of."""
    for role in ROLES:
        office.people[role] = factories.person(office.db, role, password=factories.PASSWORD)
    factories.open_form(office.db)
    office.begin()
    office.write_letter()
    office.check_list()
    office.import_register()
    office.erase()
    office.fall_due()
    office.publish_report()
    for state in ("valid", "reviewed", "upheld"):
        case_in(office.db, state, office.people["supervisor"])
    nest = Nest(office.db)
    nest.lay(name=EVERY_MARKUP)
    return nest.lay().name


@pytest.fixture(autouse=True)
def looked_into_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that was taken is the same when it comes again; any other is looked into each time."""

    def look(file: BinaryIO, name: str, only: Collection[FileKind]) -> Seen:
        file.seek(0)
        asked = (file.read(), name, frozenset(kind.code for kind in only))
        if asked not in taken:
            taken[asked] = look_inside(file, name, only)
        return taken[asked]

    monkeypatch.setattr("casework.files.store.look_inside", look)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how much was tried, where a test counted it."""
    for report in terminalreporter.getreports("passed"):
        if report.user_properties:
            counted = ", ".join(f"{what} {count}" for what, count in report.user_properties)
            terminalreporter.write_line(f"{report.nodeid.partition('::')[2]}: {counted}")
