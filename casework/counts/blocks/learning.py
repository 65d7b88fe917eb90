"""The only place for the learning points of a period, one by one: by outcome and by theme."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import repeat

from casework.counts.block import Block, Plain
from casework.counts.decisions import DECIDED
from casework.counts.figures import Counted, Figures, Part, Source, empty
from casework.counts.lives import Life, Period, Span
from casework.counts.words import Words
from casework.office_settings import OfficeSettings
from workflows.observation import THEMES

NAME = "learning"
OUTCOMES = {
    "upheld": "Upheld",
    "not_upheld": "Not upheld",
    "open": "Open",
    "other": "Closed without a decision",
}
MEASURES = (
    Words(
        "noted",
        "Learning points noted",
        "Oversight or learning points that were written down one by one in the period, on any case "
        "and whatever its outcome. They are not recommendations, and nobody owes a response.",
    ),
    Words("fed_back", "Fed back", "Of those, fed back by the status day to whom they are for."),
)
STATED = Words(
    "stated",
    "Learning points, as decisions state them",
    "Beside those: the numbers that decisions of the period state which still stand on the status "
    "day. Old registers have only these; a point may be counted here and above.",
)
STATED_BY_OUTCOME = Words(
    "stated_by_outcome",
    "As decisions state them, by outcome",
    "Those stated, by what was decided.",
)
BY_OUTCOME = Words(
    "by_outcome",
    "Learning points, by outcome",
    "Those noted, by how their case stands on the status day.",
)
BY_THEME = Words(
    "by_theme",
    "Learning points, by theme",
    "Those noted, by theme. A point may have several, so they add up to more than the points.",
)


def count(source: Source) -> Figures:
    """The learning points noted or stated in the period, whenever their case was received."""
    figures = empty(f"{NAME}.{words.name}" for words in (*MEASURES, STATED))
    figures |= empty(f"{NAME}.{BY_OUTCOME.name}.{outcome}" for outcome in OUTCOMES)
    figures |= empty(f"{NAME}.{STATED_BY_OUTCOME.name}.{outcome}" for outcome in DECIDED)
    counted_in = Period(source.period.from_on, source.last_on)
    for life in source.lives.all:
        points = (*_noted(life, source.status_on), *_stated(life, source.status_on))
        for point, names in points:
            if counted_in.holds(point.from_on):
                one = Counted(life.case, point.from_on, "learning_point")
                for name in names:
                    figures.setdefault(f"{NAME}.{name}", []).append(one)
    return figures


def _noted(life: Life, day: date) -> Iterator[tuple[Span, Iterable[str]]]:
    """The learning points that were written down, each with the figures that it counts in."""
    for point in life.spans.get("learning_point", ()):
        yield point, _names_of(life, point, day)


def _stated(life: Life, day: date) -> Iterator[tuple[Span, Iterable[str]]]:
    """As many as the decision states that stands on a day, likewise."""
    closure, stated = life.one("closure", day), life.one("observations", day)
    if closure and stated:
        names = (STATED.name, f"{STATED_BY_OUTCOME.name}.{closure.code}")
        yield from repeat((stated, names), int(stated.code))


def _names_of(life: Life, point: Span, day: date) -> Iterator[str]:
    """The figures that a learning point counts in, as it and its case stand on a day."""
    yield "noted"
    if life.about(point.item, "learning_point_fed_back", day):
        yield "fed_back"
    closure = life.one("closure", day)
    outcome = closure.code if closure else "open"
    yield f"{BY_OUTCOME.name}.{outcome if outcome in OUTCOMES else 'other'}"
    # A theme is an item by its place among the themes of the point.
    themes = (span for span in life.standing("themes", day) if _point_of(span) == point.item)
    for theme in sorted({span.code for span in themes}) or ["none"]:
        yield f"{BY_THEME.name}.{theme}"


def _point_of(theme: Span) -> str:
    return theme.item.rpartition(".")[0]


def plain(part: Part, _settings: OfficeSettings) -> Plain:
    """The counts by name, by every outcome, and by the themes that occur."""
    outcomes, themes = f"{NAME}.{BY_OUTCOME.name}", f"{NAME}.{BY_THEME.name}"
    stated = f"{NAME}.{STATED_BY_OUTCOME.name}"
    return {
        **{words.name: part.count(f"{NAME}.{words.name}") for words in (*MEASURES, STATED)},
        BY_OUTCOME.name: {code: part.count(f"{outcomes}.{code}") for code in OUTCOMES},
        BY_THEME.name: {code: part.count(f"{themes}.{code}") for code in part.codes(themes)},
        STATED_BY_OUTCOME.name: {code: part.count(f"{stated}.{code}") for code in DECIDED},
    }


LEARNING = Block(
    NAME,
    "Learning points",
    (*MEASURES, BY_OUTCOME, BY_THEME, STATED, STATED_BY_OUTCOME),
    count,
    plain,
    {
        BY_OUTCOME.name: OUTCOMES,
        STATED_BY_OUTCOME.name: OUTCOMES,
        BY_THEME.name: {theme.code: theme.label for theme in THEMES}
        | {"none": "No theme recorded"},
    },
    number_title="Learning points",
    counted_from="the learning points that were written down one by one, their themes, and when "
    "they were fed back; and the numbers that decisions state",
)
