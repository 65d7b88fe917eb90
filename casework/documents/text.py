"""The only place that lays a report out for a terminal or a printer."""

import textwrap
from collections.abc import Iterator

from casework.counts.narrative import narrative
from casework.counts.report import Report
from casework.counts.wording import SECTIONS, WORDS, basis
from casework.documents.naming import command, heading, proof
from casework.documents.tables import Row, Table, tables
from workflows.calendar import in_words

WIDTH = 88


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
