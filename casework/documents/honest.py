"""The only place for the honest table: a period's work and what is left of it, beside a year before.

Its rows are what those who scrutinise an office ask for, in their order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from casework.counts.report import Report
from casework.documents.cells import Cell, Column, column, share
from casework.documents.naming import short_name
from casework.documents.tables import Row, Table
from workflows.calendar import in_words

NAME = "at_a_glance"
TITLE = "At a glance"


@dataclass(frozen=True)
class Line:
    """A row: its label, the figure it prints, and `of` what that is some: figures added up.

    `by` is a breakdown whose codes follow it; `is_part` a row that is part of the one above.
    """

    label: str
    figure: str
    of: tuple[str, ...] = ()
    by: str = ""
    is_part: bool = False


LINES = (
    Line("Open at the start", "activity.brought_forward"),
    Line("Received", "activity.received"),
    Line("Acknowledged in time", "acknowledgement.within_target", of=("acknowledgement.known",)),
    Line("Late applications accepted", "late.accepted"),
    Line("Late applications refused", "late.refused"),
    Line("Found invalid, by reason", "activity.found_invalid", by="found_invalid.by_reason"),
    Line("Forwarded to the IOPC", "activity.forwarded"),
    Line("Withdrawn", "activity.withdrawn"),
    Line("Upheld, of those decided", "activity.upheld", of=("activity.completed",)),
    Line("Not upheld", "activity.not_upheld"),
    Line("Reopened", "activity.reopened"),
    Line("Open at the end", "activity.carried_forward"),
    Line("over target", "open_cases.over_target", is_part=True),
    Line("oldest, in working days", "open_cases.oldest_working_days", is_part=True),
    Line(
        "From receipt to the decision letter, median working days",
        "durations.received_notified.median_working_days",
    ),
    Line("90th percentile", "durations.received_notified.p90_working_days", is_part=True),
    Line(
        "of which waiting for the force, mean",
        "durations.received_notified.waiting_force_mean_working_days",
        is_part=True,
    ),
    Line("Recommendations made", "recommendations.made"),
    Line("accepted", "recommendations.accepted", is_part=True),
    Line("partly accepted", "recommendations.partly_accepted", is_part=True),
    Line("not accepted", "recommendations.rejected", is_part=True),
    Line("awaiting a response", "recommendations.awaiting", is_part=True),
    Line("answered late", "recommendations.responded_late", is_part=True),
    Line("carried out", "recommendations.implemented", is_part=True),
    Line("Learning points, as decisions state them", "recommendations.observations"),
    Line("Reopenings, by reason", "reopenings.reopened", by="reopenings.by_reason"),
)


def honest(report: Report) -> Table:
    """The honest table of a report: its period, and beside it the same one a year before."""
    reports = [each for each in (report, _year_before(report)) if each]
    columns = [_column(each, LINES) for each in reports]
    rows = tuple(row for line in LINES for row in _rows(report, line, columns))
    titles = tuple(map(short_name, reports))
    title = f"{TITLE}, beside the year before" if len(columns) > 1 else TITLE
    return Table(NAME, title, "Figure", titles, rows, has_definitions=True, note=_note(report))


def _year_before(report: Report) -> Report | None:
    """The same report a year before; None when the log holds nothing that it would count."""
    before = report.previous
    return before if before and any(before.whole.numbers.values()) else None


KEY_FIGURES = (
    Line("Considered", "cohort.received"),
    Line("Valid", "cohort.valid"),
    Line("Upheld, of those decided", "cohort.upheld", of=("cohort.upheld", "cohort.not_upheld")),
    Line("Ongoing", "cohort.ongoing"),
    Line(
        "Median working days from receipt to the decision letter",
        "durations.received_notified.median_working_days",
    ),
)
"""What a report is remembered by."""


def key_figures(report: Report) -> tuple[Row, ...]:
    """The few figures that stand above all others, a row each."""
    columns = [_column(report, KEY_FIGURES)]
    return tuple(row for line in KEY_FIGURES for row in _rows(report, line, columns))


def _column(report: Report, lines: Sequence[Line]) -> Column:
    """The blocks that some lines are of, and no others: what is withheld takes time to work out."""
    figures = [figure for line in lines for figure in (line.figure, *line.of, line.by)]
    names = {figure.partition(".")[0] for figure in figures}
    return column(report, report.whole, [block for block in report.blocks if block.name in names])


def _rows(report: Report, line: Line, columns: Sequence[Column]) -> Iterator[Row]:
    words = report.edition.words_of(line.figure)
    block, *_, name = line.figure.split(".")
    cells = tuple(_cell(each, line) for each in columns)
    yield Row(line.label, cells, words.definition, line.is_part, about=f"{block}.{name}")
    if line.by:
        yield from _breakdown(report, line.by, columns)


def _cell(column: Column, line: Line) -> Cell:
    """A figure, or "4 of 34", with the percentage beside it where the base is not small."""
    cell = column.cell(line.figure)
    if not line.of:
        return cell
    small_base = column.report.settings.small_base
    part, base = int(cell.value or 0), sum(int(column.cell(of).value or 0) for of in line.of)
    percent = share(part, base, small_base)
    text = f"{part:,} of {base:,} ({percent})" if base >= max(small_base, 1) else percent
    return replace(cell, text=text)


def _breakdown(report: Report, by: str, columns: Sequence[Column]) -> Iterator[Row]:
    block, _, name = by.partition(".")
    for code, label in report.edition.block(block).labels[name].items():
        cells = tuple(each.cell(f"{by}.{code}") for each in columns)
        if any(cell.value for cell in cells):
            yield Row(label[0].lower() + label[1:], cells, is_part=True, about=by)


def _note(report: Report) -> str:
    before = _year_before(report)
    if before is None:
        return "The audit log holds no case of the year before."
    return (
        f"The year before is counted like for like: as its cases stood on {in_words(before.status_on)}, "
        "and from the same recorded actions."
    )
