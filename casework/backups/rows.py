"""The only place that writes rows as lines of JSON that belong to no database, and reads them."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import JSON, Table, TypeDecorator
from sqlalchemy.types import TypeEngine

LEFT_OUT = frozenset(
    {
        # made anew from the log and the files
        *("milestone", "milestone_source", "search_entry", "search_words"),
        # sealed under keys of sessions, or good for a day; neither outlives a restore
        *("held_file", "set_password_link", "staff_session", "limited_use"),
    }
)
"""Tables that are in no backup."""
_KINDS = {bytes: "bytes", date: "day", datetime: "instant"} | dict.fromkeys(
    (bool, int, str), "plain"
)
KINDS = frozenset(_KINDS.values())
"""The kinds that a column can be of."""
_READ: dict[str, Callable[[str], Any]] = {
    "bytes": b64decode,
    "day": date.fromisoformat,
    "instant": datetime.fromisoformat,
}


def kinds_of(table: Table) -> dict[str, str]:
    """The kind of each column by its name: bytes, day, instant, or plain, which is as JSON has it."""
    return {str(column.name): _kind(column.type) for column in table.columns}


def _kind(declared: TypeEngine[Any]) -> str:
    stored = declared.impl_instance if isinstance(declared, TypeDecorator) else declared
    return "plain" if isinstance(stored, JSON) else _KINDS[stored.python_type]


def written(row: Mapping[str, Any]) -> bytes:
    """A row as a line: bytes as base64, days and instants as RFC 3339 has them, the rest as JSON has it."""
    return orjson.dumps(row, default=_base64, option=orjson.OPT_APPEND_NEWLINE)


def _base64(value: Any) -> str:
    if not isinstance(value, bytes):
        raise TypeError(type(value))
    return b64encode(value).decode()


def read(line: bytes, kinds: Mapping[str, str]) -> dict[str, Any]:
    """The row that a line tells. ValueError where it tells none of this table."""
    try:
        return {name: _value(kinds[name], told) for name, told in orjson.loads(line).items()}
    except (AttributeError, KeyError, TypeError) as fault:
        raise ValueError(type(fault).__name__) from None


def _value(kind: str, told: Any) -> Any:
    return _READ[kind](told) if kind in _READ and told is not None else told
