"""Whoever has a declared conflict meets the case nowhere: no page, list, file, step or command."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.audit.record import log_size
from casework.models import Person
from casework.progress import Moved
from tests import factories
from tests.casework.cases.pages import Page
from tests.casework.reviews.conftest import ON, Office, address
from workflows.attempt import StepRefused

REFERENCE = "KEPT/FROM/1"
PARTS = {"seq": "0", "name": "acknowledge", "kind": "party", "item": "i_" + "0" * 32}


def declare(office: Office, moved: Moved, person: Person, by: Person | None = None) -> str:
    """Declare somebody's conflict with a case; the token of what is kept of it."""
    by, token = by or person, person.token
    kept = factories.item(office.db, moved.case, "conflict", by=by, person=token, why="A cousin.")
    return kept.item


@pytest.fixture
def kept_from(office: Office) -> Moved:
    """A case with which the reviewer has a conflict."""
    moved = factories.case(office.db, reference=REFERENCE, complainant_name="Zoë Kept")
    declare(office, moved, office.people["reviewer"])
    return moved


@pytest.mark.one_database
def test_it_is_declared_of_oneself_and_closes_the_case(office: Office) -> None:
    moved = factories.case(office.db, reference=REFERENCE)
    page = office.page("reviewer", address(moved, "conflict"))
    people = page.tree.xpath("//input[@name='person']/@value")
    assert people == [office.people["reviewer"].token]
    done = page.send(why="A cousin.").follow()
    assert REFERENCE in done.words
    assert office.page("reviewer", address(moved)).status == 404
    assert office.page("supervisor", address(moved)).status == 200
    other = {"person": office.people["supervisor"].token, "why": "A friend."}
    with pytest.raises(StepRefused, match="Everybody declares for themselves"):
        declare(office, moved, office.people["supervisor"], factories.person(office.db))
    page = office.page("chief_executive", address(moved, "conflict"))
    assert page.send(**other).follow().status == 200
    assert office.page("supervisor", address(moved)).status == 404


@pytest.mark.one_database
def test_no_address_of_the_case_is_there(office: Office, kept_from: Moved) -> None:
    client, before = office.clients["reviewer"], log_size(office.db)
    asked = 0
    for rule in office.app.url_map.iter_rules():
        if "token" not in rule.arguments:
            continue
        path = rule.rule.replace("<token>", kept_from.case)
        for part in rule.arguments - {"token"}:
            path = path.replace(f"<{part}>", PARTS.get(part, "x")).replace(f"<int:{part}>", "0")
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            answer = client.get(path) if method == "GET" else factories.post(client, path)
            assert answer.status_code == 404, (method, path)
            asked += 1
    form = f"/drafts?form={address(kept_from, 'review')}"
    assert factories.post(client, form, reasons="x").status_code == 404
    assert asked > 20
    assert log_size(office.db) == before


def words_met(client: FlaskClient) -> str:
    """All that somebody reads of the office's cases on pages that list or count them."""
    answers = [
        client.get("/"),
        client.get("/cases"),
        client.get("/cases?state=received"),
        client.get("/reports/figure?from=1/4/2026&to=30/4/2026&measure=cohort.received"),
        client.get("/trail"),
        factories.post(client, "/cases/export", format="csv"),
    ]
    return " ".join(answer.get_data(as_text=True) for answer in answers)


@pytest.mark.parametrize("role", ["reviewer", "chief_executive"])
def test_no_list_report_trail_or_export_names_it(office: Office, role: str) -> None:
    moved = factories.case(office.db, reference=REFERENCE, complainant_name="Zoë Kept")
    assert REFERENCE in words_met(office.clients[role])
    declare(office, moved, office.people[role])
    met = words_met(office.clients[role])
    assert REFERENCE not in met
    assert "Zoë Kept" not in met
    assert moved.case not in met
    assert REFERENCE in words_met(office.clients["supervisor"])


@pytest.mark.one_database
def test_logging_the_like_of_it_does_not_tell_of_it(office: Office, kept_from: Moved) -> None:
    alike = {"complainant_name": "Zoë Kept", "complainant_email": "", "force_reference": "CO/1"}
    by = office.people["supervisor"]
    factories.move(office.db, REFERENCE, "acknowledge", ON, by=by)
    page = Page.get(office.clients["reviewer"], "/cases/log")
    assert REFERENCE not in page.send(effective_on=ON, **alike).follow().words


def test_every_change_is_refused_whoever_calls(office: Office, kept_from: Moved) -> None:
    reviewer, supervisor = office.people["reviewer"], office.people["supervisor"]
    later = ON + timedelta(days=1)

    def refused(step: str, facts: dict[str, Any], by: Person, match: str) -> None:
        with pytest.raises(StepRefused, match=match):
            factories.move(office.db, REFERENCE, step, later, facts, by=by)
        office.db.rollback()

    refused("acknowledge", {}, reviewer, "You have a declared conflict")
    refused("assign", {"assignee": reviewer.token}, supervisor, "Choose somebody else")
    with pytest.raises(StepRefused, match="You have a declared conflict"):
        factories.item(office.db, kept_from.case, "party", by=reviewer, kind="interested")
    with pytest.raises(StepRefused, match="declared already"):
        declare(office, kept_from, reviewer, supervisor)
    office.db.rollback()
    assigned = factories.move(
        office.db, REFERENCE, "assign", later, {"assignee": supervisor.token}, by=supervisor
    )
    with pytest.raises(StepRefused, match="Choose somebody else"):
        factories.move(
            office.db,
            REFERENCE,
            "correct",
            None,
            {"assignee": reviewer.token, "reason": "Mistyped."},
            by=supervisor,
            target=assigned.seq,
        )


@pytest.mark.one_database
def test_who_has_it_and_the_case_is_told_by_its_page(office: Office) -> None:
    moved = factories.case(office.db, reference=REFERENCE)
    reviewer = office.people["reviewer"]
    factories.move(office.db, REFERENCE, "assign", ON, {"assignee": reviewer.token})
    declare(office, moved, reviewer)
    page = office.page("supervisor", address(moved))
    assert "has a declared conflict and cannot work on this case" in page.words
    assert page.links()["Assign somebody else"] == address(moved, "steps", "assign")


@pytest.mark.one_database
def test_who_is_in_charge_ends_it_and_the_case_is_there_again(office: Office) -> None:
    moved = factories.case(office.db, reference=REFERENCE)
    conflict = declare(office, moved, office.people["reviewer"])
    told = office.page("reviewer", "/conflicts")
    assert "it stands" in told.words
    end = address(moved, "items", conflict, "steps", "end_conflict")
    done = office.page("supervisor", end).send(why_ended="It was another Fen.")
    assert done.follow().status == 200
    assert office.page("reviewer", address(moved)).status == 200
    assert "Ended" in office.page("reviewer", "/conflicts").words


@pytest.mark.one_database
def test_it_is_of_its_case_and_its_person_only(office: Office, kept_from: Moved) -> None:
    other = factories.case(office.db, reference="OTHER/1")
    assert office.page("reviewer", address(other)).status == 200
    assert office.page("supervisor", address(kept_from)).status == 200
    people = office.db.execute(select(Person.token)).scalars().all()
    assert len(people) == 3
