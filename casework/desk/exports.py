"""The only place for taking the list of cases away: its formats and the event that says so."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from flask import Response

from casework.audit.record import NewEvent
from casework.desk.forms import CaseFilter
from casework.web.case_words import CaseRow
from casework.web.downloads import CSV, ODS, Cell, attachment, csv_file, ods_file

EXPORTED = "list_exported"
MOST_IN_A_SPREADSHEET = 20_000
HEADER = (
    "Reference",
    "State",
    "Complainant",
    "Force",
    "Force’s reference",
    "Route",
    "Received on",
    "Acknowledged on",
    "Found valid on",
    "Closed on",
    "Waiting for",
    "Assigned to",
    "Next deadline",
    "Due on",
)


def cells(shown: CaseRow) -> tuple[Cell, ...]:
    """A case as an export has it, under `HEADER`."""
    row, deadline = shown.row, shown.deadline
    return (
        row.reference,
        shown.state.label,
        row.complainant_name,
        shown.force,
        row.force_reference,
        shown.route,
        row.received_on,
        row.acknowledged_on,
        row.validated_on,
        row.closed_on,
        shown.waiting_for,
        shown.assignee,
        deadline.label if deadline else None,
        deadline.due_on if deadline else None,
    )


@dataclass(frozen=True)
class Kind:
    """A format of export; `most` is how many rows it may have, None for any number."""

    name: str
    media_type: str
    write: Callable[[Iterable[CaseRow]], bytes]
    most: int | None = None


KINDS = {
    "csv": Kind("csv", CSV, lambda rows: csv_file(HEADER, (cells(row) for row in rows))),
    "ods": Kind(
        "ods",
        ODS,
        lambda rows: ods_file("Cases", HEADER, (cells(row) for row in rows)),
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
