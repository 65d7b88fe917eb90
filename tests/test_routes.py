"""The only place that holds every address of the application against the matrix in routes.toml."""

from __future__ import annotations

import re
import secrets
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from casework.extensions import db as extension
from tests import factories
from tests.databases import watched
from tests.factories import LOGGED_ON, PASSWORD
from tests.route_office import SIGNED_OUT, Office, all_but_the_log, arguments, rules
from workflows.calendar import in_words

_READ: dict[str, Any] = tomllib.loads(Path(__file__).with_name("routes.toml").read_text())
ROLES: list[str] = _READ.pop("roles")
MATRIX: dict[str, dict[str, list[int]]] = _READ
RECORDED_READS = {
    "papers.show": "paper_downloaded",
    "papers.download": "paper_downloaded",
    "letters.word": "letter_taken",
    "letters.file": "letter_opened",
}
"""Addresses that hand over a file, and the event that says so."""
ELSEWHERE = {
    "size": "999999",
    "seq": "999999",
    "number": "99",
    "year": "2022-24",
    "filename": "no.css",
}
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


@pytest.fixture
def office(app: Flask, db: Session) -> Iterator[Office]:
    with watched(extension.engine) as state:
        made = Office(app, db, state)
        for role in ROLES[1:]:
            made.people[role] = factories.person(db, role, password=PASSWORD)
        factories.open_form(db)
        made.begin()
        made.write_letter()
        made.check_list()
        made.import_register()
        made.erase()
        made.fall_due()
        made.keep_accounts()
        made.publish_report()
        yield made


def calls(method: str, *, is_once: bool = False) -> list[tuple[str, str, int]]:
    """Address, role and the status expected, for each address that takes the method.

    With `is_once` one role stands for all that get the same answer: for what hangs on the address
    and not on who asks.
    """
    found: list[tuple[str, str, int]] = []
    for rule, methods in MATRIX.items():
        statuses = methods.get(method, [])
        told = dict(zip(ROLES, statuses, strict=method in methods))
        firsts = {ROLES[statuses.index(status)] for status in statuses}
        found += [(rule, *call) for call in told.items() if not is_once or call[0] in firsts]
    return found


@pytest.mark.one_database
def test_every_address_and_method_is_in_the_matrix(app: Flask) -> None:
    there = {
        rule.rule: sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        for rule in app.url_map.iter_rules()
    }
    assert there == {rule: sorted(methods) for rule, methods in MATRIX.items()}


def test_each_role_gets_what_the_matrix_says_and_reading_writes_nothing(
    office: Office, database_kind: str
) -> None:
    """Who may hangs on no database, so on the second each answer is asked for once."""
    by_rule = rules(office.app)
    before = office.tables()
    wrong = []
    once = calls("GET", is_once=True)
    for call in once if database_kind == "postgres" else calls("GET"):
        rule, role, expected = call
        path = office.address(by_rule[rule], secret=known_link(office, before))
        for method in ("GET", "HEAD") if call in once else ("GET",):
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


@pytest.mark.usefixtures("quick_files")
def test_each_role_may_do_what_the_matrix_says_and_refusals_write_nothing(
    office: Office, database_kind: str
) -> None:
    by_rule = rules(office.app)
    wrong: list[tuple[object, ...]] = []
    has_written = True
    for rule, role, expected in calls("POST", is_once=database_kind == "postgres"):
        if has_written:
            office.begin()
        path = office.address(by_rule[rule])
        client, is_refused = office.client(role), expected >= 400
        before = office.tables() if is_refused else {}
        state = office.state()
        answer = office.post(client, by_rule[rule], path)
        if answer.status_code != expected:
            wrong.append((rule, role, expected, answer.status_code))
        has_written = office.state() != state
        if is_refused and office.tables() != before:
            wrong.append((rule, role, "wrote"))
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


@pytest.mark.one_database
def test_a_post_without_its_own_csrf_token_is_refused_and_writes_nothing(office: Office) -> None:
    by_rule = rules(office.app)
    other = factories.csrf_token(office.client("supervisor"))
    for rule, role, _ in calls("POST", is_once=True):
        path = office.address(by_rule[rule])
        client, before = office.client(role), office.tables()
        for token in ({}, {"csrf_token": "wrong"}, {"csrf_token": other}):
            fields = {"req": secrets.token_hex(16), **office.fields(by_rule[rule], client)}
            answer = client.post(path, data={**fields, **token})
            assert answer.status_code == 400, (rule, role, token, answer.status_code)
        assert office.tables() == before, (rule, role)


@pytest.mark.one_database
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


@pytest.mark.one_database
def test_what_is_not_there_is_not_found_and_nothing_is_written(office: Office) -> None:
    other = factories.case(office.db)
    beside = factories.move(office.db, other.reference, "acknowledge", LOGGED_ON).seq
    by_rule = rules(office.app)
    unknown = {
        "seq": ["999999", str(beside)],
        "size": ["999999"],
        "token": [TOKEN_OF_NOBODY, "c_x", "%27"],
    }
    for method in ("GET", "POST"):
        for rule, role, status in calls(method, is_once=True):
            if status not in (200, 302) or (role == SIGNED_OUT and status != 200):
                continue
            client, endpoint = office.client(role), by_rule[rule]
            for part in sorted(arguments(office.app, endpoint)):
                for value in unknown.get(part, [ELSEWHERE.get(part, "x" * 43)]):
                    path, before = office.address(endpoint, **{part: value}), office.tables()
                    answer = (
                        client.get(path) if method == "GET" else office.post(client, endpoint, path)
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
        brought = path.partition("next=")[2] or path
        text = answer.get_data().decode(errors="replace")
        shown = text.replace(path, "").replace(brought, "")
        assert [word for word in hidden if word.casefold() in shown.casefold()] == [], path
        found = re.findall(r'(?:href|action)="(/[^"#]*)', text)
        if answer.location:
            found.append(answer.location)
        to_see |= {link.replace("&amp;", "&") for link in found} - seen
    assert len(seen) > len(MATRIX)
