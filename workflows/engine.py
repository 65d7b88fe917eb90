"""The only place that says which steps are open to a person and what a step leads to.

It asks nobody anything: the history, the office's rules, the actor and today are handed in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from workflows.amendments import take_amendment
from workflows.attempt import Attempt, Move, StepRefused
from workflows.definition import (
    STAYS,
    Actor,
    Due,
    Entry,
    OfficeRules,
    Situation,
    Standing,
    Step,
    Workflow,
)
from workflows.facts import day_or_refuse, read_facts
from workflows.history import AMENDMENTS, EFFECTIVE_ON, NEWEST, standing_entries
from workflows.replay import (
    apply_entry,
    apply_next,
    check_guards,
    check_left,
    refusal_of,
    replay,
    standing_of,
)


@dataclass(frozen=True)
class OpenStep:
    """A step that state and role allow; `barred` says why, whatever is filled in, it is refused."""

    step: Step
    barred: str | None = None


def steps_open_to(
    workflow: Workflow,
    standing: Standing,
    actor: Actor,
    office: OfficeRules,
    today: date,
    case: Standing | None = None,
    kept: Mapping[str, tuple[Standing, ...]] | None = None,
) -> tuple[OpenStep, ...]:
    """The steps that the case's state allows and this person's roles may take, in order.

    For an item, `case` is how the case stands that it is kept on, `kept` how everything kept on
    it does, by kind: wanted where the item's workflow asks for it.
    """
    steps = []
    for step in workflow.steps:
        if step.leads_from(standing.state) is None or role_for(step, actor) is None:
            continue
        entry = Entry(NEWEST, step.name, today, {}, actor.token)
        situation = Situation(standing, entry, office, actor, case=case, kept=kept or {})
        # No fact is given yet, so what the history refuses now no fact can mend.
        refusal = refusal_of(step, situation, ("who", "case", "history"))
        steps.append(OpenStep(step, refusal.sentence if refusal else None))
    return tuple(steps)


def deadlines_of(workflow: Workflow, standing: Standing, office: OfficeRules) -> tuple[Due, ...]:
    """The deadlines that apply to a case, in definition order."""
    worked_out = (deadline.work_out(standing, office) for deadline in workflow.deadlines)
    return tuple(due for due in worked_out if due is not None)


def role_for(step: Step, actor: Actor) -> str | None:
    """The role under which this person takes the step, None when none of theirs allows it."""
    return next((role for role in step.roles if role in actor.roles), None)


def take_step(
    workflow: Workflow,
    log: Sequence[Entry],
    attempt: Attempt,
    office: OfficeRules,
    today: date,
) -> Move:
    """Try a step on a case whose entries so far are `log`, empty for a new case.

    Raises StepRefused; changes nothing.
    """
    if attempt.step in AMENDMENTS:
        return take_amendment(workflow, log, attempt, office, today)
    step, role, day = _begun(workflow, attempt, today)
    before = standing_of(workflow, log, day)
    entry, texts = _entry(workflow, before, attempt, day, office, today)
    after = _with_later_entries(workflow, (*log, entry), office, attempt.case)
    if not attempt.is_import:
        check_left(step, after, entry, office, attempt)
    return Move(step.event, role, day, entry.facts, texts, after, entry.target, attempt.estimated)


def take_next(
    workflow: Workflow, before: Standing, attempt: Attempt, office: OfficeRules, today: date
) -> Move:
    """Try a step that comes after all that happened, as `take_step` does, of which nothing is replayed.

    `before` is how the case stands by a history that was judged by these same rules. Raises
    StepRefused, ValueError when something happened on a later day; changes nothing.
    """
    step, role, day = _begun(workflow, attempt, today)
    if before.entries and day < before.entries[-1].effective_on:
        raise ValueError(f"{attempt.step} comes before something that has happened already.")
    entry, texts = _entry(workflow, before, attempt, day, office, today)
    after = apply_next(workflow, before, entry, office, attempt.case)
    if not attempt.is_import:
        check_left(step, after, entry, office, attempt)
    return Move(step.event, role, day, entry.facts, texts, after, entry.target, attempt.estimated)


def _begun(workflow: Workflow, attempt: Attempt, today: date) -> tuple[Step, str, date]:
    """The step, under which role it is taken, and its day; StepRefused when one is wrong."""
    step = _step_or_refuse(workflow, attempt.step)
    role = "system" if attempt.is_import else role_or_refuse(step, attempt.actor)
    return step, role, day_or_refuse(attempt.effective_on, today)


def _entry(
    workflow: Workflow,
    before: Standing,
    attempt: Attempt,
    day: date,
    office: OfficeRules,
    today: date,
) -> tuple[Entry, dict[str, str]]:
    """The entry that the step would be, with its words; StepRefused when it cannot be taken."""
    step = workflow.steps_by_name[attempt.step]
    target = _closure_ended(step, before, attempt.target)
    actor = attempt.actor.token
    entry = Entry(NEWEST, step.name, day, {}, actor, target=target, estimated=attempt.estimated)
    apply_entry(workflow, before, entry)
    facts, texts = read_facts(step, attempt.facts, office, today, is_strict=not attempt.is_import)
    entry = replace(entry, facts=facts)
    if not attempt.is_import:
        situation = Situation(
            before,
            entry,
            office,
            attempt.actor,
            texts,
            attempt.case,
            attempt.kept,
            attempt.latest,
        )
        check_guards(step, situation, ("who", "case", "judgement", "history"))
    return entry, texts


def _step_or_refuse(workflow: Workflow, name: str) -> Step:
    step = workflow.steps_by_name.get(name)
    if step is None:
        known = ", ".join((*workflow.steps_by_name, *AMENDMENTS))
        raise StepRefused.because(f"There is no step called {name!r}. The steps are: {known}.")
    if step.is_implied:
        raise StepRefused.because(
            f"“{step.label}” follows from what is recorded of the case. Record it there."
        )
    return step


def role_or_refuse(step: Step, actor: Actor) -> str:
    """The role that allows the step; StepRefused naming the roles that would."""
    role = role_for(step, actor)
    if role is None:
        allowed = " or ".join(name.replace("_", " ") for name in step.roles)
        raise StepRefused.because(
            f"“{step.label}” needs the role of {allowed}. Ask someone who holds it."
        )
    return role


def _closure_ended(step: Step, before: Standing, target: int | None) -> int | None:
    """The closure that a reopening ends: the one named, else the one that stands."""
    if before.closure is None or step.leads_from(before.state) in (None, STAYS):
        if target is not None and step.leads_from(before.state) is not None:
            raise StepRefused.because(
                f"“{step.label}” names no other entry. Leave the target out; only corrections, "
                "annulments and reopenings have one."
            )
        return None
    return before.closure.seq if target is None else target


def _with_later_entries(
    workflow: Workflow, log: Sequence[Entry], office: OfficeRules, case: Standing | None
) -> Standing:
    """Replay with the new entry in its place; refuse when something later no longer fits."""
    entries = standing_entries(log)
    is_last = entries[-1].seq == NEWEST
    try:
        return replay(workflow, entries, office, case)
    except StepRefused as refused:
        if is_last:
            raise
        raise StepRefused.because(
            "This would come before entries that then could not have happened. "
            f"{refused.sentence} Enter a later day, or correct those entries first.",
            EFFECTIVE_ON,
        ) from None
