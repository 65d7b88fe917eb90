"""The list of cases shows what its filter says, page by page, and leaves the office only on record."""

from collections.abc import Callable
from datetime import date, timedelta
from operator import attrgetter
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from casework.audit.events import newest_first
from casework.desk import columns, queries
from casework.desk.forms import CaseFilter
from casework.models import AuditEvent, Case, Person
from casework.office_rules import office_rules
from casework.web import pagination
from casework.web.case_words import Teller
from casework.web.identity import names
from tests import factories
from tests.casework.cases.pages import Page
from tests.workflows.lives import LEAST
from workflows import WORKFLOWS
from workflows.calendar import Calendar
from workflows.definition import Actor

ON = factories.LOGGED_ON
OTHER = Actor("u_" + "8" * 32, frozenset({"supervisor"}))
NAMES = ("Jo Wren", "jo wrenn", "Ann 100%", "Under_score", None)
TODAY = ON + timedelta(days=44)


def many(db: Session, me: Person) -> list[Case]:
    """Cases of every kind that a filter can tell apart."""
    for number in range(12):
        moved = factories.case(
            db,
            on=ON + timedelta(days=number // 2),
            by=OTHER,
            force="force" if number % 2 else "",
            route=("otherwise", "investigation", "")[number % 3],
            complainant_name=NAMES[number % 5] or "",
            force_reference=("CO/1/26", "x_y", "")[number % 3],
        )
        steps: tuple[tuple[str, dict[str, Any]], ...] = (
            ("assign", {"assignee": (me.token, OTHER.token)[number % 2]}),
            ("wait", {"waiting_for": ("force", "legal")[number % 2]}),
            ("acknowledge", {}),
            ("request_file", {}),
            ("find_valid", LEAST["find_valid"]),
            ("withdraw", LEAST["withdraw"]),
        )
        for place, (step, facts) in enumerate(steps):
            if step == "assign" and facts["assignee"] == OTHER.token:
                continue
            if number % (place + 2) == 0:
                on = ON + timedelta(days=20 + number % 3)
                factories.move(db, moved.reference, step, on, facts, by=OTHER)
    factories.move(db, moved.reference, "annul", None, LEAST["annul"], target=moved.seq)
    return list(db.execute(select(Case).order_by(Case.id)).scalars())


def asked_for(case: Case, asked: dict[str, str], me: str) -> bool:
    """What the filter's words promise, read off plainly for one case."""
    state, text = asked.get("state", ""), asked.get("text", "").strip().lower()
    is_open = case.received_on is not None and case.closed_on is None
    if state in ("open", "closed"):
        right_state = is_open if state == "open" else case.closed_on is not None
    else:
        right_state = case.state == state if state else case.state != "annulled"
    searched = (case.reference, case.force_reference)
    first, last = asked.get("received_from"), asked.get("received_to")
    return (
        right_state
        and is_among(case.force, asked.get("force"), me)
        and is_among(case.route, asked.get("route"), me)
        and is_among(case.assignee, asked.get("assignee"), me)
        and is_among(case.waiting_for, asked.get("waiting"), me)
        and any(text in (words or "").lower() for words in searched)
        and (not asked.get("due") or is_open)
        and is_due(case, asked.get("due"))
        and (not first or (case.received_on or date.min) >= date.fromisoformat(first))
        and (not last or (case.received_on or date.max) <= date.fromisoformat(last))
    )


def is_due(case: Case, due: str | None) -> bool:
    """By counting working days one way, where the register looks for a day the other way."""
    if not due or case.received_on is None:
        return not due
    gone = Calendar().working_days_between(case.received_on, TODAY)
    if due == "unacknowledged":
        return case.acknowledged_on is None and gone > 5
    in_a_week = Calendar().working_days_between(case.received_on, TODAY + timedelta(days=7))
    return gone > 28 if due == "late" else gone <= 28 <= in_a_week


def is_among(value: str | None, wanted: str | None, me: str) -> bool:
    if wanted == "none":
        return value is None
    if wanted == "any":
        return value is not None
    return not wanted or value == (me if wanted == "me" else wanted)


DAYS = st.integers(-1, 8).map(lambda days: (ON + timedelta(days=days)).isoformat())
ASKED = st.fixed_dictionaries(
    {},
    optional={
        "text": st.sampled_from(["wren", "%", "_", "CR/", "co/1", "x_y", "00", " "]),
        "state": st.sampled_from(
            ["", "open", "closed", "received", "valid", "withdrawn", "annulled"]
        ),
        "force": st.sampled_from(["", "force", "none"]),
        "route": st.sampled_from(["", "otherwise", "investigation", "none"]),
        "assignee": st.sampled_from(["", "me", "none"]),
        "waiting": st.sampled_from(["", "any", "force", "legal", "iopc"]),
        "due": st.sampled_from(["", "late", "soon", "unacknowledged"]),
        "received_from": DAYS,
        "received_to": DAYS,
        "sort": st.sampled_from([sign + code for code in columns.BY_CODE for sign in ("", "-")]),
    },
)


def sorted_plainly(db: Session, cases: list[Case], sort: str, me: Person) -> list[str]:
    """References in the order that the words and days of a column have, blanks last."""
    states = [state.name for state in WORKFLOWS["complaint_review"].states]
    routes = {"otherwise": 1, "investigation": 0}  # as their words sort
    waiting = {"force": 1, "legal": 0}
    asked = {
        event.case: event.effective_on
        for event in newest_first(db, [AuditEvent.action == "file_requested"], limit=99)
    }
    is_open = {case.id: case.closed_on is None for case in cases}
    keys: dict[str, Callable[[Case], Any]] = {
        "complainant_name": lambda case: (case.complainant_name or "").lower() or None,
        "state": lambda case: states.index(case.state) if case.state in states else 99,
        "route": lambda case: routes.get(case.route or ""),
        "waiting_for": lambda case: waiting.get(case.waiting_for or ""),
        "acknowledge_by": lambda case: (
            case.received_on if is_open[case.id] and not case.acknowledged_on else None
        ),
        "decide_by": lambda case: case.received_on if is_open[case.id] else None,
        "file_requested_on": lambda case: asked.get(case.token),
        "file_received_on": lambda case: None,
        "notified_on": lambda case: None,
        "force_reference": lambda case: (case.force_reference or "").lower() or None,
    }
    code, is_down = sort.removeprefix("-"), sort.startswith("-")
    of: Callable[[Case], Any] = keys.get(code, attrgetter(code))
    known = [case for case in cases if of(case) is not None]
    known.sort(key=lambda case: (of(case), case.id), reverse=is_down)
    absent = [case for case in cases if of(case) is None]
    absent.sort(key=lambda case: case.id, reverse=is_down)
    return [case.reference for case in (*known, *absent)]


def test_filters_and_sorting_agree_with_plain_reading(
    app: Flask, db: Session, supervisor: Person
) -> None:
    cases = many(db, supervisor)
    me, teller = supervisor.token, Teller(office_rules(db), names(db), TODAY)

    @given(ASKED)
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    def check(asked: dict[str, str]) -> None:
        form = CaseFilter.of(MultiDict(asked), teller)
        assert form.is_readable(), form.error_list()
        found = [row.reference for row in db.execute(queries.filtered(form, teller, me))]
        expected = [case for case in cases if asked_for(case, asked, me)]
        assert found == sorted_plainly(db, expected, asked.get("sort", "-received_on"), supervisor)

    check()


def references(page: Page) -> list[str]:
    return [cell.text_content().strip() for cell in page.tree.xpath("//tbody//th")]


def test_the_filter_is_in_the_address_and_kept_by_pages_and_headings(
    db: Session, visitor: FlaskClient, supervisor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pagination, "SIZE", 3)
    monkeypatch.setattr(pagination, "CAP", 5)
    many(db, supervisor)
    first = Page.get(visitor, "/cases?force=none&sort=reference")
    assert "Only force: Not recorded." in first.words
    assert "1 to 3 of over 5 cases" in first.words
    second = Page.get(visitor, first.links()["Next page of cases"])
    assert "4 to 6 of over 5 cases" in second.words
    assert "Next page of cases" not in second.links()
    everything = [*references(first), *references(second)]
    assert everything == sorted(everything)
    assert len(set(everything)) == 6
    turned = Page.get(visitor, second.links()["Reference ▲"])
    assert references(turned) == everything[:2:-1]
    assert "There are no cases on page 9." in Page.get(visitor, "/cases?page=9").words
    for odd in ("0", "-1", "x", "9" * 40, "²"):
        assert visitor.get(f"/cases?page={odd}").status_code == 200


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("received_from=31/2/2026", "Received from must be a real day, such as 27/3/2026."),
        ("received_to=tomorrow", "Received to must be a real day, such as 27/3/2026."),
        ("state=sung", "Choose “State” from the list."),
        ("sort=secret", "Choose “Sorted by” from the list."),
        ("text=" + "x" * 61, "Enter at most 60 letters and figures."),
        ("columns=reference.secret", "Choose the columns from the list."),
    ],
)
def test_a_filter_that_cannot_be_read_is_said_and_lists_nothing(
    db: Session, visitor: FlaskClient, asked: str, sentence: str
) -> None:
    factories.case(db)
    page = Page.get(visitor, f"/cases?{asked}")
    assert page.status == 422
    assert list(page.errors.values()) == [sentence]
    assert references(page) == []


def test_columns_are_chosen_kept_in_the_browser_and_said_by_the_address(
    db: Session, visitor: FlaskClient
) -> None:
    factories.case(db, route="otherwise")
    chosen = factories.post(
        visitor, "/cases/columns", state="open", column=["route", "received_on", "secret"]
    )
    assert (
        chosen.location == "/cases?state=open&sort=-received_on&columns=reference.route.received_on"
    )
    page = Page.get(visitor, chosen.location)
    headings = [cell.text_content().strip() for cell in page.tree.xpath("//thead//th")]
    assert headings == ["Reference", "Route", "Received ▼"]
    assert "Otherwise than by investigation" in page.words
    again = visitor.get("/cases?sort=state&page=2")
    assert again.location == "/cases?sort=state&page=2&columns=reference.route.received_on"
    visitor.set_cookie("casework_columns", "reference.nonsense")
    assert visitor.get("/cases", follow_redirects=True).status_code == 200
