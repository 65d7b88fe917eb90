"""The only place that reads a register's bytes into rows of typed, normalised values.

What cannot be read is a fault with its row (the header is row 1) and column; nothing is
guessed, and nothing stops the reading of the other rows.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from casework.audit.canonical import canonical
from casework.imports.cells import read_cell
from casework.imports.columns import COLUMNS, Column

LARGEST_FILE = 50_000_000


@dataclass(frozen=True)
class Fault:
    """Something to mend or to know: where in the register it is, and a sentence about it."""

    row: int
    column: str | None
    message: str


@dataclass(frozen=True)
class Row:
    """One row as it was read: blank cells are absent, days are `date`, lists are tuples."""

    number: int
    values: Mapping[str, Any]

    @property
    def reference(self) -> str:
        """The office's reference."""
        return str(self.values["reference"])

    @property
    def digest(self) -> str:
        """SHA-256 of the normalised values, hex: equal however dates and columns were written."""
        return sha256(
            canonical({name: _plain(held) for name, held in self.values.items()})
        ).hexdigest()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


class _Unreadable(Exception):
    """The register cannot be read on from here."""

    def __init__(self, row: int, message: str, column: str | None = None) -> None:
        super().__init__(message)
        self.fault = Fault(row, column, message)


@dataclass
class Reading:
    """What was read so far: `count` rows that are not blank, those that are whole, every fault."""

    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    count: int = 0


def read_register(content: bytes, today: date) -> Reading:
    """Read a register in full; it is as good as its list of faults is empty."""
    reading = Reading()
    try:
        records = _records(_text(content))
        header, faults = _header(records)
        reading.faults += faults
        for number, cells in records if not faults else ():
            reading.count += 1
            found = _row(number, header, cells, today)
            if isinstance(found, Row):
                reading.rows.append(found)
            else:
                reading.faults += found
    except _Unreadable as unreadable:
        reading.faults.append(unreadable.fault)
    return reading


def _text(content: bytes) -> str:
    if len(content) > LARGEST_FILE:
        raise _Unreadable(
            1, f"The register is larger than {LARGEST_FILE // 1_000_000} MB. Split it into parts."
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _Unreadable(
            _line_of(content, error.start),
            "The register is not in UTF-8 here. Save it again as “CSV UTF-8”.",
        ) from None
    if "\0" in text:
        raise _Unreadable(
            _line_of(content, content.index(b"\0")),
            "There is a NUL character here, so this is not a CSV file in UTF-8. Save it again as "
            "“CSV UTF-8”.",
        )
    return text


def _line_of(content: bytes, position: int) -> int:
    return content.count(b"\n", 0, position) + 1


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record that is not wholly blank, with its number; the header is record 1."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise _Unreadable(
                number,
                "From here on the register cannot be read as CSV: a quotation mark is not closed, "
                f"or a cell is longer than {csv.field_size_limit():,} characters. Save it again "
                "as “CSV UTF-8”.",
            ) from None
        if number == 1 or any(cell.strip() for cell in cells):
            yield number, cells


def _header(records: Iterator[tuple[int, list[str]]]) -> tuple[list[str], list[Fault]]:
    names = [cell.strip() for cell in next(records, (1, []))[1]]
    accepted = f"The columns are: {', '.join(COLUMNS)}."
    faults = [
        Fault(1, name, f"There is no column called {name!r}, with commas between. {accepted}")
        for name in names
        if name not in COLUMNS
    ]
    faults += [
        Fault(1, name, f"The column {name} is there twice. Keep one of them.")
        for name in dict.fromkeys(names)
        if name in COLUMNS and names.count(name) > 1
    ]
    faults += [
        Fault(1, name, f"The header has no column {name}, which is needed. {accepted}")
        for name, column in COLUMNS.items()
        if column.is_required and name not in names
    ]
    return names, faults


def _row(
    number: int, header: Sequence[str], cells: Sequence[str], today: date
) -> Row | list[Fault]:
    if len(cells) != len(header):
        return [
            Fault(
                number,
                None,
                f"The row has {len(cells)} cells and the header {len(header)}. Give each row as "
                "many cells as the header; put a cell that holds a comma in quotation marks.",
            )
        ]
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, cell in zip(header, cells, strict=True):
        try:
            value = read_cell(COLUMNS[name], cell, today)
        except ValueError as error:
            faults.append(Fault(number, name, str(error)))
            continue
        if value is not None:
            values[name] = value
        elif COLUMNS[name].is_required:
            faults.append(Fault(number, name, f"{name} is blank. {_needed(COLUMNS[name])}"))
    return faults or Row(number, values)


def _needed(column: Column) -> str:
    return (
        "Give the day as YYYY-MM-DD or DD/MM/YYYY."
        if column.kind == "day"
        else "Give the office’s reference of the review."
    )
