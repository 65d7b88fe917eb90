"""The only place that turns a register row into the steps of a review, in lifecycle order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.audit.record import SYSTEM
from casework.imports.checks import Filled, warnings_of
from casework.imports.rows import Fault
from workflows.attempt import Attempt, StepRefused
from workflows.complaint_review import COMPLAINT_REVIEW
from workflows.complaint_review_validity_guards import made_on
from workflows.definition import Actor, OfficeRules, Standing
from workflows.engine import take_next
from workflows.history import EFFECTIVE_ON

IMPORTER = Actor(SYSTEM, frozenset())
_AT_RECEIPT = (
    "complainant_name",
    "complainant_email",
    "complainant_address",
    "force",
    "force_reference",
    "letter_dated_on",
    "outcome_provided_on",
    "route",
    "categories",
    "channel",
    "first_received_by",
    "first_received_on",
    "grounds",
)


@dataclass(frozen=True)
class Planned:
    """A step that a row stands for; `day_column` is where its day was given."""

    attempt: Attempt
    day_column: str


def plan(filled: Filled) -> tuple[Planned, ...]:
    """The steps of a checked row by day; steps of one day in the order of the lifecycle."""
    steps = sorted(_steps(filled), key=lambda planned: planned[1])
    return tuple(
        Planned(
            Attempt(
                step,
                filled.day(column),
                facts,
                IMPORTER,
                estimated=_estimated(filled, column, facts),
                is_import=True,
            ),
            column,
        )
        for step, _, column, facts in steps
    )


def _estimated(filled: Filled, column: str, facts: Mapping[str, Any]) -> frozenset[str]:
    of_step = {EFFECTIVE_ON} if column in filled.estimated else set()
    return frozenset(of_step | {name for name in facts if name in filled.estimated})


Step = tuple[str, date, str, dict[str, Any]]


def _steps(filled: Filled) -> Iterator[Step]:
    yield _step(filled, "log", "received_on", {name: filled.says(name) for name in _AT_RECEIPT})
    for step, column in (
        ("acknowledge", "acknowledged_on"),
        ("request_file", "file_requested_on"),
        ("receive_file", "file_received_on"),
    ):
        if filled.says(column):
            yield _step(filled, step, column)
    if filled.says("validity") == "valid":
        is_extended = filled.says("time_extended") == "yes" or None
        yield _step(filled, "find_valid", "validity_on", {"time_extended": is_extended})
    if filled.says("validity") == "invalid":
        reason = {"reason": filled.says("invalid_reason")}
        yield _step(filled, "find_invalid", "validity_on", reason)
    yield from _review_and_ending(filled)


def _review_and_ending(filled: Filled) -> Iterator[Step]:
    if filled.says("reviewed_on"):
        yield _step(filled, "write_review", "reviewed_on")
    if outcome := filled.says("outcome"):
        step = "uphold" if outcome == "upheld" else "not_uphold"
        yield _step(filled, step, "decided_on", _decision(filled))
    for step, column in (
        ("forward", "forwarded_on"),
        ("withdraw", "withdrawn_on"),
        ("notify", "notified_on"),
    ):
        if filled.says(column):
            yield _step(filled, step, column)


def _decision(filled: Filled) -> dict[str, Any]:
    made = filled.says("recommendations") or ()
    answered = filled.says("responses") or ()
    padded = (*answered, *[""] * (len(made) - len(answered)))
    return {
        "recommendations": made,
        "responses": tuple(code or "unknown" for code in padded),
        "observations": filled.says("observations"),
    }


def _step(filled: Filled, step: str, column: str, facts: dict[str, Any] | None = None) -> Step:
    given = {name: value for name, value in (facts or {}).items() if value not in (None, ())}
    return step, filled.day(column), column, given


def rehearse(
    filled: Filled, steps: tuple[Planned, ...], office: OfficeRules, today: date
) -> tuple[list[Fault], list[Fault]]:
    """Run a row's steps through the engine without keeping anything: its faults and warnings."""
    standing = Standing(COMPLAINT_REVIEW.initial.name)
    for planned in steps:
        try:
            move = take_next(COMPLAINT_REVIEW, standing, planned.attempt, office, today)
        except StepRefused as refused:
            return _refusals(filled, planned, refused), []
        standing = move.after
    return [], warnings_of(filled, made_on(standing))


def _refusals(filled: Filled, planned: Planned, refused: StepRefused) -> list[Fault]:
    return [
        Fault(filled.row.number, _column_of(planned, refusal.fact), refusal.sentence)
        for refusal in refused.refusals
    ]


def _column_of(planned: Planned, fact: str | None) -> str:
    if fact is None or fact == EFFECTIVE_ON:
        return planned.day_column
    return "invalid_reason" if fact == "reason" else fact
