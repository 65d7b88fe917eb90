"""The only place that lays out, for the office, what changed a published report: figures and cases.

It names cases, so it is not for publication; readers are told in the next published report.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from casework.documents.docx import as_docx
from casework.documents.model import Block, Column, Document, Grid, Line, Paragraph, Section
from casework.documents.pdf import as_pdf
from casework.publishing.changes.responsible import Action, Told
from casework.publishing.restating import Restated
from casework.web.ods import Sheet, ods_file
from workflows.calendar import in_words

MARK = "NOT FOR PUBLICATION"
NOT_RESPONSIBLE = "Without these actions, and with all others, the log gives the published figures."
_FIGURES = ("Figure", "Published", "Now", "Difference")
_ACTIONS = ("Case", "Entry", "Action", "Of the day", "Recorded on")


def document(found: Restated, told: Told, made_on: date) -> Document:
    """A restatement with its figures and the cases as far as who takes it may know them."""
    now, cited_as = found.restatement.now, found.published.cited_as
    return Document(
        title=f"What has changed since {cited_as} was published",
        office=now.settings.office_name,
        sections=(
            Section("Figures", (Paragraph((found.in_words,)), _figures(found))),
            Section("Cases and actions responsible", tuple(_responsible(told))),
        ),
        foot=f"{cited_as} · Log size {now.log_size:,}\nRoot {now.log_root}",
        mark=MARK,
        made_on=made_on,
    )


def _figures(found: Restated) -> Grid:
    lines = (
        Line((each.in_full, each.published.text, each.now.text, each.difference.text))
        for each in found.figures
    )
    first, *numbers = _FIGURES
    columns = (Column(first), *(Column(title, True) for title in numbers))
    return Grid("Figures that have changed", columns, tuple(lines))


def _responsible(told: Told) -> Iterator[Block]:
    yield Paragraph((NOT_RESPONSIBLE,))
    lines = [line for case in told.cases for line in _actions(case.reference, case.actions)]
    lines += _actions("A setting of the office", told.settings)
    yield Grid("Actions responsible", tuple(map(Column, _ACTIONS)), tuple(lines))
    if told.unseen:
        yield Paragraph((told.of_unseen,))


def _actions(of: str, actions: Iterable[Action]) -> Iterator[Line]:
    for action in actions:
        line = action.line
        day = in_words(line.effective_on) if line.effective_on else "–"
        yield Line((of, str(line.seq), line.title, day, in_words(action.known_on)))


def _as_ods(document: Document) -> bytes:
    """Each table of a document on a sheet of its own."""
    sheets = [
        Sheet(
            f"Table_{number}",
            (document.mark, f"{document.title}: {grid.title}"),
            [column.title for column in grid.columns],
            [line.cells for line in grid.lines],
            (12.0, *(5.0 for _ in grid.columns[1:])),
        )
        for number, grid in enumerate(_grids(document), start=1)
    ]
    return ods_file(document.title, sheets, document.office)


def _grids(document: Document) -> Iterator[Grid]:
    for section in document.sections:
        yield from (block for block in section.blocks if isinstance(block, Grid))


WRITERS: dict[str, Callable[[Document], bytes]] = {
    "docx": as_docx,
    "pdf": as_pdf,
    "ods": _as_ods,
}
"""What it can be taken as, and how each is written."""
