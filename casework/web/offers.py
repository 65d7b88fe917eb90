"""The only place that works out what a case's pages offer: steps, letters, corrections."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from casework.audit.events import ITEM_VERSION
from casework.audit.timeline import Line, lines
from casework.audit.versions import Version, versions_of
from casework.web.access import RESTRICTED_READ
from casework.web.opened_case import OpenedCase, OpenedItem, Subject
from casework.web.step_forms import StepForm
from casework.web.taking import StepBarred
from workflows import WORKFLOWS, diagram
from workflows.amendments import REASON, role_to_amend, target_or_refuse
from workflows.attempt import Attempt, StepRefused
from workflows.definition import STAYS, Actor, Entry, Fact, Step
from workflows.engine import OpenStep, role_for, role_or_refuse, steps_open_to
from workflows.history import AMENDMENTS, ANNUL, CORRECT, EFFECTIVE_ON, NEWEST
from workflows.letter import LETTER
from workflows.letters_owed import Owed, owed
from workflows.replay import apply_entry

OTHER = "Other"
WHY = "Why it is changed"


@dataclass(frozen=True)
class Told:
    """A line of the timeline, and whether this person may correct or annul what it tells.

    `about` names the item it is about in words, empty where it is the case itself.
    """

    line: Line
    may_correct: bool
    may_annul: bool
    about: str = ""


def open_steps(subject: Subject, actor: Actor, today: date) -> list[tuple[str, list[OpenStep]]]:
    """The steps open to a person, in groups: those of one group together, in definition order."""
    groups: dict[str, list[OpenStep]] = {}
    for each in _open_to(subject, actor, today):
        groups.setdefault(each.step.group or OTHER, []).append(each)
    return list(groups.items())


def _open_to(subject: Subject, actor: Actor, today: date) -> tuple[OpenStep, ...]:
    if subject.is_erased:
        return ()
    known = (subject.workflow, subject.standing, actor, subject.office, today)
    return steps_open_to(*known, subject.case, subject.kept_with)


def late_steps(subject: Subject, actor: Actor) -> list[Step]:
    """Steps that are over for the case as it is, but may still be entered for an earlier day.

    Only those that change no state: what was posted or received and nobody wrote down.
    """
    been_in = _states_been_in(subject) if not subject.is_erased else set()
    return [
        step
        for step in subject.workflow.steps
        if all(dest == STAYS for _, dest in step.moves)
        and step.leads_from(subject.standing.state) is None
        and any(step.leads_from(state) for state in been_in)
        and role_for(step, actor) is not None
    ]


def _states_been_in(subject: Subject) -> set[str]:
    leads_to = {
        dest
        for entry in subject.standing.entries
        for _, dest in subject.workflow.steps_by_name[entry.step].moves
    }
    return leads_to & subject.workflow.states_by_name.keys()


def check_step(subject: Subject, step: Step, actor: Actor, today: date) -> None:
    """Raise StepBarred, with the sentence that says why, when a step's page may not be subject."""
    try:
        role_or_refuse(step, actor)
    except StepRefused as refused:
        raise StepBarred(refused.sentence, 403) from None
    if step in late_steps(subject, actor):
        return
    try:
        trial = Entry(NEWEST, step.name, today, {}, actor.token, target=_closure_of(subject))
        apply_entry(subject.workflow, subject.standing, trial)
    except StepRefused as refused:
        raise StepBarred(refused.sentence, 409) from None
    for each in _open_to(subject, actor, today):
        if each.step is step and each.barred:
            raise StepBarred(each.barred, 403)


def check_amendment(subject: Subject, attempt: Attempt) -> None:
    """Raise StepBarred when an entry may not be corrected or annulled, or not by this person."""
    try:
        target = target_or_refuse(subject.history, attempt)
    except StepRefused as refused:
        raise StepBarred(refused.sentence, 409) from None
    try:
        _role_to_amend(subject, target, attempt.actor)
    except StepRefused as refused:
        raise StepBarred(refused.sentence, 403) from None


def _role_to_amend(subject: Subject, entry: Entry, actor: Actor) -> str:
    known = (subject.workflow, subject.history, entry, actor, subject.office)
    return role_to_amend(*known, subject.case)


def _closure_of(subject: Subject) -> int | None:
    return subject.standing.closure.seq if subject.standing.closure else None


def timeline(subject: Subject, actor: Actor) -> list[Told]:
    """Everything that happened to an item, newest first, as this person may amend it."""
    told = lines(subject.workflow, subject.events, subject.names, subject.office)
    return [_told(subject, line, actor) for line in reversed(told)]


