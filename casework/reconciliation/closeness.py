"""The only place that says when references that are not the same may yet be one with a slip in it.

Compared are keys (`casework.keys.reference_key`). What is close is shown to people, and never
taken for the same.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import chain

SHORTEST = 5
"""Letters and figures a key must have to be close to another: of “12” and “13” nothing follows."""
_YEAR = re.compile(r"20([0-9]{2})$")


class CloseKeys:
    """Keys by what they are close to, found in a time that does not grow with their number."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._short: dict[str, set[str]] = defaultdict(set)
        self._one_less: dict[str, set[str]] = defaultdict(set)
        for key in keys:
            self._short[_with_short_year(key)].add(key)
            for form in _one_less(key):
                self._one_less[form].add(key)

    def to(self, key: str) -> set[str]:
        """The keys that this one, which is none of them, is close to."""
        if len(key) < SHORTEST:
            return set()
        tried = (self._one_less.get(form, ()) for form in _one_less(key))
        one_off = {each for each in chain(*tried) if is_one_off(key, each)}
        return one_off | self._short.get(_with_short_year(key), set())


def is_one_off(one: str, other: str) -> bool:
    """Whether one character is another, is missing, is too many, or two neighbours are swapped."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    is_swapped = short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
    return is_swapped or short[at + 1 :] == long[at + 1 :]


def _with_short_year(key: str) -> str:
    """The key with a year at its end in two figures: of “co1232026” that is “co12326”."""
    return _YEAR.sub(r"\1", key)


def _one_less(key: str) -> set[str]:
    """The key, and what is left with one character taken out: two that are one off share one."""
    return {key, *(key[:at] + key[at + 1 :] for at in range(len(key)))}
