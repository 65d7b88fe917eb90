"""Month after month: what a list tells is shown, carried over, settled or put right."""

from __future__ import annotations

import re
from datetime import date
from hashlib import sha256
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.audit.events import newest_first
from casework.audit.verify import verify_log
from casework.models import AuditEvent, Person
from casework.reconciliation import service
from tests import factories
from tests.casework.reconciliation.lists import (
    COLUMNS,
    LETTER_ON,
    TITLES,
    case,
    check,
    dated,
    found,
    parts,
    rows,
    send,
    settle,
)
from tests.list_factory import csv_list


def test_a_list_is_sent_its_columns_are_named_once_and_all_it_tells_is_shown(
    db: Session, visitor: FlaskClient
) -> None:
    for reference in ("CO/00123/26", "CO/124/26", "CO/125/26"):
        case(db, reference)
    case(db, "CO/7777/26", complainant_name="Somebody Else")
    twice = [case(db, "CO/8888/26").reference for _ in range(2)]
    listed = rows("co 123-26", "CO/124/26", "CO/9999/26", "CO/8888/26", "CO/7778/26")
    listed[1][2], listed[1][3] = "21/02/2026", "by magic"
    listed.append(["see above", "Canary Birdsong", "", ""])

    answer = send(visitor, csv_list(listed, TITLES))
    assert answer.location == "/reconciliation/columns"
    asked = visitor.get(answer.location).text
    assert "selected>Letter date" in asked  # by its title
    assert "20/02/2026 is 20 February 2026" in asked
    page = factories.post(visitor, answer.location, **COLUMNS).location

    assert parts(visitor, str(page)) == {
        "On the list, not here": 1,
        "Almost the same reference": 1,
        "Here, not on the list": 1,
        "On both, and told otherwise": 1,
        "Not as often on the list as here": 1,
        "Could not be read": 2,
    }
    text = visitor.get(str(page)).text
    assert "21 February 2026" in text
    assert "20 February 2026" in text
    assert "co 123-26 on the list, CO/00123/26 here" in text
    assert all(reference in text for reference in twice)
    assert "Birdsong" not in text


@pytest.mark.one_database
def test_a_check_is_on_the_log_with_its_figures(db: Session, visitor: FlaskClient) -> None:
    case(db, "CO/124/26")
    case(db, "CO/7777/26")
    listed = rows("CO/124/26", "CO/7778/26", "CO/9999/26")
    content = csv_list([*listed, ["see above", "Canary Birdsong", "", ""]], TITLES)
    check(visitor, content)
    (event,) = newest_first(db, [AuditEvent.action == service.RECONCILED], limit=2)
    assert dict(event.stat) == {
        "force": "force",
        "from_on": "2026-03-01",
        "to_on": "2026-03-31",
        "file": sha256(content).hexdigest(),
        "listed": 3,
        "matched": 1,
        "missing_here": 1,
        "close": 1,
        "missing_there": 0,
        "differing": 0,
        "uneven": 0,
        "unread": 1,
    }
    assert not event.has_words
    assert all(finding.holds for finding in verify_log(db))


@pytest.mark.one_database
def test_columns_are_asked_for_again_when_their_titles_change(
    db: Session, visitor: FlaskClient
) -> None:
    """In whatever order they come, and unless the days say that they are written otherwise."""
    check(visitor, csv_list(rows("CO/124/26"), TITLES))
    mixed = csv_list([row[::-1] for row in rows("CO/124/26")], TITLES[::-1])
    assert str(send(visitor, mixed).location).startswith("/reconciliation/k_")
    for content in (
        csv_list([["CO/124/26", "x"]], ("Complaint reference", "Remarks")),
        csv_list(dated("CO/124/26", "02/20/2026"), TITLES),
    ):
        assert send(visitor, content).location == "/reconciliation/columns"
        assert "does not look like the last one" in visitor.get("/reconciliation/columns").text


