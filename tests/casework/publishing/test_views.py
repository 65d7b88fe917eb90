"""Reports are drafted, approved and published on pages, and read by anybody once they are."""

import re
import secrets
from hashlib import sha256
from html import unescape
from io import BytesIO
from itertools import pairwise
from typing import Any
from zipfile import ZipFile

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework.audit import record
from casework.audit.canonical import canonical
from casework.audit.check_codes import check_code
from casework.counts import plain
from casework.models import Publication
from casework.publishing import pack, service
from casework.publishing.history import all_published
from casework.publishing.paper import MARK
from casework.web.files import files
from tests import factories
from tests.casework.audit.tampering import execute, past_the_triggers
from tests.casework.publishing import lives
from tests.casework.publishing.conftest import People
from workflows.publication import FORMATS

BOXES = [
    f"{day}_on-{part}" for day in ("from", "to", "status") for part in ("day", "month", "year")
]
CANARY = "Canarywords that nobody approved"
BEGIN = {
    "year": "2026-27",
    **{
        f"status_on-{name}": value
        for name, value in (("day", "6"), ("month", "7"), ("year", "2026"))
    },
}


class Visits:
    """Signed-in clients by name, and what their forms post."""

    def __init__(self, app: Flask, people: People) -> None:
        self.clients = {
            name: factories.sign_in(app.test_client(), who) for name, who in people.items()
        }

    def post(self, name: str, path: str, **typed: Any) -> TestResponse:
        """Post the form of a page with what is hidden in it."""
        hidden = re.findall(
            r'name="(version|content)" value="(\w+)"', self.clients[name].get(path).text
        )
        return factories.post(self.clients[name], path, **{"version": "1", **dict(hidden), **typed})


@pytest.fixture
def visits(app: Flask, people: People) -> Visits:
    return Visits(app, people)


def texts(content: bytes, form: str) -> str:
    """All that can be read in a file; of a PDF on its first page."""
    if form == "pdf":
        return pypdf.PdfReader(BytesIO(content)).pages[0].extract_text()
    if form in ("docx", "ods"):
        with ZipFile(BytesIO(content)) as packed:
            return "\n".join(
                packed.read(name).decode() for name in packed.namelist() if name.endswith(".xml")
            )
    return content.decode()


@pytest.mark.one_database
def test_a_report_that_is_looked_at_is_prepared_with_its_own_days(
    db: Session, visits: Visits
) -> None:
    factories.case(db)
    riley = visits.clients["riley"]
    days = "from=2026-04-01&to=2026-06-14&status_on=2026-06-30"
    live = riley.get(f"/reports/period?{days}").text
    address = re.search(r'href="([^"]*/publications/new/period[^"]*)"', live)
    assert address is not None
    asked = riley.get(unescape(address[1])).text
    typed = [re.search(f'name="{name}"[^>]*value="(\\d+)"', asked) for name in BOXES]
    assert [each[1] for each in typed if each] == [
        "1",
        "4",
        "2026",
        "14",
        "6",
        "2026",
        "30",
        "6",
        "2026",
    ]
    year = riley.get("/publications/new/annual?from_on=2026-04-01&status_on=nonsense").text
    assert re.search(r'<option value="2026-27" selected', year)


