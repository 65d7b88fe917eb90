"""The only place for the figures by police force."""

from collections import defaultdict
from datetime import date

from casework.counts.block import Block, Plain
from casework.counts.blocks import cohort
from casework.counts.decisions import decisions
from casework.counts.figures import Counted, Figures, Part, Source
from casework.counts.lives import Life
from casework.counts.words import Words
from casework.office_settings import OfficeSettings

NAME = "by_force"
OF_COHORT = (
    Words(
        "received",
        "Received",
        "Cases received in the period about a complaint to the force, as recorded by the status "
        "day.",
    ),
    Words("valid", "Valid", "Of those received, valid."),
    Words("upheld", "Upheld", "Of those received, upheld."),
    Words("not_upheld", "Not upheld", "Of those received, not upheld."),
)
COMPLETED = Words(
    "completed",
    "Completed",
    "Beside those: the decisions counted as completed in the period, whenever the case was "
    "received, by the force recorded at its end.",
)
MEASURES = (*OF_COHORT, COMPLETED)


def count(source: Source) -> Figures:
    """The cohort by force, and beside it the decisions of the period."""
    figures: dict[str, list[Counted]] = defaultdict(list)
    names = {words.name for words in OF_COHORT}
    measures = [measure for measure in cohort.MEASURES if measure.name in names]
    for life, counted, case in source.received():
        force = _force(life, source.status_on)
        for measure in measures:
            if measure.counts(case):
                figures[f"{NAME}.{force}.{measure.name}"].append(counted)
    for made in decisions(source):
        force = _force(made.life, source.last_on)
        decided = Counted(made.life.case, made.closure.from_on)
        figures[f"{NAME}.{force}.{COMPLETED.name}"].append(decided)
    return figures


def _force(life: Life, day: date) -> str:
    force = life.one("force", day)
    return force.code if force else "unknown"


def plain(part: Part, _settings: OfficeSettings) -> Plain:
    """The figures of each force that occurs, by its code."""
    return {
        force: {words.name: part.count(f"{NAME}.{force}.{words.name}") for words in MEASURES}
        for force in part.codes(NAME)
    }


BY_FORCE = Block(
    NAME,
    "By police force",
    MEASURES,
    count,
    plain,
    {NAME: {"unknown": "Not recorded"}},
    row_title="Force",
    counted_from="the force recorded on each case",
)
"""What forces are called is a setting of the office: their codes stand where no label does."""
