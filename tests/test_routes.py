"""The only place that holds every address of the application against the matrix of who may what."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from copy import copy
from dataclasses import replace
from itertools import cycle
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework.extensions import db as extension
from casework.permissions import SEE_CASES, may, roles_giving
from tests import factories
from tests.databases import kept, watched
from tests.factories import LOGGED_ON
from tests.matrix import (
    MATRIX,
    ROLES,
    SIGNED_OUT,
    Call,
    Otherwise,
    calls,
    is_about_a_case,
    parts,
    sees_others,
)
from tests.route_office import Office, all_but_the_log, rules
from tools.make_access_table import PAGE, page, permissions_of
from workflows.calendar import in_words

RECORDED_READS = {
    "papers.show": "paper_downloaded",
    "papers.download": "paper_downloaded",
    "letters.word": "letter_taken",
    "letters.file": "letter_opened",
}
"""Addresses that hand over a file, and the event that says so."""
ELSEWHERE = {
    **dict.fromkeys(("proposal", "seq", "session", "size"), "999999"),
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
def filled(app: Flask, db: Session) -> Office:
    made = Office(app, db)
    made.fill(ROLES[1:])
    return made


@pytest.fixture
def office(filled: Office) -> Iterator[Office]:
    with watched(extension.engine) as filled.state:
        yield filled


@pytest.mark.one_database
def test_s01_every_address_and_method_is_in_the_matrix(app: Flask) -> None:
    there = {
        rule.rule: sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        for rule in app.url_map.iter_rules()
    }
    assert there == {rule: sorted(methods) for rule, methods in MATRIX.items()}


@pytest.mark.one_database
def test_s01_s02_the_page_on_access_is_what_the_views_declare(app: Flask) -> None:
    """And whoever has no permission that a view asks for is refused there, whatever else is so."""
    assert page(app) == PAGE.read_text(), "Run: python -m tools.make_access_table"
    endpoints = rules(app)
    for call in (*calls("GET"), *calls("POST")):
        needed = permissions_of(app, endpoints[call.rule])
        if needed and call.role == SIGNED_OUT:
            assert call.status == {"GET": 302, "POST": 401}[call.method], call
        elif needed and not any(may((call.role,), permission) for permission in needed):
            assert call.status == 403, call


def test_s02_s10_each_role_gets_what_the_matrix_says_and_reading_writes_nothing(
    office: Office, database_kind: str
) -> None:
    """Who may hangs on no database, so on the second each answer is asked for once."""
    by_rule = rules(office.app)
    before = office.tables()
    wrong = []
    for call in calls("GET", is_once=database_kind == "postgres"):
        answer = office.client(call.role).get(office.address(by_rule[call.rule]), buffered=True)
        if answer.status_code != call.status:
            wrong.append((call, answer.status_code))
    assert not wrong, wrong
    after = office.tables()
    events = set(after["audit_event"]) - set(before["audit_event"])
    told = set(RECORDED_READS.values())
    assert [event for event in events if not any(action in event for action in told)] == []
    assert all_but_the_log(after) == all_but_the_log(before)


@pytest.mark.usefixtures("quick_files")
def test_s02_each_role_may_do_what_the_matrix_says_and_refusals_write_nothing(
    filled: Office, database_url: str, database_kind: str
) -> None:
    """Whatever is not refused finds the office as it was at first, and none of what others did."""
    asked = list(calls("POST", is_once=database_kind == "postgres"))
    wrong: list[tuple[Call, int]] = []

    def ask(call: Call) -> None:
        answer = answer_to(call, filled)
        if answer.status_code != call.status:
            wrong.append((call, answer.status_code))

    with watched(extension.engine) as filled.state:
        before = filled.tables()
        for call in asked:
            if call.status >= 400:
                ask(call)
                assert filled.tables() == before, call
    filled.disconnect()
    with kept(database_url) as put_back:
        for call in asked:
            if call.status < 400:
                ask(call)
                filled.disconnect()
                put_back()
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
def test_s09_a_post_without_its_own_csrf_token_is_refused_and_writes_nothing(
    office: Office,
) -> None:
    by_rule = rules(office.app)
    other = factories.csrf_token(office.client("supervisor"))
    for call in calls("POST", is_once=True):
        path = office.address(by_rule[call.rule])
        client, before = office.client(call.role), office.tables()
        for token in ({}, {"csrf_token": "wrong"}, {"csrf_token": other}):
            fields = {"req": secrets.token_hex(16), **office.fields(by_rule[call.rule], client)}
            answer = client.post(path, data={**fields, **token})
            assert answer.status_code == 400, (call, token, answer.status_code)
        assert office.tables() == before, call


@pytest.mark.one_database
def test_s06_other_methods_and_overrides_do_nothing(office: Office) -> None:
    """As whoever may do most there, as the first of those roles."""
    by_rule, others = rules(office.app), cycle(("PUT", "PATCH", "DELETE", "CONNECT"))
    override = {"X-HTTP-Method-Override": "POST", "X-Method-Override": "POST"}
    before = all_but_the_log(office.tables())
    for rule, methods in MATRIX.items():
        path, statuses = office.address(by_rule[rule]), next(iter(methods.values()))
        client = office.client(ROLES[statuses.index(min(statuses))])
        for method in ("TRACE", next(others)):
            assert client.open(path, method=method).status_code == 405, (method, rule)
        if "POST" not in methods:
            assert client.post(path).status_code in (400, 405), rule
        if "GET" in methods:
            joined = f"{path}{'&' if '?' in path else '?'}_method=POST&_external=1"
            assert client.head(path, buffered=True).status_code == min(statuses), rule
            asked = client.get(joined, headers=override, buffered=True)
            assert asked.status_code == min(statuses), rule
        else:
            assert client.get(path).status_code in (404, 405), rule
        told = client.options(path)
        assert (told.status_code, told.text) == (200, ""), rule
        assert all_but_the_log(office.tables()) == before, rule


@pytest.mark.one_database
def test_s03_what_is_not_there_is_not_found_and_nothing_is_written(office: Office) -> None:
    other = factories.case(office.db)
    beside = factories.move(office.db, other.reference, "acknowledge", LOGGED_ON).seq
    before = office.tables()
    unknown = {
        "seq": ["999999", str(beside)],
        "size": ["999999"],
        "token": [TOKEN_OF_NOBODY, "c_x", "%27"],
    }
    for call in (*calls("GET", is_once=True), *calls("POST", is_once=True)):
        if not call.is_let_in or call.status not in (200, 302):
            continue
        for part in parts(call.rule):
            for value in unknown.get(part, [ELSEWHERE.get(part, "x" * 43)]):
                answer = answer_to(call, office, **{part: value})
                assert answer.status_code == call.about("not_there"), (call, part, value)
                assert office.tables() == before, (call, part, value)


@pytest.mark.one_database
def test_s03_a_case_is_not_there_for_whom_it_is_not(office: Office) -> None:
    """Whatever hangs on it neither; and of one that was erased only that it was."""
    not_theirs, before = cases_of_others(office), office.tables()
    wrong = []
    for call in (*calls("GET"), *calls("POST")):
        is_first = MATRIX[call.rule][call.method].index(call.status) == ROLES.index(call.role)
        if not (is_about_a_case(call.rule) and call.is_let_in):
            continue
        for otherwise, other in not_theirs.items():
            if not sees_others(call.role) or (is_first and otherwise != "not_instructed"):
                answer = answer_to(call, other)
                if answer.status_code != call.about(otherwise):
                    wrong.append((otherwise, call, answer.status_code))
                assert office.tables() == before, (otherwise, call)
    assert not wrong, wrong


def answer_to(call: Call, office: Office, **changed: str) -> TestResponse:
    """What a role gets that asks for an address, or sends its form, all well."""
    endpoint, client = rules(office.app)[call.rule], office.client(call.role)
    path = office.address(endpoint, **changed)
    if call.method == "GET":
        return client.get(path, buffered=True)
    return office.post(client, endpoint, path)


def cases_of_others(office: Office) -> dict[Otherwise, Office]:
    """The same office, about a case that is not for whoever asks: for each reason there is one."""
    db, keeper = office.db, factories.person(office.db, "supervisor", "chief_executive")
    restricted, conflicted, another, erased = (copy(office) for _ in range(4))
    for other in (restricted, conflicted):
        other.begin()
        other.write_letter()
    assert restricted.case and conflicted.case and erased.case
    keep: dict[str, Any] = {"people": [keeper.token], "why": "Only for who looks into it."}
    factories.item(db, restricted.case.case, "restriction", by=keeper, **keep)
    for role in roles_giving(SEE_CASES):
        told: dict[str, Any] = {"person": office.people[role].token, "why": "A cousin."}
        factories.item(db, conflicted.case.case, "conflict", by=keeper, **told)
    another.people = {**office.people, "contractor": factories.person(db, "contractor")}
    another.cookies = {}
    another.client("contractor")
    erased.case = replace(erased.case, case=office.erased)
    return {
        "restricted_to_others": restricted,
        "conflicted": conflicted,
        "not_instructed": another,
        "erased": erased,
    }


@pytest.mark.one_database
def test_s04_who_may_not_see_cases_sees_no_word_of_one(office: Office) -> None:
    """As one person with every role that sees none, who gets whatever each of them gets."""
    blind = set(ROLES[1:]) - roles_giving(SEE_CASES)
    assert blind == {"panel", "administrator"}
    office.people["blind"] = factories.person(office.db, *blind)
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
    client, seen, to_see = office.client("blind"), set[str](), {"/"}
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
