"""The only place that reads from a case what its letters say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import clock
from casework.audit.events import Event, entries, events_of, newest_first
from casework.models import AuditEvent, Case
from casework.office_settings import OfficeSettings, settings_at
from workflows import WORKFLOWS
from workflows.calendar import response_due_on
from workflows.definition import Entry, Letter, OfficeRules, Standing, Workflow
from workflows.engine import deadlines_of
from workflows.replay import standing_of

_DUTY = "notify_dpp"


@dataclass(frozen=True)
class LetterFacts:
    """All that a letter may say; None and empty where the case does not know it.

    Days are London dates; what people read of a code is its label. `reasons` and
    `special_circumstances` are paragraphs, `address` lines. `recommendations` leaves out the
    duty to notify the Director of Public Prosecutions, which needs no response from the force.
    """

    reference: str
    office_name: str
    contact_details: str
    signed_by: str
    written_on: date
    name: str | None
    address: tuple[str, ...]
    force: str | None
    force_reference: str | None
    received_on: date | None
    provided_on: date | None
    apply_by: date | None
    made_on: date | None
    decide_target: int
    decide_by: date | None
    route: str | None
    requested_on: date | None = None
    working_days_since_request: int | None = None
    chased_on: date | None = None
    received_extent: str | None = None
    file_received_on: date | None = None
    happened_on: date | None = None
    outcome: str | None = None
    why: str | None = None
    why_code: str | None = None
    reasons: tuple[str, ...] = ()
    special_circumstances: tuple[str, ...] = ()
    recommendations: tuple[str, ...] = ()
    respond_by: date | None = None
    notifies_prosecutor: bool = False
    observations: int = 0

    @property
    def is_late(self) -> bool:
        """Whether the application was made after the last day for it (reg 29(2) and (3))."""
        return bool(self.apply_by and self.made_on and self.made_on > self.apply_by)


@dataclass(frozen=True)
class CaseLetters:
    """A case as its letters see it: how it stands, its words, and the office it is with."""

    row: Case
    workflow: Workflow
    standing: Standing
    office: OfficeSettings
    words: Mapping[int, Mapping[str, str]] = field(default_factory=dict)

    def letter(self, name: str) -> Letter | None:
        """The letter of this name, None when the workflow has none."""
        return next((each for each in self.workflow.letters if each.name == name), None)


def offered(workflow: Workflow, standing: Standing) -> tuple[Letter, ...]:
    """The letters that may be taken: what they tell has happened, and still stands.

    A decision that was set aside is not sent out again.
    """
    return tuple(letter for letter in workflow.letters if _told_by(workflow, standing, letter))


def _told_by(workflow: Workflow, standing: Standing, letter: Letter) -> Entry | None:
    entry = standing.last(*letter.after)
    if entry is None:
        return None
    leads_to = {target for _, target in workflow.steps_by_name[entry.step].moves}
    closes = any(state.is_closed for state in workflow.states if state.name in leads_to)
    has_ended = standing.closure is None or standing.closure.seq != entry.seq
    return None if closes and has_ended else entry


def case_letters(session: Session, token: str) -> CaseLetters | None:
    """The case with this token as its letters see it, None when there is none."""
    row = session.execute(select(Case).where(Case.token == token)).scalar_one_or_none()
    if row is None:
        return None
    workflow = WORKFLOWS[row.workflow]
    events = events_of(session, token)
    standing = standing_of(workflow, entries(workflow, events))
    return CaseLetters(row, workflow, standing, settings_at(session), _words_of(events))


def _words_of(events: Iterable[Event]) -> dict[int, Mapping[str, str]]:
    return {event.seq: event.words for event in events if event.words}


def recorded_under(session: Session, req: str) -> Event | None:
    """What this very request has already recorded, None when it is new."""
    return next(iter(newest_first(session, [AuditEvent.req == req], limit=1)), None)


def letter_facts(case: CaseLetters, letter: Letter, signed_by: str) -> LetterFacts:
    """What this letter says, with nothing made up: what is not known stays None or empty."""
    row, values = case.row, case.standing.values
    rules = case.office.rules()
    due = {each.name: each for each in deadlines_of(case.workflow, case.standing, rules)}
    apply_by, decide_by = due.get("apply_by"), due.get("decide_by")
    return LetterFacts(
        reference=row.reference,
        office_name=case.office.office_name,
        contact_details=case.office.contact_details,
        signed_by=signed_by,
        written_on=clock.today(),
        name=row.complainant_name,
        address=_lines(row.complainant_address),
        force=dict(case.office.forces).get(values.get("force") or ""),
        force_reference=row.force_reference,
        received_on=case.standing.first_day("log"),
        provided_on=values.get("outcome_provided_on"),
        apply_by=apply_by.due_on if apply_by else None,
        made_on=apply_by.met_on if apply_by else None,
        decide_target=case.office.decide_target,
        decide_by=decide_by.due_on if decide_by else None,
        route=_label(case.workflow, rules, "route", values.get("route")),
        **_about_the_file(case),
        **_about_the_end(case, letter, rules),
    )


def _about_the_file(case: CaseLetters) -> dict[str, Any]:
    requested = case.standing.last("request_file")
    chased = case.standing.last("chase_file")
    received = case.standing.last("receive_file")
    requested_on = requested.effective_on if requested else None
    today = clock.today()
    days = (
        case.office.calendar.working_days_between(requested_on, today)
        if requested_on and requested_on <= today
        else None
    )
    return {
        "requested_on": requested_on,
        "working_days_since_request": days,
        "chased_on": chased.effective_on if chased else None,
        "received_extent": received.facts.get("extent") if received else None,
        "file_received_on": received.effective_on if received else None,
    }


def _about_the_end(case: CaseLetters, letter: Letter, rules: OfficeRules) -> dict[str, Any]:
    entry = _told_by(case.workflow, case.standing, letter)
    if entry is None:
        return {}
    words, facts = case.words.get(entry.seq, {}), entry.facts
    why = "invalid_reason" if "invalid_reason" in facts else "limb"
    codes = facts.get("recommendations", ())
    recommended = [code for code in codes if code != _DUTY]
    labels = [_label(case.workflow, rules, "recommendations", code) for code in recommended]
    return {
        "happened_on": entry.effective_on,
        "outcome": entry.step,
        "why": _label(case.workflow, rules, why, facts.get(why)),
        "why_code": facts.get(why),
        "reasons": _paragraphs(words.get("reasons")),
        "special_circumstances": _paragraphs(words.get("special_circumstances")),
        "recommendations": tuple(label for label in labels if label),
        "respond_by": response_due_on(entry.effective_on) if recommended else None,
        "notifies_prosecutor": _DUTY in codes,
        "observations": facts.get("observations", 0),
    }


def _label(workflow: Workflow, rules: OfficeRules, fact: str, code: str | None) -> str | None:
    """The words people read for a code of a fact, None for none."""
    asked = (step.facts_by_code[fact] for step in workflow.steps if fact in step.facts_by_code)
    choices = (choice for each in asked for choice in rules.choices_of(each))
    return next((choice.label for choice in choices if choice.code == code), None)


def _paragraphs(text: str | None) -> tuple[str, ...]:
    """Words as typed, cut at blank lines; a single line break stays one."""
    blocks = (text or "").replace("\r\n", "\n").split("\n\n")
    return tuple(block.strip("\n") for block in blocks if block.strip())


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())
