"""The only place for taking the list of cases away: its formats and the event that says so."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from flask import Response

from casework.audit.record import NewEvent
from casework.cases.forms import CaseFilter
from casework.cases.rows import HEADER, CaseRow
from casework.web.downloads import CSV, ODS, attachment, csv_file, ods_file

EXPORTED = "list_exported"
MOST_IN_A_SPREADSHEET = 20_000


@dataclass(frozen=True)
class Kind:
    """A format of export; `most` is how many rows it may have, None for any number."""

    name: str
    media_type: str
    write: Callable[[Iterable[CaseRow]], bytes]
    most: int | None = None


KINDS = {
    "csv": Kind("csv", CSV, lambda rows: csv_file(HEADER, (row.cells() for row in rows))),
    "ods": Kind(
        "ods",
        ODS,
        lambda rows: ods_file("Cases", HEADER, (row.cells() for row in rows)),
        MOST_IN_A_SPREADSHEET,
    ),
}


def written(kind: Kind, rows: Iterable[CaseRow], today: date) -> Response:
    """The rows as a file to save."""
    name = f"cases-{today.isoformat()}.{kind.name}"
    return attachment(kind.write(rows), kind.media_type, name)


def too_many(count: int, kind: Kind) -> str:
    """The sentence for a list that a format cannot hold."""
    return (
        f"The list has {count:,} cases, and a spreadsheet may have {kind.most:,}. Nothing was "
        "exported. Narrow the list down, or take it as CSV."
    )


def event(kind: Kind, count: int, asked: CaseFilter, role: str) -> NewEvent:
    """The event of an export: what was asked for in codes, never the words that were typed."""
    stat = {"format": kind.name, "rows": count, "filters": asked.codes()}
    return NewEvent(EXPORTED, role, stat=stat)
