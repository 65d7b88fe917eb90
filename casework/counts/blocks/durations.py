"""The only place for how long decisions took, from each start to each end, and who was waited for."""

from collections.abc import Iterator, Mapping, Sequence

from casework.counts import arithmetic
from casework.counts.block import Block, Plain
from casework.counts.blocks.timeliness import DECIDED, SPREAD
from casework.counts.decisions import Decision, decisions
from casework.counts.figures import Counted, Figures, Part, Source, empty
from casework.counts.lives import Life, Span, first_of
from casework.counts.waiting import MEANING, PARTIES, Wait, days_waited, has_file, waits
from casework.counts.words import Words
from casework.office_settings import OfficeSettings
from workflows.calendar import Calendar

NAME = "durations"
STARTS = {
    "received": "From received",
    "validated": "From found valid",
    "acknowledged": "From acknowledged",
    "papers": "From complete file",
}
ENDS = {"decided": "to decided", "notified": "to the decision letter"}
PAIRS = {
    f"{start}_{end}": f"{begins} {ends}"
    for end, ends in ENDS.items()
    for start, begins in STARTS.items()
}
"""Each start with each end, by the code that its figures bear."""
MEASURES = (
    DECIDED,
    Words(
        "known",
        "Both days known",
        "Of those, the ones whose first and last day are both recorded and not estimated, the "
        "first not after the last. A case is found valid on the day of the finding that stands; "
        "acknowledged on the first day of an acknowledgement; the force’s file is complete on the "
        "first day at whose end nothing of it was said to be missing. The figures that follow are "
        "about these alone.",
    ),
    *SPREAD,
    *(
        Words(
            f"waiting_{party}",
            f"Waited for {name}",
            f"Of those with both days known, the cases in which the office waited for {name} on a "
            f"working day in between. {MEANING}",
        )
        for party, name in PARTIES.items()
    ),
    *(
        Words(
            f"waiting_{party}_mean_working_days",
            f"Mean working days of waiting for {name}",
            "The mean over all with both days known, those that did not wait included. A working "
            "day counts when the office already waited as it began. It tells where the time went "
            "and is never taken off it.",
        )
        for party, name in PARTIES.items()
    ),
)


def count(source: Source) -> Figures:
    """The decisions of the period from each start to each end, and those that had to wait."""
    counts = ("decided", "known", *(f"waiting_{party}" for party in PARTIES))
    figures = empty(f"{NAME}.{pair}.{name}" for pair in PAIRS for name in counts)
    for made in decisions(source):
        case, waited = made.life.case, waits(made.life)
        for pair, start, end in _pairs(made, source):
            figures[f"{NAME}.{pair}.decided"].append(Counted(case, made.closure.from_on))
            if start and end and start.from_on <= end.from_on:
                for name, days in _days(start, end, waited, source.settings.calendar):
                    figures[f"{NAME}.{pair}.{name}"].append(Counted(case, end.from_on, days=days))
    return figures


def _days(
    start: Span, end: Span, waited: Sequence[Wait], calendar: Calendar
) -> Iterator[tuple[str, int]]:
    """The working days between two that are known, and of which the office waited for whom."""
    if start.is_estimated or end.is_estimated:
        return
    yield "known", calendar.working_days_between(start.from_on, end.from_on)
    for party, days in days_waited(waited, start.from_on, end.from_on, calendar).items():
        if days:
            yield f"waiting_{party}", days


def _pairs(made: Decision, source: Source) -> Iterator[tuple[str, Span | None, Span | None]]:
    """Each start of a decided case with each end: None where the log has no such day."""
    life = made.life
    starts: Mapping[str, Span | None] = {
        "received": life.received,
        "validated": life.one("validity", source.last_on),
        "acknowledged": first_of(life.spans.get("acknowledged", ())),
        "papers": _complete_file(life),
    }
    ends = {"decided": made.closure, "notified": made.letter(source.status_on)}
    for end_name, end in ends.items():
        for start_name, start in starts.items():
            yield f"{start_name}_{end_name}", start, end


def _complete_file(life: Life) -> Span | None:
    """What came of the force's file on the first day at whose end nothing of it was missing."""
    came = (span for span in life.spans.get("file_received", ()) if has_file(life, span.from_on))
    return first_of(came)


def plain(part: Part, _settings: OfficeSettings) -> list[Plain]:
    """Working days from each start to each end, of which the office waited for each party."""
    return [
        {
            "from": pair.split("_")[0],
            "to": pair.split("_")[1],
            "decided": part.count(f"{NAME}.{pair}.decided"),
            **arithmetic.spread(part.figures[f"{NAME}.{pair}.known"]),
            "waiting": {party: _waiting(part, pair, party) for party in PARTIES},
        }
        for pair in PAIRS
    ]


def _waiting(part: Part, pair: str, party: str) -> Plain:
    waited = [counted.days or 0 for counted in part.figures[f"{NAME}.{pair}.waiting_{party}"]]
    none = [0] * (part.count(f"{NAME}.{pair}.known") - len(waited))
    return {"cases": len(waited), "mean_working_days": arithmetic.mean([*waited, *none])}


DURATIONS = Block(
    NAME,
    "Time taken, from each start",
    MEASURES,
    count,
    plain,
    {NAME: PAIRS},
    counted_from="the days on which applications were received, found valid, first acknowledged and "
    "decided, on which the force’s file was complete and the first letter about the decision "
    "left, and on which waiting began and ended",
)
