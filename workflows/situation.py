"""The only place for what a rule may look at: how a case stands, who acts, the office’s rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from workflows.calendar import Calendar
from workflows.delegation import Delegation
from workflows.fact import Choice, Fact
from workflows.retention import DEFAULT, Schedule


@dataclass(frozen=True)
class Refusal:
    """Why a step cannot be taken, as a sentence to the person, and the fact to mend."""

    sentence: str
    fact: str | None = None


@dataclass(frozen=True)
class Actor:
    """Who acts: a random token, never a name, and the roles held at this moment."""

    token: str
    roles: frozenset[str]


@dataclass(frozen=True)
class Entry:
    """One thing that happened to a case, as the log has it after corrections.

    `facts` holds coded values by `Fact.code`: days as `date`, choices as tuples of codes.
    `estimated` names the days of this entry that are a best guess (`effective_on` or a fact).
    """

    seq: int
    step: str
    effective_on: date
    facts: Mapping[str, Any]
    actor: str
    token: str = ""
    target: int | None = None
    estimated: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Standing:
    """What is true of a case after the entries applied so far.

    `values` holds the newest value of each coded fact; `closure` the entry that closed the
    case, None while it is open; `came_from` the state that closure ended.
    """

    state: str
    entries: tuple[Entry, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    closure: Entry | None = None
    came_from: str | None = None

    def last(self, *steps: str) -> Entry | None:
        """The newest entry of any of these steps, None when there is none."""
        return next((e for e in reversed(self.entries) if e.step in steps), None)

    def first_day(self, step: str) -> date | None:
        """The first day this step was taken, None when it never was."""
        return next((e.effective_on for e in self.entries if e.step == step), None)


@dataclass(frozen=True)
class OfficeRules:
    """The office's own settings that a workflow may ask for; targets are working days."""

    sign_off: Literal["sole", "second_person", "chief_executive"] = "second_person"
    clock_start: Literal["received", "validated", "acknowledged"] = "received"
    acknowledge_target: int = 5
    decide_target: int = 28
    answer_target: int = 10
    calendar: Calendar = field(default_factory=Calendar)
    lists: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    delegations: tuple[Delegation, ...] = ()
    retention: Schedule = DEFAULT

    def is_delegated(self, function: str, person: str, on: date) -> bool:
        """Whether a power is delegated to this person (by token) on this day."""
        return any(each.is_held(function, person, on) for each in self.delegations)

    def choices_of(self, fact: Fact) -> tuple[Choice, ...]:
        """The choices of a fact, from the definition or from the list the office keeps."""
        if isinstance(fact.choices, str):
            return self.lists.get(fact.choices, ())
        return fact.choices


@dataclass(frozen=True)
class Situation:
    """All a guard may look at: the case before the step, the step tried, the office's rules.

    `actor` is None when a history is replayed: nobody acts then. For an item, `before` is the
    item's own standing and `case` that of the case it is kept on, None when replayed. `kept` is
    how everything kept on that case stands, by kind, and `latest` the position of the last entry of
    it or of anything else kept on it: given where the item's workflow asks for it.
    """

    before: Standing
    entry: Entry
    office: OfficeRules
    actor: Actor | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    case: Standing | None = None
    kept: Mapping[str, tuple[Standing, ...]] = field(default_factory=dict)
    latest: int | None = None

    def value(self, code: str) -> Any:
        """The value of a coded fact as this step would leave it, None when unknown."""
        return self.entry.facts.get(code, self.before.values.get(code))