@pytest.mark.one_database
def test_a_report_goes_from_draft_to_anybody(
    db: Session, client: FlaskClient, visits: Visits, request: pytest.FixtureRequest
) -> None:
    factories.case(db)
    begun = factories.post(visits.clients["riley"], "/publications/new/annual", **BEGIN)
    path = begun.location
    assert (
        visits.post("sam", path, summary="One applied.", commentary="- A point").status_code == 302
    )
    assert visits.post("sam", f"{path}/return", reason="").status_code == 422
    assert visits.post("charlie", f"{path}/return", reason="Say why.").status_code == 302
    assert "Say why." in visits.clients["riley"].get(path).text
    for form in FORMATS:
        taken = visits.clients["riley"].get(f"{path}/files/{form}", buffered=True)
        assert MARK in texts(taken.data, form), form
    assert visits.post("charlie", f"{path}/approve").status_code == 302
    barred = visits.post("charlie", f"{path}/publish")
    assert (barred.status_code, "somebody else publishes it" in barred.text) == (422, True)
    request.getfixturevalue("quick_files")  # once is enough: they print what HTML prints
    published = visits.post("riley", f"{path}/publish")
    (report,) = all_published(db)
    page = visits.clients["riley"].get(published.location, follow_redirects=True)
    assert report.cited_as in page.text
    shown = client.get("/published/2026-27/1").text
    assert "One applied." in shown and "A point" in shown
    assert leaves_no_heading_out(shown) and leaves_no_heading_out(page.text)
    assert "Annual report 2026-27" in client.get("/published").text
    for form in FORMATS:
        taken = client.get(f"/published/2026-27/1/{form}", buffered=True)
        assert sha256(taken.data).hexdigest() == report.files[form]
        if form not in ("pdf", "docx"):
            assert MARK not in texts(taken.data, form)
        if form not in ("json", "csv"):
            assert report.cited_as.encode() in taken.data or form == "ods"
    trail = visits.clients["charlie"].get("/trail").text
    assert "Report approved" in trail and "Who wrote its words" in trail
    html = client.get("/published/2026-27/1/html", buffered=True).text
    assert f"Check code {check_code(report.digest)}." in html


def leaves_no_heading_out(page: str) -> bool:
    """Whether no level of headings is passed over, with all details open."""
    levels = map(int, re.findall("<h([1-6])", page))
    return all(below - above <= 1 for above, below in pairwise(levels))


@pytest.mark.one_database
def test_a_draft_is_in_no_public_page(
    db: Session, client: FlaskClient, visits: Visits, people: People
) -> None:
    for state in ("draft", "approved", "dropped"):
        row = lives.drafted(db, people["riley"])
        lives.worded(db, row, people["sam"], summary=f"{CANARY} {state}")
        path = f"/publications/{row.token}"
        if state != "draft":
            lives.approved(db, row, people["charlie"])
        if state == "dropped":
            assert visits.post("sam", f"{path}/drop", reason=CANARY).status_code == 302
        for name in (None, "pat"):
            reader = visits.clients[name] if name else client
            for address in ("/published", "/publications/published", path, f"{path}/files/text"):
                assert CANARY not in reader.get(address, follow_redirects=True).text
    assert client.get("/published/2026-27/1").status_code == 404


@pytest.mark.one_database
def test_what_is_typed_on_a_stale_page_is_kept(db: Session, visits: Visits, people: People) -> None:
    row = lives.drafted(db, people["riley"])
    path = f"/publications/{row.token}"
    opened = {"version": "1", "summary": "Typed by Riley.", "commentary": ""}
    assert visits.post("sam", path, summary="Sam’s.", commentary="").status_code == 302
    late = factories.post(visits.clients["riley"], path, **opened)
    assert late.status_code == 409
    assert "Typed by Riley." in late.text and "Sam’s." in late.text
    again = dict(re.findall(r'name="(version)" value="(\w+)"', late.text))
    assert factories.post(visits.clients["riley"], path, **{**opened, **again}).status_code == 302
    assert db.get_one(Publication, row.token).words["summary"] == "Typed by Riley."
    seen = {"version": "2", "content": "0" * 64}
    approving = factories.post(visits.clients["charlie"], f"{path}/approve", **seen)
    assert (approving.status_code, db.get_one(Publication, row.token).state) == (409, "draft")


