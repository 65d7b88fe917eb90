"""The only place for the words a workflow is written in.

A workflow is data: states, the steps between them, the facts each step asks for, the
guards that may refuse it and the deadlines that follow. `engine` runs it, `checker`
proves it sound, `diagram` draws it; forms, audit events and counts are read off it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from workflows.calendar import Calendar
from workflows.delegation import Delegation
from workflows.roles import SOURCE as ROLES_FILE

FactKind = Literal["day", "text", "choice", "choices", "flag", "number", "file"]
STAYS = "="
"""A move that changes no state."""
WHERE_IT_WAS = "<"
"""A move back to the state the case was in when its closure began."""
AS_SAID = "?"
"""Before the code of a choice: a move to the state that bears the name of what was chosen."""


@dataclass(frozen=True)
class Choice:
    """One value a choice fact may take: its stable code and the words people read."""

    code: str
    label: str
    hint: str = ""


@dataclass(frozen=True)
class Fact:
    """One thing a step asks for; the form field, the refusal and the event all follow from it.

    Text is personal by rule: it goes beside the log under a commitment, never into it.
    Every other kind is a closed code, a day, a flag, a number or the SHA-256 of a stored file
    and goes into the event's `stat` under `code`. A day may not lie in the future unless
    `is_ahead`: what is to be answered by then. `choices` may be the name of a list that the office keeps
    (`"forces"`, `"people"`, `"contractors"`). A counted fact becomes a milestone of that kind from its day on.
    """

    name: str
    kind: FactKind
    label: str
    hint: str = ""
    required: bool = False
    choices: tuple[Choice, ...] | str = ()
    stat: str = ""
    is_counted: bool = False
    is_long: bool = False
    is_for_import: bool = False
    is_ahead: bool = False
    section: str = ""

    @property
    def code(self) -> str:
        """The key under which the log holds this fact; unique in a workflow."""
        return self.stat or self.name

    @property
    def is_person(self) -> bool:
        """Whether the value is somebody who signs in here, by token."""
        return self.choices in ("people", "contractors")

    @property
    def is_personal(self) -> bool:
        """Whether the value is words, kept outside the log."""
        return self.kind == "text"


@dataclass(frozen=True)
class State:
    """A state of a case; a closed one ends the office's work unless the case is reopened.

    While something kept on a case is in a state with a `flag`, every page of the case bears it.
    """

    name: str
    label: str
    is_closed: bool = False
    colour: str = "grey"
    flag: str = ""


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
    item's own standing and `case` that of the case it is kept on, None when replayed.
    """

    before: Standing
    entry: Entry
    office: OfficeRules
    actor: Actor | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    case: Standing | None = None

    def value(self, code: str) -> Any:
        """The value of a coded fact as this step would leave it, None when unknown."""
        return self.entry.facts.get(code, self.before.values.get(code))


@dataclass(frozen=True)
class Guard:
    """A rule that may refuse a step. `check` gives a Refusal, or None when the rule is kept.

    `about` says when it binds: `history` always, also for imported rows and whatever a
    correction leaves; `judgement` when a person takes the step now; `who` likewise, and
    before any fact is given, so that pages can hide or explain the button.
    """

    name: str
    says: str
    check: Callable[[Situation], Refusal | None]
    about: Literal["history", "judgement", "who"] = "history"


@dataclass(frozen=True)
class Mark:
    """A milestone that an event begins: its kind and code, counted by measures."""

    kind: str
    code: str = ""


@dataclass(frozen=True)
class Step:
    """Something a person does to a case: imperative name, past-tense event.

    `moves` pairs a source state with where the step leads (`STAYS`, `WHERE_IT_WAS` or a
    state, or `AS_SAID` and the code of a choice of its own). `begins` are the milestones it
    starts, `ends` the kinds of milestones and the facts that no longer stand from then on.
    `page` names the endpoint of a page that owns this step's form. Nobody takes a step that
    `is_implied`: it follows from an entry of the case that the item is kept on.
    """

    name: str
    label: str
    event: str
    done: str
    moves: tuple[tuple[str, str], ...]
    roles: tuple[str, ...]
    facts: tuple[Fact, ...] = ()
    guards: tuple[Guard, ...] = ()
    begins: tuple[Mark, ...] = ()
    ends: tuple[str, ...] = ()
    day_label: str = "Day it happened"
    day_hint: str = ""
    group: str = ""
    page: str = ""
    is_implied: bool = False

    @cached_property
    def facts_by_name(self) -> Mapping[str, Fact]:
        """The step's facts by the name a person or script gives them."""
        return {fact.name: fact for fact in self.facts}

    @cached_property
    def facts_by_code(self) -> Mapping[str, Fact]:
        """The step's facts by the key the log holds them under."""
        return {fact.code: fact for fact in self.facts}

    def leads_from(self, state: str) -> str | None:
        """Where the step leads from a state, as its moves are written, or None."""
        return dict(self.moves).get(state)

    def said_states(self, dest: str) -> tuple[str, ...]:
        """The states a move written as `AS_SAID` may lead to; none for any other move."""
        fact = self.facts_by_code.get(dest.removeprefix(AS_SAID)) if dest[:1] == AS_SAID else None
        known = fact.choices if fact and isinstance(fact.choices, tuple) else ()
        return tuple(choice.code for choice in known)


