"""The pages on which an office gives a letter a template of its own."""

from collections.abc import Callable
from datetime import date
from hashlib import sha256
from io import BytesIO

import docx
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework.audit.events import newest_first
from casework.audit.verify import verify_log
from casework.database import begin_write
from casework.letters.rendering import PdfRefused
from casework.letters.service import word_starter
from casework.letters.templates import views
from casework.letters.templates.queries import in_use
from casework.models import AccessRead, AuditEvent
from casework.web.files import files
from tests.casework.letters.conftest import Live
from tests.factories import post
from workflows.complaint_review_letters import LETTERS

STARTER = word_starter(LETTERS[0])
PAGE = "/settings/letters/acknowledgement"
NAME = "Zoë Ångström-Pike"
LOGGED = ("log", date(2026, 4, 20), {"force": "borset", "complainant_name": NAME})

pytestmark = pytest.mark.usefixtures("office")


@pytest.fixture
def administrator(sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    return sign_in("administrator")


def upload(client: FlaskClient, content: bytes, name: str = "ours.docx") -> TestResponse:
    return post(client, PAGE, file=(BytesIO(content), name))


def file_of(client: FlaskClient, url: str) -> bytes:
    with client.get(url) as answer:
        assert answer.status_code == 200
        return answer.data


def words_of(client: FlaskClient, url: str) -> list[str]:
    paragraphs = docx.Document(BytesIO(file_of(client, url))).paragraphs
    return [paragraph.text for paragraph in paragraphs]


def reads(db: Session) -> int:
    db.rollback()
    return len(db.scalars(select(AccessRead)).all())


def verify_faults(db: Session) -> list[str]:
    return [finding.check for finding in verify_log(db) if not finding.holds]


def with_paragraph(text: str) -> bytes:
    document = docx.Document(BytesIO(STARTER))
    document.add_paragraph(text)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def test_a_checked_template_is_used_from_then_on_and_can_be_left_again(
    administrator: FlaskClient, db: Session
) -> None:
    ours = with_paragraph("Fen House, Saltby")
    mark, other = sha256(ours).hexdigest(), sha256(STARTER).hexdigest()
    assert upload(administrator, ours).status_code == 302
    assert in_use(db, "acknowledgement") == mark
    upload(administrator, STARTER)
    assert in_use(db, "acknowledgement") == other
    assert in_use(db, "upheld") is None
    for chosen, used in ((mark, mark), ("built_in", None)):
        assert post(administrator, f"{PAGE}/use", template=chosen).status_code == 302
        assert in_use(db, "acknowledgement") == used
    told = newest_first(db, [AuditEvent.action.startswith("letter_template")], limit=9)
    assert [(event.action, dict(event.stat)) for event in told][::-1] == [
        (f"letter_template_{how}", {"letter": "acknowledgement", "template": template})
        for how, template in (("added", mark), ("added", other), ("chosen", mark), ("chosen", None))
    ]
    page = administrator.get(PAGE).text
    assert page.count(">Use again<") == 2
    assert file_of(administrator, f"{PAGE}/versions/1") == ours
    assert post(administrator, f"{PAGE}/use", template="f" * 64).status_code == 404
    assert not verify_faults(db)
    begin_write(db)
    db.execute(text("DELETE FROM letter_template WHERE sha256 IS NULL"))
    db.commit()
    assert verify_faults(db) == ["letter templates"]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (with_paragraph("{{ complainant }}"), "a.docx", "“complainant” is not a placeholder"),
        (b"%PDF-1.7", "a.docx", "a.docx: It is"),
        (b"", "", "Choose the Word file"),
    ],
)
def test_a_template_that_is_wrong_is_not_used_and_what_is_wrong_is_named(
    administrator: FlaskClient, db: Session, content: bytes, name: str, says: str
) -> None:
    answer = upload(administrator, content, name)
    assert answer.status_code == 422
    assert says in answer.text
    assert in_use(db, "acknowledgement") is None


@pytest.mark.one_database
def test_the_form_sent_twice_adds_one(administrator: FlaskClient, db: Session) -> None:
    for _ in range(2):
        post(administrator, PAGE, req="ab" * 16, file=(BytesIO(STARTER), "a.docx"))
    told = newest_first(db, [AuditEvent.action == "letter_template_added"], limit=9)
    assert len(list(told)) == 1


@pytest.mark.one_database
def test_a_preview_shows_a_case_only_to_who_may_see_cases(
    administrator: FlaskClient,
    sign_in: Callable[..., FlaskClient],
    live: Live,
    db: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PdfRefused("No Pango here.")

    monkeypatch.setattr(views, "docx_to_pdf", refuse)  # what comes then is the Word file
    live(LOGGED, reference="CR/7")
    upload(administrator, STARTER)
    preview = f"{PAGE}/versions/1/preview"
    assert "Dear Jo Sample" in words_of(administrator, preview)
    assert administrator.get(f"{preview}?reference=CR/7").status_code == 404
    assert reads(db) == 0
    chief = sign_in("chief_executive")
    assert f"Dear {NAME}" in words_of(chief, f"{preview}?reference=CR/7")
    assert chief.get(f"{preview}?reference=CR/none").status_code == 404
    assert reads(db) == 1


@pytest.mark.one_database
def test_a_draft_is_made_of_the_template_that_is_used(
    administrator: FlaskClient, sign_in: Callable[..., FlaskClient], live: Live
) -> None:
    token = live(LOGGED)
    upload(administrator, with_paragraph("Fen House, Saltby"))
    reviewer = sign_in("reviewer")
    draft = post(reviewer, f"/cases/{token}/letters/acknowledgement").location
    upload(administrator, STARTER)
    said = words_of(reviewer, f"{draft}/word")
    assert said[-1] == "Fen House, Saltby"
    assert f"Dear {NAME}" in said


@pytest.mark.one_database
def test_the_built_in_letter_is_a_template_to_begin_with(administrator: FlaskClient) -> None:
    taken = file_of(administrator, f"{PAGE}/built-in")
    assert upload(administrator, taken).status_code == 302
    with files().open(sha256(taken).hexdigest()) as kept:
        assert kept.read() == taken
    assert "{{ reference }}" in administrator.get("/settings/letters/placeholders").text
