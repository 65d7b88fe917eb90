"""The only place for the parts that every document of a report has: words, tables, charts, trust."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from casework.audit.check_codes import check_code
from casework.counts.narrative import basis
from casework.counts.report import Report
from casework.documents import trust
from casework.documents.charts import charts_of
from casework.documents.honest import honest
from casework.documents.model import Block, Paragraph, Section, Terms, grid, words
from casework.documents.naming import command, heading, proof
from casework.documents.tables import Table, tables
from casework.letters.rendering.body import gaps
from workflows.calendar import in_words


@dataclass(frozen=True)
class Field:
    """Something that people write in a document before it is approved: `name` is its key."""

    name: str
    title: str
    hint: str = ""
    is_long: bool = True


@dataclass(frozen=True)
class Changes:
    """What earlier reports would say now: the table of it, and of each report a sentence on why."""

    table: Table
    why: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """How far a report has come: what its document says of itself beside the figures.

    `mark` stands on every page of a draft, `cited_as` is the number of a published one, `made_on`
    the day that its file bears, `recounted` what its last page says of how it was checked, `changes`
    what it tells of earlier reports.
    """

    mark: str = ""
    cited_as: str = ""
    made_on: date | None = None
    recounted: trust.Recounted | None = None
    changes: Changes | None = None


UNPUBLISHED = Standing("Not published")
"""Figures as they are counted, which nobody has approved or checked."""


def unfinished(typed: Mapping[str, str]) -> tuple[str, ...]:
    """What words still leave to be completed; empty when a document of them is ready."""
    return tuple(gap for text in typed.values() for gap in gaps(text))


def written(fields: Iterable[Field], typed: Mapping[str, str]) -> Iterator[Section]:
    """A section for each field in which anything is written."""
    for field in fields:
        if blocks := words(typed.get(field.name, "")):
            yield Section(field.title, blocks)


def charts(report: Report) -> Section:
    """Every chart, each with its numbers."""
    return Section("Charts", charts_of(report))


def all_tables(report: Report) -> tuple[Table, ...]:
    """Every table of a report, that beside the year before first.

    In this order, and so by these numbers, they stand in every format.
    """
    return (honest(report), *tables(report))


def changes(standing: Standing) -> Iterator[Block]:
    """What earlier reports would say now and why, in the table after all others; nothing if none."""
    if standing.changes:
        yield from (Paragraph((sentence,)) for sentence in standing.changes.why)
        yield grid(standing.changes.table)


def definitions(report: Report) -> Iterator[Block]:
    """What each figure means, and what must be known to read any of them."""
    for sentence in basis(in_words(report.status_on), report.settings.clock_start):
        yield Paragraph((sentence,))
    for block in report.blocks:
        yield Terms(block.title, tuple((each.title, each.definition) for each in block.words))


def trusted(report: Report, standing: Standing) -> Section:
    """The last page: what a reader may conclude from the figures, and how to count them again."""
    told = trust.trust_words(standing.recounted) if standing.recounted else ()
    again = f"This command gives the same figures again: {command(report)}"
    blocks = tuple(Paragraph((sentence,)) for sentence in (*told, proof(report), again))
    return Section(trust.TITLE, blocks, begins_page=True)


def foot(report: Report, standing: Standing) -> str:
    """What stands on every page: which report it is, and what fixes and proves its figures."""
    named = standing.cited_as or heading(report)
    digest = standing.recounted.digest if standing.recounted else ""
    code = f" · Check code {check_code(digest)}" if digest else ""
    return f"{named} · Log size {report.log_size:,}{code}\nRoot {report.log_root}"