@dataclass(frozen=True)
class Due:
    """A deadline of one case: when, how it was computed, and when it was met."""

    name: str
    label: str
    due_on: date | None
    met_on: date | None
    how: str


@dataclass(frozen=True)
class Deadline:
    """A time limit or target: `work_out` gives the Due of a case, None where none applies."""

    name: str
    work_out: Callable[[Standing, OfficeRules], Due | None]


@dataclass(frozen=True)
class Prompt:
    """What a case wants done next, and the step that does it.

    `since` gives the day from which it is wanted: in the future for what may rest till then,
    None for what is not wanted at all. `deadline` names the time limit that it meets. What is
    of use `while_waiting` is wanted although the office waits for somebody. With `roles` it is
    said to whoever holds one of them, and to nobody else.
    """

    step: str
    says: str
    since: Callable[[Standing], date | None]
    deadline: str = ""
    while_waiting: bool = False
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wait:
    """That the office waits for somebody: whom, since which day, and for what.

    When work on the case `rests` till they answer, only prompts of use `while_waiting` remain.
    """

    whom: str
    since: date
    what: str = ""
    rests: bool = False


Recipient = Literal[
    "complainant",
    "appropriate_authority",
    "interested_persons",
    "person_complained_against",
    "iopc",
]
"""Whom a letter tells."""


@dataclass(frozen=True)
class Letter:
    """A letter that may be taken from a case once one of `after` has happened to it.

    `to` says whom it may go to, the usual one first. `only_with` names a kind of item of which
    the case must have one; a letter that is `while_open` makes no sense once the case is closed.
    `records` is the step of the case that sending it is, offered to be recorded with it. One that
    `is_owed` has to go to everybody in `to` as soon as what it tells has happened.
    """

    name: str
    label: str
    to: tuple[Recipient, ...]
    after: tuple[str, ...]
    only_with: str = ""
    while_open: bool = False
    records: str = ""
    is_owed: bool = False


Arising = Callable[
    [Sequence[Entry], Mapping[str, tuple[Entry, ...]]], Mapping[str, tuple[Entry, ...]]
]
"""From a case's log and the own entries of its items of one kind, by item, to the whole history
of each of them that stands: what the case's entries begin and end for them is put between."""


@dataclass(frozen=True, eq=False)
class Workflow:
    """A whole definition. The hash of its `sources` is pinned to each case begun under it.

    A definition is of a case, or of an item that is kept on cases: `noun` says in sentences
    what runs by it. `due` gives the day by which an open item wants something done, `prompts`
    what is wanted next, the most pressing first, and `awaits` whom the office waits for; `arises`
    is there where entries of a case begin or end items of this kind.
    """

    name: str
    title: str
    version: str
    initial: State
    states: tuple[State, ...]
    steps: tuple[Step, ...]
    deadlines: tuple[Deadline, ...] = ()
    prompts: tuple[Prompt, ...] = ()
    awaits: Callable[[Standing], Wait | None] | None = None
    letters: tuple[Letter, ...] = ()
    sources: tuple[Path, ...] = ()
    noun: str = "case"
    due: Callable[[Standing], date | None] | None = None
    arises: Arising | None = None

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of the definition's files and of the roles', hex: what rules a case was begun under."""
        files = (*self.sources, ROLES_FILE)
        return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()

    @cached_property
    def steps_by_name(self) -> Mapping[str, Step]:
        """Steps by their stable imperative name."""
        return {step.name: step for step in self.steps}

    @cached_property
    def steps_by_event(self) -> Mapping[str, Step]:
        """Steps by the past-tense action the log holds."""
        return {step.event: step for step in self.steps}

    @cached_property
    def begins_with(self) -> Step:
        """The first step that leads out of the initial state."""
        return next(step for step in self.steps if step.leads_from(self.initial.name))

    @cached_property
    def states_by_name(self) -> Mapping[str, State]:
        """States by name, the initial one included."""
        return {state.name: state for state in (self.initial, *self.states)}
