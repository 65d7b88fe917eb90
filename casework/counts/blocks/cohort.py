"""The only place for the cohort: what became of the cases received in a period."""

from collections.abc import Callable
from dataclasses import dataclass, field

from casework.counts import arithmetic
from casework.counts.block import Block, Plain
from casework.counts.figures import Figures, Part, Source, empty
from casework.counts.lives import Snapshot
from casework.counts.tallies import Tallies
from casework.counts.words import PERCENT_UPHELD, Words
from casework.office_settings import OfficeSettings
from workflows.complaint_review_choices import INVALID_REASONS

NAME = "cohort"


@dataclass(frozen=True)
class Measure(Words):
    """A figure of the cases received in a period, by how each stood on the status day."""

    counts: Callable[[Snapshot], bool] = field(kw_only=True)


MEASURES = (
    Measure(
        "received",
        "Received",
        "Applications for a review that this office received in the period. Published as "
        "“considered”.",
        counts=lambda case: case.is_received,
    ),
    Measure(
        "valid",
        "Valid",
        "Of those, found valid and not since found invalid or forwarded; whether decided, "
        "ongoing or withdrawn. A late application whose time was extended is valid.",
        counts=lambda case: case.validity is not None,
    ),
    Measure(
        "invalid",
        "Invalid",
        "Of those received, found invalid.",
        counts=lambda case: case.is_closed_as("invalid"),
    ),
    Measure(
        "forwarded",
        "Forwarded to the IOPC",
        "Of those received, forwarded because the IOPC is the relevant review body.",
        counts=lambda case: case.is_closed_as("forwarded"),
    ),
    Measure(
        "undetermined",
        "Validity not yet determined",
        "Of those received, open and not yet found valid or invalid.",
        counts=lambda case: case.is_open and case.validity is None,
    ),
    Measure(
        "withdrawn_undetermined",
        "Withdrawn before validity was determined",
        "Of those received, withdrawn without having been found valid.",
        counts=lambda case: case.is_closed_as("withdrawn") and case.validity is None,
    ),
    Measure(
        "withdrawn",
        "Withdrawn",
        "Of those received, withdrawn, whether found valid before or not.",
        counts=lambda case: case.is_closed_as("withdrawn"),
    ),
    Measure(
        "upheld",
        "Upheld",
        "Of those received, decided: the outcome was not reasonable and proportionate. A case "
        "counts once, by the decision that stands.",
        counts=lambda case: case.is_closed_as("upheld"),
    ),
    Measure(
        "not_upheld",
        "Not upheld",
        "Of those received, decided: the outcome was reasonable and proportionate.",
        counts=lambda case: case.is_closed_as("not_upheld"),
    ),
    Measure(
        "ongoing",
        "Ongoing",
        "Valid and not closed.",
        counts=lambda case: case.is_open and case.validity is not None,
    ),
)
BY_REASON = Words(
    "invalid_by_reason", "Invalid, by reason", "The invalid cases above, by the reason recorded."
)


def count(source: Source) -> Figures:
    """The cases received in the period, by how they stood on the status day."""
    figures = empty(f"{NAME}.{measure.name}" for measure in MEASURES)
    for life, counted, case in source.received():
        for measure in MEASURES:
            if measure.counts(case):
                figures[f"{NAME}.{measure.name}"].append(counted)
        if case.is_closed_as("invalid"):
            reason = life.one("invalid_reason", source.status_on)
            name = f"{NAME}.invalid_by_reason.{reason.code if reason else 'unknown'}"
            figures.setdefault(name, []).append(counted)
    return figures


def plain(part: Part, _settings: OfficeSettings) -> Plain:
    """The counts by name, the percentage upheld, and the invalid by reason."""
    reasons = f"{NAME}.{BY_REASON.name}"
    return {
        **{measure.name: part.count(f"{NAME}.{measure.name}") for measure in MEASURES},
        PERCENT_UPHELD.name: arithmetic.percent_upheld(part, NAME),
        BY_REASON.name: {code: part.count(f"{reasons}.{code}") for code in part.codes(reasons)},
    }


COHORT = Block(
    NAME,
    "Cases received in the period",
    (*MEASURES, PERCENT_UPHELD, BY_REASON),
    count,
    plain,
    {
        BY_REASON.name: {reason.code: reason.label for reason in INVALID_REASONS}
        | {"unknown": "No reason recorded"}
    },
    tally=Tallies.cohort,
    counted_from="the days on which applications were received, found valid or invalid, forwarded, "
    "withdrawn and decided, and the reason given for finding one invalid",
)
