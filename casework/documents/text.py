"""The only place that lays a report out for a terminal or a printer."""

import textwrap
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from casework.counts.narrative import basis, narrative
from casework.counts.report import Report
from casework.documents.honest import honest
from casework.documents.naming import command, heading, proof
from casework.documents.tables import Row, Table, tables
from workflows.calendar import in_words

WIDTH = 88
_ACROSS, _LABEL = 94, 58
"""How many characters a row of a table may have, and its label at the most."""


def as_text(report: Report) -> str:
    """The report for a terminal or a printer: sentences, tables, definitions."""
    head = (heading(report), report.settings.office_name, "", _filled(proof(report)))
    parts = ["\n".join(head), _filled(narrative(report))]
    parts += [_table(table) for table in (honest(report), *tables(report))]
    parts.append("\n\n".join(("DEFINITIONS", *_definitions(report))))
    parts.append(f"The same figures again:\n  {command(report)}")
    return "\n\n".join(parts) + "\n"


def _filled(words: str, indent: str = "") -> str:
    return textwrap.fill(
        words, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )


def _table(table: Table) -> str:
    lines = [table.title.upper()]
    if len(table.columns) > 1:
        lines += _heads(table.columns)
    lines += [_row(row) for row in table.rows] or ["  None"]
    return "\n".join((*lines, *([_filled(table.note, "  ")] if table.note else ())))


def _heads(titles: Sequence[str]) -> Iterator[str]:
    """The headings of columns, each over as many lines as it needs, the last above the numbers."""
    width = _width(len(titles))
    wrapped = [textwrap.wrap(title, width - 2)[::-1] for title in titles]
    for words in reversed(list(zip_longest(*wrapped, fillvalue=""))):
        yield _line("", words)


def _row(row: Row) -> str:
    return _line(row.label, [cell.text for cell in row.cells], "    " if row.is_part else "  ")


def _width(columns: int) -> int:
    return 12 if columns > 4 else 15


def _line(label: str, values: Sequence[str], indent: str = "  ") -> str:
    width = _width(len(values))
    across = min(_LABEL, _ACROSS - len(values) * width)
    first, *more = textwrap.wrap(label, across - 6) or [""]
    lines = [
        f"{indent}{first}".ljust(across) + "".join(f" {value:>{width - 1}}" for value in values)
    ]
    return "\n".join((*lines, *(f"{indent}  {rest}" for rest in more))).rstrip()


def _definitions(report: Report) -> Iterator[str]:
    status_on = in_words(report.status_on)
    for words in basis(status_on, report.settings.clock_start):
        yield _filled(words, "  ")
    for block in report.blocks:
        yield f"  {block.title}"
        for figure in block.words:
            yield _filled(f"{figure.title}: {figure.definition}", "    ")
