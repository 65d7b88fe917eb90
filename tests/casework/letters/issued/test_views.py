"""Issued letters: checked, numbered, their bytes for ever the same, sent one way or another."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import date
from io import BytesIO
from typing import Any

import pypdf
import pytest
import time_machine
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework.audit.events import Event, events_of
from casework.audit.items import items_in
from casework.extensions import db as extension
from casework.index.checking import differences
from casework.letters import issuing
from casework.letters.issuing import Issued, issued_on
from casework.models import Case, OutboxMail
from casework.web.files import files
from tests import factories, letter_factory
from tests.casework.letters.conftest import Live, Step
from tests.factories import post
from workflows.letter import DISCLOSURE

TODAY = date(2026, 5, 4)
LOG: Step = (
    "log",
    date(2026, 4, 20),
    {
        "complainant_name": "Zoë Ångström-Pike",
        "complainant_email": "zoe@example.org",
        "force": "borset",
    },
)
TEXT = "Zoë Ångström-Pike\n\n4 May 2026\n\nDear Zoë\n\n# We have it\n\nAnn"
CHECKED = [point.code for point in DISCLOSURE]

pytestmark = pytest.mark.usefixtures("office", "quick_pdf", "now")


@pytest.fixture
def now() -> Any:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def quick_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prints nothing: what a PDF looks like, and that it is tagged, is tried elsewhere."""

    def printed(content: object, **about: Any) -> bytes:
        return f"%PDF- {content!r} {sorted(about.items())}".encode()

    monkeypatch.setattr(issuing, "as_pdf", printed)
    monkeypatch.setattr(issuing, "docx_to_pdf", printed)


