"""The only place that reads off a case what a letter says of it, with nothing made up."""

from dataclasses import replace
from datetime import date
from typing import Any

from casework import clock
from casework.audit.items import KeptItem, standings_by_kind
from casework.letters.addressees import addressee
from casework.letters.placeholders import LetterFacts, Recommended, Written
from casework.letters.queries import CaseLetters
from casework.letters.rendering.body import gap
from casework.letters.words import about_code
from casework.models import Case
from workflows.complaint_review_guards import SET_ASIDE
from workflows.complaint_review_powers import POWERS
from workflows.complaint_review_validity import DECIDE_TIME
from workflows.complaint_review_validity_guards import made_on
from workflows.definition import Entry, Letter, OfficeRules, Workflow
from workflows.engine import deadlines_of
from workflows.letters_owed import told_by
from workflows.recommendation_rules import is_duty, respond_by
from workflows.triage_content import APPLICANT, content_of

_WHY = ("invalid_reason", "limb", "reopen_reason")
"""The facts that give a reason by a code, one of a step."""
_DECISIONS = ("uphold", "not_uphold")
_ENDED = ("lapsed", "set_aside")
_OF_THE_FORCE = ("professional_standards", "chief_constable", "team_or_officer")
_RESPONSES = {
    "accepted": "The force accepts this recommendation.",
    "partly_accepted": "The force accepts a part of this recommendation.",
    "rejected": "The force does not accept this recommendation.",
    "implemented": "The force has done what was recommended.",
}
_ASKED_FOR = {
    "in_writing": "your application in writing: a few lines, a letter or an email are enough",
    "complaint": "what your complaint to the force was about",
    "complaint_made_on": "the day on which you made your complaint to the force",
    "force": "which police force your complaint was about",
    "outcome_provided_on": "the day on which the force told you the outcome",
    "outcome_letter": "a copy of the letter in which the force told you the outcome",
    "consent": "the written consent of the person whose complaint it is, with their signature",
    "identity": "who you are, and how we can reach you",
    "circumstances": "why you did not apply sooner, and when what kept you had passed",
    "other": gap("what else is needed, and why"),
}
"""What an applicant is asked for, as a letter to them says it."""
_CLOSING = (*_DECISIONS, "find_invalid", "forward", "withdraw")


def letter_facts(
    case: CaseLetters, letter: Letter, signed_by: str, told: str | None = None
) -> LetterFacts:
    """What this letter says: what is not known stays None or empty.

    It goes to its usual recipient unless `told` is the code of another.
    """
    row, values, rules = case.row, case.standing.values, case.office.rules()
    route = _label(case.workflow, rules, "route", values.get("route"))
    reopened = case.standing.last("reopen")
    to = addressee(case, letter, told or letter.to[0])
    facts = LetterFacts(
        reference=row.reference,
        office_name=case.office.office_name,
        contact_details=case.office.contact_details,
        signed_by=signed_by,
        written_on=clock.today(),
        recipient=to.kind,
        addressee=to.lines,
        greeting=to.greeting,
        their_reference_is=to.their_reference_is,
        name=row.complainant_name,
        reached_at=_reached_at(row),
        force=dict(case.office.forces).get(values.get("force") or ""),
        force_reference=row.force_reference,
        received_on=case.standing.first_day("log"),
        provided_on=values.get("outcome_provided_on"),
        **_about_what_is_missing(case),
        **_about_first_receipt(case, rules),
        stage=case.standing.state,
        reopened_on=reopened.effective_on if reopened else None,
        waiting_for=_waiting_for(case),
        route=route.lower() if route else None,
        **_about_time(case, rules),
        **_about_the_file(case),
        **_about_what_happened(case, letter, rules),
    )
    code = _why_code(told_by(case.workflow, case.standing, letter))
    return replace(facts, about_why=about_code(letter.name, code, facts))


def _reached_at(row: Case) -> str | None:
    """Every way there is to reach the complainant, each in a line of its own."""
    ways = (row.complainant_address, row.complainant_email, row.complainant_telephone)
    return "\n".join(way for way in ways if way) or None


def _about_time(case: CaseLetters, rules: OfficeRules) -> dict[str, Any]:
    due = {each.name: each for each in deadlines_of(case.workflow, case.standing, rules)}
    apply_by, decide_by = due.get("apply_by"), due.get("decide_by")
    last_day, made_on = (apply_by.due_on, apply_by.met_on) if apply_by else (None, None)
    target = decide_by.due_on if decide_by else None
    return {
        "apply_by": last_day,
        "made_on": made_on,
        "is_late": bool(last_day and made_on and made_on > last_day),
        "decide_target": rules.decide_target,
        "decide_by": target,
        "is_over_target": bool(target and target < clock.today()),
    }


def _about_what_is_missing(case: CaseLetters) -> dict[str, Any]:
    """What the applicant was asked for, while the office waits for it; else what is not known."""
    newest = case.standing.last("wait", "resume")
    asked = newest.facts if newest and newest.step == "wait" else {}
    return {
        "missing": tuple(_ASKED_FOR[code] for code in asked.get("asked_for") or _unknown(case)),
        "answer_by": asked.get("answer_by"),
    }


