"""The only place that says which words are alike: folded to letters and figures, without accents.

Both databases are handed folded words, so that neither's own idea of a word or of an accent
decides what is found.
"""

import re
from unicodedata import category, normalize

LONGEST_WORD = 64
"""Characters of a word that are compared; what is longer is no word that anybody types."""
_JOINED = frozenset("'’ʼ‘")
"""Between letters these are no gap: O’Brien is found as OBrien, and officer’s as officers."""
_LETTERS = {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
"""Letters of names that Unicode does not take apart and British keyboards do not have."""
_ASCII = re.compile(r"[A-Za-z0-9](?:'*[A-Za-z0-9])*")


class _Folds(dict[int, str]):
    """What each character becomes, worked out when it is first met; "" joins, " " parts."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _folded(chr(code))
        return folded


def _folded(character: str) -> str:
    plain = normalize("NFKD", normalize("NFKD", character).casefold())
    return "".join(_plain(part) for part in plain)


def _plain(part: str) -> str:
    if part in _JOINED or category(part)[0] == "M" or category(part) == "Cf":
        return ""
    return _LETTERS.get(part, part) if part.isalnum() else " "


_FOLDS = _Folds()


def folded_words(text: str) -> list[str]:
    """The words of a text as they are compared, in order."""
    return [word[:LONGEST_WORD] for word in text.translate(_FOLDS).split()]


def placed_words(text: str) -> list[tuple[str, int, int]]:
    """The words of a text as they are compared, each with where it begins and ends in the text."""
    if text.isascii():  # as most passages are; several times as fast
        found = ((m.group().replace("'", "").lower(), *m.span()) for m in _ASCII.finditer(text))
        return [(word[:LONGEST_WORD], start, end) for word, start, end in found]
    placed: list[tuple[str, int, int]] = []
    word, start, end = "", 0, 0
    for place, character in enumerate(text):
        for part in _FOLDS[ord(character)]:
            if part != " ":
                start = start if word else place
                word, end = word + part, place + 1
            elif word:
                placed.append((word[:LONGEST_WORD], start, end))
                word = ""
    return [*placed, (word[:LONGEST_WORD], start, end)] if word else placed
