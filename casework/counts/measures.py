"""The only place for what each figure means: the published words beside the test that counts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from casework.counts.lives import Snapshot

DECIDED = ("upheld", "not_upheld")


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
class Words:
    """What a figure is called and what it is, as reports print it."""

    name: str
    title: str
    definition: str


@dataclass(frozen=True)
class CohortMeasure(Words):
    """A figure of the cases received in a period, by how each stood on the status day."""

    counts: Callable[[Snapshot], bool]


@dataclass(frozen=True)
class ActivityMeasure(Words):
    """A figure of what happened in a period, whenever the case was received."""

    counts: Callable[[Seen], bool]


COHORT = (
    CohortMeasure(
        "received",
        "Received",
        "Applications for a review that this office received in the period. Published as "
        "“considered”.",
        lambda case: case.is_received,
    ),
    CohortMeasure(
        "valid",
        "Valid",
        "Of those, found valid and not since found invalid or forwarded; whether decided, "
        "ongoing or withdrawn. A late application whose time was extended is valid.",
        lambda case: case.validity is not None,
    ),
    CohortMeasure(
        "invalid",
        "Invalid",
        "Of those received, found invalid.",
        lambda case: case.is_closed_as("invalid"),
    ),
    CohortMeasure(
        "forwarded",
        "Forwarded to the IOPC",
        "Of those received, forwarded because the IOPC is the relevant review body.",
        lambda case: case.is_closed_as("forwarded"),
    ),
    CohortMeasure(
        "undetermined",
        "Validity not yet determined",
        "Of those received, open and not yet found valid or invalid.",
        lambda case: case.is_open and case.validity is None,
    ),
    CohortMeasure(
        "withdrawn_undetermined",
        "Withdrawn before validity was determined",
        "Of those received, withdrawn without having been found valid.",
        lambda case: case.is_closed_as("withdrawn") and case.validity is None,
    ),
    CohortMeasure(
        "withdrawn",
        "Withdrawn",
        "Of those received, withdrawn, whether found valid before or not.",
        lambda case: case.is_closed_as("withdrawn"),
    ),
    CohortMeasure(
        "upheld",
        "Upheld",
        "Of those received, decided: the outcome was not reasonable and proportionate. A case "
        "counts once, by the decision that stands.",
        lambda case: case.is_closed_as("upheld"),
    ),
    CohortMeasure(
        "not_upheld",
        "Not upheld",
        "Of those received, decided: the outcome was reasonable and proportionate.",
        lambda case: case.is_closed_as("not_upheld"),
    ),
    CohortMeasure(
        "ongoing",
        "Ongoing",
        "Valid and not closed.",
        lambda case: case.is_open and case.validity is not None,
    ),
)

ACTIVITY = (
    ActivityMeasure(
        "brought_forward",
        "Brought forward",
        "Open at the end of the day before the period.",
        lambda case: case.before.is_open,
    ),
    ActivityMeasure(
        "received",
        "Received",
        "Received in the period.",
        lambda case: case.after.is_received and case.received_on >= case.from_on,
    ),
    ActivityMeasure(
        "reopened",
        "Reopened",
        "Closed before the period by a closure that no longer stands at its end.",
        lambda case: case.is_reopened,
    ),
    ActivityMeasure(
        "found_valid",
        "Found valid",
        "The finding that the application is valid was made in the period and stands at its end. "
        "Finding a case valid does not close it.",
        lambda case: case.is_found_valid_in_period,
    ),
    ActivityMeasure(
        "found_invalid",
        "Found invalid",
        "Closed as invalid in the period, and still so at its end.",
        lambda case: case.is_closed_in_period("invalid"),
    ),
    ActivityMeasure(
        "forwarded",
        "Forwarded to the IOPC",
        "Closed by forwarding in the period, and still so at its end.",
        lambda case: case.is_closed_in_period("forwarded"),
    ),
    ActivityMeasure(
        "withdrawn",
        "Withdrawn",
        "Closed by withdrawal in the period, and still so at its end.",
        lambda case: case.is_closed_in_period("withdrawn"),
    ),
    ActivityMeasure(
        "completed",
        "Completed",
        "Decided in the period, upheld or not upheld, and still so at its end; whenever the case "
        "was received.",
        lambda case: case.is_closed_in_period(*DECIDED),
    ),
    ActivityMeasure(
        "upheld",
        "Upheld",
        "Of those completed: the outcome was not reasonable and proportionate.",
        lambda case: case.is_closed_in_period("upheld"),
    ),
    ActivityMeasure(
        "not_upheld",
        "Not upheld",
        "Of those completed: the outcome was reasonable and proportionate.",
        lambda case: case.is_closed_in_period("not_upheld"),
    ),
    ActivityMeasure(
        "carried_forward",
        "Carried forward",
        "Open at the end of the period. Brought forward, received and reopened, less found "
        "invalid, forwarded, withdrawn and completed.",
        lambda case: case.after.is_open,
    ),
)
