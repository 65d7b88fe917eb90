"""The only place that writes a report as a file: JSON, text, CSV, and a page that stands alone."""

import csv
import json
import textwrap
from collections.abc import Iterator
from io import StringIO
from itertools import chain

from flask import current_app

from casework.counts.lives import Period
from casework.counts.narrative import narrative
from casework.counts.plain import as_plain
from casework.counts.report import Report
from casework.counts.wording import SECTIONS, WORDS, basis, words_of
from casework.documents.tables import Row, Table, command, heading, proof, tables
from workflows.calendar import in_words

WIDTH = 88


def as_json(report: Report) -> str:
    """The report under its published names; the same report gives the same bytes."""
    return json.dumps(as_plain(report), ensure_ascii=False, indent=1) + "\n"


def as_csv(report: Report) -> str:
    """One figure a row, each once: section, figure, period, value, definition.

    Not applicable is empty. The section `report` says what the figures are of.
    """
    written = StringIO(newline="")
    rows = csv.writer(written)
    rows.writerow(("section", "figure", "period", "value", "definition"))
    rows.writerows(_facts(report))
    figures = (_csv_row(table, row) for table in tables(report) for row in table.rows)
    # The first quarter is also the year to its end; the whole year is so too.
    rows.writerows(dict.fromkeys(chain.from_iterable(figures)))
    return written.getvalue()


def _facts(report: Report) -> Iterator[tuple[str, ...]]:
    for name, value, definition in (
        ("office", report.settings.office_name, "The office, by its name at this log size."),
        ("status_on", report.status_on.isoformat(), "The day on which cases stand as counted."),
        ("log_size", str(report.log_size), "How many recorded actions were counted from."),
        ("log_root", report.log_root, "The root of the audit log at that size."),
    ):
        yield "report", name, _days(report.whole.period), value, definition


def _csv_row(table: Table, row: Row) -> Iterator[tuple[str, ...]]:
    for cell in row.cells:
        value = "" if cell.value is None else str(cell.value)
        words = words_of(cell.figure)
        definition = row.definition or f"{words.title}. {words.definition}"
        yield table.section, cell.name, _days(cell.period), value, definition


def _days(period: Period) -> str:
    return f"{period.from_on.isoformat()} to {period.to_on.isoformat()}"


def as_text(report: Report) -> str:
    """The report for a terminal or a printer: sentences, tables, definitions."""
    head = (heading(report), report.settings.office_name, "", _filled(proof(report)))
    parts = ["\n".join(head), _filled(narrative(report))]
    parts += [_table_text(table) for table in tables(report)]
    parts.append("\n\n".join(("DEFINITIONS", *_definitions(report))))
    parts.append(f"The same figures again:\n  {command(report)}")
    return "\n\n".join(parts) + "\n"


def _filled(words: str, indent: str = "") -> str:
    return textwrap.fill(
        words, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )


def _table_text(table: Table) -> str:
    lines = [table.title.upper()]
    if len(table.columns) > 1:
        lines.append(_line("", [_short(column) for column in table.columns]))
    lines += [_row_text(row) for row in table.rows]
    return "\n".join(lines if table.rows else (*lines, "  None"))


def _row_text(row: Row) -> str:
    return _line(row.label, [cell.text for cell in row.cells], "    " if row.is_part else "  ")


def _short(column: str) -> str:
    """A heading that fits above its numbers: "To 30 September 2022" is "To 30 Sep"."""
    if column.startswith("From "):
        return "to letter" if column.endswith("letter") else "to decision"
    return column[: len("To 30 Sep")] if column.startswith("To ") else column


def _line(label: str, values: list[str], indent: str = "  ") -> str:
    across = 46 if len(values) == 1 else 34
    width = 18 if len(values) == 3 else 15
    first, *more = textwrap.wrap(label, across - 6) or [""]
    lines = [f"{indent}{first}".ljust(across) + "".join(f"{value:>{width}}" for value in values)]
    return "\n".join((*lines, *(f"{indent}  {rest}" for rest in more))).rstrip()


def _definitions(report: Report) -> Iterator[str]:
    status_on = in_words(report.status_on)
    for words in basis(status_on, report.settings.clock_start):
        yield _filled(words, "  ")
    for section, figures in WORDS.items():
        yield f"  {SECTIONS[section]}"
        for figure in figures:
            yield _filled(f"{figure.title}: {figure.definition}", "    ")


def as_html(report: Report) -> str:
    """A page that stands alone: no style sheet, script or picture from elsewhere.

    Needs an application context, for the templates.
    """
    template = current_app.jinja_env.get_template("reporting/standalone.html")
    return template.render(
        heading=heading(report),
        report=report,
        narrative=narrative(report),
        tables=tables(report),
        words=WORDS,
        sections=SECTIONS,
        basis=basis(in_words(report.status_on), report.settings.clock_start),
        proof=proof(report),
        command=command(report),
    )