@pytest.mark.one_database
def test_a_form_sent_twice_has_one_effect(db: Session, visits: Visits, people: People) -> None:
    key = {"req": secrets.token_hex(16)}
    for _ in range(2):
        begun = factories.post(visits.clients["riley"], "/publications/new/annual", **BEGIN, **key)
    path, row = begun.location, db.get_one(Publication, begun.location.rsplit("/", 1)[1])
    sent = {"version": str(row.version), "req": secrets.token_hex(16)}
    for _ in range(2):
        counted = factories.post(visits.clients["sam"], f"{path}/count", **sent)
        assert counted.status_code == 302
    size = record.log_size(db)
    db.expire_all()
    lives.approved(db, row, people["charlie"])
    lives.published(db, row, people["sam"])
    assert (row.version, record.log_size(db)) == (4, size + 2)
    for step in ("publish", "drop"):
        again = visits.post("riley", f"{path}/{step}", reason="No.")
        assert again.status_code in (400, 409)
    assert record.log_size(db) == size + 2


@pytest.mark.one_database
def test_counting_again_renews_only_what_nobody_wrote(
    db: Session, visits: Visits, people: People
) -> None:
    row = lives.drafted(db, people["riley"])
    lives.worded(db, row, people["riley"], commentary="Ours.")
    lives.approved(db, row, people["charlie"])
    factories.case(db)
    path = f"/publications/{row.token}"
    page = visits.clients["dee"].get(f"{path}/approve").text
    assert "Counted now, these parts would say something else" in page
    sent = {"version": str(row.version)}
    assert factories.post(visits.clients["sam"], f"{path}/count", **sent).status_code == 302
    row = db.get_one(Publication, row.token, populate_existing=True)
    assert row.state == "draft"
    assert "one complaint review" in row.words["summary"]
    assert row.words["commentary"] == "Ours."
    assert set(row.written_by) == {people["riley"].token, people["sam"].token}


@pytest.mark.one_database
def test_a_reader_recounts_and_learns_what_was_altered(
    db: Session, visits: Visits, people: People
) -> None:
    row = lives.drafted(db, people["riley"])
    lives.approved(db, row, people["charlie"])
    report = lives.published(db, row, people["sam"])
    path = "/publications/published/2026-27/1"
    whole = factories.post(visits.clients["pat"], f"{path}/recount").text
    assert "same figures" in whole
    assert "shows that the record was not altered" in whole
    files().paths(report.files["pdf"])[0].unlink()
    told = factories.post(visits.clients["pat"], f"{path}/recount").text
    assert "pdf, is missing from the store or altered" in told
    assert "same figures." in told
    assert "other figures than those published" not in told
    assert "A published file is missing or was altered." in told
    assert "shows that the record was not altered" not in told
    assert "No earlier figure has changed" not in told  # nobody looked today
    again = lives.drafted(db, people["riley"])
    lives.approved(db, again, people["charlie"])
    lives.published(db, again, people["sam"])
    newer = "A newer report of the same period was published"
    assert newer in visits.clients["pat"].get(path).text
    assert newer not in visits.clients["pat"].get(path.replace("/1", "/2")).text


@pytest.mark.one_database
def test_what_is_kept_of_a_report_and_was_altered_is_not_shown(
    db: Session, visits: Visits, client: FlaskClient, people: People, database_url: str
) -> None:
    factories.case(db)
    row = lives.drafted(db, people["riley"])
    lives.approved(db, row, people["charlie"])
    report = lives.published(db, row, people["sam"])
    pages = (
        (client, "/published/2026-27/1"),
        (visits.clients["pat"], "/publications/published/2026-27/1"),
    )
    kept = canonical(dict(report.event.words or {}))
    for was, forged in (
        (rb"\"received\":1", rb"\"received\":999"),
        (b"one complaint", b"999 complaint"),
    ):
        for reader, address in pages:
            shown = reader.get(address).text
            assert (
                "same figures" in shown and "Considered" in shown and "not shown here" not in shown
            )
        assert was in kept
        db.rollback()
        put_beside(database_url, report.event.seq, kept.replace(was, forged))
        for reader, address in pages:
            shown = reader.get(address).text
            assert "not shown here" in shown
            for hidden in ("999", "one complaint", "Considered", "same figures"):
                assert hidden not in shown
        told = factories.post(visits.clients["pat"], f"{pages[1][1]}/recount").text
        assert ": same figures." in told and "kept beside its entry in the log are not" in told
        db.rollback()
        put_beside(database_url, report.event.seq, kept)


