"""The only place that reads a register, row by row, into typed, normalised values.

What cannot be read is a fault with its row (the header is row 1) and column; nothing is
guessed, and nothing stops the reading of the other rows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import islice
from typing import Any, BinaryIO

from casework.audit.canonical import canonical
from casework.imports.cells import read_cell
from casework.imports.columns import COLUMNS
from casework.sheets import Numbered, SheetRefused, read_rows


@dataclass(frozen=True, slots=True)
class Fault:
    """Something to mend or to know: where in the register it is, and a sentence about it."""

    row: int
    column: str | None
    message: str


class RegisterRefused(Exception):
    """The register cannot be read, or not from here on; `faults` say where and why."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(" ".join(fault.message for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Row:
    """One row as it was read: blank cells are absent, days are `date`, lists are tuples.

    `unreadable` names the columns whose cells hold something else, each with a fault: what they
    should say is not known.
    """

    number: int
    values: Mapping[str, Any]
    faults: tuple[Fault, ...] = ()
    unreadable: frozenset[str] = frozenset()

    @property
    def reference(self) -> str | None:
        """The office's reference, None when it cannot be read."""
        return self.values.get("reference")

    @property
    def digest(self) -> str:
        """SHA-256 of the normalised values, hex: equal however dates and columns were written."""
        return sha256(
            canonical({name: _plain(held) for name, held in self.values.items()})
        ).hexdigest()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def read_register(file: BinaryIO, today: date) -> Iterator[Row]:
    """Each row of a register that is not blank, and again from the beginning when called again.

    Raises RegisterRefused where it cannot be read on.
    """
    try:
        records = read_rows(file)
        header = _header(records)
        for number, cells in records:
            yield _row(number, header, cells, today)
    except SheetRefused as refused:
        raise RegisterRefused(Fault(refused.row, None, str(refused))) from None


def count_rows(file: BinaryIO, most: int | None = None) -> int:
    """How many rows a register has that are not blank, as far as it can be read; `most` at most."""
    count = -1
    try:
        for _ in islice(read_rows(file), None if most is None else most + 1):
            count += 1
    except SheetRefused:
        pass
    return max(count, 0)


def _header(records: Iterator[Numbered]) -> list[str]:
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
    if faults:
        raise RegisterRefused(*faults)
    return names


def _row(number: int, header: Sequence[str], cells: Sequence[str], today: date) -> Row:
    if len(cells) != len(header):
        fault = Fault(
            number,
            None,
            f"The row has {len(cells)} cells and the header {len(header)}. Give each row as "
            "many cells as the header; put a cell that holds a comma in quotation marks.",
        )
        return Row(number, {}, (fault,), frozenset(COLUMNS))
    values: dict[str, Any] = {}
    faults = []
    for name, cell in zip(header, cells, strict=True):
        column = COLUMNS[name]
        try:
            value = read_cell(column, cell, today)
        except ValueError as error:
            faults.append(Fault(number, name, str(error)))
            continue
        if value is not None:
            values[name] = value
        elif column.is_required:
            faults.append(Fault(number, name, f"{name} is blank. {column.wanted}"))
    unreadable = frozenset(fault.column for fault in faults if fault.column)
    return Row(number, values, tuple(faults), unreadable)
