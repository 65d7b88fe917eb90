"""What a published report would say now is told in figures to its readers, in cases to staff alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.audit import record
from casework.counts.lives import Period
from casework.counts.narrative import number
from casework.documents.cells import WITHHELD
from casework.documents.model import Grid, Paragraph
from casework.documents.naming import command
from casework.documents.tables import tables
from casework.progress import Moved
from casework.publishing import showing
from casework.publishing.history import Published
from casework.publishing.paper import Paper
from casework.publishing.recounting import recount
from casework.publishing.restating import TITLE, restated, restatements, untold
from tests import factories
from tests.casework.publishing import lives
from tests.casework.publishing.conftest import People
from tests.casework.publishing.lives import YEAR
from workflows.attempt import StepRefused
from workflows.conflict import CONFLICT

REASONED = {"reasons": "It meets each condition."}
SPRING = Period(date(2026, 4, 1), date(2026, 6, 30))


@dataclass(frozen=True)
class Office:
    """A report of spring is published; since then one case was moved out of it, and one found valid."""

    published: Published
    moved: Moved
    valid: Moved


def publish(db: Session, people: People) -> Published:
    row = lives.drafted(db, people["riley"], "period", SPRING)
    lives.approved(db, row, people["charlie"])
    return lives.published(db, row, people["sam"])


@pytest.fixture
def office(db: Session, people: People) -> Office:
    moved = factories.case(db, on=date(2026, 6, 29), categories=["F6"])
    valid = factories.case(db, on=date(2026, 6, 1))
    published = publish(db, people)
    change = {"effective_on": date(2026, 7, 1), "reason": "The stamp says July"}
    factories.move(db, moved.reference, "correct", None, change, target=moved.seq)
    factories.move(db, valid.reference, "find_valid", date(2026, 6, 20), REASONED)
    return Office(published, moved, valid)


def clients(app: Flask, people: People) -> Mapping[str, FlaskClient]:
    return {name: factories.sign_in(app.test_client(), who) for name, who in people.items()}


CHANGES = "/publications/published/2026-27/1/changes"


@pytest.mark.one_database
def test_staff_are_told_the_cases_and_actions_and_the_panel_figures_alone(
    db: Session, app: Flask, office: Office, people: People
) -> None:
    signed_in = clients(app, people)
    staff, panel = (signed_in[name].get(CHANGES).text for name in ("riley", "pat"))
    for page in (staff, panel):
        assert "because of one entry made after it was counted and one correction" in page
        assert "Cohort: received" in page or "received" in page
        assert "Race" not in page  # breaks by personal characteristics are not told again
    for moved in (office.moved, office.valid):
        for told in (moved.reference, moved.case):
            assert told in staff
            assert told not in panel
    assert "was “29 June 2026”, now “1 July 2026”" in staff
    assert "Known since 6 July 2026" in staff
    assert 'href="/cases' not in panel


@pytest.mark.one_database
def test_who_has_a_conflict_is_told_that_there_is_a_case_and_not_which(
    db: Session, app: Flask, office: Office, people: People
) -> None:
    person = people["riley"]
    factories.item(
        db, office.moved.case, CONFLICT.name, by=people["sam"], person=person.token, why="A cousin."
    )
    page = clients(app, people)["riley"].get(CHANGES).text
    assert office.valid.reference in page
    assert office.moved.reference not in page
    assert office.moved.case not in page
    assert "One more case is responsible, which you may not see." in page


@pytest.mark.one_database
def test_what_happened_after_the_status_day_changes_nothing(
    db: Session, app: Flask, people: People
) -> None:
    moved = factories.case(db, on=date(2026, 6, 1))
    published = publish(db, people)
    factories.move(db, moved.reference, "find_valid", date(2026, 7, 2), REASONED)
    factories.case(db, on=date(2026, 7, 3))
    assert restated(db, published) is None
    staff = clients(app, people)["riley"]
    assert "The same figures." in staff.get(CHANGES).text
    assert (
        "All published reports say what the log says now."
        in staff.get("/publications/changed").text
    )


def assert_carried(paper: Paper, count: int) -> None:
    """The document has a row for each change, in the table that its last page names."""
    labelled = [each for section in paper.document.laid_out for each in section.blocks]
    (found,) = [
        each for each in labelled if isinstance(each.block, Grid) and each.block.title == TITLE
    ]
    assert isinstance(found.block, Grid)
    assert len(found.block.lines) == count
    last = [each for each in paper.document.sections[-1].blocks if isinstance(each, Paragraph)]
    told = f"{number(count).capitalize()} earlier figures have changed: {found.label.lower()}."
    assert (told,) in [each.lines for each in last]


@pytest.mark.one_database
def test_the_next_report_tells_a_change_and_the_one_after_does_not(
    db: Session, app: Flask, office: Office, people: People
) -> None:
    told = untold(db, record.log_size(db))
    assert [each.published.number for each in told] == [1]
    received = next(each for each in told[0].of_period if str(each.named).endswith("received"))
    cells = (received.published, received.now, received.difference)
    assert [cell.text for cell in cells] == ["2", "1", "−1"]
    assert "R/2026-27/1" in clients(app, people)["sam"].get("/publications/changed").text
    for kind in ("annual", "panel"):
        row = lives.drafted(db, people["sam"], kind, YEAR if kind == "annual" else SPRING)
        assert_carried(showing.paper(db, row), len(told[0].of_period))
    publish(db, people)
    factories.case(db, on=date(2026, 7, 3))
    assert untold(db, record.log_size(db)) == ()
    assert len(restatements(db)) == 1
    factories.case(db, on=date(2026, 6, 3))
    assert {each.published.number for each in untold(db, record.log_size(db))} == {1, 2}


@pytest.mark.one_database
def test_breaks_by_personal_characteristics_of_a_year_are_published_once(
    db: Session, people: People
) -> None:
    factories.case(db, on=date(2026, 6, 1), categories=["F6"])
    first, rival = (lives.drafted(db, people["riley"]) for _ in range(2))
    for row in (first, rival):
        lives.approved(db, row, people["charlie"])
    published = lives.published(db, first, people["sam"])
    with pytest.raises(StepRefused, match="Count the figures again"):
        lives.published(db, rival, people["sam"])
    db.rollback()
    report = showing.counted(db, first).report
    assert report.has_breaks
    breaks = [table for table in tables(report) if table.section == "characteristics"]
    rows = [row for table in breaks for row in table.rows]
    cells = [cell for row in rows for cell in row.cells if cell.value is None]
    assert {(cell.figure, cell.text) for cell in cells} > {
        ("characteristics.F6.received", WITHHELD)
    }
    assert {cell.text for cell in cells} == {WITHHELD}  # a 0 that is withheld reads like a 1
    assert recount(db, published).is_same
    for kind in ("annual", "self_assessment", "period"):
        report = showing.counted(db, lives.drafted(db, people["riley"], kind)).report
        assert not report.has_breaks
        assert "--without-breaks" in command(report) or not report.year
