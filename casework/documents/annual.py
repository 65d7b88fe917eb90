"""The only place for the document of a year's, a quarter's or any other period's report."""

from collections.abc import Iterator, Mapping, Sequence

from casework.counts.narrative import narrative
from casework.counts.report import Report
from casework.documents import parts
from casework.documents.model import Document, Section, grid
from casework.documents.naming import heading
from casework.documents.parts import Field, Standing

FIELDS = (
    Field(
        "summary",
        "Complaints over the reporting period",
        "The paragraph that others quote. It begins as the figures have it.",
    ),
    Field("commentary", "What the figures tell", "Left out when nothing is written here."),
)


def prefilled(report: Report) -> dict[str, str]:
    """The words with which such a report begins, by the name of the field."""
    return {"summary": narrative(report), "commentary": ""}


def unpublished(report: Report) -> Document:
    """The figures as they are counted, as a document that nobody has approved."""
    return document(report, prefilled(report), parts.UNPUBLISHED)


def document(
    report: Report,
    typed: Mapping[str, str],
    standing: Standing,
    *,
    fields: Sequence[Field] = FIELDS,
    title: str = "",
) -> Document:
    """The report as a document, with what people wrote in its fields."""
    return Document(
        title=title or heading(report),
        office=report.settings.office_name,
        sections=tuple(_sections(report, typed, standing, fields)),
        foot=parts.foot(report, standing),
        mark=standing.mark,
        made_on=standing.made_on,
    )


def _sections(
    report: Report, typed: Mapping[str, str], standing: Standing, fields: Sequence[Field]
) -> Iterator[Section]:
    beside, *in_full = map(grid, parts.all_tables(report))
    yield from parts.written(fields, typed)
    yield Section("The period at a glance", (beside,))
    yield parts.charts(report)
    yield Section("The figures in full", tuple(in_full))
    if changed := tuple(parts.changes(standing)):
        yield Section("Changes to earlier reports", changed)
    yield Section("Definitions", tuple(parts.definitions(report)))
    yield parts.trusted(report, standing)
