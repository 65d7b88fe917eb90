"""The only place that lays a report out as a spreadsheet, as the UK government publishes statistics.

Cover, contents, notes, definitions, then one table on a sheet: after “Releasing statistics in
spreadsheets” of the Government Analysis Function. Numbers are numbers; what is not one is said in
the signs that it lists, which the cover explains.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from casework.counts.narrative import basis, narrative
from casework.counts.report import Report
from casework.documents import trust
from casework.documents.cells import NOT_APPLICABLE, WITHHELD, WITHHELD_SIGN, Cell
from casework.documents.naming import command, heading, proof
from casework.documents.parts import UNPUBLISHED, Standing, all_tables
from casework.documents.tables import Table
from casework.web.ods import MEDIA_TYPE as MEDIA_TYPE
from casework.web.ods import Link, Sheet, ods_file
from workflows.calendar import in_words

SIGNS = {NOT_APPLICABLE: "[z]", WITHHELD: WITHHELD_SIGN}
"""What stands for a number that is not there, by the words that people read elsewhere."""
_MEANINGS = {
    "[z]": "not applicable, because there was nothing of which it could be worked out",
    WITHHELD_SIGN: "withheld, so that nobody can be recognised by a small number",
}
_ONE_TABLE = "This sheet has one table."
_WORDS_CM, _MEANING_CM, _LABEL_CM, _NUMBER_CM = 24.0, 17.0, 9.5, 4.0
_QUESTIONS = {"cohort", "activity"}


@dataclass(frozen=True)
class Note:
    """What must be known to read some of the tables, and which."""

    text: str
    concerns: Callable[[Table], bool]


def as_ods(report: Report, standing: Standing = UNPUBLISHED) -> bytes:
    """The report as an OpenDocument spreadsheet; the same report and standing, the same bytes."""
    changes = (standing.changes.table,) if standing.changes else ()
    every, notes = (*all_tables(report), *changes), _notes(report)
    sheets = (
        _cover(report, standing),
        _contents(every),
        _notes_sheet(notes),
        _definitions(report),
        *(_table(number, table, notes) for number, table in enumerate(every, start=1)),
    )
    return ods_file(heading(report), sheets, report.settings.office_name)


def _notes(report: Report) -> tuple[Note, ...]:
    questions, quarters, clock = basis(in_words(report.status_on), report.settings.clock_start)
    return (
        Note(questions, lambda table: table.section in _QUESTIONS),
        Note(quarters, lambda table: table.section in _QUESTIONS and len(table.columns) > 2),
        Note(clock, lambda table: table.section not in _QUESTIONS and "days" in _labels(table)),
    )


def _cover(report: Report, standing: Standing) -> Sheet:
    told = trust.trust_words(standing.recounted) if standing.recounted else ()
    lines = (
        heading(report),
        standing.mark,
        standing.cited_as,
        f"{'Published' if standing.cited_as else 'Counted'} by {report.settings.office_name}.",
        narrative(report),
        *(f"{sign} means {meaning}." for sign, meaning in _MEANINGS.items()),
        f"Where fewer than {report.settings.small_base} were counted no percentage is given, but "
        "how many of how many, such as “4 of 34”.",
        "A number after the word note in square brackets, such as [note 1], refers to the sheet "
        "Notes.",
        *told,
        proof(report),
        f"This command gives the same figures again: {command(report)}",
    )
    return Sheet("Cover", tuple(line for line in lines if line), widths=(_WORDS_CM,))


def _contents(every: tuple[Table, ...]) -> Sheet:
    named = [("Notes", "How to read the tables"), ("Definitions", "What each figure counts")]
    named += [(_name(number), _title(number, each)) for number, each in enumerate(every, start=1)]
    rows = [(Link(sheet, sheet), title) for sheet, title in named]
    header, widths = ("Sheet", "What it has"), (_NUMBER_CM, _MEANING_CM)
    return Sheet("Contents", ("Contents", _ONE_TABLE), header, rows, widths)


def _notes_sheet(notes: tuple[Note, ...]) -> Sheet:
    rows = [(f"Note {number}", note.text) for number, note in enumerate(notes, start=1)]
    header, widths = ("Note", "What it says"), (_NUMBER_CM, _WORDS_CM)
    return Sheet("Notes", ("Notes", _ONE_TABLE), header, rows, widths)


def _definitions(report: Report) -> Sheet:
    rows = [
        (block.title, words.title, words.definition)
        for block in report.blocks
        for words in block.words
    ]
    header, widths = ("Part", "Figure", "What it counts"), (_LABEL_CM, _LABEL_CM, _MEANING_CM)
    return Sheet("Definitions", ("Definitions", _ONE_TABLE), header, rows, widths)


def _table(number: int, table: Table, notes: tuple[Note, ...]) -> Sheet:
    meaning = ("What it counts",) if table.has_definitions else ()
    header = (table.first, *table.columns, *meaning)
    rows = tuple(_rows(table)) or (("None", *("[z]" for _ in header[1:])),)
    widths = (_LABEL_CM, *(_NUMBER_CM for _ in table.columns), *(_MEANING_CM for _ in meaning))
    marks = "".join(
        f" [note {place}]" for place, note in enumerate(notes, 1) if note.concerns(table)
    )
    lines = (f"{_title(number, table)}{marks}", f"{_ONE_TABLE}{_explained(rows)}", table.note)
    return Sheet(_name(number), tuple(filter(None, lines)), header, rows, widths)


def _rows(table: Table) -> Iterator[tuple[str | int | float, ...]]:
    """The rows, each of which can be read alone: what is part of a figure says of which."""
    whole = ""
    for row in table.rows:
        whole = whole if row.is_part else row.label
        label = f"{whole}: {row.label}" if row.is_part else row.label
        meaning = row.definition or f"Part of “{whole}”."
        cells = (_number(cell) for cell in row.cells)
        yield (label, *cells, *((meaning,) if table.has_definitions else ()))


def _number(cell: Cell) -> str | int | float:
    """A number as one, what is not there by its sign, anything else as people read it."""
    return SIGNS.get(cell.text, cell.text) if cell.number is None else cell.number


def _explained(rows: Iterable[Sequence[object]]) -> str:
    """What the signs of a table mean."""
    used = {cell for row in rows for cell in row}
    return "".join(f" {sign} means {means}." for sign, means in _MEANINGS.items() if sign in used)


def _labels(table: Table) -> str:
    return " ".join((*table.columns, *(row.label for row in table.rows)))


def _name(number: int) -> str:
    return f"Table_{number}"


def _title(number: int, table: Table) -> str:
    return f"Table {number}: {table.title}"
