"""The only place that draws months: columns over one time line, one row of them for each count."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from casework.documents.charts.chart import Chart, Numbers, Row, counted, shown
from casework.documents.charts.columns import HEADROOM, Columns
from casework.documents.charts.drawing import LINE, SIZE, WIDTH, Label, apart, picture, width_of

NOTHING = "No month to show."
_HEAD, _PLOT, _GAP = LINE + HEADROOM, 92, 14
_EVERY = (1, 2, 3, 6, 12, 24, 60, 120)


@dataclass(frozen=True)
class Month:
    """What happened in a month, and how many cases were open when it ended.

    Of a month that `is_part` only some days are counted: a period begins or ends in it.
    """

    first_on: date
    received: int
    decided: int
    open: int
    is_part: bool = False

    @property
    def label(self) -> str:
        """As tables write it: "April 2026", "April 2026 (part)"."""
        return f"{self.first_on:%B} {self.first_on.year}{' (part)' if self.is_part else ''}"


@dataclass(frozen=True)
class _Panel:
    """One row of columns under its heading; all panels of a picture have one scale."""

    heading: str
    noun: str
    numbers: tuple[int, ...]


def received_and_decided(
    months: Sequence[Month], basis: str, name: str = "chart-received-and-decided"
) -> Chart:
    """How many applications came and how many were decided, month by month, on one scale.

    `basis` says in a sentence which decisions are a month's.
    """
    received = _Panel("Received", "received", tuple(month.received for month in months))
    decided = _Panel("Decided", "decided", tuple(month.decided for month in months))
    came, went = sum(received.numbers), sum(decided.numbers)
    totals = f"{counted(came, 'application')} received and {shown(went)} decided."
    if not came and not went:
        totals = "nothing was received and nothing decided."
    return _chart(
        name,
        "Received and decided each month",
        " ".join(filter(None, (_between(months), totals, _most(months, received), basis)))
        if months
        else NOTHING,
        months,
        (received, decided),
    )


def backlog(months: Sequence[Month], name: str = "chart-backlog") -> Chart:
    """How many cases were open at the end of each month."""
    panel = _Panel("Open", "open", tuple(month.open for month in months))
    return _chart(
        name,
        "Open at the end of each month",
        f"{_first_and_last(months)} {_most(months, panel)}".strip() if months else NOTHING,
        months,
        (panel,),
    )


def _between(months: Sequence[Month]) -> str:
    first, last = months[0].label, months[-1].label
    return f"In {first}:" if first == last else f"From {first} to {last}:"


def _first_and_last(months: Sequence[Month]) -> str:
    first, last = months[0], months[-1]
    ended = f"{counted(last.open, 'case')} open at the end of {last.label}"
    return (
        f"{ended}."
        if first is last
        else f"{ended}; {shown(first.open)} at the end of {first.label}."
    )


def _most(months: Sequence[Month], panel: _Panel) -> str:
    """The highest month in a sentence; nothing to say of one month, or where none has any."""
    most = max(panel.numbers)
    if len(months) == 1 or most == 0:
        return ""
    pairs = zip(months, panel.numbers, strict=True)
    reached = [month.label for month, number in pairs if number == most]
    when = (
        reached[0]
        if len(reached) == 1
        else f"{reached[0]} and {counted(len(reached) - 1, 'other month')}"
    )
    return f"The most {panel.noun} was {shown(most)}, in {when}."


def _chart(
    name: str, title: str, description: str, months: Sequence[Month], panels: Sequence[_Panel]
) -> Chart:
    rows = tuple(
        Row(month.label, tuple(panel.numbers[place] for panel in panels))
        for place, month in enumerate(months)
    )
    table = Numbers("Month", tuple(panel.heading for panel in panels), rows)
    height, marks = (
        _drawn(months, panels) if months else (2 * LINE, [Label(NOTHING, 0, LINE).drawn()])
    )
    return Chart(name, title, description, picture(name, title, description, height, marks), table)


def _drawn(months: Sequence[Month], panels: Sequence[_Panel]) -> tuple[float, list[Markup]]:
    """The height of the picture and its marks."""
    most = max(number for panel in panels for number in panel.numbers)
    columns = Columns.of(len(months), most, _PLOT)
    marks: list[Markup] = []
    foot = -_GAP
    for panel in panels:
        foot += _GAP + _HEAD + _PLOT
        told = [
            f"{month.label}: {shown(number)} {panel.noun}"
            for month, number in zip(months, panel.numbers, strict=True)
        ]
        marks.append(Label(panel.heading, 0, foot - _PLOT - _HEAD + SIZE, is_bold=True).drawn())
        marks += columns.drawn(panel.numbers, told, foot, 0.72, "solid")
        marks += [label.drawn() for label in columns.numbers(panel.numbers, foot)]
    return foot + 2 * LINE + 4, [*marks, *_time_line(months, columns, foot)]


def _time_line(months: Sequence[Month], columns: Columns, foot: float) -> Iterator[Markup]:
    """The months under their columns, as many as fit, and below them where each year begins."""
    wide = width_of("May") + 4
    every = next((every for every in _EVERY if every * columns.slot >= wide), _EVERY[-1])
    named, years = [], []
    for place, month in enumerate(months):
        first_on, middle = month.first_on, columns.middle(place)
        if (first_on.year * 12 + first_on.month - 1) % every == 0:
            named.append(Label(f"{first_on:%b}", middle, foot + LINE, "middle"))
        if place == 0 or first_on.month == 1:
            years.append(Label(str(first_on.year), middle, foot + 2 * LINE, "middle"))
    # Where the years do not all fit the later ones stay, which begin in January.
    yield from (label.within(0, WIDTH).drawn() for label in (*named, *apart(reversed(years))))
