"""The only place that reads what somebody types into the search: words, “phrases” and beginning*.

Anything may be typed. What holds no letter or figure asks for nothing; there is no other syntax,
so nothing can be wrong with it.
"""

import re
from dataclasses import dataclass

from casework.index.folding import folded_words

LONGEST_TYPED = 200
SHORTEST_BEGINNING = 3
"""Letters before a “*”: with fewer, half of all words would be meant."""
_QUOTED_OR_NOT = re.compile(r'["“”„]([^"“”„]*)["“”](\*?)|(\S+)')


@dataclass(frozen=True)
class Term:
    """Words that must stand together in this order; of a beginning, the last may go on."""

    words: tuple[str, ...]
    is_beginning: bool = False

    def matches(self, words: list[str]) -> bool:
        """Whether these words, as many as the term has, are what it asks for."""
        *before, last = self.words
        is_last = words[-1].startswith(last) if self.is_beginning else words[-1] == last
        return is_last and words[:-1] == before


def terms_of(typed: str) -> tuple[Term, ...]:
    """What is asked for: every term must be found. What is written in one, as A/12/26, is a phrase."""
    found = []
    for quoted, star, plain in _QUOTED_OR_NOT.findall(typed):
        words = tuple(folded_words(quoted or plain))
        if words:
            is_beginning = bool(star) or plain.endswith("*")
            found.append(Term(words, is_beginning and len(words[-1]) >= SHORTEST_BEGINNING))
    return tuple(dict.fromkeys(found))


def widened(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """The same terms, each word of which may go on: tried when the whole words are found nowhere."""
    return tuple(Term(term.words, len(term.words[-1]) >= SHORTEST_BEGINNING) for term in terms)