def _unknown(case: CaseLetters) -> list[str]:
    """What only the applicant could say or bring, as far as the case shows."""
    words = {name for texts in case.words.values() for name, text in texts.items() if text}
    content = content_of(case.standing, standings_by_kind(case.items), words)
    return [element.code for element in content if APPLICANT in element.from_whom]


def _about_first_receipt(case: CaseLetters, rules: OfficeRules) -> dict[str, Any]:
    """Who had the application before this office, and whether that day counts (reg 29(3))."""
    values = case.standing.values
    who, day = values.get("first_received_by"), values.get("first_received_on")
    if who is None or day is None:
        return {}
    label = _label(case.workflow, rules, "first_received_by", who) or str(who)
    return {
        "first_received_by": label[0].lower() + label[1:],
        "first_received_on": day,
        "first_receipt_counts": made_on(case.standing) == day,
    }


def _waiting_for(case: CaseLetters) -> str | None:
    newest = case.standing.last("wait", "resume")
    return newest.facts.get("waiting_for") if newest and newest.step == "wait" else None


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


def _about_what_happened(case: CaseLetters, letter: Letter, rules: OfficeRules) -> dict[str, Any]:
    entry = told_by(case.workflow, case.standing, letter)
    if entry is None:
        return {}
    words, facts = case.words.get(entry.seq, {}), entry.facts
    reason = next((name for name in _WHY if name in facts), "")
    return {
        "happened_on": entry.effective_on,
        "is_upheld": entry.step == "uphold",
        "set_aside_on": _decided_before(case, entry),
        "another_decides": facts.get("reopen_reason") in SET_ASIDE,
        "why": _label(case.workflow, rules, reason, facts.get(reason)),
        "reasons": _written(words.get("reasons")),
        "special_circumstances": _written(_why_time(case)),
        "observations": facts.get("observations") or len(_kept(case, "observation")),
        "learning_points": _learning_points(case),
        **_about_recommendations(case, rules),
    }


def _why_time(case: CaseLetters) -> str | None:
    """What was decided about extra time, as the applicant is told it."""
    decided = case.standing.last(DECIDE_TIME.name)
    return case.words.get(decided.seq, {}).get("special_circumstances") if decided else None


def _why_code(entry: Entry | None) -> str | None:
    facts = entry.facts if entry else {}
    return next((facts[name] for name in _WHY if name in facts), None)


def _decided_before(case: CaseLetters, reopening: Entry) -> date | None:
    """The day of the decision that this reopening ended, None when it ended something else."""
    ended = case.standing.entries[: case.standing.entries.index(reopening)]
    last = next((each for each in reversed(ended) if each.step in _CLOSING), None)
    is_decision = reopening.step == "reopen" and last is not None and last.step in _DECISIONS
    return last.effective_on if last and is_decision else None


def _about_recommendations(case: CaseLetters, rules: OfficeRules) -> dict[str, Any]:
    """What was recommended and still stands; the duty to notify the Director is kept apart."""
    kept = [each for each in _kept(case, "recommendation") if each.standing.state not in _ENDED]
    made = [each for each in kept if not is_duty(each.standing)]
    answers = (respond_by(each.standing) for each in made)
    return {
        "recommendations": tuple(
            _recommended(case, rules, number, each) for number, each in enumerate(made, start=1)
        ),
        "respond_by": max((day for day in answers if day), default=None),
        "notifies_prosecutor": len(made) < len(kept),
    }


def _recommended(case: CaseLetters, rules: OfficeRules, number: int, item: KeptItem) -> Recommended:
    code, response = item.values.get("recommendations"), item.standing.last("respond")
    words = item.words
    return Recommended(
        number=number,
        label=_label(case.workflow, rules, "recommendations", code) or str(code),
        paragraph=_paragraph(code, case.standing.values.get("route")),
        words=words.get("wording", ""),
        responded_on=response.effective_on if response else None,
        response=_RESPONSES.get(item.standing.state, ""),
        response_words=words.get("steps_or_reasons", ""),
    )


def _paragraph(code: str | None, route: str | None) -> str:
    """The paragraph of Schedule 3 as a letter cites it: "paragraph 25(4E)(a)"."""
    power = next((each for each in POWERS if each.code == code), None)
    cited = power.paragraph(route) if power and route else None
    if cited is None:
        return gap("the paragraph it is made under")
    return f"paragraphs {cited}" if " and " in cited else f"paragraph {cited}"


def _learning_points(case: CaseLetters) -> tuple[str, ...]:
    """The points for the force, in the words in which they were noted."""
    points = (
        item.words.get("point", "")
        for item in _kept(case, "observation")
        if item.values.get("to") in _OF_THE_FORCE
    )
    return tuple(point for point in points if point)


def _kept(case: CaseLetters, kind: str) -> list[KeptItem]:
    return [item for item in case.items if item.is_kept and item.workflow.name == kind]


def _label(workflow: Workflow, rules: OfficeRules, fact: str, code: str | None) -> str | None:
    """The words people read for a code of a fact, None for none."""
    asked = (step.facts_by_code[fact] for step in workflow.steps if fact in step.facts_by_code)
    choices = (choice for each in asked for choice in rules.choices_of(each))
    return next((choice.label for choice in choices if choice.code == code), None)


def _written(text: str | None) -> Written | None:
    return Written(text) if text and text.strip() else None
