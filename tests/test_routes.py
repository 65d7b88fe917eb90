"""The only place that holds every address of the application against the matrix in routes.toml."""

from __future__ import annotations

import re
import secrets
import tomllib
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework.database import begin_write
from casework.items import ItemMoved
from casework.models import Base, Person
from casework.people import service
from casework.progress import Moved
from tests import factories, letter_factory
from tests.factories import LOGGED_ON, PASSWORD
from workflows.calendar import in_words

_READ: dict[str, Any] = tomllib.loads(Path(__file__).with_name("routes.toml").read_text())
ROLES: list[str] = _READ.pop("roles")
MATRIX: dict[str, dict[str, list[int]]] = _READ
SIGNED_OUT = "signed_out"
WRITTEN_BY_READING = {"access_read"}
RECORDED_READS = {
    "papers.show": "paper_downloaded",
    "papers.download": "paper_downloaded",
    "letters.word": "letter_taken",
    "letters.file": "letter_opened",
}
"""Addresses that hand over a file, and the event that says so."""
ELSEWHERE = {"seq": "999999", "number": "99", "year": "2022-24", "filename": "no.css"}
CANARIES = {
    "complainant_name": "Canaryname Birdsong",
    "complainant_email": "canarymail@birdsong.example",
    "complainant_address": "Canarystreet 1",
    "force_reference": "CANARYFORCEREF",
    "grounds": "Canarygrounds were given",
}
REFERENCE, REASONS = "CANARYREF/1", "Canaryreasons for it"
STAND_ALONE = {"/cases/<token>/letters/drafts/<draft>/preview"}
"""Pages that are what leaves the office, and no page of the case."""
TOKEN_OF_NOBODY = "c_" + "0" * 32


