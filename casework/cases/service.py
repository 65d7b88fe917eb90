"""The only place that works out what a case's pages offer: steps, letters, corrections."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from casework.audit.timeline import Line, lines
from casework.audit.versions import Version, versions_of
from casework.cases.queries import OpenedCase
from workflows import WORKFLOWS, diagram
from workflows.amendments import REASON, role_to_amend, target_or_refuse
from workflows.attempt import Attempt, StepRefused
from workflows.definition import STAYS, Actor, Entry, Fact, Step
from workflows.engine import NEWEST, OpenStep, role_for, role_or_refuse, steps_open_to
from workflows.history import AMENDMENTS, ANNUL, CORRECT, EFFECTIVE_ON
from workflows.replay import apply_entry

OTHER = "Other"
WHY = "Why it is changed"


@dataclass(frozen=True)
class Told:
    """A line of the timeline, and whether this person may correct or annul what it tells."""

    line: Line
    may_correct: bool
    may_annul: bool


class StepBarred(Exception):
    """A step's page cannot be opened now; `status` is 403 for the person, 409 for the case."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


def open_steps(opened: OpenedCase, actor: Actor, today: date) -> list[tuple[str, list[OpenStep]]]:
    """The steps open to a person, in groups: those of one group together, in definition order."""
    steps = steps_open_to(opened.workflow, opened.standing, actor, opened.office, today)
    groups: dict[str, list[OpenStep]] = {}
    for each in steps:
        groups.setdefault(each.step.group or OTHER, []).append(each)
    return list(groups.items())


def late_steps(opened: OpenedCase, actor: Actor) -> list[Step]:
    """Steps that are over for the case as it is, but may still be entered for an earlier day.

    Only those that change no state: what was posted or received and nobody wrote down.
    """
    been_in = _states_been_in(opened)
    return [
        step
        for step in opened.workflow.steps
        if all(dest == STAYS for _, dest in step.moves)
        and step.leads_from(opened.standing.state) is None
        and any(step.leads_from(state) for state in been_in)
        and role_for(step, actor) is not None
    ]


def _states_been_in(opened: OpenedCase) -> set[str]:
    leads_to = {
        dest
        for entry in opened.standing.entries
        for _, dest in opened.workflow.steps_by_name[entry.step].moves
    }
    return leads_to & opened.workflow.states_by_name.keys()


def check_step(opened: OpenedCase, step: Step, actor: Actor, today: date) -> None:
    """Raise StepBarred, with the sentence that says why, when a step's page may not be opened."""
    try:
        role_or_refuse(step, actor)
    except StepRefused as refused:
        raise StepBarred(refused.sentence, 403) from None
    if step in late_steps(opened, actor):
        return
    try:
        trial = Entry(NEWEST, step.name, today, {}, actor.token, target=_closure_of(opened))
        apply_entry(opened.workflow, opened.standing, trial)
    except StepRefused as refused:
        raise StepBarred(refused.sentence, 409) from None
    for each in steps_open_to(opened.workflow, opened.standing, actor, opened.office, today):
        if each.step is step and each.barred:
            raise StepBarred(each.barred, 403)


def check_amendment(opened: OpenedCase, attempt: Attempt) -> None:
    """Raise StepBarred when an entry may not be corrected or annulled, or not by this person."""
    try:
        target = target_or_refuse(opened.history, attempt)
    except StepRefused as refused:
        raise StepBarred(refused.sentence, 409) from None
    try:
        role_to_amend(opened.workflow, opened.history, target, attempt.actor, opened.office)
    except StepRefused as refused:
        raise StepBarred(refused.sentence, 403) from None


def _closure_of(opened: OpenedCase) -> int | None:
    return opened.standing.closure.seq if opened.standing.closure else None


def timeline(opened: OpenedCase, actor: Actor) -> list[Told]:
    """Everything that happened to the case, newest first, as this person may amend it."""
    told = lines(opened.workflow, opened.events, opened.names, opened.office)
    by_seq = {entry.seq: entry for entry in opened.history}
    return [_told(opened, line, by_seq.get(line.seq), actor) for line in reversed(told)]


