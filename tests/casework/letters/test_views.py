"""Letters being written: begun from the case, edited here or in Word, never lost, no event yet."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import docx
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.audit import record
from casework.audit.events import newest_first
from casework.database import begin_write
from casework.files.kinds import DOCX
from casework.letters.templates import service as templates
from casework.models import AuditEvent, LetterDraft
from casework.web.files import files
from tests import letter_factory
from tests.casework.letters.conftest import Live, Step
from tests.factories import post

APPLICATION: dict[str, Any] = {
    "complainant_name": "Zoë Ångström-Pike",
    "complainant_address": "Flat 2\n14 Long Lane\nAmbridge",
    "force": "borset",
    "outcome_provided_on": "2026-04-01",
}
LOG: Step = ("log", date(2026, 4, 20), APPLICATION)
REQ = "ab" * 16

pytestmark = pytest.mark.usefixtures("office")


@pytest.fixture
def reviewer(sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    return sign_in("reviewer")


@pytest.fixture
def case(live: Live) -> str:
    return live(LOG)


@pytest.fixture
def draft(db: Session, case: str) -> str:
    """The address of a draft."""
    return f"/cases/{case}/letters/drafts/{letter_factory.draft(db, case, 'Dear Zoe')}"


def kept(db: Session, address: str) -> LetterDraft:
    db.rollback()
    return db.get_one(LetterDraft, address.rpartition("/")[2])


def word_file(*paragraphs: str) -> bytes:
    """A Word file of these paragraphs."""
    document, written = docx.Document(), BytesIO()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(written)
    return written.getvalue()


def log_size(db: Session) -> int:
    db.rollback()
    return record.log_size(db)


def test_a_letter_is_begun_from_the_case_once_and_is_no_event(
    case: str, reviewer: FlaskClient, db: Session
) -> None:
    before = log_size(db)
    addresses = {
        post(reviewer, f"/cases/{case}/letters/acknowledgement", req=REQ).location for _ in range(2)
    }
    (address,) = addresses
    page = reviewer.get(str(address)).text
    assert "Dear Zoë Ångström-Pike" in page
    assert "Acknowledgement" in reviewer.get(f"/cases/{case}/letters").text
    assert log_size(db) == before


def test_what_was_typed_is_kept_shown_as_text_and_survives_a_colleague(
    draft: str, reviewer: FlaskClient, sign_in: Callable[..., FlaskClient], db: Session
) -> None:
    typed = "Dear <b>Zoë</b> & {{7*7}}\r\n\r\n</textarea><script>alert(1)</script>"
    assert post(reviewer, draft, version="1", text=typed).status_code == 302
    assert kept(db, draft).text == typed.replace("\r\n", "\n")
    page = reviewer.get(draft).text
    assert "<script>alert" not in page
    assert "Dear &lt;b&gt;Zoë&lt;/b&gt; &amp; {{7*7}}" in page

    late = post(sign_in("supervisor"), draft, version="1", text="Dear Zoe, said Sam")
    assert late.status_code == 409
    assert "Dear &lt;b&gt;Zoë" in late.text
    assert "Dear Zoe, said Sam" in late.text
    assert kept(db, draft).text.startswith("Dear <b>")


@pytest.mark.one_database
def test_the_same_text_sent_twice_is_saved_once(
    draft: str, reviewer: FlaskClient, db: Session
) -> None:
    for _ in range(2):
        answer = post(reviewer, draft, version="1", text="Dear Zoë", then="issue")
        assert answer.location == f"{draft}/issue"
    assert kept(db, draft).version == 2


@pytest.mark.one_database
def test_a_letter_that_has_nothing_to_tell_is_not_begun(case: str, reviewer: FlaskClient) -> None:
    letters = f"/cases/{case}/letters"
    assert post(reviewer, f"{letters}/upheld").status_code == 409
    assert post(reviewer, f"{letters}/ransom").status_code == 404
    assert post(reviewer, f"{letters}/acknowledgement", told="iopc").status_code == 400
    assert post(reviewer, f"/cases/c_{'0' * 32}/letters/acknowledgement").status_code == 404
    assert reviewer.get(f"{letters}/acknowledgement").status_code == 405


@pytest.mark.one_database
def test_a_word_file_is_an_event_before_it_is_handed_over(
    draft: str, reviewer: FlaskClient, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = reviewer.get(f"{draft}/word", buffered=True)
    read = docx.Document(BytesIO(answer.data))
    assert "Dear Zoe" in [paragraph.text for paragraph in read.paragraphs]
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    (taken,) = newest_first(db, [AuditEvent.action == "letter_taken"], limit=9)
    assert dict(taken.stat) == {"letter": "acknowledgement"}

    def fail(*_: object) -> None:
        raise OSError("disk full")

    db.rollback()
    monkeypatch.setattr(record, "append", fail)
    with pytest.raises(OSError, match="disk full"):
        reviewer.get(f"{draft}/word")


def test_a_letter_finished_in_word_takes_the_texts_place_and_gives_it_back(
    draft: str, reviewer: FlaskClient, db: Session
) -> None:
    final = word_file("Dear Zoë", "Finished in Word")
    sent = post(reviewer, f"{draft}/upload", version="1", file=(BytesIO(final), "final.docx"))
    assert sent.status_code == 302
    uploaded = kept(db, draft)
    with files().open(str(uploaded.docx)) as stored:
        assert stored.read() == final
    assert reviewer.get(f"{draft}/word", buffered=True).data == final
    assert 'name="text"' not in reviewer.get(draft).text
    assert post(reviewer, f"{draft}/text", version="1").status_code == 409
    assert post(reviewer, f"{draft}/text", version="2").status_code == 302
    assert (kept(db, draft).docx, kept(db, draft).text) == (None, "Dear Zoe")


@pytest.mark.one_database
def test_a_pdf_goes_with_its_word_file_until_that_changes(
    draft: str, reviewer: FlaskClient, db: Session
) -> None:
    upload = f"{draft}/upload"
    pdf = files().keep_made(letter_factory.CONTENT, DOCX).sha256
    begin_write(db)
    kept_now = db.get_one(LetterDraft, draft.rpartition("/")[2])
    kept_now.docx, kept_now.pdf = pdf, pdf
    db.commit()
    final = BytesIO(word_file("Dear Zoë, once more"))
    assert post(reviewer, upload, version="1", file=(final, "b.docx")).status_code == 302
    assert kept(db, draft).docx != pdf
    assert kept(db, draft).pdf is None


@pytest.mark.one_database
def test_what_is_no_letter_is_not_taken_and_the_text_stays(
    draft: str, reviewer: FlaskClient, db: Session
) -> None:
    for content, name in ((b"MZ\x90 a program", "a.docx"), (b"<html>", "a.html"), (b"", "")):
        sent = post(reviewer, f"{draft}/upload", version="1", file=(BytesIO(content), name))
        assert sent.status_code == 422, name
        assert "There is a problem" in sent.text, name
    assert (kept(db, draft).docx, kept(db, draft).version) == (None, 1)


@pytest.mark.one_database
def test_the_offices_own_word_template_begins_a_letter(
    case: str, reviewer: FlaskClient, db: Session
) -> None:
    own = files().keep_made(word_file("Ours to {{ addressee }}"), DOCX)
    begin_write(db)
    origin = record.Origin("command")
    templates.add_template(db, "acknowledgement", own, role="administrator", origin=origin)
    db.commit()
    address = str(post(reviewer, f"/cases/{case}/letters/acknowledgement").location)
    assert kept(db, address).template == own.sha256
    read = docx.Document(BytesIO(reviewer.get(f"{address}/word", buffered=True).data))
    assert read.paragraphs[0].text.startswith("Ours to Zoë Ångström-Pike")
    assert "office’s own template" in reviewer.get(address).text


@pytest.mark.one_database
def test_a_draft_goes_when_somebody_throws_it_away(
    draft: str, reviewer: FlaskClient, db: Session
) -> None:
    assert post(reviewer, f"{draft}/discard", version="7").status_code == 409
    assert post(reviewer, f"{draft}/discard", version="1").status_code == 302
    assert reviewer.get(draft).status_code == 404


@pytest.mark.one_database
def test_a_draft_is_found_on_its_own_case_only(
    draft: str, reviewer: FlaskClient, live: Live
) -> None:
    other = live(LOG, reference="CR/2026-27/002")
    elsewhere = f"/cases/{other}/letters/drafts/{draft.rpartition('/')[2]}"
    for end in ("", "/word", "/preview", "/issue"):
        assert reviewer.get(f"{elsewhere}{end}").status_code == 404
