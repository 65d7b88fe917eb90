"""The only place that puts together the queue of new applications, and records what is decided of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from casework import alike
from casework.audit.record import Origin
from casework.progress import Moved, move_case
from casework.triage import queries
from casework.triage.forms import DecisionForm
from casework.triage.options import BY_CODE, Option
from casework.web.case_words import CaseRow, Teller, label_of
from casework.web.opened_case import OpenedCase
from casework.web.step_forms import known_values
from workflows import WORKFLOWS
from workflows import triage_reasons as reasons
from workflows.attempt import Attempt
from workflows.complaint_review import ACKNOWLEDGE
from workflows.complaint_review_validity import DECIDE_TIME, FIND_OUTCOME_DAY, FIND_REVIEW_BODY
from workflows.definition import Actor, Step
from workflows.engine import steps_open_to
from workflows.triage import (
    EXTRA_TIME,
    READY,
    SETTLE,
    UNANSWERED,
    WAITING,
    WHY_LATE,
    Assessment,
)

STAGES = (
    (UNANSWERED, "Asked, and not answered in time", "Decide without the answer, or ask again."),
    (EXTRA_TIME, "Extra time to decide about", "Late, and this office is the review body."),
    (READY, "Ready to decide", "What the rules ask for is settled."),
    (SETTLE, "To be settled", "Something has to be found or asked first."),
    (WAITING, "Waiting for others", "Nothing to decide until they answer."),
)
"""The parts of the queue, in the order of what presses: code, heading, what they have in common."""

TO_DECIDE = (UNANSWERED, EXTRA_TIME, READY)
_PLACES = {FIND_OUTCOME_DAY.name: "time", FIND_REVIEW_BODY.name: "body"}
"""Where on the page of a case what a step finds is told."""


@dataclass(frozen=True)
class Line:
    """A new application in the queue. `may_take`: whoever reads may take the step that comes next."""

    case: CaseRow
    found: Assessment
    channel: str
    flags: tuple[str, ...]
    may_take: bool
    is_mine: bool

    @property
    def next(self) -> str:
        """What comes next, in words."""
        option = BY_CODE.get(self.found.suggests or "")
        if option is not None:
            return option.label
        return next((need.says for need in self.found.needs), "Decide whether it is valid")

    @property
    def next_url(self) -> str:
        """Where it is done: the decision's page for whoever may take it, else what was found."""
        token = self.case.row.token
        if self.may_take:
            return url_for("triage.decide", token=token)
        steps = (need.step for need in self.found.needs)
        place = next((_PLACES[step] for step in steps if step in _PLACES), None)
        return url_for("triage.of_case", token=token, _anchor=place)


@dataclass(frozen=True)
class Queue:
    """The new applications by stage; when it `is_cut` there are more, and the oldest are here."""

    stages: Mapping[str, list[Line]]
    is_cut: bool

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(map(len, self.stages.values()))

    @property
    def mine(self) -> int:
        """How many of them are for whoever reads to decide."""
        return sum(line.is_mine for lines in self.stages.values() for line in lines)


def queue(session: Session, actor: Actor, teller: Teller, *conditions: Any) -> Queue:
    """The new applications that this person may see, in a fixed number of statements."""
    rows = queries.new_applications(session, actor.token, *conditions)
    read = queries.read_each(session, rows[: queries.MOST])
    found = alike.alike_of(session, read.keys(), actor.token)
    stages: dict[str, list[Line]] = {code: [] for code, _, _ in STAGES}
    for case in teller.tell(rows[: queries.MOST]):
        token = case.row.token
        line = _line(case, read[token], found[token], actor, teller)
        if line is not None:
            stages[line.found.stage].append(line)
    return Queue(stages, len(rows) > queries.MOST)


def _line(
    case: CaseRow,
    read: queries.Read,
    others: tuple[alike.Alike, ...],
    actor: Actor,
    teller: Teller,
) -> Line | None:
    found = read.assessed(teller.office, teller.today)
    if found is None:
        return None
    option = BY_CODE.get(found.suggests or "")
    may_take = option is not None and _may_take(option.step, case, read, actor, teller)
    is_for_few = option is not None and any(g.about == "who" for g in option.step.guards)
    is_theirs = is_for_few or case.row.assignee in (None, actor.token)
    return Line(
        case,
        found,
        label_of("channel", read.standing.values.get("channel")) or "Not recorded",
        tuple(_flags(case, read, others)),
        may_take,
        is_mine=may_take and is_theirs and found.stage in TO_DECIDE,
    )


def _may_take(step: Step, case: CaseRow, read: queries.Read, actor: Actor, teller: Teller) -> bool:
    workflow = WORKFLOWS[case.row.workflow]
    steps = steps_open_to(workflow, read.standing, actor, teller.office, teller.today)
    return any(each.step is step and each.barred is None for each in steps)


def _flags(case: CaseRow, read: queries.Read, others: tuple[alike.Alike, ...]) -> list[str]:
    """What is to be seen of a case at a glance."""
    kept = [item.state.flag for item in read.items if item.is_kept and item.state.flag]
    flags = list(dict.fromkeys(kept))
    if read.standing.last(ACKNOWLEDGE.name) is None:
        flags.append("Not acknowledged")
    if case.row.assignee is None:
        flags.append("Nobody’s yet")
    if any(other.is_same_complaint for other in others):
        flags.append("Possible duplicate")
    elif others:
        flags.append("Same person before")
    return flags


def prefill(
    opened: OpenedCase,
    read: queries.Read,
    found: Assessment,
    options: tuple[Option, ...],
    today: date,
) -> dict[str, Any]:
    """What the decision's form begins with: what the case knows, and reasons from what was found."""
    known: dict[str, Any] = {}
    for option in options:
        values = known_values(opened.workflow, opened.standing, option.step)
        known |= {option.named(name): value for name, value in values.items()}
    weighed = queries.words_of(opened, DECIDE_TIME.name).get("special_circumstances", "")
    return known | {
        "find_valid_reasons": reasons.for_valid(found),
        "find_invalid_reason": found.invalid_for,
        "find_invalid_reasons": reasons.for_invalid(found, weighed),
        "forward_limb": found.body.met,
        "forward_reasons": reasons.for_forwarding(found),
        "decide_time_special_circumstances": reasons.for_extra_time(
            found, read.words.get(WHY_LATE, "")
        ),
        "ask_asked_for": found.to_ask,
        "ask_answer_by": opened.office.calendar.add_working_days(
            today, opened.office.answer_target
        ),
        "wait_waiting_for": None,
    }


def decide(
    session: Session,
    opened: OpenedCase,
    form: DecisionForm,
    option: Option,
    actor: Actor,
    asked: Origin,
) -> Moved:
    """Take the step of the option that was chosen; the caller commits.

    Raises StepRefused or StaleCase.
    """
    attempt = Attempt(option.step.name, form.day, form.taken(option), actor)
    return move_case(session, opened.ref, attempt, asked)
