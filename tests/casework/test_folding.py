"""Words are alike without accents, case and apostrophes, and every word is found where it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.folding import LONGEST_WORD, folded_words, placed_words
from casework.index import places
from workflows import ITEMS

TEXTS = st.text(st.sampled_from("aZé\u0301ßİıŁøﬁ½ ’'\u00ad\u200b\n-_/@9𝔘漢ٱ\0&<"), max_size=40)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Zoë O’Brien-Łukasz", "zoe obrien lukasz"),
        ("O'BRIEN ʼ ’", "obrien"),
        ("Stra\u00dfe STRASSE", "strasse strasse"),
        ("CO/123/26 (2)", "co 123 26 2"),
        ("rosa.mensah@home.example", "rosa mensah home example"),
        ("co\u00adopera\u200btion", "cooperation"),
        ("e\u0301 é ﬁ ½ Ⅷ", "e e fi 1 2 viii"),
        ("_*\"'\0<>", ""),
        ("x" * 100, "x" * LONGEST_WORD),
    ],
)
def test_words_are_folded_to_plain_letters_and_figures(written: str, words: str) -> None:
    assert folded_words(written) == words.split()


@given(TEXTS)
def test_what_is_folded_is_letters_and_figures_and_folds_to_itself(text: str) -> None:
    words = folded_words(text)
    assert all(word.isalnum() for word in words)
    assert folded_words(" ".join(words)) == words


@given(TEXTS | st.text(st.sampled_from("aB9' -_\n"), max_size=30))
def test_each_word_is_placed_where_it_stands(text: str) -> None:
    placed = placed_words(text)
    assert [word for word, _, _ in placed] == folded_words(text)
    starts, ends = [[0, *(span[side] for span in placed)] for side in (1, 2)]
    assert starts == sorted(starts)  # two words may be of one character, as those of ½ are
    assert ends == sorted(ends)
    assert all(start < end for _, start, end in placed)
    assert placed_words(text + " é")[:-1] == placed  # whichever way it is read


def test_a_heading_is_given_to_kinds_of_items_that_there_are() -> None:
    assert places.OF_ITEM.keys() <= ITEMS.keys()
    assert {place for kind in ITEMS if (place := places.place_of(kind))} <= places.LABELS.keys()
