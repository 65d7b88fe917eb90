"""Papers from the browser: brought, kept in versions, handed over on the record, held elsewhere."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from casework.audit.events import events_of
from casework.database import begin_write
from casework.files.kinds import DOCX, EML, PDF, Kind
from casework.models import Person, SearchEntry
from casework.papers.queries import PaperShown, papers_of
from casework.progress import Moved
from casework.web.files import ALONE, files
from casework.web.identity import begin_session
from casework.web.opened_case import open_case
from casework.web.uploads import Upload
from tests import factories
from tests.casework.cases.pages import Page
from tests.casework.files import documents

LETTER: Mapping[str, Any] = {"kind": "outcome_letter", "origin": "force"}


@pytest.fixture
def reviewer(db: Session) -> Person:
    return factories.person(db, "reviewer", name="Riley Marsh")


@pytest.fixture
def visitor(client: FlaskClient, reviewer: Person) -> FlaskClient:
    return factories.sign_in(client, reviewer)


@pytest.fixture
def case(db: Session) -> Moved:
    return factories.case(db, complainant_name="Jo Wren")


def url(case: Moved, *parts: object) -> str:
    return "/".join(["/cases", case.case, "papers", *map(str, parts)])


def send(page: Page, *chosen: tuple[bytes, str], **changes: Any) -> Page:
    """Send a page's form with files chosen; lists tick boxes."""
    fields: MultiDict[str, Any] = page.fields()
    for name, value in changes.items():
        fields.setlist(name, value if isinstance(value, list) else [value])
    fields.setlist("file", [(BytesIO(content), name) for content, name in chosen])
    sent = Page(page.client, page.client.post(page.url, data=fields))
    sent.url = page.url
    return sent


def papers(db: Session, case: Moved, reviewer: Person) -> list[PaperShown]:
    db.rollback()
    with_case = open_case(db, case.case, reviewer.token)
    assert with_case is not None
    return papers_of(db, with_case)


def test_papers_are_brought_kept_through_a_refusal_listed_and_found(
    db: Session, visitor: FlaskClient, reviewer: Person, case: Moved
) -> None:
    letter = documents.docx("The heron warden shut the gate.")
    page = Page.get(visitor, url(case, "add"))
    refused = send(page, (letter, "Outcome.docx"), (b"<svg/>", "x.svg"), note="Page 2 is faint.")
    assert refused.status == 422
    assert set(refused.errors) == {"#file", "#kind", "#origin"}
    assert "“x.svg” was not taken." in refused.errors["#file"]
    assert "Page 2 is faint." in refused.words and "Outcome.docx" in refused.words

    done = send(refused, (documents.PNG, "../../gate.png"), **LETTER, marks=["privileged"])
    listed = done.follow()
    assert listed.heading == "Papers"
    assert "Outcome Legally privileged" in listed.words and "gate Legally" in listed.words
    assert "not scanned for viruses" in listed.words and "Page 2 is faint." in listed.words
    assert [paper.name for paper in papers(db, case, reviewer)] == ["Outcome", "gate"]
    first, second = events_of(db, case.case)[-2:]
    assert (first.action, first.stat["file"]) == ("paper_added", hashlib.sha256(letter).hexdigest())
    assert second.stat["file"] == hashlib.sha256(documents.PNG).hexdigest()
    assert first.words == {"name": "Outcome", "note": "Page 2 is faint."}
    said = db.scalars(select(SearchEntry.body).where(SearchEntry.file == first.stat["file"]))
    assert "heron warden" in said.one()
    assert send(refused, (documents.PNG, "gate.png"), **LETTER).status == 302, "sent twice"
    assert len(papers(db, case, reviewer)) == 2


