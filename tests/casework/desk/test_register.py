"""The list of cases shows what its filter says, page by page, and leaves the office only on record."""

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odfdo import Document
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from casework import clock
from casework.audit.events import newest_first
from casework.audit.record import log_size
from casework.desk import queries
from casework.desk.forms import SORTS, CaseFilter
from casework.extensions import db as extension
from casework.models import AuditEvent, Case, Person
from casework.office_rules import office_rules
from casework.web import pagination
from casework.web.downloads import csv_value
from tests import factories
from tests.casework.cases.pages import Page
from tests.workflows.lives import LEAST
from workflows.definition import Actor

ON = factories.LOGGED_ON
OTHER = Actor("u_" + "8" * 32, frozenset({"supervisor"}))
NAMES = ("Jo Wren", "jo wrenn", "Ann 100%", "Under_score", None)


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
            ("find_valid", LEAST["find_valid"]),
            ("withdraw", LEAST["withdraw"]),
        )
        for place, (step, facts) in enumerate(steps):
            if step == "assign" and facts["assignee"] == OTHER.token:
                continue
            if number % (place + 2) == 0:
                factories.move(db, moved.reference, step, ON + timedelta(days=20), facts, by=OTHER)
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
    searched = (case.reference, case.complainant_name, case.force_reference)
    first, last = asked.get("received_from"), asked.get("received_to")
    return (
        right_state
        and is_among(case.force, asked.get("force"), me)
        and is_among(case.route, asked.get("route"), me)
        and is_among(case.assignee, asked.get("assignee"), me)
        and is_among(case.waiting_for, asked.get("waiting"), me)
        and any(text in (words or "").lower() for words in searched)
        and (not first or (case.received_on or date.min) >= date.fromisoformat(first))
        and (not last or (case.received_on or date.max) <= date.fromisoformat(last))
    )


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
        "text": st.sampled_from(
            ["wren", "JO", "%", "_", "CR/", "co/1", "x_y", "00", "nobody", " "]
        ),
        "state": st.sampled_from(
            ["", "open", "closed", "received", "valid", "withdrawn", "annulled"]
        ),
        "force": st.sampled_from(["", "force", "none"]),
        "route": st.sampled_from(["", "otherwise", "investigation", "none"]),
        "assignee": st.sampled_from(["", "me", "none"]),
        "waiting": st.sampled_from(["", "any", "force", "legal", "iopc"]),
        "received_from": DAYS,
        "received_to": DAYS,
        "sort": st.sampled_from([sign + name for name in SORTS for sign in ("", "-")]),
    },
)
NOTHING = {"reference": "", "received": date.max, "state": "", "closed": date.min}


def test_filters_and_sorting_agree_with_plain_reading(
    app: Flask, db: Session, supervisor: Person
) -> None:
    cases = many(db, supervisor)
    me, office = supervisor.token, office_rules(db)
    columns: dict[str, Callable[[Case], Any]] = {
        "reference": lambda case: case.reference,
        "received": lambda case: case.received_on or date.max,
        "state": lambda case: case.state,
        "closed": lambda case: case.closed_on,
    }

    @given(ASKED)
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    def check(asked: dict[str, str]) -> None:
        form = CaseFilter.of(MultiDict(asked), office)
        assert form.is_readable(), form.error_list()
        found = [row.reference for row in db.execute(queries.filtered(form, me))]
        expected = [case for case in cases if asked_for(case, asked, me)]
        sort = asked.get("sort", "-received")
        of, is_down = columns[sort.lstrip("-")], sort[0] == "-"
        known = [case for case in expected if of(case) is not None]
        known.sort(key=lambda case: (of(case), case.id), reverse=is_down)
        absent = [case for case in expected if of(case) is None]
        absent.sort(key=lambda case: case.id, reverse=is_down)
        assert found == [case.reference for case in (*known, *absent)]

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
        ("text=" + "x" * 201, "Enter at most 200 letters and figures."),
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


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(*args: Any) -> None:
        seen.append(args[2])

    with app.app_context():
        engine = extension.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("address", ["/", "/cases", "/cases?text=Wren&sort=closed"])
def test_three_cases_cost_no_more_statements_than_one(
    app: Flask, db: Session, visitor: FlaskClient, supervisor: Person, address: str
) -> None:
    def add() -> None:
        moved = factories.case(db, by=OTHER, complainant_name="Wren")
        for step in ("find_valid", "write_review"):
            factories.move(db, moved.reference, step, ON, LEAST[step], by=OTHER)

    add()
    visitor.get(address)
    with statements(app) as one:
        assert visitor.get(address).status_code == 200
    add()
    add()
    with statements(app) as three:
        assert visitor.get(address).text.count('data-name="State"') >= 3
    assert len(three) == len(one)


