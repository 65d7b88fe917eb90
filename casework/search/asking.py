"""The only place that reads what somebody types into the search: words, “phrases” and beginning*.

Anything may be typed. What holds no letter or figure asks for nothing; there is no other syntax,
so nothing can be wrong with it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from casework.folding import folded_words

LONGEST_TYPED = 200
SHORTEST_BEGINNING = 3
"""Letters before a “*”: with fewer, half of all words would be meant."""
_QUOTED_OR_NOT = re.compile(r'["“”„]([^"“”„]*)["“”](\*?)|(\S+)')


@dataclass(frozen=True)
class Term:
    """Words that must stand together in this order; of a beginning, the last may go on."""

    words: tuple[str, ...]
    is_beginning: bool = False

    def stands_at(self, words: Sequence[str], at: int) -> bool:
        """Whether the term stands at a place among folded words."""
        if len(self.words) == 1 and not self.is_beginning:
            return words[at] == self.words[0]
        *before, last = self.words
        end = at + len(before)
        if end >= len(words) or list(words[at:end]) != before:
            return False
        return words[end].startswith(last) if self.is_beginning else words[end] == last


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
