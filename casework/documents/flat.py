"""The only place that writes a report as flat rows: one figure a row, as CSV."""

import csv
from collections.abc import Iterator
from io import StringIO
from itertools import chain

from casework.counts.lives import Period
from casework.counts.report import Report
from casework.documents.cells import WITHHELD, WITHHELD_SIGN
from casework.documents.tables import Row, tables
from casework.web.downloads import csv_text


def as_csv(report: Report) -> str:
    """One figure a row, each once: section, figure, period, value, definition.

    Not applicable is empty, withheld is "[c]". The section `report` says what the figures are of.
    """
    written = StringIO(newline="")
    rows = csv.writer(written)
    rows.writerow(("section", "figure", "period", "value", "definition"))
    rows.writerows(map(csv_text, fact) for fact in _facts(report))
    figures = (_csv_row(report, row) for table in tables(report) for row in table.rows)
    # The first quarter is also the year to its end; the whole year is so too.
    rows.writerows(dict.fromkeys(chain.from_iterable(figures)))
    return written.getvalue()


def _facts(report: Report) -> Iterator[tuple[str, ...]]:
    for name, value, definition in (
        ("office", report.settings.office_name, "The office, by its name at this log size."),
        ("status_on", report.status_on.isoformat(), "The day on which cases stand as counted."),
        ("log_size", str(report.log_size), "How many recorded actions were counted from."),
        ("log_root", report.log_root, "The root of the audit log at that size."),
        ("edition", str(report.edition.number), "The edition of the measures."),
    ):
        yield "report", name, _days(report.whole.period), value, definition


def _csv_row(report: Report, row: Row) -> Iterator[tuple[str, ...]]:
    for cell in row.cells:
        section, _, name = cell.figure.partition(".")
        value = "" if cell.value is None else str(cell.value)
        if cell.text == WITHHELD:
            value = WITHHELD_SIGN
        words = report.edition.words_of(cell.figure)
        definition = f"{words.title}. {words.definition}"
        yield section, name, _days(cell.period), value, definition


def _days(period: Period) -> str:
    return f"{period.from_on.isoformat()} to {period.to_on.isoformat()}"