def case_timeline(opened: OpenedCase, actor: Actor) -> list[Told]:
    """Everything that happened to a case and what is kept on it, newest first, likewise.

    That somebody read it is told by its audit trail alone: here it would hide what was done.
    """
    kept = {item.token: item for item in opened.items}
    items = {token: OpenedItem(opened, item) for token, item in kept.items()}
    return [
        replace(_told(items[line.item], line, actor), about=kept[line.item].title)
        if line.item in items
        else _told(opened, line, actor)
        for line in reversed(opened.lines)
        if line.action != RESTRICTED_READ
    ]


def _told(subject: Subject, line: Line, actor: Actor) -> Told:
    entry = next((entry for entry in subject.history if entry.seq == line.seq), None)
    is_over = line.annulled_by is not None or line.is_withheld or subject.is_erased
    if entry is None or is_over:
        return Told(line, may_correct=False, may_annul=False)
    may_amend = _may_amend(subject, entry, actor)
    return Told(line, may_amend and entry.step not in AMENDMENTS, may_amend)


def _may_amend(subject: Subject, entry: Entry, actor: Actor) -> bool:
    try:
        _role_to_amend(subject, entry, actor)
    except StepRefused:
        return False
    return True


def lines_since(subject: Subject, version: int) -> list[Line]:
    """What happened to a case or an item after it had this version, in order."""
    told = lines(subject.workflow, subject.events, subject.names, subject.office)
    return [
        line
        for line, event in zip(told, subject.events, strict=True)
        if (event.version or event.stat.get(ITEM_VERSION, 0)) > version
    ]


def step_entry(subject: Subject, seq: int) -> Version | None:
    """An entry that is a step, as it stands after corrections; None when there is none at `seq`."""
    words = {event.seq: event.words or {} for event in subject.events}
    version = versions_of(subject.history, words).now.get(seq)
    return version if version and version.entry.step not in AMENDMENTS else None


def line_of(subject: Subject, seq: int) -> Line | None:
    """The line of the entry at a position, None when the case has no entry there."""
    told = lines(subject.workflow, subject.events, subject.names, subject.office)
    is_entry = any(entry.seq == seq for entry in subject.history)
    return next((line for line in told if line.seq == seq and is_entry), None)


def correcting(subject: Subject, version: Version) -> Step:
    """The form that corrects an entry: its step's facts under the log's names, and a reason.

    Words that were erased are not asked for again. A file is not corrected: it is annulled, or a
    newer one is put beside it.
    """
    step = subject.workflow.steps_by_name[version.entry.step]
    events = (event for event in subject.events if event.seq == version.entry.seq)
    is_erased = any(event.is_erased for event in events)
    facts = tuple(
        replace(fact, name=fact.code, stat="")
        for fact in step.facts
        if not (fact.is_personal and is_erased) and fact.kind != "file"
    )
    return replace(
        step,
        name=CORRECT,
        label=f"Correct “{step.done}”",
        done=f"Corrected “{step.done}”",
        facts=(*facts, replace(REASON, section=WHY)),
        day_hint="",
    )


def correction(subject: Subject, seq: int, today: date) -> tuple[StepForm, dict[str, Any]] | None:
    """The form that corrects the entry at `seq`, and what was posted to change; None without one."""
    version = step_entry(subject, seq)
    if version is None:
        return None
    asked = correcting(subject, version)
    form = StepForm.of(
        asked, subject.office, today, prefill=as_typed(version), version=subject.version
    )
    return form, changed(asked, form.given(), form.day, version)


def annulment(subject: Subject, seq: int, today: date) -> StepForm | None:
    """The form that annuls the entry at `seq`; None when there is none."""
    line = line_of(subject, seq)
    if line is None:
        return None
    return StepForm.of(
        annulling(line), subject.office, today, version=subject.version, has_day=False
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
        if fact.name in given and not is_same(fact, given[fact.name], before.get(fact.name))
    }
    return different if day == version.entry.effective_on else {EFFECTIVE_ON: day, **different}


def is_same(fact: Fact, typed: Any, before: Any) -> bool:
    """Whether what was typed says what was there before; nothing is the same as nothing."""
    if fact.kind == "choices":
        return set(typed or ()) == set(before or ())
    if fact.kind == "number":
        return str(typed or "") == str("" if before is None else before)
    if fact.kind == "text":
        return (typed or "").replace("\r\n", "\n").strip() == (before or "")
    return bool(typed == before or (not typed and not before))


def letters_owed(opened: OpenedCase) -> tuple[Owed, ...]:
    """The letters that a case owes; what came from an old register is believed to have gone."""
    closure = opened.standing.closure
    if opened.is_erased or closure is None:
        return ()
    if any(e.seq == closure.seq and e.via == "import" for e in opened.events):
        return ()
    issued = (item.standing for item in opened.kept(LETTER.name))
    return owed(opened.workflow, opened.standing, issued)


@lru_cache(maxsize=64)
def drawn(workflow: str, state: str) -> Markup:
    """The workflow's diagram with the state marked; drawn from the definition alone."""
    return Markup(diagram.svg(WORKFLOWS[workflow], state))  # nosec B704
