"""The only place where the engine's tests make offices, people and cases with a past."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from workflows.attempt import Attempt, Move, StepRefused
from workflows.complaint_review import COMPLAINT_REVIEW
from workflows.definition import Actor, Choice, Entry, OfficeRules, Refusal, Standing
from workflows.engine import take_step
from workflows.history import AMENDMENTS
from workflows.replay import standing_of

TODAY = date(2026, 11, 20)
FIRST = date(2026, 4, 1)

LISTS = {
    "forces": (Choice("northshire", "Northshire Police"),),
    "people": (Choice("u_1", "Ann Reviewer"), Choice("u_2", "Bob Supervisor")),
    "readers": (Choice("u_1", "Ann Reviewer"), Choice("u_2", "Bob Supervisor")),
    "contractors": (Choice("u_contractor", "Cat Contractor"),),
}
SOLE = OfficeRules(sign_off="sole", lists=LISTS)
SECOND_PERSON = OfficeRules(sign_off="second_person", lists=LISTS)
CHIEF_DECIDES = OfficeRules(sign_off="chief_executive", lists=LISTS)
OFFICES = (SOLE, SECOND_PERSON, CHIEF_DECIDES)

WRITER = Actor("u_1", frozenset({"reviewer"}))
SECOND = Actor("u_2", frozenset({"supervisor"}))
CHIEF = Actor("u_3", frozenset({"chief_executive"}))

# The least that each step must be told
LEAST: dict[str, dict[str, Any]] = {
    "complete_application": {"complainant_telephone": "01632 960001"},
    "escalate_file": {"escalated_to": "The head of Professional Standards"},
    "receive_file": {"extent": "complete"},
    "wait": {"waiting_for": "force"},
    "assign": {"assignee": "u_1"},
    "find_outcome_day": {
        "outcome_provided_on": FIRST,
        "outcome_day_basis": "letter_date",
        "reasons": "Nothing else is known.",
    },
    "find_review_body": {"review_body": "lpb"},
    "decide_time": {"extra_time": "extended", "special_circumstances": "In hospital."},
    "find_valid": {"reasons": "It is a valid application."},
    "find_invalid": {"reason": "not_a_review", "reasons": "It asks for something else."},
    "forward": {"limb": "senior_officer", "reasons": "It is about a chief officer."},
    "write_review": {"finding": "reasonable", "reasons": "The outcome fits the facts."},
    "return_review": {"comments": "Say more about the second allegation."},
    "uphold": {"reasons": "The outcome was not reasonable."},
    "not_uphold": {"reasons": "The outcome was reasonable."},
    "withdraw": {"withdrawal_of": "application"},
    "reopen": {"reason": "own_error"},
    "correct": {"reason": "It was mistyped."},
    "annul": {"reason": "It was entered on the wrong case."},
}
# One way to each state
WAYS: dict[str, tuple[str, ...]] = {
    "annulled": (),
    "received": ("log",),
    "valid": ("log", "find_valid"),
    "reviewed": ("log", "find_valid", "write_review"),
    "upheld": ("log", "find_valid", "write_review", "uphold"),
    "not_upheld": ("log", "find_valid", "write_review", "not_uphold"),
    "invalid": ("log", "find_invalid"),
    "forwarded": ("log", "forward"),
    "withdrawn": ("log", "withdraw"),
}


def day(number: int) -> date:
    """A day of a life: 0 is the first."""
    return FIRST + timedelta(days=number)


class Life:
    """A case and its log. `take` goes through the engine and, when it is let, writes."""

    def __init__(self, *steps: str, office: OfficeRules = SECOND_PERSON) -> None:
        self.office = office
        self.log: list[Entry] = []
        for number, step in enumerate(steps):
            self.take(step, day(number), is_import=True)

    def attempt(
        self,
        step: str,
        on: date | None = None,
        by: Actor = WRITER,
        target: int | None = None,
        is_import: bool = False,
        given: Mapping[str, Any] | None = None,
        **facts: Any,
    ) -> Move:
        """What the engine says, with the least the step needs and what is given beside."""
        said = {**LEAST.get(step, {}), **facts, **(given or {})}
        on = None if step in AMENDMENTS else on or TODAY
        tried = Attempt(step, on, said, by, target, is_import=is_import)
        return take_step(COMPLAINT_REVIEW, tuple(self.log), tried, self.office, TODAY)

    def take(self, step: str, on: date | None = None, by: Actor = WRITER, **rest: Any) -> Move:
        """Take a step, as `attempt`, and add it to the log."""
        move = self.attempt(step, on, by, **rest)
        at = move.effective_on or TODAY
        seq = len(self.log)
        self.log.append(Entry(seq, step, at, move.facts, by.token, target=move.target))
        assert self.standing().state == move.after.state
        return move

    def refusal(self, step: str, *known: Any, **rest: Any) -> Refusal | None:
        """The first reason why an attempt is refused, None when it would be accepted."""
        try:
            self.attempt(step, *known, **rest)
        except StepRefused as refused:
            return refused.refusals[0]
        return None

    def standing(self, on: date | None = None) -> Standing:
        """How the case stands by its log."""
        return standing_of(COMPLAINT_REVIEW, self.log, on)

    def seq_of(self, step: str) -> int:
        """The position of the newest entry of a step."""
        return next(entry.seq for entry in reversed(self.log) if entry.step == step)
