"""The only place that lays a report's figures out in tables, whatever they are printed as.

Nothing here knows a block: a table follows from the words, labels and values that a block has
anyway, so that a new block is printed everywhere as soon as an edition has it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from casework.counts.block import Block
from casework.counts.figures import Part
from casework.counts.report import Report
from casework.counts.words import Words
from casework.documents.cells import WITHHELD, Cell, Column, column

MOST_ACROSS = 5
"""How many columns of numbers a page has room for."""
_WITHHELD_NOTE = "Withheld figures are small, or would give away one that is: see the definitions."


@dataclass(frozen=True)
class Row:
    """Figures under one label. `about` names the measure whose definition this is.

    `is_part` says that the row breaks down one above.
    """

    label: str
    cells: tuple[Cell, ...]
    definition: str = ""
    is_part: bool = False
    about: str = ""


@dataclass(frozen=True)
class Table:
    """Figures under headings: `columns` stand above the cells, `first` above the labels.

    `section` is the block's name. `abouts` are the measures that the columns are, where figures go
    across the page. What no row defines is told below, in `meanings`; `note` stands there too.
    """

    section: str
    title: str
    first: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    has_definitions: bool = False
    abouts: tuple[str, ...] = ()
    meanings: tuple[Words, ...] = ()
    note: str = ""


def tables(report: Report) -> tuple[Table, ...]:
    """Every table of a report, in the order it is printed."""
    return tuple(table for block in report.blocks for table in tables_of(report, block))


def tables_of(report: Report, block: Block) -> Iterator[Table]:
    """A block's tables: of the whole period, then of the quarters and the year to date."""
    figures = column(report, report.whole, (block,))
    if block.name in block.labels:
        yield from _by_codes(block, figures)
        return
    yield _listed(block, "", (figures,), (block.number_title,))
    columns = ((", by quarter", report.quarters), (", year to date", report.year_to_date))
    for detail, parts in columns:
        if any(_has(part, block) for part in parts):
            found = [column(report, part, (block,)) for part in parts]
            yield _listed(block, detail, found, tuple(part.label for part in parts))


def _has(part: Part, block: Block) -> bool:
    return any(figure.startswith(f"{block.name}.") for figure in part.numbers)


def _listed(block: Block, detail: str, columns: Sequence[Column], titles: tuple[str, ...]) -> Table:
    """The block's figures down the page, each broken down below itself."""
    rows: list[Row] = []
    for words in block.words:
        if words.name not in block.labels:
            rows.append(_row(block, words, words.name, columns))
            for breakdown in block.words:
                if _is_of(block, breakdown.name) == words.name:
                    rows += _parts(block, breakdown, columns)
        elif not _is_of(block, words.name):
            rows += _alone(block, words, columns)
    title = f"{block.title}{detail}"
    return Table(block.name, title, block.row_title, titles, tuple(rows), not detail)


def _row(block: Block, words: Words, path: str, columns: Sequence[Column]) -> Row:
    """A figure in each column, under its title."""
    figure = f"{block.name}.{path}"
    cells = tuple(each.cell(figure) for each in columns)
    return Row(words.title, cells, words.definition, about=f"{block.name}.{words.name}")


def _is_of(block: Block, name: str) -> str:
    """The figure that a breakdown stands under: `invalid_by_reason` under `invalid`.

    `by_kind` stands under the block's first, unless there is another breakdown. Empty for what is
    none or stands alone.
    """
    if name not in block.labels:
        return ""
    figure, joint, _ = name.partition("by_")
    is_only = joint and len(block.labels) == 1
    return figure.rstrip("_") if joint and figure else block.words[0].name if is_only else ""


def _parts(block: Block, words: Words, columns: Sequence[Column]) -> Iterator[Row]:
    """A row for each code that occurs, under the figure that it is a part of."""
    for code in _codes(block, words.name, columns):
        row = _row(block, words, f"{words.name}.{code}", columns)
        yield replace(row, label=block.labels[words.name][code], definition="", is_part=True)