def test_findings_stay_from_month_to_month_until_they_are_settled_or_put_right(
    db: Session, visitor: FlaskClient
) -> None:
    wrong = case(db, "CO/124/26")
    case(db, "CO/7777/26")
    first = check(
        visitor, csv_list([*rows("CO/9999/26"), *dated("CO/124/26", "21/02/2026")], TITLES)
    )
    assert parts(visitor, first) == {
        "On the list, not here": 1,
        "Here, not on the list": 1,
        "On both, and told otherwise": 1,
    }

    april = {"from": "2026-04-01", "to": "2026-04-07"}
    second = check(visitor, csv_list(rows(), TITLES), april)
    assert parts(visitor, second) == {"Open from earlier lists": 3}

    # What was entered wrongly is corrected on the case, and the review that was missing is logged.
    correction = {"letter_dated_on": date(2026, 2, 21), "reason": "Mistyped."}
    factories.move(db, wrong.reference, "correct", None, correction, target=wrong.seq)
    form = visitor.get(f"/cases/log?listed={found(db, 'missing_here').token}").text
    assert 'value="CO/9999/26"' in form
    case(db, "CO/9999/26", letter_dated_on=LETTER_ON)
    assert parts(visitor, second) == {"Open from earlier lists": 1, "Settled or put right": 2}

    answer = settle(visitor, found(db, "missing_there"), "other_list", note="On February’s.")
    assert answer.status_code == 302
    assert parts(visitor, second) == {"Settled or put right": 3}
    (event,) = newest_first(db, [AuditEvent.action == "list_finding_settled"], limit=2)
    assert dict(event.stat) == {
        "finding": "missing_there",
        "force": "force",
        "settled_as": "other_list",
    }
    assert event.words == {"note": "On February’s."}
    assert event.case is not None


@pytest.mark.one_database
def test_what_was_settled_is_not_asked_again(db: Session, visitor: FlaskClient) -> None:
    case(db, "CO/7777/26")
    case(db, "CO/124/26")
    listed = csv_list([*rows("CO/9999/26"), *dated("CO/124/26", "21/02/2026")], TITLES)
    page = check(visitor, listed)
    for kind, answer in (
        ("missing_here", "not_a_review"),
        ("missing_there", "force_adds_it"),
        ("differing", "ours_stands"),
    ):
        assert settle(visitor, found(db, kind), answer).status_code == 302
    assert parts(visitor, page) == parts(visitor, check(visitor, listed))
    assert parts(visitor, page) == {"Settled or put right": 3}
    assert settle(visitor, found(db, "missing_there"), "not_settled").status_code == 302
    other = csv_list([*rows("CO/9999/26"), *dated("CO/124/26", "22/02/2026")], TITLES)
    assert parts(visitor, check(visitor, other)) == {
        "Here, not on the list": 1,
        "On both, and told otherwise": 1,  # another day than the one that was settled
        "Settled or put right": 1,
    }


@pytest.mark.one_database
def test_a_slip_is_the_same_review_or_two_different_ones(db: Session, visitor: FlaskClient) -> None:
    moved = case(db, "CO/7159/26")
    listed = csv_list(rows("CO/7195/26"), TITLES)
    page = check(visitor, listed)
    row = found(db, "close")
    assert settle(visitor, row, "apart").status_code == 302
    apart = {"On the list, not here": 1, "Here, not on the list": 1, "Settled or put right": 1}
    assert parts(visitor, page) == apart
    again = check(visitor, listed)
    assert parts(visitor, again) == {"On the list, not here": 1, "Here, not on the list": 1}
    there = found(db, "missing_here")
    assert settle(visitor, there, "logged_as", reference="CR/none").status_code == 422
    done = settle(visitor, there, "logged_as", reference=moved.reference)
    assert done.status_code == 302
    assert "Here, not on the list" not in parts(visitor, check(visitor, listed))


