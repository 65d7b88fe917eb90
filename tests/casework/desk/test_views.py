"""The desk's pages cost the same however much there is on them."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import clock
from casework.desk import queries
from casework.models import Case, Person
from tests import factories
from tests.casework.cases import states
from tests.casework.cases.pages import Page
from tests.databases import statements
from tests.workflows.lives import LEAST, WAYS

ON = factories.LOGGED_ON
OTHER = states.WRITER


def busy(db: Session, holder: Person | None = None, on: date = ON) -> None:
    """A case in each state, of a kind that each page of the desk has something to say about."""
    for place, state in enumerate(states.STATES):
        moved = factories.case(db, on=on, by=OTHER, complainant_name="Wren", route="otherwise")
        before: list[tuple[str, dict[str, Any]]] = [("request_file", {})]
        if holder and place % 2:
            before.append(("assign", {"assignee": holder.token}))
        if place % 3 == 0:
            before.append(("wait", {"waiting_for": "legal"}))
        steps = [*before, *((step, dict(LEAST.get(step, {}))) for step in WAYS[state][1:])]
        for step, facts in steps:
            if step == "uphold":
                facts["recommendations"] = ["apology"]
            by = states.DECIDER if step in ("uphold", "not_uphold") else OTHER
            factories.move(db, moved.reference, step, on, facts, by=by)


def test_my_work_is_what_i_am_to_do_overdue_first(
    db: Session, client: FlaskClient, supervisor: Person
) -> None:
    reviewer = factories.person(db, "reviewer", name="Riley Marsh")
    today = clock.today()
    late, new, closed = (
        factories.case(db, on=on, by=OTHER)
        for on in (today - timedelta(days=90), today, today - timedelta(days=5))
    )
    for moved in (new, late, closed):
        assigned = {"assignee": reviewer.token}
        factories.move(db, moved.reference, "assign", today, assigned, by=OTHER)
    factories.move(db, closed.reference, "withdraw", today, LEAST["withdraw"], by=OTHER)
    decided_by_me = states.case_in(db, "reviewed", reviewer)

    def lists(person: Person) -> dict[str, list[str]]:
        page = Page.get(factories.sign_in(client, person), "/")
        return {
            caption.text_content(): [
                cell.text_content().strip() for cell in caption.getparent().xpath("./tbody//th")
            ]
            for caption in page.tree.findall(".//caption")
        }

    assert lists(reviewer) == {
        "Overdue": [late.reference],
        "To do": [new.reference],
        "Not assigned to anybody": [decided_by_me.reference],
    }
    mine = lists(supervisor)
    assert (mine["Overdue"], "To do" in mine) == ([decided_by_me.reference], False)


PAGES = (
    "/",
    "/chase",
    "/office",
    "/triage",
    "/cases",
    "/cases?text=CR&sort=decide_by&columns=notified_on",
)


def test_three_of_each_case_cost_no_more_statements_than_one(
    app: Flask, db: Session, visitor: FlaskClient, supervisor: Person
) -> None:
    def counted() -> dict[str, int]:
        found = {}
        for address in PAGES:
            visitor.get(address)
            with statements(app) as seen:
                assert visitor.get(address).status_code == 200
            found[address] = len(seen)
        return found

    busy(db, supervisor)
    one = counted()
    busy(db, supervisor)
    busy(db, supervisor)
    assert counted() == one


@pytest.mark.one_database
def test_everything_offered_can_be_opened_by_whom_it_is_offered_to(app: Flask, db: Session) -> None:
    people = {
        role: factories.person(db, role) for role in ("reviewer", "supervisor", "chief_executive")
    }
    busy(db, people["reviewer"])
    for role, who in people.items():
        visitor = factories.sign_in(app.test_client(), who)
        pages = [Page.get(visitor, address) for address in ("/", "/chase", "/office")]
        assert [page.status for page in pages] == [200, 200, 403 if role == "reviewer" else 200]
        urls = [url for page in pages for url in page.links().values()]
        # One of each kind of address: it is about some case or other.
        for url in {re.sub("[ciu]_[0-9a-f]{32}", "", url): url for url in urls}.values():
            assert visitor.get(url, follow_redirects=True).status_code == 200, (role, url)


@pytest.mark.one_database
def test_a_list_that_was_cut_says_so(
    db: Session, visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST", 2)
    for more in (False, False, True):
        factories.case(db, by=OTHER)
        for address in ("/", "/chase"):
            assert ("more than fits here" in Page.get(visitor, address).words) is more


@pytest.mark.one_database
def test_an_empty_desk_says_what_to_do(visitor: FlaskClient) -> None:
    assert "Nothing waits for you." in Page.get(visitor, "/").words
    assert "Every application is acknowledged." in Page.get(visitor, "/chase").words
    assert "No case is open." in Page.get(visitor, "/office").words


def test_each_number_of_the_office_opens_as_many_cases(
    db: Session, visitor: FlaskClient, supervisor: Person
) -> None:
    today = clock.today()
    busy(db, supervisor, today - timedelta(days=60))
    for days in (0, 27, 28, 55, 83, 84, 181, 182, 400):
        moved = factories.case(db, on=today - timedelta(days=days), by=OTHER)
        if days % 2:
            factories.move(db, moved.reference, "acknowledge", today, by=OTHER)
    page = Page.get(visitor, "/office")
    numbers = page.tree.xpath("//td[contains(@class, 'numeric')]/a")
    assert len(numbers) > 12
    for number in numbers:
        (count,) = number.xpath("text()")
        opened = Page.get(visitor, number.get("href"))
        assert len(opened.tree.xpath("//main//tbody/tr")) == int(count), number.text_content()
    people, in_states, ages = (
        [int(cell.text_content().split()[0]) for cell in table.xpath("./tbody/tr/td[1]")]
        for table in page.tree.xpath("//table")
    )
    total = len(db.execute(select(Case.id).where(Case.closed_on.is_(None))).all())
    assert (people[-1], sum(people[:-1]), sum(in_states)) == (total, total, total)
    assert ages == [2, 2, total - 8, 2, 2]