def _alone(block: Block, words: Words, columns: Sequence[Column]) -> Iterator[Row]:
    """A row for each code that occurs, the first with the definition of them all."""
    for place, code in enumerate(_codes(block, words.name, columns)):
        row = _row(block, words, f"{words.name}.{code}", columns)
        title = block.words_of(f"{words.name}.{code}").title
        yield replace(row, label=title, definition="" if place else words.definition)


def _codes(block: Block, breakdown: str, columns: Sequence[Column]) -> Iterator[str]:
    """The codes that occur: in the order of their labels, then those that the office chose."""
    start = f"{block.name}." if breakdown == block.name else f"{block.name}.{breakdown}."
    paths = {
        figure.removeprefix(start)
        for each in columns
        for figure in each.values
        if figure.startswith(start)
    }
    if breakdown == block.name:
        paths = {path for path in paths if "." in path}
    found = {path.partition(".")[0] for path in paths}
    labels = block.labels[breakdown]
    yield from sorted(found - labels.keys())
    yield from (code for code in labels if code in found)


def _by_codes(block: Block, figures: Column) -> Iterator[Table]:
    """Figures by code: across the page where there is room for them, else down it."""
    of_codes = tuple(
        words for words in block.words if f"{block.name}.{words.name}" not in figures.values
    )
    rest = tuple(words for words in block.words if words not in of_codes)
    if len(of_codes) > MOST_ACROSS:
        yield from _codes_across(block, figures)
    else:
        yield _codes_down(block, of_codes, figures)
    if rest:
        rows = tuple(_row(block, words, words.name, (figures,)) for words in rest)
        title = f"{block.title}: for all rows"
        yield Table(block.name, title, "Figure", (block.number_title,), rows, has_definitions=True)


def _codes_down(block: Block, words: Sequence[Words], figures: Column) -> Table:
    rows = tuple(
        Row(
            _label(block, code, figures.report),
            tuple(figures.cell(f"{block.name}.{code}.{each.name}") for each in words),
        )
        for code in _codes(block, block.name, (figures,))
    )
    titles = tuple(each.title for each in words)
    abouts = tuple(f"{block.name}.{each.name}" for each in words)
    is_withheld = any(cell.text == WITHHELD for row in rows for cell in row.cells)
    note = _WITHHELD_NOTE if is_withheld else ""
    return Table(
        block.name,
        block.title,
        block.row_title,
        titles,
        rows,
        abouts=abouts,
        meanings=tuple(words),
        note=note,
    )


def _label(block: Block, code: str, report: Report) -> str:
    """What a code is called; a force, as the office calls it."""
    return block.labels[block.name].get(code) or dict(report.settings.forces).get(code, code)


def _codes_across(block: Block, figures: Column) -> Iterator[Table]:
    """As many tables as the codes need, with equally many each."""
    codes = tuple(block.labels[block.name])
    tables = -(-len(codes) // MOST_ACROSS)
    each = -(-len(codes) // tables)
    for end in range(each, len(codes) + each, each):
        table = _some_across(block, figures, codes[end - each : end], is_all=tables == 1)
        is_explained = tables > 1 and end >= len(codes)  # once, below the last
        yield replace(table, meanings=block.words) if is_explained else table


def _some_across(block: Block, figures: Column, codes: Sequence[str], *, is_all: bool) -> Table:
    titles = [block.labels[block.name][code] for code in codes]
    shared = "" if is_all else _shared_ending(titles)
    rows = tuple(
        Row(
            words.title,
            tuple(figures.cell(f"{block.name}.{code}.{words.name}") for code in codes),
            words.definition,
            about=f"{block.name}.{words.name}",
        )
        for words in block.words
    )
    columns = tuple(title.removesuffix(shared) for title in titles)
    title = block.title if is_all else f"{block.title}:{shared}"
    return Table(block.name, title, block.row_title, columns, rows, has_definitions=is_all)


def _shared_ending(titles: Sequence[str]) -> str:
    """The words in which all end, with the space before them: said once, above all columns."""
    words = [title.split(" ") for title in titles]
    shared = takewhile(lambda each: len(set(each)) == 1, zip(*map(reversed, words), strict=False))
    return "".join(f" {each[0]}" for each in reversed(list(shared)))
