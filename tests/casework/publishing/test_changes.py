"""What a published report would say now is told to staff at once, to its readers in the next report."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.audit import record
from casework.audit.events import newest_first
from casework.counts.lives import Period
from casework.counts.narrative import number
from casework.documents.cells import WITHHELD
from casework.documents.model import Grid, Paragraph
from casework.documents.naming import command
from casework.documents.tables import tables
from casework.documents.trust import trust_words
from casework.progress import Moved
from casework.publishing import restating, showing
from casework.publishing.changes.paper import MARK
from casework.publishing.changes.views import TAKEN
from casework.publishing.history import Published
from casework.publishing.paper import Paper
from casework.publishing.recounting import recount
from casework.publishing.restating import TITLE, restated, restatements, untold
from tests import factories
from tests.casework.documents import reading_back
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


def in_word(file: bytes) -> str:
    """All words of a Word file, its header’s first."""
    read = docx.Document(BytesIO(file))
    header = [each.text for each in read.sections[0].header.paragraphs]
    return "\n".join((*header, *(each.text or "" for each in read.element.body.iter(qn("w:t")))))


def failing(*_: object) -> None:
    raise RuntimeError


CHANGES = "/publications/published/2026-27/1/changes"
FILE = f"{CHANGES}/file"


@pytest.mark.one_database
def test_staff_are_told_the_cases_and_actions_and_the_panel_nothing_before_it_is_published(
    app: Flask, office: Office, people: People
) -> None:
    signed_in = clients(app, people)
    page = signed_in["riley"].get(CHANGES).text
    assert "because of one entry made after it was counted and one correction" in page
    assert "Race" not in page  # breaks by personal characteristics are not told again
    for moved in (office.moved, office.valid):
        for told in (moved.reference, moved.case):
            assert told in page
    assert "was “29 June 2026”, now “1 July 2026”" in page
    assert "Known since 6 July 2026" in page
    assert signed_in["pat"].get(CHANGES).status_code == 403
    assert CHANGES not in signed_in["pat"].get(CHANGES.removesuffix("/changes")).text


@pytest.mark.one_database
def test_taking_what_changed_away_gives_what_the_page_shows_and_is_recorded(
    db: Session, app: Flask, office: Office, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    sam, riley = people["sam"], people["riley"]
    factories.item(
        db, office.moved.case, CONFLICT.name, by=sam, person=riley.token, why="A cousin."
    )
    staff = clients(app, people)
    found = restated(db, office.published)
    assert found is not None
    taken: dict[str, Callable[[bytes], str]] = {
        "docx": in_word,
        "ods": lambda file: str(reading_back.in_ods(file)),
    }
    for form, read in taken.items():
        for name, count in (("sam", 2), ("riley", 1)):
            answer = factories.post(staff[name], FILE, format=form)
            told = read(answer.data)
            assert MARK in told
            assert all(each.in_full in told for each in found.figures)
            assert office.valid.reference in told
            assert (office.moved.reference in told) is (name == "sam")
            (event,) = newest_first(db, [], 1)
            assert (event.action, event.actor) == (TAKEN, people[name].token)
            assert event.stat == {"format": form, "rows": count, "year": "2026-27", "number": 1}
    assert factories.post(staff["sam"], FILE, format="exe").status_code == 400
    monkeypatch.setattr(record, "append", failing)
    with pytest.raises(RuntimeError):  # without its entry in the log nothing is handed over
        factories.post(staff["sam"], FILE, format="ods")


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
        "All published reports of 2026-27 say what the log says now."
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
    db: Session,
    app: Flask,
    office: Office,
    people: People,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = untold(db, record.log_size(db)).restated
    assert [each.published.number for each in told] == [1]
    received = next(each for each in told[0].of_period if str(each.named).endswith("received"))
    cells = (received.published, received.now, received.difference)
    assert [cell.text for cell in cells] == ["2", "1", "−1"]
    staff = clients(app, people)["sam"]
    assert "R/2026-27/1" in staff.get("/publications/changed").text
    assert staff.get("/publications/changed?year=2025-26").status_code == 404
    for kind in ("annual", "panel"):
        row = lives.drafted(db, people["sam"], kind, YEAR if kind == "annual" else SPRING)
        assert_carried(showing.paper(db, row), len(told[0].figures))
    rival = lives.drafted(db, people["riley"], "period", SPRING)
    seen = showing.paper(db, rival).recounted
    publish(db, people)
    lives.approved(db, rival, people["charlie"])
    assert lives.published(db, rival, people["sam"]).recounted == seen  # as it was approved
    factories.case(db, on=date(2026, 7, 3))
    later = lives.drafted(db, people["riley"], "period", SPRING)
    counted: list[object] = []
    monkeypatch.setattr(restating, "count", counted.append)
    said = trust_words(showing.paper(db, later).recounted)
    assert "No earlier figure has changed since report R/2026-27/3 told of changes." in said
    assert counted == []  # what was told is not counted again to know that
    monkeypatch.undo()
    assert len(restatements(db, "2026-27")) == 1
    factories.case(db, on=date(2026, 6, 3))
    again = lives.drafted(db, people["riley"], "period", SPRING)
    assert {each.published.number for each in untold(db, again.log_size).restated} == {1, 2, 3}
    said = trust_words(showing.paper(db, again).recounted)
    assert "Report R/2026-27/3 told of changes before." in said


@pytest.mark.one_database
def test_a_case_that_moves_from_one_quarter_to_another_is_told_by_their_names(
    db: Session, people: People
) -> None:
    moved = factories.case(db, on=date(2025, 6, 10))
    gone = {"withdrawal_of": "application", "is_in_writing": True}
    factories.move(db, moved.reference, "withdraw", date(2025, 8, 1), gone)
    row = lives.drafted(db, people["riley"], "annual", Period(date(2025, 4, 1), date(2026, 3, 31)))
    lives.approved(db, row, people["charlie"])
    published = lives.published(db, row, people["sam"])
    change = {"effective_on": date(2025, 7, 10), "reason": "The stamp says July"}
    factories.move(db, moved.reference, "correct", None, change, target=moved.seq)
    found = restated(db, published)
    assert found is not None
    assert found.of_columns
    assert "received" not in {each.named.title for each in found.of_period}
    paper = showing.paper(db, lives.drafted(db, people["riley"], "period", SPRING))
    assert paper.changes is not None
    rows = {row.label: [cell.text for cell in row.cells] for row in paper.changes.table.rows}
    assert len(rows) == len(found.figures)
    for quarter, told in {"Q1": ["1", "0", "−1"], "Q2": ["0", "1", "+1"]}.items():
        assert rows[f"R/2026-27/1: Cases received in the period: received ({quarter})"] == told
    assert_carried(paper, len(found.figures))


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