def test_a_new_version_stands_beside_the_old_which_stays(
    db: Session, visitor: FlaskClient, reviewer: Person, case: Moved
) -> None:
    paper = factories.paper(db, case.case, b"%PDF-1.7 the first", by=reviewer)
    page = Page.get(visitor, url(case, paper.item, "replace"))
    assert send(page).errors == {"#file": "Choose a file."}
    newer = documents.pdf("Now with page 2")
    stale = Page.get(visitor, url(case, paper.item, "replace"))
    assert send(page, (newer, "again.pdf"), note="Page 2 is clear now.").status == 302
    assert send(stale, (newer, "again.pdf")).status == 409
    (shown,) = papers(db, case, reviewer)
    assert [version.number for version in shown.versions] == [2, 1]
    contents = [
        visitor.get(url(case, paper.item, version.seq, "download"), buffered=True).data
        for version in shown.versions
    ]
    assert contents == [newer, b"%PDF-1.7 the first"]
    saved_as = shown.versions[0].saved_as
    assert saved_as == f"{case.reference.replace('/', '-')} Outcome letter version 2.pdf"

    factories.move_item(
        db, paper.item, "annul", None, {"reason": "Wrong."}, target=shown.versions[0].seq
    )
    (left,) = papers(db, case, reviewer)
    assert [version.number for version in left.versions] == [1]
    assert visitor.get(url(case, paper.item, shown.versions[0].seq, "download")).status_code == 404