def test_a_case_with_a_conflict_is_counted_as_matched_and_not_shown(
    db: Session, visitor: FlaskClient, reviewer: Person
) -> None:
    hidden = [case(db, reference) for reference in ("CO/124/26", "CO/7777/26", "CO/4444/26")]
    listed = [*dated("CO/124/26", "21/02/2026"), *rows("co 4444/26")]
    page = check(visitor, csv_list(listed, TITLES))
    assert len(parts(visitor, page)) == 2
    row = found(db, "differing")
    to_log = f"/cases/log?listed={row.token}"
    assert 'value="CO/124/26"' in visitor.get(to_log).text
    supervisor = factories.person(db, "supervisor")
    for moved in hidden:
        declared: dict[str, Any] = {"person": reviewer.token, "why": "A cousin."}
        factories.item(db, moved.case, "conflict", by=supervisor, **declared)
    text = visitor.get(page).text
    assert parts(visitor, page) == {}
    assert not [moved for moved in hidden if moved.reference in text]
    figures = re.findall(r"<dt>([^<]+)</dt>\s*<dd>\s*(\d+)", text)
    assert dict(figures) == {"Reviews listed": "2", "Matched, nothing differs": "2"}
    assert visitor.get(f"/reconciliation/findings/{row.token}").status_code == 404
    assert "CO/124/26" not in visitor.get(to_log).text
    assert settle(visitor, row, "ours_stands").status_code == 404
    assert "Nothing" in visitor.get("/reconciliation/").text
    other = factories.sign_in(visitor.application.test_client(), supervisor)
    assert len(parts(other, page)) == 2


def test_a_settled_finding_about_two_cases_is_told_by_those_of_them_that_somebody_may_see(
    db: Session, visitor: FlaskClient
) -> None:
    """Also once it was opened again, when the table no longer says about which cases it had been."""
    slips = [case(db, reference) for reference in ("CO/7159/26", "CO/7196/26")]
    twins = [case(db, "CO/124/26", day) for day in (10, 11)]
    check(visitor, csv_list(rows("CO/7195/26", "CO/124/26"), TITLES))
    own = {"reference": slips[0].reference, "note": "The other’s canary."}
    assert settle(visitor, found(db, "close"), "logged_as", **own).status_code == 302
    uneven = found(db, "uneven")
    assert settle(visitor, uneven, "several_applied").status_code == 302
    chief, supervisor = factories.person(db, "chief_executive"), factories.person(db, "supervisor")
    reader = factories.sign_in(visitor.application.test_client(), chief)

    def told() -> list[tuple[set[str], bool, bool]]:
        """Of each settling, its cases, whether it says how, and whether the first slip has its note."""
        page = reader.get("/trail", query_string={"action": "list_finding_settled"}).text
        _, *lines = page.split('<tr class="govuk-table__row" role="row" id="entry-')
        note = own["note"] in reader.get(f"/cases/{slips[0].case}/trail").text
        return [
            (set(re.findall(r"CR/[^<\s]+", line)), "Settled as" in line, note) for line in lines
        ]

    both, one = {each.reference for each in twins}, {twins[1].reference}
    first = {slips[0].reference}
    assert told() == [(both, True, True), ({each.reference for each in slips}, True, True)]
    declared: dict[str, Any] = {"person": chief.token, "why": "A cousin."}
    for hidden in (twins[0], slips[1]):
        factories.item(db, hidden.case, "conflict", by=supervisor, **declared)
    assert told() == [(one, False, False), (first, False, False)]
    assert settle(visitor, uneven, "not_settled").status_code == 302
    assert told() == [(one, False, False), (set(), False, False), (first, False, False)]
    factories.item(db, twins[1].case, "conflict", by=supervisor, **declared)
    assert told() == [(set(), False, False), (set(), False, False), (first, False, False)]


@pytest.mark.one_database
def test_a_case_on_one_months_list_is_not_missed_on_the_next(
    db: Session, visitor: FlaskClient
) -> None:
    """The force may know it by another day; but a list that replaces one has to have it."""
    case(db, "CO/124/26", 1)
    february = {"from": "2026-02-01", "to": "2026-02-28"}
    check(visitor, csv_list(rows("CO/124/26"), TITLES), february)
    assert parts(visitor, check(visitor, csv_list([], TITLES))) == {}
    check(visitor, csv_list([], TITLES), february)
    missed = check(visitor, csv_list([], TITLES))
    assert parts(visitor, missed) == {"Here, not on the list": 1}
    late = check(
        visitor, csv_list(rows("CO/124/26"), TITLES), {"from": "2026-04-01", "to": "2026-04-07"}
    )
    assert parts(visitor, late) == {}  # it came with the next list
    assert parts(visitor, missed) == {"Settled or put right": 1}
