"""The only place for how long decisions took from receipt: to the decision, and to its letter."""

from casework.counts import arithmetic
from casework.counts.block import Block, Plain
from casework.counts.decisions import decisions
from casework.counts.figures import Counted, Figures, Part, Source, empty
from casework.counts.words import Words
from casework.office_settings import OfficeSettings

NAME = "timeliness"
DECIDED = Words("decided", "Decisions", "The decisions counted as completed in the period.")
SPREAD = (
    Words(
        "mean_working_days",
        "Mean working days",
        "Working days after the first day, up to and including the last: the next working day is "
        "day 1, the same day 0. Nothing is taken off for waiting.",
    ),
    Words(
        "median_working_days",
        "Median working days",
        "Half took no longer. Of an even number, the mean of the middle two.",
    ),
    Words(
        "p90_working_days",
        "90th percentile, working days",
        "Nine in ten took no longer, by the nearest rank.",
    ),
    Words("max_working_days", "Longest, working days", "The longest of them."),
)
MEASURES = (
    DECIDED,
    Words(
        "known",
        "Both days known",
        "Of those, the ones whose first and last day are both recorded and not estimated. The "
        "figures that follow are about these alone.",
    ),
    *SPREAD,
    Words(
        "within_target",
        "Within target",
        "Of those with both days known, decided within the office’s target of working days from "
        "receipt.",
    ),
    Words("target_working_days", "Target, working days", "The office’s target at this log size."),
)
ENDS = {
    "decided": "From received to decided",
    "notified": "From received to the decision letter",
}


def count(source: Source) -> Figures:
    """The decisions of the period, those whose days are known, and those within the target."""
    figures = empty(f"{NAME}.{end}.{name}" for end in ENDS for name in ("decided", "known"))
    figures[f"{NAME}.decided.within_target"] = []
    for made in decisions(source):
        received = made.life.received
        ends = {"decided": made.closure, "notified": made.letter(source.status_on)}
        for name, end in ends.items():
            figures[f"{NAME}.{name}.decided"].append(Counted(made.life.case, made.closure.from_on))
            if end is None or end.is_estimated or received.is_estimated:
                continue
            days = source.settings.calendar.working_days_between(received.from_on, end.from_on)
            counted = Counted(made.life.case, end.from_on, days=days)
            figures[f"{NAME}.{name}.known"].append(counted)
            if name == "decided" and days <= source.settings.decide_target:
                figures[f"{NAME}.decided.within_target"].append(counted)
    return figures


def plain(part: Part, settings: OfficeSettings) -> list[Plain]:
    """Working days from received to each end; a target is set for deciding only."""
    return [
        {
            "from": "received",
            "to": end,
            "decided": part.count(f"{NAME}.{end}.decided"),
            **arithmetic.spread(part.figures[f"{NAME}.{end}.known"]),
            "within_target": part.count(f"{NAME}.{end}.within_target") if target else None,
            "target_working_days": target,
        }
        for end, target in (("decided", settings.decide_target), ("notified", None))
    ]


TIMELINESS = Block(
    NAME,
    "How long decisions took",
    MEASURES,
    count,
    plain,
    {NAME: ENDS},
    counted_from="the days on which applications were received and decided, and on which the first letter "
    "about the decision left",
)