def put_beside(url: str, seq: int, words: bytes) -> None:
    """Alter what is kept beside an event, past the triggers."""
    with past_the_triggers(url) as connection:
        execute(
            connection,
            "UPDATE audit_detail SET body = :words WHERE seq = :seq",
            words=words,
            seq=seq,
        )


def test_no_address_of_a_report_fails_whatever_its_number(
    db: Session, visits: Visits, people: People
) -> None:
    reader = visits.clients["riley"]
    for number in ("99999999999999999999", "10000", "0"):
        for under in ("/published", "/publications/published"):
            assert reader.get(f"{under}/2026-27/{number}").status_code == 404
        assert reader.get(f"/published/2026-27/{number}/pdf").status_code == 404
        assert reader.get(f"/publications/published/2026-27/{number}/changes").status_code == 404
        recount = factories.post(reader, f"/publications/published/2026-27/{number}/recount")
        assert recount.status_code == 404


@pytest.mark.one_database
def test_the_mark_of_a_form_that_did_something_else_does_nothing(
    db: Session, visits: Visits, people: People
) -> None:
    first, second = (lives.drafted(db, people["riley"]) for _ in range(2))
    charlie, used = visits.clients["charlie"], secrets.token_hex(16)
    sent = {"version": "1", "content": service.content_of(first), "req": used, "reason": "No."}
    for _ in range(2):
        done = factories.post(charlie, f"/publications/{first.token}/approve", **sent)
        assert done.status_code == 302
    size = record.log_size(db)
    db.expire_all()
    for row, step in ((second, "approve"), (second, "drop"), (second, "count"), (first, "count")):
        seen = {"version": str(row.version), "content": service.content_of(row)}
        path = f"/publications/{row.token}/{step}"
        refused = factories.post(charlie, path, **{**sent, **seen})
        assert refused.status_code == 422
        assert "This form was sent before, for something else" in refused.text
    for address in ("/publications/new/annual", "/publications/new/self_assessment"):
        begun = factories.post(visits.clients["riley"], address, **BEGIN, req=used)
        assert (begun.status_code, "for something else" in begun.text) == (422, True)
        assert used not in begun.text
    assert record.log_size(db) == size


@pytest.mark.one_database
def test_a_form_sent_again_with_other_days_names_the_draft_that_it_made(
    db: Session, visits: Visits, people: People
) -> None:
    key, riley = {"req": secrets.token_hex(16)}, visits.clients["riley"]
    first = factories.post(riley, "/publications/new/annual", **BEGIN, **key)
    size = record.log_size(db)
    other = {**BEGIN, "status_on-day": "5"}
    refused = factories.post(riley, "/publications/new/annual", **other, **key)
    assert refused.status_code == 422
    assert "has drafted “Annual report 2026-27” already, as at 6 July 2026" in refused.text
    assert record.log_size(db) == size
    (again,) = re.findall(r'name="req" value="(\w+)"', refused.text)
    second = factories.post(riley, "/publications/new/annual", **{**other, "req": again})
    assert second.status_code == 302 and second.location != first.location


@pytest.mark.one_database
def test_figures_that_are_counted_otherwise_are_no_change_by_somebody(
    db: Session, visits: Visits, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = lives.drafted(db, people["riley"])
    path = f"/publications/{row.token}"
    original = plain.canonical
    monkeypatch.setattr(plain, "canonical", lambda report: original(report) + b" ")
    page = visits.clients["charlie"].get(f"{path}/approve").text
    assert "casework audit verify" in page and "Approve this report" not in page
    lives.approved(db, row, people["charlie"])
    monkeypatch.setattr(pack, "make", lambda _store, paper, number: lives.made(db, row))
    refused = visits.post("sam", f"{path}/publish", version=str(row.version))
    assert refused.status_code == 422
    assert "casework audit verify" in refused.text
    assert "Somebody changed this report" not in refused.text
    assert "Publish it now" not in refused.text
