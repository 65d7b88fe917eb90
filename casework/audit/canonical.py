"""The only place for the exact bytes that a value is hashed and committed to as (RFC 8785).

For the log's closed kind of values, `orjson` with sorted keys writes the very bytes of RFC 8785.
It would write others too, and differently (decimals, times, keys beyond ASCII), so whatever lies
outside is refused first.
"""

from unicodedata import is_normalized

import orjson

# The largest whole number that every JSON reader, a browser's too, holds exactly.
LARGEST_INTEGER = 2**53 - 1
# Events are two or three deep; what is deeper is a mistake, or holds itself and never ends.
_DEEPEST = 16


def canonical(value: object) -> bytes:
    """`value` as canonical JSON in UTF-8, RFC 8785.

    Takes dicts with ASCII text keys, lists and tuples, text, whole numbers between -(2**53 - 1)
    and 2**53 - 1, booleans and None. Text must be in Unicode normal form C and free of NUL, which
    PostgreSQL cannot store. Raises ValueError for anything else, with a sentence that says where
    it is but never what it holds: it may be personal.
    """
    _check(value, "the value", 0)
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _check(value: object, where: str, depth: int) -> None:
    if depth > _DEEPEST:
        raise _refusal(where, "it lies too deep", f"nest at most {_DEEPEST} levels")
    match value:
        case None | bool():
            pass
        case str():
            _check_text(value, where)
        case int():
            if abs(value) > LARGEST_INTEGER:
                raise _refusal(where, "the number is too large", "keep numbers below 2 to the 53")
        case dict():
            for key, held in value.items():
                _check(held, f"{where}, {_checked_key(key, where)}", depth + 1)
        case list() | tuple():
            for position, held in enumerate(value, 1):
                _check(held, f"{where}, item {position}", depth + 1)
        case _:
            raise _refusal(
                where,
                f"a {type(value).__name__} has no one way of being written",
                "give text, whole numbers, true, false, nothing, or lists and dicts of them",
            )


def _checked_key(key: object, where: str) -> str:
    if type(key) is not str or not key.isascii() or "\0" in key:
        raise _refusal(where, "it has a name that is not plain text", "use ASCII names only")
    return key


def _check_text(text: str, where: str) -> None:
    if "\0" in text:
        raise _refusal(where, "the text holds a NUL character", "remove it")
    if text.isascii():
        return
    try:
        text.encode()
    except UnicodeEncodeError:
        reason = "the text holds half of a character (a lone surrogate)"
        raise _refusal(where, reason, "remove it") from None
    if not is_normalized("NFC", text):
        raise _refusal(where, "the text is not in Unicode normal form C", "normalise it first")


def _refusal(where: str, reason: str, remedy: str) -> ValueError:
    return ValueError(f"Nothing was written, because of {where}: {reason}. To mend it, {remedy}.")
