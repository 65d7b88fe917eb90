"""The only place that keeps the words somebody looked for: in their session, never in an address.

Words are mostly names. Addresses stand in histories, logs and letters of referral; so an address
names the search by a number, and the session, which ends with signing out, knows its words.
"""

from collections.abc import MutableMapping
from typing import Any

KEY = "searches"
MOST = 5
"""How many searches are remembered: a session is a cookie, and a cookie holds 4,096 bytes."""


def keep(session: MutableMapping[str, Any], words: str) -> str:
    """Remember words as the newest search; its number."""
    kept = dict(session.get(KEY, {}))
    known = next((number for number, each in kept.items() if each == words), None)
    if known is not None:
        return str(known)
    number = str(max(map(int, kept), default=0) + 1)
    kept[number] = words
    session[KEY] = dict(sorted(kept.items(), key=lambda item: int(item[0]))[-MOST:])
    return number


def words_of(session: MutableMapping[str, Any], number: str) -> str | None:
    """The words of a search by its number, None when they are not remembered any more."""
    words: str | None = session.get(KEY, {}).get(number)
    return words
