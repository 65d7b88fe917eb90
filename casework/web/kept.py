"""The only place that tells what is kept on a case: cards by kind, and flags for every page of it.

Nothing about a kind is written here: titles, labels and steps come from its definition.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import dropwhile

from flask import Flask

from casework.audit.items import KeptItem
from casework.audit.timeline import Line, Pairs
from casework.web import offers
from casework.web.case_tabs import case_tabs, place_url
from casework.web.deadlines import DeadlineLine, deadline_line
from casework.web.opened_case import BegunItem, OpenedCase, OpenedItem
from workflows.calendar import in_words
from workflows.definition import Actor, Due, Step, Workflow


@dataclass(frozen=True)
class Happening:
    """One line of an item's life in short: `said` are its coded facts, `texts` its words."""

    title: str
    on: date | None
    said: str
    texts: tuple[str, ...]
    is_erased: bool


@dataclass(frozen=True)
class Card:
    """Something kept on a case. `lines` tell what happened to it and stands, in log order."""

    kept: KeptItem
    lines: tuple[Line, ...]
    steps: tuple[Step, ...]
    today: date

    @property
    def title(self) -> str:
        """What sort of its kind it is, by what its first step says first; else what its kind is called."""
        first = self.lines[0].facts if self.lines else ()
        noun = self.kept.workflow.noun
        return self._newest.get(*first[0]) if first else noun[0].upper() + noun[1:]

    @property
    def _newest(self) -> Mapping[str, str]:
        """What was last said since its first step, by label."""
        later = self.lines[1:]
        return {label: value for line in later for label, value in (*line.facts, *line.texts)}

    @property
    def due(self) -> DeadlineLine | None:
        """The deadline that is open for it, None when there is none."""
        due_on = self.kept.due_on
        due = Due("", self.kept.title, due_on, None, "")
        return deadline_line(due, None, self.today) if due_on else None

    @property
    def told(self) -> Pairs:
        """What its first step said, as later ones left it, by label; its title is left out."""
        if not self.lines:
            return ()
        first, newest = self.lines[0], self._newest
        step = self._step_of(first)
        said = dict((*first.facts[1:], *first.texts)) | {step.day_label: _in_words(first)}
        in_order = dict.fromkeys((step.day_label, *(fact.label for fact in step.facts), *said))
        return tuple((label, newest.get(label, said[label])) for label in in_order if label in said)

    @property
    def wanted_by(self) -> str:
        """The day of its deadline where nothing told says it; empty otherwise."""
        due_on = in_words(self.kept.due_on) if self.kept.due_on else ""
        return "" if due_on in dict(self.told).values() else due_on

    @property
    def since(self) -> list[Happening]:
        """What happened to it after its first step."""
        return [self._happening(line) for line in self.lines[1:]]

    @property
    def flagged(self) -> list[Happening]:
        """What happened to it from when it came to be flagged."""
        flagged = {state.label for state in self.kept.workflow.states if state.flag}
        since = dropwhile(lambda line: line.state_label not in flagged, self.lines)
        return [self._happening(line) for line in since]

    def _step_of(self, line: Line) -> Step:
        return self.kept.workflow.steps_by_event[line.action]

    def _happening(self, line: Line) -> Happening:
        kinds = {fact.label: fact.kind for fact in self._step_of(line).facts}
        said = (_said(kinds.get(label, ""), label, value) for label, value in line.facts)
        texts = tuple(text for _, text in line.texts)
        return Happening(line.title, line.effective_on, "; ".join(said), texts, line.is_erased)


def _in_words(line: Line) -> str:
    return in_words(line.effective_on) if line.effective_on else ""


def _said(kind: str, label: str, value: str) -> str:
    """One coded fact: a choice by itself, a tick by what was ticked, all else with its label."""
    said = label[0].lower() + label[1:]
    if kind in ("choice", "choices"):
        return value
    return said if kind == "flag" else f"{said}: {value}"


@dataclass(frozen=True)
class Section:
    """The things of one kind on a page, and whether this person may add one."""

    workflow: Workflow
    cards: tuple[Card, ...]
    may_add: bool


@dataclass(frozen=True)
class Flag:
    """What every page of a case bears: the words, what happened, and where the whole is."""

    words: str
    card: Card
    url: str


def sections(
    opened: OpenedCase, kinds: Iterable[Workflow], actor: Actor, today: date
) -> list[Section]:
    """The things of these kinds that stand on a case; those still open before those that are not."""
    return [
        Section(
            kind,
            tuple(
                _card(opened, kept, actor, today)
                for kept in sorted(opened.kept(kind.name), key=lambda kept: not kept.is_open)
            ),
            any(
                each.barred is None
                for _, steps in offers.open_steps(BegunItem(opened, kind), actor, today)
                for each in steps
            ),
        )
        for kind in kinds
    ]


def _card(opened: OpenedCase, kept: KeptItem, actor: Actor, today: date) -> Card:
    offered = offers.open_steps(OpenedItem(opened, kept), actor, today)
    steps = (each.step for _, group in offered for each in group if each.barred is None)
    return Card(kept, _lines_of(opened, kept), tuple(steps), today)


def _lines_of(opened: OpenedCase, kept: KeptItem) -> tuple[Line, ...]:
    """What happened to an item and stands, amendments aside: they are in what they amended."""
    return tuple(
        line
        for line in opened.lines
        if line.item == kept.token
        and line.action in kept.workflow.steps_by_event
        and line.annulled_by is None
    )


def deadlines_of_items(opened: OpenedCase, today: date) -> list[DeadlineLine]:
    """The open deadlines of what is kept on a case, the soonest first."""
    cards = (Card(kept, _lines_of(opened, kept), (), today) for kept in opened.items if kept.due_on)
    found = [card.due for card in cards if card.due is not None]
    return sorted(found, key=lambda due: due.due_on or today)


def case_flags(opened: OpenedCase, today: date) -> list[Flag]:
    """What is kept on a case and flagged in the state it is in; most cases have none."""
    return [
        Flag(
            kept.state.flag,
            Card(kept, _lines_of(opened, kept), (), today),
            place_url(opened.row.token, kept.workflow.name, kept.token),
        )
        for kept in opened.items
        if kept.is_kept and kept.state.flag
    ]


def init_app(app: Flask) -> None:
    """Offer the flags and tabs of a case to the layout."""
    app.add_template_global(case_flags)
    app.add_template_global(case_tabs)
