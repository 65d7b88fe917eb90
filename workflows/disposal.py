"""The only place for the end of a case: its erasure proposed, approved by somebody else, and carried out.

Nothing is erased that is not due, that is held or on which something is still open: asked when it
is proposed, when it is approved, and once more by the step that erases. UK GDPR, article 5(1)(e):
personal data is kept no longer than is necessary.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from workflows import retention
from workflows.calendar import in_words
from workflows.correspondence import CORRESPONDENCE
from workflows.definition import (
    Fact,
    Guard,
    Refusal,
    Situation,
    Standing,
    State,
    Step,
    Workflow,
)
from workflows.ending import SOURCE as ENDING
from workflows.ending import Kept, ended
from workflows.hold import HELD, HOLD, REASONS
from workflows.information_request import INFORMATION_REQUEST
from workflows.instruction import INSTRUCTION
from workflows.letter import FAIL, LETTER, MAIL, QUEUE, SEND
from workflows.passed_part import PASSED_PART
from workflows.pre_action import PRE_ACTION
from workflows.recommendation import RECOMMENDATION
from workflows.roles import CHIEF_EXECUTIVE, IN_CHARGE, SYSTEM
from workflows.safeguarding import SAFEGUARDING

PROPOSED, APPROVED, ERASED, REFUSED = "proposed", "approved", "erased", "refused"
WORK = (
    *(RECOMMENDATION, CORRESPONDENCE, INFORMATION_REQUEST, LETTER),
    *(PASSED_PART, INSTRUCTION, SAFEGUARDING),
)
"""Kinds of which nothing may be open: while one is, the office or somebody else has still to act."""


def holds(kept: Kept) -> tuple[str, ...]:
    """Why a case is held, in words; empty where it is not."""
    labels = {choice.code: choice.label for choice in REASONS}
    placed = (each for each in kept.get(HOLD.name, ()) if each.state == HELD)
    claims = (each for each in kept.get(PRE_ACTION.name, ()) if _state(PRE_ACTION, each).flag)
    return (
        *(labels[each.values["kind"]] for each in placed),
        *(f"{PRE_ACTION.title} ({_state(PRE_ACTION, each).label.lower()})" for each in claims),
    )


def open_work(kept: Kept) -> tuple[str, ...]:
    """What kept on a case still waits for somebody, in words; empty where nothing does."""
    return tuple(_open_work(kept))


def _open_work(kept: Kept) -> Iterator[str]:
    for kind in WORK:
        for each in kept.get(kind.name, ()):
            if not _state(kind, each).is_closed:
                yield f"{kind.title} ({_state(kind, each).label.lower()})"
            elif kind is LETTER and _is_in_the_mail(each):
                yield f"{kind.title} (waiting with the mail)"


def _is_in_the_mail(letter: Standing) -> bool:
    queued = [entry for entry in letter.entries if entry.step == QUEUE.name]
    settled = [
        entry
        for entry in letter.entries
        if entry.step == FAIL.name or (entry.step == SEND.name and entry.facts.get("way") == MAIL)
    ]
    return len(queued) > len(settled)


def _state(kind: Workflow, standing: Standing) -> State:
    return kind.states_by_name[standing.state]


def fell_due(case: Standing | None, kept: Kept, schedule: retention.Schedule) -> dict[str, Any]:
    """What the last step says of when the case fell due, by which rule: facts by name.

    Nothing of a case that is open, or for whose outcome the schedule has no rule.
    """
    ending = ended(case, kept) if case else None
    rule = retention.rule_for(ending.outcome, schedule) if ending else None
    if ending is None or rule is None:
        return {}
    return {
        DUE_ON.code: retention.due_on(ending, rule),
        "rule": rule.outcome,
        "trigger": rule.trigger,
        "years": rule.years,
        **({"from_year_end": True} if rule.from_year_end else {}),
    }


def why_kept(
    case: Standing | None, kept: Kept, schedule: retention.Schedule, on: date
) -> Refusal | None:
    """Why a case is kept on a day whoever agrees to its erasure: not due, or held; None where it is not."""
    return _not_due(case, kept, schedule, on) or _held(kept)


def _not_due(
    case: Standing | None, kept: Kept, schedule: retention.Schedule, on: date
) -> Refusal | None:
    ending = ended(case, kept) if case else None
    if ending is None:
        return Refusal("The case is open, so it is not due to be erased.")
    rule = retention.rule_for(ending.outcome, schedule)
    if rule is None:
        return Refusal("The retention schedule has no rule for how this case ended.")
    due_on = retention.due_on(ending, rule)
    if due_on <= on:
        return None
    return Refusal(
        f"The case is to be kept: it falls due to be erased on {in_words(due_on)}, {rule.words}."
    )


def _held(kept: Kept) -> Refusal | None:
    found = holds(kept)
    if not found:
        return None
    return Refusal(f"The case is held, so nothing of it is erased: {'; '.join(found)}.")


def _is_due(situation: Situation) -> Refusal | None:
    schedule, on = situation.office.retention, situation.entry.effective_on
    return _not_due(situation.case, situation.kept, schedule, on)


def _is_not_held(situation: Situation) -> Refusal | None:
    return _held(situation.kept)


def _is_nothing_open(situation: Situation) -> Refusal | None:
    found = open_work(situation.kept)
    if not found:
        return None
    return Refusal(
        f"Something on the case is not finished: {'; '.join(found)}. Finish or end it first."
    )


def _is_only_one(situation: Situation) -> Refusal | None:
    others = situation.kept.get(DISPOSAL.name, ())
    if any(each.state in (PROPOSED, APPROVED) for each in others):
        return Refusal("The erasure of this case is already proposed.")
    if any(each.state == ERASED for each in others):
        return Refusal("This case is already erased.")
    until = [each.values[KEEP_UNTIL.code] for each in others if each.state == REFUSED]
    if until and max(until) >= situation.entry.effective_on:
        return Refusal(f"It was decided to keep this case until {in_words(max(until))}.")
    return None


def _is_not_own(situation: Situation) -> Refusal | None:
    proposed = situation.before.last(PROPOSE.name)
    if situation.actor is None or proposed is None or proposed.actor != situation.actor.token:
        return None
    return Refusal("You proposed this erasure, so somebody else approves it.")


def _is_kept_for_later(situation: Situation) -> Refusal | None:
    until = situation.entry.facts.get(KEEP_UNTIL.code)
    if until is None or until >= situation.entry.effective_on:
        return None
    return Refusal("Enter a day to come until which the case is kept.", KEEP_UNTIL.code)


def _is_agreed_by_two(situation: Situation) -> Refusal | None:
    """Asked once more by what erases: an import, or who runs the database, is asked nothing before."""
    proposed, approved = (situation.before.last(step.name) for step in (PROPOSE, APPROVE))
    if proposed and approved and proposed.actor != approved.actor:
        return None
    return Refusal(
        "The erasure was proposed and approved by one person. Annul the approval, and let somebody "
        "else approve it."
    )


def _is_as_approved(situation: Situation) -> Refusal | None:
    approved = situation.before.last(APPROVE.name)
    if approved is None or situation.latest is None or situation.latest < approved.seq:
        return None
    return Refusal(
        "Something was recorded on the case since its erasure was approved. Annul the approval, look "
        "at the case again, and have it approved anew."
    )


def _says_the_day(situation: Situation) -> Refusal | None:
    """The day and rule on the log are those that hold: whoever reads it later relies on them."""
    expected = fell_due(situation.case, situation.kept, situation.office.retention)
    said = situation.entry.facts
    if all(said.get(fact.code) == expected.get(fact.code) for fact in FELL_DUE):
        return None
    return Refusal("The day on which the case fell due, or its rule, is not as the schedule says.")


DUE_ON = Fact("due_on", "day", "Day on which it fell due")
FELL_DUE = (
    DUE_ON,
    Fact("rule", "choice", "Rule of the schedule", choices=retention.OUTCOMES),
    Fact("trigger", "choice", "Counted from", choices=retention.TRIGGERS),
    Fact("years", "number", "Years"),
    Fact("from_year_end", "flag", "From the end of the financial year"),
)
"""When the case fell due, and by which rule."""
KEEP_UNTIL = Fact("keep_until", "day", "Kept until", required=True, is_ahead=True)
STILL_ALLOWED = (
    Guard("is_due", "Only a case that is due is erased.", _is_due, about="case"),
    Guard("not_held", "Nothing of a case that is held is erased.", _is_not_held, about="case"),
    Guard(
        "nothing_open",
        "A case is erased when nothing on it waits for anybody.",
        _is_nothing_open,
        about="case",
    ),
)

PROPOSE = Step(
    "propose_erasure",
    "Propose to erase the case",
    "erasure_proposed",
    "Erasure proposed",
    (("annulled", PROPOSED),),
    IN_CHARGE,
    guards=(
        Guard(
            "only_one",
            "A case has one disposal at a time, and none while it was decided to keep it.",
            _is_only_one,
            about="case",
        ),
        *STILL_ALLOWED,
    ),
    day_label="Day of the proposal",
)
APPROVE = Step(
    "approve_erasure",
    "Approve the erasure",
    "erasure_approved",
    "Erasure approved",
    ((PROPOSED, APPROVED),),
    (CHIEF_EXECUTIVE,),
    facts=(
        Fact(
            "erase_reference",
            "flag",
            "The reference itself could name somebody: erase it too",
            "A neutral one then stands for the case in the register of disposals.",
        ),
    ),
    guards=(
        Guard(
            "not_own",
            "Nobody approves an erasure that they proposed.",
            _is_not_own,
            about="who",
        ),
        *STILL_ALLOWED,
    ),
    day_label="Day of the approval",
    page="retention.waiting",
)
ERASE = Step(
    "erase_case",
    "Erase the case",
    "retention_erased",
    "Erased at the end of its retention",
    ((APPROVED, ERASED),),
    (SYSTEM,),
    facts=(
        *FELL_DUE,
        Fact("details", "number", "Entries whose words were erased", required=True),
        Fact("files", "number", "Files erased", required=True),
    ),
    guards=(
        *STILL_ALLOWED,
        Guard(
            "agreed_by_two",
            "A case is erased when two people agreed to it.",
            _is_agreed_by_two,
            about="case",
        ),
        Guard(
            "as_approved",
            "A case is erased as it was when that was approved: nothing came to it since.",
            _is_as_approved,
            about="case",
        ),
        Guard(
            "says_the_day",
            "The log holds the day and rule by which the case fell due.",
            _says_the_day,
            about="judgement",
        ),
    ),
    day_label="Day it was erased",
)
REFUSE = Step(
    "refuse_erasure",
    "Keep the case",
    "erasure_refused",
    "Erasure refused",
    ((PROPOSED, REFUSED), (APPROVED, REFUSED)),
    IN_CHARGE,
    facts=(
        Fact("reason", "text", "Why it is kept", required=True, is_long=True),
        KEEP_UNTIL,
    ),
    guards=(
        Guard(
            "kept_for_later",
            "A case that is not erased is kept until a day to come.",
            _is_kept_for_later,
        ),
    ),
    day_label="Day of the decision",
)

DISPOSAL = Workflow(
    name="disposal",
    title="Disposal",
    version="1",
    initial=State("annulled", "Entered in error"),
    states=(
        State(PROPOSED, "Proposed", colour="yellow", flag="Proposed to be erased"),
        State(APPROVED, "Approved", colour="orange", flag="Approved to be erased"),
        State(ERASED, "Erased", is_closed=True),
        State(REFUSED, "Kept", is_closed=True, colour="green"),
    ),
    steps=(PROPOSE, APPROVE, ERASE, REFUSE),
    sources=(Path(__file__), retention.SOURCE, ENDING),
    noun="disposal",
    sees_kept=True,
)
