"""The only place that reads one cell of a register: its column says what it may hold."""

import re
import unicodedata
from datetime import date
from typing import Any

from casework.imports.columns import MOST_OBSERVATIONS, SEPARATOR, Column
from workflows.calendar import in_words

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_BRITISH = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")

_FAILED = frozenset(
    ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!")
)


def read_cell(column: Column, cell: str, today: date) -> Any:
    """The value of one cell, None when it is blank. Raises ValueError with a sentence."""
    text = unicodedata.normalize("NFC", cell.replace("\r\n", "\n")).strip()
    if not text:
        return None
    if text in _FAILED:
        raise ValueError(
            f"{text} is what a spreadsheet writes where a formula failed. Give the value itself."
        )
    if column.kind == "day":
        return _day(column, text, today)
    if column.kind == "code":
        return _code(column, text)
    if column.kind == "codes":
        return _code_list(column, text)
    if column.kind == "number":
        return _number(column, text)
    return _words(column, text)


def _day(column: Column, text: str, today: date) -> date:
    iso, british = _ISO.fullmatch(text), _BRITISH.fullmatch(text)
    parts = iso.groups() if iso else british.groups()[::-1] if british else None
    if parts is None:
        raise ValueError(f"{_shown(text)} is not a day. Give it as YYYY-MM-DD or DD/MM/YYYY.")
    try:
        day = date(*map(int, parts))
    except ValueError:
        raise ValueError(
            f"{text} is a day that does not exist. Give a real one as YYYY-MM-DD or DD/MM/YYYY."
        ) from None
    if day > today:
        raise ValueError(
            f"{in_words(day)} is in the future. Give a day up to today, {in_words(today)}."
        )
    if day < column.earliest_on:
        raise ValueError(
            f"{in_words(day)} is too early. Give a day from {in_words(column.earliest_on)} on."
        )
    return day


def _code(column: Column, text: str) -> str:
    if text not in column.codes:
        raise ValueError(
            f"{_shown(text)} is not a code of {column.name}. Accepted: "
            f"{' '.join(column.codes)}, or blank where it is not known."
        )
    return text


def _code_list(column: Column, text: str) -> tuple[str, ...] | None:
    """Codes in order; blank places at the end are no places."""
    parts = [part.strip() for part in text.split(SEPARATOR)]
    while parts and not parts[-1]:
        parts.pop()
    codes = [part if column.may_skip and not part else _code(column, part) for part in parts]
    return tuple(codes if column.may_repeat else dict.fromkeys(codes)) or None


def _number(column: Column, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9) or int(text) > MOST_OBSERVATIONS:
        raise ValueError(
            f"{_shown(text)} is not a number of {column.name}. Give a whole number from 0 to "
            f"{MOST_OBSERVATIONS:,}."
        )
    return int(text)


def _words(column: Column, text: str) -> str:
    if len(text) > column.longest:
        raise ValueError(
            f"{column.name} is {len(text):,} characters long. Give {column.longest:,} or fewer."
        )
    if column.is_one_line and not text.isprintable():
        raise ValueError(f"{column.name} holds a line break or control character. Take it out.")
    return text


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:60]}…")
