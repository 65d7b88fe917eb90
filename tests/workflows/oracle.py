"""The only place that says how a case stands by the published definition alone: slow and plain.

Nothing of the engine is used: it is what the engine is compared with.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from workflows.definition import Entry

OPEN = ["received", "valid", "reviewed"]
CLOSED = ["invalid", "forwarded", "withdrawn", "upheld", "not_upheld"]
STEPS = [
    *[
        "log",
        "complete_application",
        "acknowledge",
        "request_file",
        "chase_file",
        "escalate_file",
        "receive_file",
        "wait",
        "resume",
        "assign",
    ],
    *[
        "find_outcome_day",
        "find_review_body",
        "decide_time",
        "find_valid",
        "find_invalid",
        "forward",
        "write_review",
        "return_review",
        "uphold",
        "not_uphold",
    ],
    *["notify", "withdraw", "reopen"],
]
# The published steps, state by state
LEGAL: dict[tuple[str, str], str] = {
    ("annulled", "log"): "received",
    **{
        (state, step): state
        for state in OPEN
        for step in STEPS[1:12]  # complete_application to find_review_body change no state
    },
    **{(state, "decide_time"): state for state in OPEN[:2]},
    ("received", "find_valid"): "valid",
    ("received", "find_invalid"): "invalid",
    ("valid", "find_invalid"): "invalid",
    ("received", "forward"): "forwarded",
    ("valid", "forward"): "forwarded",
    ("reviewed", "forward"): "forwarded",
    ("valid", "write_review"): "reviewed",
    ("reviewed", "return_review"): "valid",
    ("reviewed", "uphold"): "upheld",
    ("reviewed", "not_uphold"): "not_upheld",
    **{(state, "notify"): state for state in CLOSED},
    **{(state, "withdraw"): "withdrawn" for state in OPEN},
    ("invalid", "reopen"): "received",
    ("forwarded", "reopen"): "received",
    ("upheld", "reopen"): "valid",
    ("not_upheld", "reopen"): "valid",
    ("withdrawn", "reopen"): "where it was",
}


class Impossible(Exception):
    """The history could not have happened."""


@dataclass
class Case:
    """How a case stands: its state, the position of what closed it, its newest values."""

    state: str = "annulled"
    closed_by: int | None = None
    was: str | None = None
    is_waiting: bool = False
    values: dict[str, Any] = field(default_factory=dict)


def case_on(log: Sequence[Entry], on: date | None = None) -> Case:
    """The case at the end of a day, or now. Raises Impossible."""
    case = Case()
    for effective_on, seq, step, facts, target in happened(log):
        if on is None or effective_on <= on:
            apply(case, seq, step, facts, target)
    return case


def happened(log: Sequence[Entry]) -> list[tuple[date, int, str, dict[str, Any], int | None]]:
    """What happened, as corrected, in the order of the days and then of the log."""
    left = []
    for entry in log:
        if entry.step in ("correct", "annul") or is_annulled(log, entry.seq):
            continue
        values = {"effective_on": entry.effective_on, **entry.facts}
        for correction in log:
            if correction.step != "correct" or correction.target != entry.seq:
                continue
            if not is_annulled(log, correction.seq):
                values |= correction.facts
        effective_on = values.pop("effective_on")
        known = {code: value for code, value in values.items() if value is not None}
        left.append((effective_on, entry.seq, entry.step, known, entry.target))
    return sorted(left, key=lambda one: one[:2])


def is_annulled(log: Sequence[Entry], seq: int) -> bool:
    """Whether an annulment names it that is not itself annulled."""
    return any(
        entry.step == "annul" and entry.target == seq and not is_annulled(log, entry.seq)
        for entry in log
    )


def apply(case: Case, seq: int, step: str, facts: dict[str, Any], target: int | None) -> None:
    """One thing that happened to a case."""
    leads_to = LEGAL.get((case.state, step))
    if leads_to is None or (step == "resume" and not case.is_waiting):
        raise Impossible
    if step == "reopen":
        if target != case.closed_by:
            raise Impossible
        leads_to = case.was if leads_to == "where it was" else leads_to
        case.closed_by = case.was = None
    elif leads_to in CLOSED and leads_to != case.state:
        case.closed_by, case.was = seq, case.state
    if step in ("wait", "resume", "reopen"):
        case.is_waiting = step == "wait"
    case.state = leads_to or "annulled"
    case.values |= facts
