"""The only place that lays a report's figures out in tables: pages, text and CSV print these."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from casework.counts.arithmetic import percent_upheld
from casework.counts.blocks import activity, by_route, cohort, recommendations, timeliness
from casework.counts.figures import Part
from casework.counts.lives import Period
from casework.counts.report import Report
from casework.counts.wording import LABELS, SECTIONS, words_of

Value = int | float | None


@dataclass(frozen=True)
class Cell:
    """One number. `figure` names what it counts, so that its cases can be opened; `unit` is "%"."""

    value: Value
    period: Period
    section: str
    name: str
    unit: str = ""
    is_list: bool = True

    @property
    def figure(self) -> str:
        """The figure's whole name, such as `cohort.valid`."""
        return f"{self.section}.{self.name}"

    @property
    def text(self) -> str:
        """As people read it: "1,204", "11.8%" or "not applicable"."""
        if self.value is None:
            return "not applicable"
        return f"{self.value:,}{self.unit}"


@dataclass(frozen=True)
class Row:
    """A row of numbers under one label; `definition` says what they count."""

    label: str
    cells: tuple[Cell, ...]
    definition: str = ""
    is_part: bool = False


@dataclass(frozen=True)
class Table:
    """A table of numbers: `columns` are the headings above the cells, `first` above the labels."""

    section: str
    title: str
    first: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    has_definitions: bool = False


def tables(report: Report) -> tuple[Table, ...]:
    """Every table of a report, in the order it is printed."""
    return (
        _counts("cohort", "", (report.whole,), ("Cases",)),
        _counts("activity", "", (report.whole,), ("Cases",)),
        *(_by_time(report) if report.year else ()),
        _timeliness(report),
        _by_route(report),
        _by_category(report.whole),
        _recommendations(report.whole),
    )


def _by_time(report: Report) -> Iterator[Table]:
    labels = tuple(part.label for part in report.quarters)
    yield _counts("cohort", ", by quarter", report.quarters, labels)
    yield _counts("activity", ", by quarter", report.quarters, labels)
    ends = tuple(part.label for part in report.year_to_date)
    yield _counts("activity", ", year to date", report.year_to_date, ends)


def _counts(section: str, detail: str, parts: Sequence[Part], columns: tuple[str, ...]) -> Table:
    measures = cohort.MEASURES if section == "cohort" else activity.MEASURES
    rows: list[Row] = []
    for measure in measures:
        rows.append(_row(section, measure.name, parts))
        if measure.name == "invalid":
            rows += _breakdown(section, "invalid_by_reason", parts)
    rows.append(_percent_row(section, parts))
    title = f"{SECTIONS[section]}{detail}"
    return Table(section, title, "Figure", columns, tuple(rows), has_definitions=not detail)


def _breakdown(section: str, breakdown: str, parts: Sequence[Part]) -> Iterator[Row]:
    labels = LABELS[breakdown]
    codes = {code for part in parts for code in part.codes(f"{section}.{breakdown}")}
    for code in sorted(codes, key=list(labels).index):
        name = f"{breakdown}.{code}"
        cells = tuple(_cell(section, name, part) for part in parts)
        yield Row(labels[code], cells, is_part=True)


def _row(section: str, name: str, parts: Iterable[Part]) -> Row:
    words = words_of(f"{section}.{name}")
    cells = tuple(_cell(section, name, part) for part in parts)
    return Row(words.title, cells, words.definition)


def _cell(section: str, name: str, part: Part) -> Cell:
    return Cell(part.count(f"{section}.{name}"), part.period, section, name)


def _percent_row(section: str, parts: Iterable[Part]) -> Row:
    words = words_of(f"{section}.percent_upheld")
    cells = (_percent(percent_upheld(part, section), section, part) for part in parts)
    return Row(words.title, tuple(cells), words.definition)


def _percent(value: Value, section: str, part: Part, name: str = "percent_upheld") -> Cell:
    return Cell(value, part.period, section, name, "%", is_list=False)


def _timeliness(report: Report) -> Table:
    part = report.whole
    spreads = {spread["to"]: spread for spread in timeliness.plain(part, report.settings)}
    names = [name for name in spreads["decided"] if name not in ("from", "to")]
    rows = []
    for name in names:
        words = words_of(f"timeliness.{name}")
        cells = (
            Cell(
                spread[name],
                part.period,
                "timeliness",
                f"{end}.{name}",
                is_list=f"timeliness.{end}.{name}" in part.figures,
            )
            for end, spread in spreads.items()
        )
        rows.append(Row(words.title, tuple(cells), words.definition))
    columns = tuple(LABELS["timeliness"][end] for end in spreads)
    return Table("timeliness", SECTIONS["timeliness"], "Figure", columns, tuple(rows), True)


def _by_route(report: Report) -> Table:
    part = report.whole
    shown = by_route.plain(part, report.settings)
    rows = []
    for route in by_route.LABELS:
        counts = (_cell("by_route", f"{route}.{name}", part) for name in ("completed", "upheld"))
        percent = shown[route]["percent_upheld"]
        name = f"{route}.percent_upheld"
        cells = (*counts, _percent(percent, "by_route", part, name))
        rows.append(Row(LABELS["by_route"][route], cells))
    columns = ("Completed", "Upheld", "Percentage upheld")
    return Table("by_route", SECTIONS["by_route"], "Route", columns, tuple(rows))


def _by_category(part: Part) -> Table:
    rows = tuple(
        Row(
            LABELS["by_category"][letter],
            tuple(
                _cell("by_category", f"{letter}.{name}", part)
                for name in ("received", "valid", "upheld")
            ),
        )
        for letter in part.codes("by_category")
    )
    columns = ("Received", "Valid", "Upheld")
    return Table("by_category", SECTIONS["by_category"], "Category", columns, rows)


def _recommendations(part: Part) -> Table:
    section = "recommendations"
    rows: list[Row] = []
    for words in recommendations.MEASURES:
        rows.append(_row(section, words.name, (part,)))
        if words.name == "made":
            rows += _breakdown(section, "by_kind", (part,))
    return Table(section, SECTIONS[section], "Figure", ("Number",), tuple(rows), True)