def _told(opened: OpenedCase, line: Line, entry: Entry | None, actor: Actor) -> Told:
    if entry is None or line.annulled_by is not None or not _may_amend(opened, entry, actor):
        return Told(line, may_correct=False, may_annul=False)
    return Told(line, may_correct=entry.step not in AMENDMENTS, may_annul=True)


def _may_amend(opened: OpenedCase, entry: Entry, actor: Actor) -> bool:
    try:
        role_to_amend(opened.workflow, opened.history, entry, actor, opened.office)
    except StepRefused:
        return False
    return True


def lines_since(opened: OpenedCase, version: int) -> list[Line]:
    """What happened to the case after it had this version, in order."""
    told = lines(opened.workflow, opened.events, opened.names, opened.office)
    return [
        line
        for line, event in zip(told, opened.events, strict=True)
        if event.version is not None and event.version > version
    ]


def step_entry(opened: OpenedCase, seq: int) -> Version | None:
    """An entry that is a step, as it stands after corrections; None when there is none at `seq`."""
    words = {event.seq: event.words or {} for event in opened.events}
    version = versions_of(opened.history, words).now.get(seq)
    return version if version and version.entry.step not in AMENDMENTS else None


def line_of(opened: OpenedCase, seq: int) -> Line | None:
    """The line of the entry at a position, None when the case has no entry there."""
    told = lines(opened.workflow, opened.events, opened.names, opened.office)
    is_entry = any(entry.seq == seq for entry in opened.history)
    return next((line for line in told if line.seq == seq and is_entry), None)


def correcting(opened: OpenedCase, version: Version) -> Step:
    """The form that corrects an entry: its step's facts under the log's names, and a reason.

    Words that were erased are not asked for again.
    """
    step = opened.workflow.steps_by_name[version.entry.step]
    events = (event for event in opened.events if event.seq == version.entry.seq)
    is_erased = any(event.has_words and event.words is None for event in events)
    facts = tuple(
        replace(fact, name=fact.code, stat="")
        for fact in step.facts
        if not (fact.is_personal and is_erased)
    )
    return replace(
        step,
        name=CORRECT,
        label=f"Correct “{step.done}”",
        done=f"Corrected “{step.done}”",
        facts=(*facts, replace(REASON, section=WHY)),
        day_hint="",
    )


def annulling(line: Line) -> Step:
    """The form that annuls an entry: a reason and nothing else."""
    return Step(
        ANNUL, f"Annul “{line.title}”", ANNUL, f"Annulled “{line.title}”", (), (), facts=(REASON,)
    )


def as_typed(version: Version) -> dict[str, Any]:
    """An entry's values to fill its correction's form with."""
    return {EFFECTIVE_ON: version.entry.effective_on, **version.entry.facts, **version.texts}


def changed(
    step: Step, given: Mapping[str, Any], day: date | None, version: Version
) -> dict[str, Any]:
    """Of what was typed into a correction's form, what differs from how the entry stands."""
    before = as_typed(version)
    different = {
        fact.name: given[fact.name]
        for fact in step.facts
        if fact.name in given and not _is_same(fact, given[fact.name], before.get(fact.name))
    }
    return different if day == version.entry.effective_on else {EFFECTIVE_ON: day, **different}


def _is_same(fact: Fact, typed: Any, before: Any) -> bool:
    if fact.kind == "choices":
        return set(typed or ()) == set(before or ())
    if fact.kind == "number":
        return str(typed or "") == str("" if before is None else before)
    if fact.kind == "text":
        return (typed or "").replace("\r\n", "\n").strip() == (before or "")
    return bool(typed == before or (not typed and not before))


@lru_cache(maxsize=64)
def drawn(workflow: str, state: str) -> Markup:
    """The workflow's diagram with the state marked; drawn from the definition alone."""
    return Markup(diagram.svg(WORKFLOWS[workflow], state))  # nosec B704