@pytest.mark.parametrize(
    ("kind", "content", "is_shown"),
    [(PDF, b"%PDF-1.7", True), (DOCX, b"PK", False), (EML, b"From: <script>", False)],
)
def test_s33_a_file_is_handed_over_on_the_record_and_can_do_nothing(
    db: Session, visitor: FlaskClient, reviewer: Person, case: Moved,
    kind: Kind, content: bytes, is_shown: bool,
) -> None:  # fmt: skip
    name = "A/b\r\nX: <script>“x”</script>"
    paper = factories.paper(db, case.case, content, name=name, file_kind=kind)
    for how, disposition in (
        ("show", "inline" if is_shown else "attachment"),
        ("download", "attachment"),
    ):
        answer = visitor.get(url(case, paper.item, paper.seq, how), buffered=True)
        assert (answer.status_code, answer.data) == (200, content)
        assert answer.headers["Content-Disposition"].startswith(disposition)
        assert "\r" not in answer.headers["Content-Disposition"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == ALONE
        assert answer.headers["Cache-Control"] == "no-store"
        event = events_of(db, case.case)[-1]
        assert (event.action, event.actor) == ("paper_downloaded", reviewer.token)
        assert event.stat == {
            "paper": paper.item,
            "file": hashlib.sha256(content).hexdigest(),
            "is_shown": how == "show",
        }
        db.rollback()
    listed = visitor.get(url(case)).text
    assert "&lt;script&gt;" in listed and "<script>“" not in listed


def test_without_its_event_there_is_no_file_and_an_altered_one_is_never_handed_over(
    db: Session, visitor: FlaskClient, case: Moved, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = factories.paper(db, case.case, b"%PDF-1.7 secret")
    address = url(case, paper.item, paper.seq, "show")

    def full(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    with monkeypatch.context() as broken:
        broken.setattr("casework.audit.record.append", full)
        answer = visitor.get(address, buffered=True)
    assert answer.status_code == 503 and b"secret" not in answer.data
    (stored,) = (path for path in files().folder.rglob("*") if path.is_file())
    stored.write_bytes(b"%PDF-1.7 altered")
    before = events_of(db, case.case)
    db.rollback()
    answer = visitor.get(address, buffered=True)
    assert answer.status_code == 410 and b"altered" not in answer.data
    assert "Nothing was handed over" in answer.text
    assert events_of(db, case.case) == before


def test_what_is_held_elsewhere_is_viewed_and_may_arrive(
    db: Session, visitor: FlaskClient, reviewer: Person, case: Moved
) -> None:
    footage = {
        "name": "Video of PC 4410",
        "kind": "footage",
        "origin": "force",
        "place": "body_worn",
    }
    page = Page.get(visitor, url(case, "hold"))
    page.send(**footage, found_under="BWV-311")
    (paper,) = papers(db, case, reviewer)
    assert "Nobody is recorded as having viewed it." in Page.get(visitor, url(case)).words
    view = Page.get(visitor, f"/cases/{case.case}/items/{paper.token}/steps/view")
    assert view.send(viewer=reviewer.token).errors == {
        "#part_viewed": "Enter which minutes or pages."
    }
    view.send(viewer=reviewer.token, part_viewed="00:03:10 to 00:07:45").follow()
    words = Page.get(visitor, url(case)).words
    assert "Held: body-worn video system, under BWV-311" in words
    assert "by Riley Marsh: 00:03:10 to 00:07:45" in words
    send(Page.get(visitor, url(case, paper.token, "replace")), (documents.PNG, "still.png"))
    (paper,) = papers(db, case, reviewer)
    assert not paper.is_elsewhere
    assert (len(paper.versions), len(paper.viewings)) == (1, 1)


def test_marks_are_changed_and_taken_off(
    db: Session, visitor: FlaskClient, reviewer: Person, case: Moved
) -> None:
    paper = factories.paper(db, case.case, marks=["privileged", "third_party"])
    page = Page.get(visitor, f"/cases/{case.case}/items/{paper.item}/steps/describe")
    assert page.fields().getlist("marks") == ["third_party", "privileged"]
    page.send(marks=["third_party"])
    (shown,) = papers(db, case, reviewer)
    assert [mark.code for mark in shown.marks] == ["third_party"]
    page = Page.get(visitor, f"/cases/{case.case}/items/{paper.item}/steps/describe")
    page.send(marks=[])
    (shown,) = papers(db, case, reviewer)
    assert (shown.marks, shown.name) == ([], "Outcome letter")


@pytest.mark.one_database
def test_a_file_can_be_brought_but_never_named(
    app: Flask, db: Session, visitor: FlaskClient, reviewer: Person, case: Moved
) -> None:
    """Nobody gets at a file by its hash, nor with what another's form held."""
    theirs = files().keep_made(b"%PDF-1.7 theirs", PDF)
    mine = factories.paper(db, case.case)
    add = Page.get(visitor, url(case, "add"))
    with app.test_request_context():
        another = factories.person(db, "reviewer")
        begin_write(db)
        begin_session(another, "password")
        db.commit()
        signed = Upload(theirs, "theirs.pdf").signed
    for forged in ({"file": theirs.sha256}, {"kept": signed}, {"kept": signed[:-1]}, {"kept": "x"}):
        fields = {**add.fields(), **LETTER, **forged}
        answer = visitor.post(add.url, data=fields)
        assert answer.status_code == 422 and "Choose a file." in answer.text
    generic = f"/cases/{case.case}/items/{mine.item}"
    named = {"file": theirs.sha256, "version": "1", "effective_on": "2026-04-02"}
    answer = factories.post(visitor, f"{generic}/steps/replace", **named)
    assert answer.location == url(case, mine.item, "replace")
    assert visitor.get(f"/cases/{case.case}/add/paper").location == url(case, "add")
    correct = Page.get(visitor, f"{generic}/entries/{mine.seq}/correct")
    assert "file" not in correct.fields()
    assert correct.send(file=theirs.sha256, reason="Mine now.").status == 422


@pytest.mark.one_database
def test_s35_what_is_too_large_is_refused_with_a_sentence(
    app: Flask, visitor: FlaskClient, case: Moved
) -> None:
    """S35: one file beside what was typed; the whole form, which is not even read, on a page."""
    app.config["MAX_CONTENT_LENGTH"] = 50_000
    app.extensions["casework"] = replace(app.extensions["casework"], largest_file=20_000)
    page = Page.get(visitor, url(case, "add"))
    too_large = send(page, (b"%PDF-" + bytes(20_001), "big.pdf"), **LETTER, note="Faint.")
    assert too_large.status == 413
    assert "“big.pdf” was not taken. It is larger than 0.02 MB" in too_large.errors["#file"]
    assert "Faint." in too_large.words
    whole = send(page, (bytes(140_000), "huge.pdf"), **LETTER)
    assert whole.status == 413
    assert "larger than this form may be (130 KB)" in whole.words
    many = [(documents.PNG, f"{number}.png") for number in range(21)]
    assert send(page, *many, **LETTER).errors == {"#file": "Choose at most 20 files at once."}
    chosen = {"file": (BytesIO(bytes(60_000)), "x.pdf")}
    signed_out = app.test_client().post(url(case, "add"), data=chosen)
    assert signed_out.status_code == 413