@pytest.fixture
def reviewer(sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    return sign_in("reviewer")


@pytest.fixture
def case(live: Live) -> str:
    return live(LOG)


def draft(db: Session, case: str, text: str = TEXT) -> str:
    """The address of a new draft."""
    return f"/cases/{case}/letters/drafts/{letter_factory.draft(db, case, text)}"


def on(day: date) -> dict[str, str]:
    """A day as a form sends it."""
    return {f"effective_on-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def issue(client: FlaskClient, address: str, day: date = TODAY, **more: Any) -> TestResponse:
    fields = {"version": "1", "told": "complainant", "way": "later", "disclosure": CHECKED, **more}
    return post(client, f"{address}/issue", **on(day), **fields)


def letters(db: Session, case: str) -> list[Issued]:
    db.rollback()
    found = issued_on(items_in(events_of(db, case)), "CR/2026-27/001")
    db.rollback()
    return found


def events(db: Session, case: str, action: str) -> list[Event]:
    db.rollback()
    found = [event for event in events_of(db, case) if event.action == action]
    db.rollback()
    return found


def address_of(letter: Issued) -> str:
    return f"/cases/{letter.kept.case}/letters/issued/{letter.token}"


def content(letter: Issued, kind: str = "pdf") -> bytes:
    with files().open(letter.files[kind]) as stored:
        return stored.read()


def test_a_letter_is_issued_once_under_a_number_with_its_bytes_on_the_log(
    case: str, reviewer: FlaskClient, db: Session
) -> None:
    address = draft(db, case)
    for _ in range(2):
        assert issue(reviewer, address, req="cd" * 16).location == address
    (letter,) = letters(db, case)
    assert letter.title == "CR/2026-27/001/L1 Acknowledgement"
    (event,) = events(db, case, "letter_issued")
    for kind in ("pdf", "docx"):
        assert hashlib.sha256(content(letter, kind)).hexdigest() == event.stat[kind]
    assert b"CR/2026-27/001/L1" in content(letter)
    assert event.effective_on == TODAY
    assert "Zo" not in str(dict(event.stat))
    assert reviewer.get(address).location == address_of(letter)
    assert "L1" in reviewer.get(f"/cases/{case}/letters").text

    issue(reviewer, draft(db, case, "A word that nothing else has: kittiwake"))
    assert [each.number for each in letters(db, case)] == [1, 2]
    found = post(reviewer, "/search", words="kittiwake")
    assert "CR/2026-27/001" in reviewer.get(str(found.location)).text
    assert list(differences(db, files().text)) == []


@pytest.mark.one_database
def test_a_number_taken_meanwhile_is_not_given_twice(
    case: str, reviewer: FlaskClient, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, make = draft(db, case), issuing.make

    def overtaken(*about: Any) -> Any:
        made = make(*about)
        letter_factory.letter(extension.session, case)
        return made

    with monkeypatch.context() as patched:
        patched.setattr(issuing, "make", overtaken)
        late = issue(reviewer, address)
    assert late.status_code == 422
    assert "Another letter was issued as number 1 meanwhile" in late.text
    issue(reviewer, address)
    assert [each.number for each in letters(db, case)] == [1, 2]


REFUSED: Mapping[str, tuple[str, dict[str, Any], str]] = {
    "unchecked": (TEXT, {"disclosure": CHECKED[:2]}, "Confirm each point of the disclosure check"),
    "another day": (TEXT, {"day": date(2026, 5, 1)}, "itself bears the date 4 May 2026"),
    "no address": (TEXT, {"way": "mail", "addressee": "14 Long Lane"}, "in the correct format"),
    "two addresses": (
        TEXT,
        {"way": "mail", "addressee": "a@example.org\r\nBcc: b@example.org"},
        "in the correct format",
    ),
    "mail is for today": (
        "Dear Zoë",
        {"way": "mail", "addressee": "a@example.org", "day": date(2026, 5, 1)},
        "mail goes today",
    ),
}


@pytest.mark.one_database
def test_what_must_be_mended_is_said_and_nothing_is_issued(
    case: str, reviewer: FlaskClient, db: Session
) -> None:
    for why, (text, typed, said) in REFUSED.items():
        answer = issue(reviewer, draft(db, case, text), message="My own words", **typed)
        assert (answer.status_code, said in answer.text) == (422, True), why
        assert "My own words" in answer.text, why
    assert letters(db, case) == []


@pytest.mark.one_database
def test_a_letter_with_a_gap_or_about_nothing_is_not_issued(
    case: str, reviewer: FlaskClient, db: Session
) -> None:
    gap = draft(db, case, "Dear [to be completed: the name]")
    assert "Before it can be issued, complete:" in reviewer.get(gap).text
    refused = issue(reviewer, gap)
    assert (refused.status_code, "the name" in refused.text) == (409, True)
    chaser = draft(db, case)
    annulled = events_of(db, case)[0].seq
    factories.move(db, "CR/2026-27/001", "annul", None, {"reason": "Twice."}, target=annulled)
    assert issue(reviewer, chaser).status_code == 409
    assert letters(db, case) == []


@pytest.mark.one_database
def test_marked_papers_stand_beside_the_disclosure_check(
    case: str, reviewer: FlaskClient, db: Session
) -> None:
    factories.paper(db, case, name="Witness <b>list</b>", marks=["third_party", "privileged"])
    page = reviewer.get(f"{draft(db, case)}/issue").text
    assert "Witness &lt;b&gt;list" in page
    assert "About third parties" in page


@pytest.mark.one_database
def test_posted_and_acknowledged_on_the_same_day_in_the_same_go(
    case: str, reviewer: FlaskClient, db: Session
) -> None:
    address = draft(db, case)
    answer = issue(reviewer, address, way="post", with_step="y", addressee="Flat 2\nAmbridge")
    assert answer.status_code == 302
    (sent,), (acknowledged,) = (
        events(db, case, action) for action in ("letter_sent", "acknowledged")
    )
    assert (sent.stat["way"], sent.stat["told"]) == ("post", "complainant")
    assert sent.words and sent.words["addressee"] == "Flat 2\nAmbridge"
    assert sent.effective_on == acknowledged.effective_on == TODAY
    (letter,) = letters(db, case)
    assert letter.is_sent


def test_mail_is_queued_with_the_letter_or_not_at_all(
    case: str, reviewer: FlaskClient, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = draft(db, case)
    given: dict[str, Any] = {
        "way": "mail",
        "addressee": " zoe@example.org ",
        "message": "Please see\n=SUM(1)",
    }
    early = date(2026, 4, 20)
    factories.move(db, "CR/2026-27/001", "withdraw", early, {"withdrawal_of": "application"})
    issue(reviewer, address, **given)
    (letter,) = letters(db, case)
    (mail,) = db.scalars(select(OutboxMail)).all()
    assert (mail.recipient, mail.body, mail.status) == (
        "zoe@example.org",
        "Please see\n=SUM(1)",
        "queued",
    )
    assert mail.attachments == [
        {"name": "CR-2026-27-001-L1 Acknowledgement.pdf", "sha256": letter.files["pdf"]}
    ]
    (queued,) = events(db, case, "letter_queued")
    assert "zoe" not in str(dict(queued.stat))
    assert "zoe@example.org" in reviewer.get(address_of(letter)).text


@pytest.mark.one_database
def test_a_letter_sent_later_is_recorded_once_and_by_whichever_way_it_went(
    case: str, reviewer: FlaskClient, db: Session
) -> None:
    issue(reviewer, draft(db, case))
    (letter,) = letters(db, case)
    send = f"{address_of(letter)}/send"
    given = {"told": "representative", "way": "outlook", "version": "1", **on(TODAY)}
    for _ in range(2):
        assert post(reviewer, send, req="ef" * 16, **given).location == address_of(letter)
    assert post(reviewer, send, **given).status_code == 409
    assert [event.stat["way"] for event in events(db, case, "letter_sent")] == ["outlook"]
    assert events(db, case, "acknowledged") == []
    row = db.execute(select(Case).where(Case.token == case)).scalar_one()
    assert row.acknowledged_on is None


def test_a_mistake_is_a_new_letter_and_the_old_one_stays_as_it_was(
    case: str, reviewer: FlaskClient, db: Session
) -> None:
    issue(reviewer, draft(db, case))
    (first,) = letters(db, case)
    before = content(first)
    address = str(post(reviewer, f"{address_of(first)}/replace").location)
    assert "Dear Zoë" in reviewer.get(address).text
    post(reviewer, address, version="1", text=TEXT.replace("Dear Zoë", "Dear Zoe"))
    issue(reviewer, address, version="2")
    first, second = letters(db, case)
    assert (first.replaced_by, second.replaces, first.stands) == (2, 1, False)
    assert content(first) == before
    assert "Replaced by letter" in reviewer.get(address_of(first)).text
    assert post(reviewer, f"{address_of(first)}/replace").status_code == 409
    assert post(reviewer, f"{address_of(first)}/send", version="2").status_code == 409


@pytest.mark.one_database
def test_opening_a_letter_is_an_event_and_altered_bytes_are_not_handed_over(
    case: str, reviewer: FlaskClient, db: Session
) -> None:
    issue(reviewer, draft(db, case))
    (letter,) = letters(db, case)
    file = f"{address_of(letter)}/file"
    answer = reviewer.get(f"{file}/pdf", buffered=True)
    assert answer.data == content(letter)
    assert answer.headers["Content-Disposition"].startswith("inline;")
    assert reviewer.get(f"{file}/docx", buffered=True).data == content(letter, "docx")
    assert reviewer.get(f"{file}/exe").status_code == 404
    assert len(events(db, case, "letter_opened")) == 2
    (files().folder / letter.files["pdf"][:2] / letter.files["pdf"]).write_bytes(b"%PDF- other")
    assert reviewer.get(f"{file}/pdf").status_code == 410
    assert len(events(db, case, "letter_opened")) == 2


FIELDS = (
    *("version", "told", "way", "addressee", "message", "with_step", "text", "then", "name"),
    *("reason", "pdf", "docx", "number", "letter", "disclosure", "replaces", "seen", "file"),
)
VALUES = st.sampled_from(
    ["1", "2", "3", "complainant", "mail", "post", "y", "0" * 64, "zoe@example.org", *CHECKED]
) | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


@pytest.mark.one_database
@settings(
    max_examples=5,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    asked=st.lists(
        st.tuples(st.integers(0, 11), st.dictionaries(st.sampled_from(FIELDS), VALUES)),
        min_size=4,
        max_size=8,
    )
)
def test_whatever_is_asked_afterwards_issued_bytes_stay_as_they_were(
    case: str, reviewer: FlaskClient, db: Session, asked: list[tuple[int, dict[str, str]]]
) -> None:
    address = draft(db, case)
    issue(reviewer, address)
    letter = letters(db, case)[-1]
    before = {kind: content(letter, kind) for kind in letter.files}
    item, seq = f"/cases/{case}/items/{letter.token}", letter.kept.history[0].seq
    targets = [
        address,
        *(f"{address}{end}" for end in ("/upload", "/text", "/discard", "/issue")),
        *(f"{address_of(letter)}{end}" for end in ("/send", "/replace")),
        *(f"{item}/steps/{step}" for step in ("issue_letter", "send_letter", "replace_letter")),
        *(f"{item}/entries/{seq}/{change}" for change in ("correct", "annul")),
    ]
    for target, fields in asked:
        post(reviewer, targets[target], **{**on(TODAY), "version": "1", **fields})
    now = next(each for each in letters(db, case) if each.token == letter.token)
    assert (now.number, now.files) == (letter.number, letter.files)
    for kind, content_before in before.items():
        assert content(now, kind) == content_before
        opened = reviewer.get(f"{address_of(letter)}/file/{kind}", buffered=True)
        assert opened.data == content_before


@pytest.mark.one_database
def test_s26_a_real_pdf_says_what_was_typed_and_nothing_else(
    live: Live, sign_in: Callable[..., FlaskClient], db: Session
) -> None:
    case, client = live(LOG), sign_in("supervisor")
    address = draft(db, case, "4 May 2026\n\nDear <b>Zoë</b> {{7*7}}\n\n# Ours\n\n- one")
    with pytest.MonkeyPatch.context() as patched:
        from casework.letters.rendering import as_pdf

        patched.setattr(issuing, "as_pdf", as_pdf)
        issue(client, address)
    (letter,) = letters(db, case)
    read = pypdf.PdfReader(BytesIO(content(letter)))
    text = read.pages[0].extract_text()
    assert "Dear <b>Zoë</b> {{7*7}}" in text
    assert "CR/2026-27/001/L1" in text
    root: Any = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
