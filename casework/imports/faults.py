"""The only place that arranges what is wrong or odd in a register for whoever mends it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from casework.imports.checking import Checked
from casework.imports.rows import Fault
from casework.web.downloads import csv_file
from casework.web.pagination import SIZE, Page

ERRORS, WARNINGS = "errors", "warnings"
WHOLE_ROW = "row"
"""What stands for the column where a fault is about the whole row, or the file."""


@dataclass(frozen=True)
class Shown:
    """A page of errors or of warnings, in the order of the rows, of one column or of all.

    `columns` are those that have any, with how many, the most first.
    """

    kind: str
    column: str | None
    columns: tuple[tuple[str, int], ...]
    page: Page


def shown(checked: Checked, kind: str, column: str | None, number: int) -> Shown:
    """What is asked for; without errors there are only warnings to show."""
    kind = kind if kind in (ERRORS, WARNINGS) else ERRORS
    kind = kind if checked.errors else WARNINGS
    faults = checked.errors if kind == ERRORS else checked.warnings
    columns = Counter(_column(fault) for fault in faults)
    column = column if column in columns else None
    chosen = [fault for fault in faults if column in (None, _column(fault))]
    return Shown(kind, column, tuple(columns.most_common()), _page(chosen, number))


def _column(fault: Fault) -> str:
    return fault.column or WHOLE_ROW


def _page(faults: Sequence[Fault], number: int) -> Page:
    start = (number - 1) * SIZE
    rows = tuple(faults[start : start + SIZE])
    return Page(rows, number, len(faults), False, start + SIZE < len(faults), SIZE)


def as_csv(checked: Checked) -> bytes:
    """Every error and warning as a table to take away."""
    rows = [
        (kind, fault.row, fault.column, fault.message)
        for kind, faults in (("Error", checked.errors), ("Warning", checked.warnings))
        for fault in faults
    ]
    return csv_file(("Kind", "Row", "Column", "What it is"), rows)
