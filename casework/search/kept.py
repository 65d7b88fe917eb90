"""The only place that keeps the words somebody looked for: in their session, never in an address.

Words are mostly names. Addresses stand in histories, logs and letters of referral; so an address
names the search by a number, and the session, which ends with signing out, knows its words.
"""

from collections.abc import MutableMapping
from itertools import accumulate
from typing import Any

KEY = "searches"
MOST = 8
"""How many searches are remembered."""
MOST_BYTES = 1_200
"""Of the older ones in UTF-8, as a session is a cookie, and a cookie holds 4,096."""


def keep(session: MutableMapping[str, Any], words: str) -> str:
    """Remember words as the newest search; its number."""
    kept = dict(session.get(KEY, {}))
    known = next((number for number, each in kept.items() if each == words), None)
    if known is not None:
        return str(known)
    number = str(max(map(int, kept), default=0) + 1)
    newest_first = sorted({**kept, number: words}.items(), key=lambda item: -int(item[0]))
    session[KEY] = dict(newest_first[:1] + _with_room(newest_first[1:MOST]))
    return number


def _with_room(older: list[tuple[str, str]]) -> list[tuple[str, str]]:
    sizes = accumulate(len(words.encode()) for _, words in older)
    return [each for each, size in zip(older, sizes, strict=True) if size <= MOST_BYTES]


def words_of(session: MutableMapping[str, Any], number: str) -> str | None:
    """The words of a search by its number, None when they are not remembered any more."""
    words: str | None = session.get(KEY, {}).get(number)
    return words
