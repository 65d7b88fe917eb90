"""The only place for why applications were found invalid in a period, whenever they were received.

The cohort has the reasons for those received in the period; this is beside the work done, whose
“found invalid” it breaks down.
"""

from casework.counts.block import Block, Plain
from casework.counts.blocks import cohort
from casework.counts.figures import Counted, Figures, Part, Source, empty
from casework.counts.words import Words
from casework.office_settings import OfficeSettings

NAME = "found_invalid"
ALL = Words(
    "found",
    "Found invalid",
    "Closed as invalid in the period, and still so at its end: the same as in the work done.",
)
BY_REASON = Words(
    "by_reason",
    "Found invalid, by reason",
    "Those found invalid, by the reason recorded at the end of the period.",
)


def count(source: Source) -> Figures:
    """What activity counts as found invalid, by the reason recorded at the end of the period."""
    figures = empty([f"{NAME}.{ALL.name}"])
    lives, last_on = source.lives, source.last_on
    for life, case in zip(lives.all, lives.on(last_on), strict=True):
        closure = case.closure
        if closure and closure.code == "invalid" and closure.from_on >= source.period.from_on:
            counted = Counted(life.case, closure.from_on)
            reason = life.one("invalid_reason", last_on)
            figures[f"{NAME}.{ALL.name}"].append(counted)
            by_reason = f"{NAME}.{BY_REASON.name}.{reason.code if reason else 'unknown'}"
            figures.setdefault(by_reason, []).append(counted)
    return figures


def plain(part: Part, _settings: OfficeSettings) -> Plain:
    """How many, and by the reasons that occur."""
    reasons = f"{NAME}.{BY_REASON.name}"
    return {
        ALL.name: part.count(f"{NAME}.{ALL.name}"),
        BY_REASON.name: {code: part.count(f"{reasons}.{code}") for code in part.codes(reasons)},
    }


FOUND_INVALID = Block(
    NAME,
    "Why applications were found invalid",
    (ALL, BY_REASON),
    count,
    plain,
    {BY_REASON.name: cohort.COHORT.labels[cohort.BY_REASON.name]},
    counted_from="the days on which applications were found invalid, each with its reason",
)
