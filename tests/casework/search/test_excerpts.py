"""What was found is shown with the words marked, and nothing that was written becomes markup."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.folding import folded_words
from casework.search.asking import Term, terms_of
from casework.search.excerpts import LENGTH, excerpt, marked

PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</mark><svg onload=alert(1)>",
    "&lt;b&gt; &amp; \"quoted\" 'too'",
    "<mark>",
    "{{ 7*7 }} {% raw %}",
)
WRITTEN = st.lists(st.sampled_from([*PAYLOADS, "footage", "Zoë", "the ", "\n", " é"]), max_size=12)
TYPED = st.sampled_from(["footage", "script", "zo*", "“the footage”", "mark b", "alert 1", "é"])


@given(WRITTEN.map("".join), TYPED)
def test_marking_changes_nothing_but_adds_marks_of_our_own(text: str, typed: str) -> None:
    shown = str(marked(text, terms_of(typed)))
    without = re.sub(r"</?mark>", "", shown)
    assert "<" not in without
    assert html.unescape(without) == text


@given(WRITTEN.map("".join), TYPED)
def test_every_word_asked_for_is_marked_and_no_other(text: str, typed: str) -> None:
    terms = terms_of(typed)
    shown = str(marked(text, terms))
    inside = [html.unescape(mark) for mark in re.findall(r"<mark>(.*?)</mark>", shown, re.DOTALL)]
    for mark in inside:
        assert any(begins(folded_words(mark), term) for term in terms)
    rest = folded_words(html.unescape(re.sub(r"<mark>.*?</mark>", " | ", shown, flags=re.DOTALL)))
    for term in terms:
        if len(term.words) == 1:
            assert not any(term.stands_at([word], 0) for word in rest)


def begins(words: list[str], term: Term) -> bool:
    return term.stands_at(words, 0)


@pytest.mark.parametrize(
    ("text", "typed", "shown"),
    [
        ("Did O’Brien look?", "obrien", "Did <mark>O’Brien</mark> look?"),
        ("The Straße", "strasse", "The <mark>Straße</mark>"),
        ("Look at the footage.", "“at the foot*”", "Look at the footage."),
        ("Look at the footage.", "“at the foot”*", "Look <mark>at the footage</mark>."),
        ("CO/12/26 or CO-12-26", "CO/12/26", "<mark>CO/12/26</mark> or <mark>CO-12-26</mark>"),
        ("", "x", ""),
    ],
)
def test_words_are_marked_as_they_were_found(text: str, typed: str, shown: str) -> None:
    assert str(excerpt(text, terms_of(typed))) == shown


def test_the_passage_with_most_of_the_words_is_shown() -> None:
    far = "Nothing here. " * 50
    text = f"{far}The officer saw no footage. {far}The officer never asked for the footage. {far}"
    shown = str(excerpt(text, terms_of("footage asked")))
    assert "<mark>asked</mark>" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < LENGTH + 60


@pytest.mark.parametrize("text", ["x" * 20_000, "a " * 10_000, "é-" * 10_000])
def test_an_excerpt_of_any_text_is_short(text: str) -> None:
    assert len(excerpt(text, terms_of("b"))) < LENGTH + 10
