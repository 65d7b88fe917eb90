"""The only place that puts a report to be published together: its words, tables, definitions and trust."""

from collections.abc import Iterator

from casework.counts.narrative import basis
from casework.documents.model import Block, Document, Paragraph, Section, Terms, grid, words
from casework.documents.naming import command, heading, proof
from casework.documents.tables import tables
from casework.documents.trust import TITLE, trust_words
from casework.publishing.kinds import parts_of
from casework.publishing.paper import Paper
from workflows.calendar import in_words


def document(paper: Paper) -> Document:
    """A report as a document, whatever it is printed as."""
    report = paper.counted.report
    return Document(
        title=heading(report),
        office=paper.office.office_name,
        sections=tuple(_sections(paper)),
        foot=paper.cited_as or paper.mark,
        mark=paper.mark,
        made_on=paper.on,
    )


def _sections(paper: Paper) -> Iterator[Section]:
    report = paper.counted.report
    for part in parts_of(paper.counted.kind):
        typed = paper.words.get(part.name, "")
        if typed.strip():
            yield Section(part.title, words(typed))
    yield Section("The figures", tuple(map(grid, tables(report))))
    yield Section("What the figures mean", tuple(_definitions(paper)))
    sentences = (*trust_words(paper.recounted), proof(report))
    again = f"This command gives the same figures again: {command(report)}"
    yield Section(TITLE, tuple(Paragraph((sentence,)) for sentence in (*sentences, again)))


def _definitions(paper: Paper) -> Iterator[Block]:
    report = paper.counted.report
    for sentence in basis(in_words(report.status_on), report.settings.clock_start):
        yield Paragraph((sentence,))
    for block in report.edition.blocks:
        yield Terms(block.title, tuple((each.title, each.definition) for each in block.words))
