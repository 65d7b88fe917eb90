"""The only place that says when two references, numbers, names or addresses are taken for the same.

Each function gives what is compared, at most `LONGEST` characters, or None where there is
nothing to compare by. Keys are as personal as the words they are made of.
"""

import re

from casework.folding import folded_words

LONGEST = 200
SHORTEST_NUMBER = 6
_PART = re.compile(r"[0-9]+|[^0-9]+")
_POSTCODE = re.compile(r"\b([a-z]{1,2}[0-9][a-z0-9]?)\s*([0-9][a-z]{2})\b", re.IGNORECASE)
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr"})


def reference_key(text: str) -> str | None:
    """A force's reference without case, spaces, separators and the zeros that numbers begin with.

    "CO/00123/26", "co 123-26" and "CO12326" are the same. None for what has no number in it.
    """
    parts = (part for word in folded_words(text) for part in _PART.findall(word))
    key = "".join(part.lstrip("0") if part.isdecimal() else part for part in parts)
    return key[:LONGEST] if any(character.isdecimal() for character in key) else None


def email_key(text: str) -> str | None:
    """An email address without upper case and spaces."""
    key = "".join(text.split()).casefold()
    return key[:LONGEST] if "@" in key else None


def telephone_key(text: str) -> str | None:
    """The figures of a telephone number, without the country code of the United Kingdom."""
    figures = re.sub(r"[^0-9]", "", text).lstrip("0")
    key = figures.removeprefix("44").lstrip("0")
    return key[:LONGEST] if len(key) >= SHORTEST_NUMBER else None


def name_key(text: str) -> str | None:
    """The words of a name in any order, without accents, case and courtesy titles."""
    return _joined(sorted(word for word in folded_words(text) if word not in _TITLES))


def address_key(text: str) -> str | None:
    """The postcode of an address; without one, its words."""
    found = _POSTCODE.findall(text)
    return "".join(found[-1]).lower() if found else _joined(folded_words(text))


def _joined(words: list[str]) -> str | None:
    return " ".join(words)[:LONGEST] or None
