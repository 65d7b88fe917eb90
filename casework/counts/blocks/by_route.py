"""The only place for decisions by route: how the force had handled the complaint."""

from casework.counts import arithmetic
from casework.counts.block import Block, Plain
from casework.counts.decisions import decisions
from casework.counts.figures import Counted, Figures, Part, Source, empty
from casework.counts.words import PERCENT_UPHELD, Words
from casework.office_settings import OfficeSettings
from workflows.complaint_review_choices import ROUTES

NAME = "by_route"
LABELS = {route.code: route.label for route in ROUTES} | {"unknown": "Not recorded"}
MEASURES = (
    Words(
        "completed",
        "Completed",
        "The decisions counted as completed, by the route recorded at the end of the period.",
    ),
    Words("upheld", "Upheld", "Of those, upheld."),
    PERCENT_UPHELD,
)


def count(source: Source) -> Figures:
    """The decisions that count as completed, by the route recorded at the end of the period."""
    figures = empty(f"{NAME}.{code}.{name}" for code in LABELS for name in ("completed", "upheld"))
    for made in decisions(source):
        route = made.life.one("route", source.last_on)
        name = f"{NAME}.{route.code if route else 'unknown'}"
        counted = Counted(made.life.case, made.closure.from_on)
        figures[f"{name}.completed"].append(counted)
        if made.is_upheld:
            figures[f"{name}.upheld"].append(counted)
    return figures


def plain(part: Part, _settings: OfficeSettings) -> Plain:
    """The decisions by route; every route is there, also with none."""
    found: Plain = {}
    for route in LABELS:
        completed = part.count(f"{NAME}.{route}.completed")
        upheld = part.count(f"{NAME}.{route}.upheld")
        percent = arithmetic.percent(upheld, completed)
        found[route] = {"completed": completed, "upheld": upheld, "percent_upheld": percent}
    return found


BY_ROUTE = Block(
    NAME,
    "By how the force handled the complaint",
    MEASURES,
    count,
    plain,
    {NAME: LABELS},
    row_title="Route",
    counted_from="the decisions of the period, and the route recorded on each case",
)
