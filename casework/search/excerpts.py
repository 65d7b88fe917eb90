"""The only place that shows where words were found: an excerpt with them marked, safe as HTML.

Each piece of text is escaped by itself and put between marks of our own, so that nothing that
was typed, or stood in a paper, can become markup.
"""

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

from casework.index.folding import folded_words, placed_words
from casework.search.asking import Term

LENGTH = 240
_PASSAGES = re.compile(rf"\S(?:.{{0,{LENGTH}}}(?=\s|$)|.{{0,{LENGTH}}})", re.DOTALL)


def marked(text: str, terms: tuple[Term, ...]) -> Markup:
    """The whole text with every term marked."""
    done, end = Markup(), 0
    for start, stop in _found(text, terms):
        mark = Markup("<mark>{}</mark>").format(text[start:stop])
        done += escape(text[end:start]) + mark
        end = stop
    return done + escape(text[end:])


def excerpt(text: str, terms: tuple[Term, ...]) -> Markup:
    """The passage in which most of the terms stand, with them marked; the first one without any."""
    passages = list(_PASSAGES.finditer(text))
    best = max(passages, key=lambda passage: _terms_in(passage.group(), terms), default=None)
    if best is None:
        return Markup()
    before = "… " if best.start() > passages[0].start() else ""
    after = " …" if best is not passages[-1] else ""
    return before + marked(best.group(), terms) + after


def _terms_in(passage: str, terms: tuple[Term, ...]) -> float:
    """How many terms a passage has; the words of a phrase that it has count for a little."""
    said = " ".join(["", *folded_words(passage), ""])
    return sum(_weight(said, term) for term in terms)


def _weight(said: str, term: Term) -> float:
    phrase = " ".join(["", *term.words]) + ("" if term.is_beginning else " ")
    if phrase in said:
        return 1
    return sum(f" {word}" in said for word in term.words) / (2 * len(term.words))


def _found(text: str, terms: tuple[Term, ...]) -> Iterator[tuple[int, int]]:
    """Where the terms stand in a text, in order and without overlap."""
    placed = placed_words(text)
    words = [word for word, _, _ in placed]
    end = 0
    for at, (_, start, _) in enumerate(placed):
        stops = [
            placed[at + len(term.words) - 1][2]
            for term in terms
            if at + len(term.words) <= len(words) and term.matches(words[at : at + len(term.words)])
        ]
        if stops and max(stops) > end:
            yield max(start, end), max(stops)
            end = max(stops)
