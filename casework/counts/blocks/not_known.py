"""The only place that counts what the records do not say, or say by a best guess."""

from collections.abc import Callable
from dataclasses import dataclass, field

from casework.counts.block import Block, Plain
from casework.counts.figures import Figures, Part, Source, empty
from casework.counts.lives import Life, Snapshot, Span
from casework.counts.words import Words
from casework.office_settings import OfficeSettings

NAME = "not_known"
Seen = tuple[Life, Snapshot, Source]


@dataclass(frozen=True)
class Measure(Words):
    """A gap in what is recorded of a case that was received in the period."""

    counts: Callable[[Seen], bool] = field(kw_only=True)


def _is_guess(span: Span | None) -> bool:
    return span is not None and span.is_estimated


def _has_none(seen: Seen, kind: str) -> bool:
    life, _, source = seen
    return not life.standing(kind, source.status_on)


def _is_decided(seen: Seen) -> bool:
    return seen[1].is_closed_as("upheld", "not_upheld")


MEASURES = (
    Measure(
        "received",
        "Day received: estimated",
        "Cases received in the period, whose day of receipt is a best guess. Estimated days are "
        "good enough to say how a case stood and are left out of how long things took.",
        counts=lambda seen: seen[0].received.is_estimated,
    ),
    Measure(
        "validated",
        "Day found valid: estimated",
        "Cases received in the period and valid, found so on a day that is a best guess.",
        counts=lambda seen: _is_guess(seen[1].validity),
    ),
    Measure(
        "decided",
        "Day of the decision: estimated",
        "Cases received in the period and decided, on a day that is a best guess.",
        counts=lambda seen: _is_decided(seen) and _is_guess(seen[1].closure),
    ),
    Measure(
        "notified",
        "Decision letter: not recorded",
        "Cases received in the period and decided, without a letter about the decision by the "
        "status day.",
        counts=lambda seen: _is_decided(seen) and _has_none(seen, "notified"),
    ),
    Measure(
        "route",
        "Route: not recorded",
        "Cases received in the period and valid, of which it is not recorded whether the force "
        "had investigated the complaint.",
        counts=lambda seen: seen[1].validity is not None and _has_none(seen, "route"),
    ),
    Measure(
        "categories",
        "Allegation category: not recorded",
        "Cases received in the period without an allegation category.",
        counts=lambda seen: _has_none(seen, "categories"),
    ),
    Measure(
        "force",
        "Police force: not recorded",
        "Cases received in the period without a police force.",
        counts=lambda seen: _has_none(seen, "force"),
    ),
)


def count(source: Source) -> Figures:
    """The cohort's gaps, as they stand on the status day."""
    figures = empty(f"{NAME}.{measure.name}" for measure in MEASURES)
    for life, counted, case in source.received():
        for measure in MEASURES:
            if measure.counts((life, case, source)):
                figures[f"{NAME}.{measure.name}"].append(counted)
    return figures


def plain(part: Part, _settings: OfficeSettings) -> Plain:
    """How many cases have each gap, by what it is that is not known."""
    return {measure.name: part.count(f"{NAME}.{measure.name}") for measure in MEASURES}


NOT_KNOWN = Block(
    NAME,
    "What is not known",
    MEASURES,
    count,
    plain,
    counted_from="what is recorded of each case received in the period, and which of its days are "
    "marked as estimated",
)
