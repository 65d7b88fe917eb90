"""The only place for the figures by police force."""

from collections.abc import Iterator
from datetime import date

from casework.counts.block import Block, Plain
from casework.counts.decisions import decisions
from casework.counts.figures import Counted, Figures, Part, Source, empty
from casework.counts.lives import Life, Snapshot
from casework.counts.words import Words
from casework.office_settings import OfficeSettings

NAME = "by_force"
UNKNOWN = "unknown"
MEASURES = (
    Words(
        "received",
        "Received",
        "Cases received in the period about a complaint to this force, as recorded by the status "
        "day.",
    ),
    Words("valid", "Valid", "Of those received, valid."),
    Words("upheld", "Upheld", "Of those received, upheld."),
    Words("not_upheld", "Not upheld", "Of those received, not upheld."),
    Words(
        "completed",
        "Completed",
        "Beside those: the decisions counted as completed in the period, whenever the case was "
        "received, by the force recorded at its end.",
    ),
)


def count(source: Source) -> Figures:
    """The cohort by force, and the decisions of the period by force."""
    figures: dict[str, list[Counted]] = {}
    for life, counted, case in source.received():
        force = _force(life, source.status_on)
        figures = empty(_names(force)) | figures if _names(force)[0] not in figures else figures
        for name in became(case):
            figures[f"{NAME}.{force}.{name}"].append(counted)
    for made in decisions(source):
        force = _force(made.life, source.last_on)
        one = Counted(made.life.case, made.closure.from_on)
        figures.setdefault(f"{NAME}.{force}.completed", []).append(one)
    return figures
