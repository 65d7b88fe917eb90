"""The only place for the activity: what was done in a period, whenever the case was received."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from casework.counts import arithmetic
from casework.counts.block import Block, Plain
from casework.counts.decisions import DECIDED
from casework.counts.figures import Counted, Figures, Part, Source, empty
from casework.counts.lives import Snapshot
from casework.counts.tallies import Tallies
from casework.counts.words import PERCENT_UPHELD, Words
from casework.office_settings import OfficeSettings

NAME = "activity"


@dataclass(frozen=True, slots=True)
class Seen:
    """A case seen over a period: how it stood before it and at its end.

    `from_on` is the period's first day; `before` is the case on B, `after` on S, in the words
    of the definitions below.
    """

    from_on: date
    received_on: date
    before: Snapshot
    after: Snapshot

    def is_closed_in_period(self, *codes: str) -> bool:
        """Whether the closure that stands at the end is one of these and began in the period."""
        closure = self.after.closure
        return closure is not None and closure.code in codes and closure.from_on >= self.from_on

    @property
    def is_found_valid_in_period(self) -> bool:
        """Whether the validity that stands at the end began in the period."""
        validity = self.after.validity
        return validity is not None and validity.from_on >= self.from_on

    @property
    def is_reopened(self) -> bool:
        """Whether it was closed before the period by a closure that no longer stands at its end."""
        return self.before.closure is not None and self.after.closure != self.before.closure


@dataclass(frozen=True)
class Measure(Words):
    """A figure of what happened in a period, whenever the case was received."""

    counts: Callable[[Seen], bool] = field(kw_only=True)


MEASURES = (
    Measure(
        "brought_forward",
        "Brought forward",
        "Open at the end of the day before the period.",
        counts=lambda case: case.before.is_open,
    ),
    Measure(
        "received",
        "Received",
        "Received in the period.",
        counts=lambda case: case.after.is_received and case.received_on >= case.from_on,
    ),
    Measure(
        "reopened",
        "Reopened",
        "Closed before the period by a closure that no longer stands at its end.",
        counts=lambda case: case.is_reopened,
    ),
    Measure(
        "found_valid",
        "Found valid",
        "The finding that the application is valid was made in the period and stands at its end. "
        "Finding a case valid does not close it.",
        counts=lambda case: case.is_found_valid_in_period,
    ),
    Measure(
        "found_invalid",
        "Found invalid",
        "Closed as invalid in the period, and still so at its end.",
        counts=lambda case: case.is_closed_in_period("invalid"),
    ),
    Measure(
        "forwarded",
        "Forwarded to the IOPC",
        "Closed by forwarding in the period, and still so at its end.",
        counts=lambda case: case.is_closed_in_period("forwarded"),
    ),
    Measure(
        "withdrawn",
        "Withdrawn",
        "Closed by withdrawal in the period, and still so at its end.",
        counts=lambda case: case.is_closed_in_period("withdrawn"),
    ),
    Measure(
        "completed",
        "Completed",
        "Decided in the period, upheld or not upheld, and still so at its end; whenever the case "
        "was received.",
        counts=lambda case: case.is_closed_in_period(*DECIDED),
    ),
    Measure(
        "upheld",
        "Upheld",
        "Of those completed: the outcome was not reasonable and proportionate.",
        counts=lambda case: case.is_closed_in_period("upheld"),
    ),
    Measure(
        "not_upheld",
        "Not upheld",
        "Of those completed: the outcome was reasonable and proportionate.",
        counts=lambda case: case.is_closed_in_period("not_upheld"),
    ),
    Measure(
        "carried_forward",
        "Carried forward",
        "Open at the end of the period. Brought forward, received and reopened, less found "
        "invalid, forwarded, withdrawn and completed.",
        counts=lambda case: case.after.is_open,
    ),
)


def count(source: Source) -> Figures:
    """What happened in the period up to the status day, whenever the case was received."""
    figures = empty(f"{NAME}.{measure.name}" for measure in MEASURES)
    lives = source.lives
    for counted, before, after in zip(
        lives.counted, lives.on(source.before_on), lives.on(source.last_on), strict=True
    ):
        if not after.is_received or (before.closure and before.closure is after.closure):
            continue  # not there yet, or closed throughout: in none of the figures
        seen = Seen(source.period.from_on, counted.on, before, after)
        for measure in MEASURES:
            if measure.counts(seen):
                on = _day_of(measure.name, seen)
                one = counted if on == counted.on else Counted(counted.case, on)
                figures[f"{NAME}.{measure.name}"].append(one)
    return figures


def _day_of(measure: str, seen: Seen) -> date:
    if measure == "found_valid" and seen.after.validity is not None:
        return seen.after.validity.from_on
    if measure == "reopened" and seen.before.closure and seen.before.closure.to_on:
        return seen.before.closure.to_on
    if measure not in ("brought_forward", "received", "carried_forward") and seen.after.closure:
        return seen.after.closure.from_on
    return seen.received_on


def plain(part: Part, _settings: OfficeSettings) -> Plain:
    """The counts by name and the percentage upheld."""
    return {
        **{measure.name: part.count(f"{NAME}.{measure.name}") for measure in MEASURES},
        PERCENT_UPHELD.name: arithmetic.percent_upheld(part, NAME),
    }


ACTIVITY = Block(
    NAME,
    "Work done in the period",
    (*MEASURES, PERCENT_UPHELD),
    count,
    plain,
    tally=Tallies.activity,
    counted_from="the days on which applications were received, found valid or invalid, forwarded, "
    "withdrawn, decided and reopened",
)
