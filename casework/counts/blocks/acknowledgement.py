"""The only place for how soon the applications received in a period were acknowledged."""

from casework.counts.block import Block, Plain
from casework.counts.figures import Counted, Figures, Part, Source, empty
from casework.counts.lives import first_of
from casework.counts.words import Words
from casework.office_settings import OfficeSettings

NAME = "acknowledgement"
COUNTS = (
    Words("received", "Received", "Applications received in the period."),
    Words(
        "acknowledged", "Acknowledged", "Of those, acknowledged by the status day, late or in time."
    ),
    Words(
        "not_acknowledged",
        "No acknowledgement recorded",
        "Of those received, the rest: not acknowledged by the status day, or it was not recorded.",
    ),
    Words(
        "known",
        "Both days known",
        "Of those acknowledged, the ones whose day of receipt and day of the first acknowledgement "
        "are not estimated.",
    ),
    Words(
        "within_target",
        "Acknowledged in time",
        "Of those with both days known, first acknowledged within the office’s target of working "
        "days from receipt: the next working day is day 1, the same day 0.",
    ),
)
TARGET = Words(
    "target_working_days", "Target, working days", "The office’s target at this log size."
)


def count(source: Source) -> Figures:
    """The cohort by whether and how soon it was acknowledged."""
    figures = empty(f"{NAME}.{words.name}" for words in COUNTS)
    calendar, target = source.settings.calendar, source.settings.acknowledge_target
    for life, received, _ in source.received():
        figures[f"{NAME}.received"].append(received)
        sent = first_of(life.spans.get("acknowledged", ()))
        if sent is None or sent.from_on > source.status_on:
            figures[f"{NAME}.not_acknowledged"].append(received)
            continue
        counted = Counted(life.case, sent.from_on)
        figures[f"{NAME}.acknowledged"].append(counted)
        if sent.is_estimated or life.received.is_estimated:
            continue
        days = calendar.working_days_between(received.on, sent.from_on)
        figures[f"{NAME}.known"].append(counted._replace(days=days))
        if days <= target:
            figures[f"{NAME}.within_target"].append(counted._replace(days=days))
    return figures


def plain(part: Part, settings: OfficeSettings) -> Plain:
    """The counts by name, and the target."""
    return {
        **{words.name: part.count(f"{NAME}.{words.name}") for words in COUNTS},
        TARGET.name: settings.acknowledge_target,
    }


ACKNOWLEDGEMENT = Block(
    NAME,
    "Acknowledging applications",
    (*COUNTS, TARGET),
    count,
    plain,
    counted_from="the days on which applications were received and first acknowledged",
)
