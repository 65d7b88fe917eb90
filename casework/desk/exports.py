"""The only place for taking the register away: its formats and the event that says so."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Response

from casework.audit.record import NewEvent
from casework.desk.columns import Column
from casework.desk.forms import CaseFilter
from casework.web.case_words import CaseRow
from casework.web.downloads import CSV, XLSX, Cell, attachment, csv_file, xlsx_file
from casework.web.ods import MEDIA_TYPE as ODS
from casework.web.ods import Sheet, ods_file

EXPORTED = "list_exported"
MOST_IN_A_SPREADSHEET = 20_000
TITLE = "Cases"


@dataclass(frozen=True)
class Kind:
    """A format of export; `most` is how many rows it may have, None for any number."""

    name: str
    label: str
    media_type: str
    write: Callable[[Sequence[str], Iterable[Sequence[Cell]]], bytes]
    most: int | None = None


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "xlsx",
            "Excel (XLSX)",
            XLSX,
            lambda header, rows: xlsx_file(TITLE, header, rows),
            MOST_IN_A_SPREADSHEET,
        ),
        Kind(
            "ods",
            "OpenDocument (ODS)",
            ODS,
            lambda header, rows: ods_file(TITLE, [Sheet(TITLE, header=header, rows=rows)]),
            MOST_IN_A_SPREADSHEET,
        ),
        Kind("csv", "CSV", CSV, csv_file),
    )
}


def written(
    kind: Kind, columns: tuple[Column, ...], rows: Iterable[CaseRow], today: date
) -> Response:
    """The rows as a file to save, with exactly these columns."""
    header = [column.label for column in columns]
    cells = ([column.cell(row) for column in columns] for row in rows)
    name = f"cases-{today.isoformat()}.{kind.name}"
    return attachment(kind.write(header, cells), kind.media_type, name)


def too_many(count: int, kind: Kind) -> str:
    """The sentence for a list that a format cannot hold."""
    return (
        f"The list has {count:,} cases, and a spreadsheet may have {kind.most:,}. Nothing was "
        "exported. Narrow the list down, or take it as CSV."
    )


def event(kind: Kind, count: int, asked: CaseFilter, role: str) -> NewEvent:
    """The event of an export: what was asked for in codes, never the words that were typed."""
    columns = [column.code for column in asked.shown]
    stat = {"format": kind.name, "rows": count, "filters": asked.codes(), "columns": columns}
    return NewEvent(EXPORTED, role, stat=stat)
