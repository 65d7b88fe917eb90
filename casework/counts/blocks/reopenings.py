"""The only place for the reopenings of a period, by their reason."""

from casework.counts.block import Block, Plain
from casework.counts.figures import Counted, Figures, Part, Source, empty
from casework.counts.lives import Period
from casework.counts.words import Words
from casework.office_settings import OfficeSettings
from workflows.complaint_review_choices import REOPEN_REASONS

NAME = "reopenings"
RETURNED = "returned_by_iopc"
MEASURES = (
    Words(
        "reopened",
        "Reopenings",
        "Each time a case was reopened in the period, once for each day, by the last reason given "
        "on it; also where it had been closed in the same period, or was closed again. “Reopened” "
        "in the work done counts instead the cases that were closed before the period and have "
        "lost that closure at its end, so the two may differ.",
    ),
    Words(
        RETURNED,
        "Returned by the IOPC",
        "Of those, reopened because the IOPC sent back what had been forwarded to it.",
    ),
)
BY_REASON = Words("by_reason", "Reopenings, by reason", "The reopenings, by the reason recorded.")


def count(source: Source) -> Figures:
    """The reopenings of the period, whenever the case was received or closed."""
    figures = empty(f"{NAME}.{words.name}" for words in MEASURES)
    counted_in = Period(source.period.from_on, source.last_on)
    for life in source.lives.all:
        for reopened in life.spans.get("reopen_reason", ()):
            if counted_in.holds(reopened.from_on):
                one = Counted(life.case, reopened.from_on)
                figures[f"{NAME}.reopened"].append(one)
                figures.setdefault(f"{NAME}.{BY_REASON.name}.{reopened.code}", []).append(one)
                if reopened.code == RETURNED:
                    figures[f"{NAME}.{RETURNED}"].append(one)
    return figures


def plain(part: Part, _settings: OfficeSettings) -> Plain:
    """All reopenings, those by the IOPC, and how many for each reason that occurs."""
    reasons = f"{NAME}.{BY_REASON.name}"
    return {
        **{words.name: part.count(f"{NAME}.{words.name}") for words in MEASURES},
        BY_REASON.name: {code: part.count(f"{reasons}.{code}") for code in part.codes(reasons)},
    }


REOPENINGS = Block(
    NAME,
    "Cases reopened",
    (*MEASURES, BY_REASON),
    count,
    plain,
    {BY_REASON.name: {reason.code: reason.label for reason in REOPEN_REASONS}},
    number_title="Reopenings",
    counted_from="the entries that reopen a case, each with its reason",
)
