"""The only place for applications that came late: let in all the same, or not."""

from datetime import date

from casework.counts.block import Block, Plain
from casework.counts.figures import Counted, Figures, Part, Source, empty
from casework.counts.lives import Life
from casework.counts.words import Words
from casework.office_settings import OfficeSettings

NAME = "late"
MEASURES = (
    Words(
        "accepted",
        "Late, accepted",
        "Applications received in the period that are valid on the status day because special "
        "circumstances made it just to extend the 28 days (reg 29(4)).",
    ),
    Words(
        "refused",
        "Late, refused",
        "Applications received in the period that on the status day are invalid as out of time: "
        "more than 28 days, starting the day after the outcome was provided, and not extended "
        "(reg 29(2)). Late applications not yet decided are in neither figure.",
    ),
)


def count(source: Source) -> Figures:
    """The cohort's late applications, as they stand on the status day."""
    figures = empty(f"{NAME}.{words.name}" for words in MEASURES)
    for life, _, case in source.received():
        if case.validity and _is_extended(life, source.status_on):
            accepted = Counted(life.case, case.validity.from_on)
            figures[f"{NAME}.accepted"].append(accepted)
        reason = life.one("invalid_reason", source.status_on)
        if case.closure and reason and reason.code == "out_of_time":
            figures[f"{NAME}.refused"].append(Counted(life.case, case.closure.from_on))
    return figures


def _is_extended(life: Life, day: date) -> bool:
    """Whether the time stands extended: by a decision, or as an old register tells it."""
    decided = life.one("extra_time", day)
    is_told = life.one("time_extended", day) is not None
    return is_told or (decided is not None and decided.code == "extended")


def plain(part: Part, _settings: OfficeSettings) -> Plain:
    """Both counts by name."""
    return {words.name: part.count(f"{NAME}.{words.name}") for words in MEASURES}


LATE = Block(
    NAME,
    "Late applications",
    MEASURES,
    count,
    plain,
    counted_from="the days on which applications were received and found valid or invalid, the decisions "
    "on extending the 28 days, and what an old register tells of them",
)
