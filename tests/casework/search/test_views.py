"""The search page: words in no address, filters in it, any typed text answered with a sentence."""

import hashlib
import time
from datetime import date

import pytest
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework.search import kept
from casework.search.asking import LONGEST_TYPED
from tests import factories

CANARY = "Canaryworth"


@pytest.fixture
def reviewer(client: FlaskClient, db: Session) -> FlaskClient:
    return factories.sign_in(client, factories.person(db))


def search(client: FlaskClient, words: str, **filters: str) -> TestResponse:
    """Post the form and go where it leads."""
    asked = factories.post(client, "/search", words=words, **filters)
    assert asked.status_code == 302, asked.text
    return client.get(asked.location)


def test_a_search_leads_to_the_cases_with_the_words_marked(
    reviewer: FlaskClient, db: Session
) -> None:
    moved = factories.case(db, complainant_name="<b>Zoë</b> & Co", grounds="The <i>footage</i>")
    page = search(reviewer, "zoe footage").text
    assert f'href="/cases/{moved.case}#entry-{moved.seq}"' in page
    assert "The &lt;i&gt;<mark>footage</mark>&lt;/i&gt;" in page
    assert "&lt;b&gt;<mark>Zoë</mark>&lt;/b&gt; &amp; Co" in page
    assert "1 to 1 of 1 cases" in page


@pytest.mark.one_database
def test_s41_words_stand_in_no_address_and_filters_do(reviewer: FlaskClient, db: Session) -> None:
    factories.case(db, complainant_name=CANARY)
    asked = factories.post(reviewer, "/search", words=CANARY, place="names", state="open")
    assert asked.location == "/search?search=1&place=names&state=open"
    page = reviewer.get(asked.location)
    assert f"<mark>{CANARY}</mark>" in page.text
    assert CANARY not in "".join(part for part in page.text.split('"') if part.startswith("/"))
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cache-Control"] == "no-store"
    for place, found in (("grounds", False), ("names", True)):
        assert (
            f"<mark>{CANARY}</mark>" in reviewer.get(f"/search?search=1&place={place}").text
        ) is found


@pytest.mark.one_database
def test_words_are_forgotten_with_the_session_and_the_page_says_so(
    reviewer: FlaskClient, db: Session
) -> None:
    search(reviewer, CANARY)
    factories.post(reviewer, "/sign-out")
    factories.sign_in(reviewer, factories.person(db))
    page = reviewer.get("/search?search=1").text
    assert CANARY not in page
    assert "is not kept any more" in page


def searches_in(cookie: str) -> str:
    """What a session's cookie says of searches to whoever reads it without the secret."""
    _, content = URLSafeTimedSerializer("").loads_unsafe(cookie.partition("=")[2].split(";")[0])
    return str(content[kept.KEY])


@pytest.mark.one_database
def test_the_cookie_holds_the_last_searches_however_odd_they_are(reviewer: FlaskClient) -> None:
    for number in range(kept.MOST + 2):
        digests = (
            hashlib.sha256(bytes([number, place])).digest() for place in range(LONGEST_TYPED)
        )
        odd = "".join(chr(0x20000 + int.from_bytes(each[:2]) % 0xA000) for each in digests)
        answer = factories.post(reviewer, "/search", words=odd)
        cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("casework="))
        assert len(cookie) < 4096
        assert odd not in searches_in(cookie)
        assert odd in reviewer.get(answer.location).text
    for number in range(kept.MOST):
        last = factories.post(reviewer, "/search", words=f"word {number}").location
    assert 'value="word 0"' in reviewer.get(f"/search?search={int(last.split('=')[1]) - 7}").text


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "Enter a word, a name or a reference"),
        ('"*" ()', "Enter a word, a name or a reference"),
        ("word " * 20_000, "Enter at most 200 letters and figures"),
        ("x" * 100_000, "Enter at most 200 letters and figures"),
        ('"' * 100_000, "Enter at most 200 letters and figures"),
    ],
)
@pytest.mark.one_database
def test_s37_what_cannot_be_looked_for_is_said_at_once_and_typed_text_stays(
    reviewer: FlaskClient, words: str, sentence: str
) -> None:
    began = time.perf_counter()
    answer = factories.post(reviewer, "/search", words=words, place="notes")
    assert time.perf_counter() - began < 1
    assert answer.status_code == 422
    assert answer.text.count(sentence) == 2
    assert '<option value="notes" selected>' in answer.text
    assert words.strip()[:20].replace('"', "&#34;") in answer.text


@pytest.mark.one_database
def test_a_filter_that_is_none_is_refused_and_no_fault(reviewer: FlaskClient) -> None:
    assert factories.post(reviewer, "/search", words="a", place="nowhere").status_code == 422
    search(reviewer, "a")
    assert reviewer.get("/search?search=1&year=2026&state=x").status_code == 422
    assert reviewer.get("/search?search=1&page=-1").status_code == 200
    assert reviewer.get("/search?search=%F0%28").status_code == 400
    assert factories.post(reviewer, "/search", words="a\0b").status_code == 400


def test_words_that_are_nowhere_are_looked_for_as_beginnings(
    reviewer: FlaskClient, db: Session
) -> None:
    factories.case(db, grounds="They recommended an apology")
    page = search(reviewer, "recommend apolog").text
    assert "Nothing has exactly these words" in page
    assert "<mark>recommended</mark> an <mark>apology</mark>" in page
    assert "Nothing was found" in search(reviewer, "recommend nowhere").text


def test_a_page_of_twenty_asks_no_more_than_a_page_of_two(
    reviewer: FlaskClient, db: Session
) -> None:
    for number in range(22):
        factories.case(db, on=date(2026, 4, 1), grounds=f"footage {'rare' if number < 2 else ''}")
    few, _ = counted(reviewer, "rare")
    many, page = counted(reviewer, "footage")
    assert few == many
    assert "1 to 20 of 22 cases" in page
    assert "21 to 22 of 22 cases" in reviewer.get("/search?search=2&page=2").text


def counted(client: FlaskClient, words: str) -> tuple[int, str]:
    """How many statements a search costs, and its page."""
    statements: list[str] = []

    def note(*given: object) -> None:
        statements.append(str(given[2]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        page = search(client, words).text
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return len(statements), page