def read(kind: str, file: bytes) -> list[list[Any]]:
    if kind == "csv":
        read_back = csv.reader(StringIO(file.decode("utf-8-sig"), newline=""))
        return [[csv_value(cell) for cell in row] for row in read_back]
    table = Document(BytesIO(file)).body.get_table(0)
    assert table is not None
    return [
        ["" if cell.value is None else str(cell.value) for cell in row.cells] for row in table.rows
    ]


ATTACKS = [f"{sign}1+1" for sign in "=+-@"] + ["=cmd|' /C calc'!A0", 'Plain, “quoted” "name"']


@pytest.mark.parametrize("kind", ["csv", "ods"])
def test_an_export_is_the_list_unchanged_and_inert(
    db: Session, visitor: FlaskClient, kind: str
) -> None:
    for attack in ATTACKS:
        factories.case(db, complainant_name=attack, force_reference=attack, route="otherwise")
    answer = factories.post(visitor, "/cases/export", format=kind, sort="reference")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == (
        f"attachment; filename=cases-{clock.today().isoformat()}.{kind}"
    )
    header, *rows = read(kind, answer.data)
    column = {title: place for place, title in enumerate(header)}
    assert [row[column["Complainant"]] for row in rows] == ATTACKS
    assert [row[column["Force’s reference"]] for row in rows] == ATTACKS
    assert {row[column["Received on"]] for row in rows} == {"2026-04-01"}
    assert {row[column["Route"]] for row in rows} == {"Otherwise than by investigation"}
    if kind == "csv":
        cells = [cell for row in csv.reader(StringIO(answer.text)) for cell in row]
        assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t\r"))]


def test_an_export_is_on_record_in_codes_alone(
    db: Session, visitor: FlaskClient, supervisor: Person
) -> None:
    factories.case(db, complainant_name="Canary Wren")
    factories.case(db, complainant_name="Somebody Else")
    answer = factories.post(
        visitor,
        "/cases/export",
        format="csv",
        text="canary",
        state="open",
        received_from="1/4/2026",
        assignee="none",
    )
    assert len(read("csv", answer.data)) == 2
    (recorded,) = newest_first(db, [AuditEvent.action == "list_exported"], limit=2)
    assert (recorded.actor, recorded.role) == (supervisor.token, "supervisor")
    assert recorded.stat == {
        "format": "csv",
        "rows": 1,
        "filters": {
            "text": True,
            "state": "open",
            "received_from": "2026-04-01",
            "assignee": "none",
        },
    }
    assert not recorded.has_words
    bodies = b"".join(db.execute(select(AuditEvent.body)).scalars())
    assert b"anary" not in bodies


def test_an_export_that_cannot_be_recorded_gives_nothing_away(
    db: Session, visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.case(db, complainant_name="Canary Wren")
    before = log_size(db)

    def fail(*_: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("casework.audit.record._grow_tree", fail)
    visitor.application.testing = False
    visitor.application.config["PROPAGATE_EXCEPTIONS"] = False
    answer = factories.post(visitor, "/cases/export", format="csv")
    assert answer.status_code == 500
    assert "Canary" not in answer.text
    db.rollback()
    assert log_size(db) == before


@pytest.mark.parametrize(
    "wrong", [{"format": "exe"}, {"format": ""}, {"format": "csv", "state": "x"}]
)
def test_an_export_asked_for_wrongly_is_refused(
    db: Session, visitor: FlaskClient, wrong: dict[str, str]
) -> None:
    factories.case(db)
    before = log_size(db)
    assert factories.post(visitor, "/cases/export", **wrong).status_code == 400
    assert log_size(db) == before


def test_the_page_posts_the_filter_it_shows(db: Session, visitor: FlaskClient) -> None:
    factories.case(db, complainant_name="Jo Wren")
    page = Page.get(visitor, "/cases?text=wren&state=open&sort=reference")
    (form,) = page.tree.xpath("//form[contains(@action, 'export')]")
    sent = dict(form.form_values())
    sent.pop("csrf_token")
    assert json.dumps(sent, sort_keys=True) == json.dumps(
        {"sort": "reference", "state": "open", "text": "wren"}
    )
