"""The only place for the words a workflow is written in.

A workflow is data: states, the steps between them, the facts each step asks for, the
guards that may refuse it and the duties that follow. `engine` runs it, `checker`
proves it sound, `diagram` draws it; forms, audit events and counts are read off it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal

from workflows.duties import Deadline as Deadline
from workflows.duties import Due as Due
from workflows.duties import Letter as Letter
from workflows.duties import Prompt as Prompt
from workflows.duties import Recipient as Recipient
from workflows.duties import Wait as Wait
from workflows.fact import Choice as Choice
from workflows.fact import Fact as Fact
from workflows.fact import FactKind as FactKind
from workflows.roles import SOURCE as ROLES_FILE
from workflows.situation import Actor as Actor
from workflows.situation import Entry as Entry
from workflows.situation import OfficeRules as OfficeRules
from workflows.situation import Refusal as Refusal
from workflows.situation import Situation as Situation
from workflows.situation import Standing as Standing

STAYS = "="
"""A move that changes no state."""
WHERE_IT_WAS = "<"
"""A move back to the state the case was in when its closure began."""
AS_SAID = "?"
"""Before the code of a choice: a move to the state that bears the name of what was chosen."""


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
class Guard:
    """A rule that may refuse a step. `check` gives a Refusal, or None when the rule is kept.

    `about` says when it binds: `history` always, also for imported rows and whatever a
    correction leaves; `judgement` when a person takes the step now; `case`, which turns on
    how the case stands, and `who` likewise, and before any fact is given, so that pages can
    hide or explain the button; `left` of how it stands once a person acted. Only `who` and `left`
    are asked again when an entry is amended; for `left` the situation’s `before` is what is left.
    """

    name: str
    says: str
    check: Callable[[Situation], Refusal | None]
    about: Literal["history", "judgement", "case", "who", "left"] = "history"


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
    `is_implied`: it follows from an entry of the case that the item is kept on. Who may take a
    step may correct or annul it, unless only those of `amended_by` may.
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
    amended_by: tuple[str, ...] = ()

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
    is there where entries of a case begin or end items of this kind. Guards of a workflow that
    `sees_kept` are told how everything else stands that is kept on the case.
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
    sees_kept: bool = False

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
