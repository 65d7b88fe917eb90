"""The only place that shows where words were found: an excerpt with them marked, safe as HTML.

Each piece of text is escaped by itself and put between marks of our own, so that nothing that
was typed, or stood in a paper, can become markup.
"""

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

from casework.folding import folded_words, placed_words
from casework.search.asking import Term

LENGTH = 240
_PASSAGES = re.compile(rf"\S(?:.{{0,{LENGTH}}}(?=\s|$)|.{{0,{LENGTH}}})", re.DOTALL)


_BEGIN, _END = Markup("<mark>"), Markup("</mark>")


def marked(text: str, terms: tuple[Term, ...]) -> Markup:
    """The whole text with every term marked."""
    parts, end = [], 0
    for start, stop in _found(text, terms):
        parts += [escape(text[end:start]), _BEGIN, escape(text[start:stop]), _END]
        end = stop
    return Markup("").join([*parts, escape(text[end:])])


def excerpt(text: str, terms: tuple[Term, ...]) -> Markup:
    """The passage in which most of the terms stand, with them marked; the first one without any."""
    first = best = _PASSAGES.search(text)
    if first is None or best is None:
        return Markup()
    most = -1.0
    for passage in _PASSAGES.finditer(text):
        if (found := _terms_in(passage.group(), terms)) > most:
            best, most = passage, found
        if most == len(terms):
            break
    before = "… " if best.start() > first.start() else ""
    after = " …" if text[best.end() :].strip() else ""
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
        lengths = [len(term.words) for term in terms if term.stands_at(words, at)]
        stop = placed[at + max(lengths) - 1][2] if lengths else end
        if stop > end:
            yield max(start, end), stop
            end = stop