@dataclass
class Office:
    """An office with a person of each role, and cases to be asked for."""

    app: Flask
    db: Session
    people: dict[str, Person] = field(default_factory=dict)
    case: Moved | None = None
    acknowledged: int = 0
    item: ItemMoved | None = None
    paper: ItemMoved | None = None
    letter: ItemMoved | None = None
    draft: str = ""
    mail: str = ""
    delegated: str = ""

    def client(self, role: str) -> FlaskClient:
        """A fresh client, signed in as somebody of this role."""
        client = self.app.test_client()
        if role != SIGNED_OUT:
            factories.sign_in(client, self.people[role])
        return client

    def begin(self) -> None:
        """A fresh case, received and acknowledged."""
        self.case = factories.case(self.db)
        moved = factories.move(self.db, self.case.reference, "acknowledge", LOGGED_ON)
        self.acknowledged = moved.seq
        self.item = factories.item(self.db, self.case.case, "party", kind="interested")
        self.paper = factories.paper(self.db, self.case.case)
        self.letter = None

    def write_letter(self) -> None:
        """A letter being written, and one that is issued and waits to be mailed; once a case."""
        if self.letter is None and self.case is not None:
            self.letter = letter_factory.letter(self.db, self.case.case)
            self.draft = letter_factory.draft(self.db, self.case.case, is_final=True)
            self.mail = letter_factory.mail(self.db, self.letter)

        self.delegated = factories.delegation(self.db, self.people["supervisor"])

    def link(self) -> str:
        """The secret of a fresh link to set a password."""
        begin_write(self.db)
        secret = service.new_link(self.db, self.people["panel"])
        self.db.commit()
        return secret

    def address(self, endpoint: str, **changed: str) -> str:
        """The address of an endpoint, about the present case unless `changed` says otherwise."""
        assert self.case is not None
        assert self.item is not None
        assert self.paper is not None
        if endpoint.startswith(("letters.", "outbox.")):
            self.write_letter()
        kept = {"papers": self.paper, "letters": self.letter}
        item = kept.get(endpoint.split(".", maxsplit=1)[0]) or self.item
        parts: dict[str, Any] = {
            "token": self.case.case,
            "seq": item.seq if endpoint.startswith(("items.", "papers.")) else self.acknowledged,
            "item": item.item,
            "kind": "party",
            "draft": self.draft,
            "form": "pdf",
            "mail": self.mail,
            "decision": "cancel",
            "name": NAMES.get(endpoint, "office_name"),
            "number": "1",
            "delegated": self.delegated,
            "year": "2026-27",
            "secret": changed.get("secret") or self.link(),
            "filename": "app.css",
            **changed,
        }
        needed = arguments(self.app, endpoint)
        with self.app.test_request_context():
            path = url_for(endpoint, **{name: parts[name] for name in needed})
        return path + QUERIES.get(endpoint, "")

    def fields(self, endpoint: str, client: FlaskClient) -> dict[str, Any]:
        """What a form of this endpoint sends when all is well."""
        day = LOGGED_ON + timedelta(days=1)
        on = {f"effective_on-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}
        sent: dict[str, dict[str, Any]] = {
            "people.sign_in": {"email": self.people["panel"].email, "password": PASSWORD},
            "people.set_password": {"password": secrets.token_hex(12)},
            "desk.export": {"format": "csv"},
            "cases.step": {**on, "version": "2"},
            "cases.correct": {**on, "version": "2", "reason": "It was mistyped."},
            "cases.annul": {"version": "2", "reason": "It was mistyped."},
            "reviews.write": {**on, "version": "2"},
            "reviews.decide": {**on, "version": "2"},
            "reviews.declare": {**on, "person": token_of(client), "why": "A cousin."},
            "reviews.tell": {**on, "how-application-appropriate_authority-0": "told"},
            "office.delegate": {
                "person": self.people["reviewer"].token,
                "functions": "decide",
                **{f"from_on-{part}": "1" for part in ("day", "month")},
                "from_on-year": "2026",
                "instrument": "Scheme of governance, 4.2",
                "declared": ["not_constable", "not_other_lpb", "is_impartial"],
            },
            "office.end_delegation": {
                **{f"until_on-{part}": "2" for part in ("day", "month")},
                "until_on-year": "2027",
            },
            "items.add": {**on, "kind": "interested"},
            "items.step": {**on, "version": "1", "name": "A. Witness"},
            "items.correct": {**on, "version": "1", "kind": "other", "reason": "It was mistyped."},
            "items.annul": {"version": "1", "reason": "It was mistyped."},
            "papers.add": {**on, "file": factories.picture(), "kind": "footage", "origin": "force"},
            "papers.hold": {
                **on,
                "name": "Footage",
                "kind": "footage",
                "origin": "force",
                "place": "body_worn",
            },
            "papers.replace": {**on, "version": "1", "file": factories.picture()},
            "letters.draft": {"version": "2", "text": "Dear Zoe"},
            "letters.upload": {"version": "2", "file": (BytesIO(letter_pdf()), "letter.pdf")},
            "letters.return_to_text": {"version": "2"},
            "letters.discard": {"version": "2"},
            "letters.issue": {**on, "version": "2", **LEAVING, "way": "later"},
            "letters.send": {**on, "version": "2", **LEAVING},
            "outbox.settle": {"seen": "queued"},
            "intake.log": on,
            "search.index": {"words": "footage"},
            "letter_templates.use": {"template": "built_in"},
            "office.change": {"value": secrets.token_hex(4), "since": self.since(client)},
        }
        return sent.get(endpoint, {})

    def since(self, client: FlaskClient) -> str:
        """What the settings form says it was opened on."""
        page = client.get("/settings/office_name").text
        found = re.search(r'name="since"[^>]*value="([^"]*)"', page)
        return found[1] if found else ""

    def post(self, client: FlaskClient, endpoint: str, path: str) -> TestResponse:
        """Post the form of this endpoint, all well."""
        return factories.post(client, path, **self.fields(endpoint, client))

    def tables(self) -> dict[str, list[Any]]:
        """Everything in the database but what reading may write."""
        self.db.rollback()
        return {
            table.name: sorted(map(repr, self.db.execute(select(table))))
            for table in Base.metadata.sorted_tables
            if table.name not in WRITTEN_BY_READING
        }


def all_but_the_log(tables: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """The tables without the log's own, to which a file that is handed over adds an event."""
    return {
        name: rows for name, rows in tables.items() if name not in ("audit_event", "audit_node")
    }


def letter_pdf() -> bytes:
    """A PDF of one empty page."""
    written = BytesIO()
    page = pypdf.PdfWriter()
    page.add_blank_page(200, 200)
    page.write(written)
    return written.getvalue()


LEAVING = {
    "told": "complainant",
    "way": "post",
    "disclosure": ["third_parties", "force_sensitive", "privileged"],
}
NAMES = {
    "cases.step": "acknowledge",
    "items.step": "change",
    "letters.begin": "acknowledgement",
    "letter_templates.letter": "acknowledgement",
    "letter_templates.preview": "acknowledgement",
    "letter_templates.starter": "acknowledgement",
    "letter_templates.use": "acknowledgement",
    "letter_templates.version": "acknowledgement",
}
QUERIES = {
    "drafts.keep": "?form=/cases/log",
    "drafts.discard": "?form=/cases/log",
    "reporting.period": "?from=1/4/2026&to=30/6/2026",
    "reporting.figure": "?from=1/4/2026&to=30/6/2026&measure=cohort.received",
}


def token_of(client: FlaskClient) -> str:
    """The token of whoever is signed in with this client; empty when nobody is."""
    with client.session_transaction() as cookie:
        return str(cookie.get("_user_id", "")).partition(".")[0]


def rules(app: Flask) -> dict[str, str]:
    """Every address and its endpoint."""
    return {rule.rule: rule.endpoint for rule in app.url_map.iter_rules()}


def arguments(app: Flask, endpoint: str) -> set[str]:
    """The parts of an endpoint's address."""
    return next(rule.arguments for rule in app.url_map.iter_rules(endpoint))


@pytest.fixture
def office(app: Flask, db: Session) -> Office:
    made = Office(app, db)
    for role in ROLES[1:]:
        made.people[role] = factories.person(db, role, password=PASSWORD)
    made.begin()
    made.write_letter()
    return made


def calls(method: str) -> list[tuple[str, str, int]]:
    """Address, role and the status expected, for each address that takes the method."""
    return [
        (rule, role, status)
        for rule, methods in MATRIX.items()
        for role, status in zip(ROLES, methods.get(method, ()), strict=method in methods)
    ]


@pytest.mark.one_database
def test_every_address_and_method_is_in_the_matrix(app: Flask) -> None:
    there = {
        rule.rule: sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        for rule in app.url_map.iter_rules()
    }
    assert there == {rule: sorted(methods) for rule, methods in MATRIX.items()}


def test_each_role_gets_what_the_matrix_says_and_reading_writes_nothing(office: Office) -> None:
    by_rule = rules(office.app)
    before = office.tables()
    wrong = []
    for rule, role, expected in calls("GET"):
        path = office.address(by_rule[rule], secret=known_link(office, before))
        for method in ("GET", "HEAD"):
            answer = office.client(role).open(path, method=method, buffered=True)
            if answer.status_code != expected:
                wrong.append((method, rule, role, expected, answer.status_code))
    assert not wrong, wrong
    after = office.tables()
    events = set(after["audit_event"]) - set(before["audit_event"])
    told = set(RECORDED_READS.values())
    assert [event for event in events if not any(action in event for action in told)] == []
    assert all_but_the_log(after) == all_but_the_log(before)


def known_link(office: Office, before: dict[str, list[Any]]) -> str:
    """One link for all, kept in the picture of the tables before."""
    secret = office.app.config.get("LINK_OF_THIS_TEST")
    if secret is None:
        secret = office.app.config["LINK_OF_THIS_TEST"] = office.link()
        before["set_password_link"] = office.tables()["set_password_link"]
    return str(secret)


def test_each_role_may_do_what_the_matrix_says_and_refusals_write_nothing(office: Office) -> None:
    by_rule = rules(office.app)
    wrong: list[tuple[object, ...]] = []
    for rule, role, expected in calls("POST"):
        office.begin()
        path = office.address(by_rule[rule])
        client, before = office.client(role), office.tables()
        answer = office.post(client, by_rule[rule], path)
        if answer.status_code != expected:
            wrong.append((rule, role, expected, answer.status_code))
        has_written = office.tables() != before
        if expected >= 400 and has_written:
            wrong.append((rule, role, "wrote"))
        for person in office.people.values():
            office.db.refresh(person)
    assert not wrong, wrong


@pytest.mark.one_database
def test_a_safeguarding_flag_is_on_every_page_of_the_case(office: Office) -> None:
    """Whom was told and when too; and on the pages that refuse what was posted."""
    assert office.case is not None
    risk: dict[str, Any] = {"at_risk": "child", "risk": "Alone at night."}
    kept = factories.item(office.db, office.case.case, "safeguarding", **risk)
    told = {"told": "police", "name": "Sergeant Canary"}
    factories.move_item(office.db, kept.item, "tell_of_risk", LOGGED_ON, told)
    flag = ("Alone at night.", "Sergeant Canary", in_words(LOGGED_ON))
    client, by_rule, seen = office.client("supervisor"), rules(office.app), 0
    for rule, methods in MATRIX.items():
        if not rule.startswith("/cases/<token>"):
            continue
        path = office.address(by_rule[rule])
        answers = [client.get(path, buffered=True)] if "GET" in methods else []
        if "POST" in methods:
            answers.append(factories.post(client, path, version="999"))
            answers.append(factories.post(client, path, version="1"))
        for answer in answers:
            if answer.mimetype == "text/html" and answer.status_code in (200, 409, 422):
                seen += 1
                missing = [words for words in flag if words not in answer.text]
                assert not missing or rule in STAND_ALONE, (rule, answer.status_code, missing)
    assert seen > 30


def test_a_post_without_its_own_csrf_token_is_refused_and_writes_nothing(office: Office) -> None:
    by_rule = rules(office.app)
    other = factories.csrf_token(office.client("supervisor"))
    for rule, role, _ in calls("POST"):
        path = office.address(by_rule[rule])
        client, before = office.client(role), office.tables()
        for token in ({}, {"csrf_token": "wrong"}, {"csrf_token": other}):
            fields = {"req": secrets.token_hex(16), **office.fields(by_rule[rule], client)}
            answer = client.post(path, data={**fields, **token})
            assert answer.status_code == 400, (rule, role, token, answer.status_code)
        assert office.tables() == before, (rule, role)


def test_other_methods_and_overrides_do_nothing(office: Office) -> None:
    by_rule = rules(office.app)
    override = {"X-HTTP-Method-Override": "POST", "X-Method-Override": "POST"}
    for rule, methods in MATRIX.items():
        path = office.address(by_rule[rule])
        client, before = office.client("reviewer"), office.tables()
        for method in ("PUT", "PATCH", "DELETE", "TRACE", "CONNECT"):
            assert client.open(path, method=method).status_code == 405, (method, rule)
        if "POST" not in methods:
            assert client.post(path).status_code in (400, 405), rule
        if "GET" not in methods:
            assert client.get(path).status_code in (404, 405), rule
        else:
            separator = "&" if "?" in path else "?"
            plain = client.get(path, buffered=True).status_code
            asked = client.get(
                f"{path}{separator}_method=POST&_external=1", headers=override, buffered=True
            )
            assert asked.status_code == plain, rule
        told = client.open(path, method="OPTIONS")
        assert (told.status_code, told.text) == (200, ""), rule
        kept = all_but_the_log if by_rule[rule] in RECORDED_READS else dict
        assert kept(office.tables()) == kept(before), rule


def test_what_is_not_there_is_not_found_and_nothing_is_written(office: Office) -> None:
    other = factories.case(office.db)
    beside = factories.move(office.db, other.reference, "acknowledge", LOGGED_ON).seq
    by_rule = rules(office.app)
    for rule, methods in MATRIX.items():
        endpoint = by_rule[rule]
        for part in sorted(arguments(office.app, endpoint)):
            unknown = {"seq": ["999999", str(beside)], "token": [TOKEN_OF_NOBODY, "c_x", "%27"]}
            for value in unknown.get(part, [ELSEWHERE.get(part, "x" * 43)]):
                path = office.address(endpoint, **{part: value})
                for method, statuses in methods.items():
                    asked_by = [
                        role
                        for role, status in zip(ROLES, statuses, strict=True)
                        if status in (200, 302) and (role != SIGNED_OUT or status == 200)
                    ]
                    for role in asked_by:
                        client, before = office.client(role), office.tables()
                        answer = (
                            client.get(path)
                            if method == "GET"
                            else office.post(client, endpoint, path)
                        )
                        told = (method, path, role, answer.status_code)
                        assert answer.status_code == 404, told
                        assert office.tables() == before, told


@pytest.mark.parametrize("role", ["panel", "administrator"])
@pytest.mark.one_database
def test_who_may_not_see_cases_sees_no_word_of_one(office: Office, role: str) -> None:
    canaries: dict[str, Any] = {**CANARIES}
    case = factories.case(office.db, reference=REFERENCE, route="otherwise", **canaries)
    steps: tuple[tuple[str, dict[str, Any]], ...] = (
        ("find_valid", {"reasons": REASONS}),
        ("write_review", {"finding": "not_reasonable", "reasons": REASONS}),
    )
    for step, facts in steps:
        factories.move(office.db, REFERENCE, step, LOGGED_ON, facts)
    chief = office.people["chief_executive"]
    upheld = {"reasons": REASONS, "recommendations": ["apology"]}
    factories.move(office.db, REFERENCE, "uphold", LOGGED_ON, upheld, by=chief)
    office.case, office.acknowledged = case, case.seq

    hidden = [*CANARIES.values(), REFERENCE, REASONS, case.case]
    client, seen, to_see = office.client(role), set[str](), {"/"}
    to_see |= {office.address(endpoint) for rule, endpoint in rules(office.app).items()}
    to_see |= {f"/reports/annual/2026-27?format={kind}" for kind in ("json", "csv", "text")}
    while to_see:
        path = to_see.pop()
        seen.add(path)
        answer = client.get(path, buffered=True)
        assert answer.status_code < 500, path
        shown = answer.text.replace(path, "")
        assert [word for word in hidden if word.casefold() in shown.casefold()] == [], path
        found = re.findall(r'(?:href|action)="(/[^"#]*)', answer.text)
        if answer.location:
            found.append(answer.location)
        to_see |= {link.replace("&amp;", "&") for link in found} - seen
    assert len(seen) > len(MATRIX)
