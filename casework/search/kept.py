"""The only place that keeps the words somebody looked for: in their session, never in an address.

Words are mostly names. Addresses stand in histories, logs and letters of referral; so an address
names the search by a number, and the session, which ends with signing out, knows its words: sealed
for that person, as a session is a cookie, which lies in the browser for whoever looks there.
"""

from collections.abc import MutableMapping
from itertools import accumulate
from typing import Any

import orjson
from cryptography.fernet import Fernet, InvalidToken

KEY = "searches"
MOST = 8
"""How many searches are remembered."""
MOST_BYTES = 1_200
"""Of the older ones in UTF-8, as a cookie holds 4,096."""


def keep(session: MutableMapping[str, Any], box: Fernet, words: str) -> str:
    """Remember words as the newest search, sealed by `box`; its number."""
    kept = _opened(session, box)
    known = next((number for number, each in kept.items() if each == words), None)
    if known is not None:
        return known
    number = str(max(map(int, kept), default=0) + 1)
    newest_first = sorted({**kept, number: words}.items(), key=lambda item: -int(item[0]))
    left = dict(newest_first[:1] + _with_room(newest_first[1:MOST]))
    session[KEY] = box.encrypt(orjson.dumps(left)).decode()
    return number


def _with_room(older: list[tuple[str, str]]) -> list[tuple[str, str]]:
    sizes = accumulate(len(words.encode()) for _, words in older)
    return [each for each, size in zip(older, sizes, strict=True) if size <= MOST_BYTES]


def words_of(session: MutableMapping[str, Any], box: Fernet, number: str) -> str | None:
    """The words of a search by its number, None when they are not remembered any more."""
    return _opened(session, box).get(number)


def _opened(session: MutableMapping[str, Any], box: Fernet) -> dict[str, str]:
    try:
        return dict(orjson.loads(box.decrypt(session.get(KEY, ""))))
    except (InvalidToken, TypeError):  # nothing, somebody else's, or from an earlier release
        return {}
