"""The only place that judges corrections and annulments: who may, of what, and what is left.

Whoever may take a step may correct or annul it, under the same rules, unless the step names others
who alone may; nothing in the log changes, and a history that could not have happened is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from workflows.attempt import Attempt, Move, StepRefused
from workflows.calendar import in_words
from workflows.definition import (
    Actor,
    Entry,
    Fact,
    OfficeRules,
    Situation,
    Standing,
    Step,
    Workflow,
)
from workflows.facts import day_or_refuse, missing, read_fact
from workflows.history import (
    AMENDMENTS,
    ANNUL,
    CORRECT,
    EFFECTIVE_ON,
    NEWEST,
    annulled_seqs,
    standing_entries,
)
from workflows.replay import check_left, refusal_of, replay, standing_of

EVENTS = {CORRECT: "corrected", ANNUL: "annulled"}
REASON = Fact("reason", "text", "Reason for the change", required=True, is_long=True)
DAY = Fact(EFFECTIVE_ON, "day", "Day it happened")


def take_amendment(
    workflow: Workflow,
    log: Sequence[Entry],
    attempt: Attempt,
    office: OfficeRules,
    today: date,
) -> Move:
    """Try a correction or an annulment of the entry at `attempt.target`.

    Raises StepRefused when the entry is not the case's, the person may not, nothing would
    change or the history left would be impossible.
    """
    target = target_or_refuse(log, attempt)
    step = workflow.steps_by_name[_step_behind(log, target)]
    role = role_to_amend(workflow, log, target, attempt.actor, office, attempt.case)
    given = dict(attempt.facts)
    reason = _read(REASON, "reason", given.pop("reason", None), office, today)
    facts, texts = _changes(step, target, given, office, today) if given else ({}, {})
    _check_changes(attempt.step, target, facts, texts, given)
    entry = Entry(NEWEST, attempt.step, today, facts, attempt.actor.token, target=target.seq)
    after = _history_left(workflow, (*log, entry), office, attempt.case)
    check_left(step, after, entry, office, attempt)
    texts = {**texts, "reason": reason}
    return Move(EVENTS[attempt.step], role, None, facts, texts, after, target.seq)


def target_or_refuse(log: Sequence[Entry], attempt: Attempt) -> Entry:
    """The entry that an attempt names, as it stands; StepRefused when it cannot be amended."""
    if attempt.target is None:
        raise StepRefused.because("Name the entry to change by its position in the log.")
    target = next((entry for entry in log if entry.seq == attempt.target), None)
    if target is None:
        raise StepRefused.because(
            f"This case has no entry {attempt.target} in the log. Give the position of one of "
            "its entries, as the audit trail shows it."
        )
    if target.seq in annulled_seqs(log):
        raise StepRefused.because(f"Entry {target.seq} is already annulled.")
    if attempt.step == CORRECT and target.step in AMENDMENTS:
        raise StepRefused.because(
            f"Entry {target.seq} is itself a correction or annulment. Correct the entry it "
            f"names, {target.target}, or annul it."
        )
    return next((entry for entry in standing_entries(log) if entry.seq == target.seq), target)


def _step_behind(log: Sequence[Entry], entry: Entry) -> str:
    """The step an entry is about: its own, or that of the entry it amends."""
    by_seq = {entry.seq: entry for entry in log}
    while entry.step in AMENDMENTS and entry.target is not None:
        entry = by_seq[entry.target]
    return entry.step


def role_to_amend(
    workflow: Workflow,
    log: Sequence[Entry],
    target: Entry,
    actor: Actor,
    office: OfficeRules,
    case: Standing | None = None,
) -> str:
    """The role under which this person may correct or annul an entry of the case.

    StepRefused, saying why, when they may not.
    """
    step = workflow.steps_by_name[_step_behind(log, target)]
    roles = step.amended_by or step.roles
    role = next((role for role in roles if role in actor.roles), None)
    if role is None:
        allowed = " or ".join(name.replace("_", " ") for name in roles)
        raise StepRefused.because(
            f"Changing “{step.done}” needs the role of {allowed}. Ask someone who holds it."
        )
    if any(guard.about == "who" for guard in step.guards):
        before = standing_of(workflow, [entry for entry in log if entry.seq < target.seq])
        trial = replace(target, step=step.name, actor=actor.token)
        refusal = refusal_of(step, Situation(before, trial, office, actor, case=case), ("who",))
        if refusal is not None:
            raise StepRefused(refusal)
    return role


def _changes(
    step: Step, target: Entry, given: Mapping[str, Any], office: OfficeRules, today: date
) -> tuple[dict[str, Any], dict[str, str]]:
    facts: dict[str, Any] = {}
    texts: dict[str, str] = {}
    for code, value in given.items():
        fact = DAY if code == EFFECTIVE_ON else step.facts_by_code.get(code)
        if fact is None or fact.kind == "file":  # the bytes of an entry stay what they were
            amendable = (name for name, each in step.facts_by_code.items() if each.kind != "file")
            known = ", ".join((EFFECTIVE_ON, *amendable))
            raise StepRefused.because(
                f"“{step.done}” holds no {code!r}. What can be corrected: {known}."
            )
        read = _read(fact, code, value, office, today)
        if fact.is_personal:
            texts[code] = read or ""
        elif read != (target.effective_on if fact is DAY else target.facts.get(code)):
            facts[code] = read
    return facts, texts


def _read(fact: Fact, code: str, value: Any, office: OfficeRules, today: date) -> Any:
    """One value as it should be; a correction may not blank what the step had to say."""
    try:
        read = read_fact(fact, value, office, today)
    except ValueError as fault:
        raise StepRefused.because(str(fault), code) from None
    if fact is DAY:
        return day_or_refuse(read, today)
    if read is None and fact.required:
        asked = "Enter the reason for the change." if fact is REASON else missing(fact)
        raise StepRefused.because(asked, code)
    return read


def _check_changes(
    step: str,
    target: Entry,
    facts: Mapping[str, Any],
    texts: Mapping[str, str],
    given: Mapping[str, Any],
) -> None:
    if step == ANNUL:
        if given:
            raise StepRefused.because("An annulment takes a reason and nothing else.")
        return
    if not facts and not texts:
        raise StepRefused.because(
            f"Nothing would change: entry {target.seq} of {in_words(target.effective_on)} "
            "already says so. Give the day or the value as it should be."
        )


def _history_left(
    workflow: Workflow, log: Sequence[Entry], office: OfficeRules, case: Standing | None
) -> Standing:
    try:
        return replay(workflow, standing_entries(log), office, case)
    except StepRefused as refused:
        raise StepRefused.because(
            "The change would leave a history that could not have happened. "
            f"{refused.sentence} Correct or annul that entry first."
        ) from None
