"""The only place that says what a complaint review wants done next, in the order of a real week.

Log, acknowledge, ask the force for its file, chase it, decide validity, write the review,
decide, tell people. Nothing here forbids another order: it is what a list of work suggests.
"""

from datetime import date, timedelta

from workflows.complaint_review_choices import WAITING_FOR
from workflows.complaint_review_validity_guards import is_late
from workflows.definition import Entry, Prompt, Standing, Wait

CHASE_AFTER = timedelta(days=7)
"""How long the force has after being asked or reminded before a list suggests a reminder."""
BEFORE_THE_REVIEW = ("received", "valid")
FILE_STEPS = ("request_file", "chase_file", "escalate_file", "receive_file")
TOLD_OF = {"forwarded": frozenset({"complainant", "iopc"})}
"""Whom the office has to write to that a case was forwarded (paras 31 and 32); else one letter does."""
OUTCOMES_TOLD = ("upheld", "not_upheld", "invalid", "forwarded")


def _received_on(standing: Standing) -> date | None:
    return standing.first_day("log")


def _acknowledge(standing: Standing) -> date | None:
    is_wanted = standing.state in BEFORE_THE_REVIEW and standing.last("acknowledge") is None
    return _received_on(standing) if is_wanted else None


def _request_file(standing: Standing) -> date | None:
    is_wanted = standing.state in BEFORE_THE_REVIEW and standing.last(*FILE_STEPS) is None
    return _received_on(standing) if is_wanted else None


def _chase_file(standing: Standing) -> date | None:
    asked = standing.last(*FILE_STEPS)
    if standing.state not in BEFORE_THE_REVIEW or asked is None or has_file(standing):
        return None
    return asked.effective_on + CHASE_AFTER


def _find_valid(standing: Standing) -> date | None:
    return _received_on(standing) if standing.state == "received" else None


def _decide_time(standing: Standing) -> date | None:
    """Once it is found that this office decides, and that the application is late.

    Also of a valid case: what extended its time may have been annulled, or its day found anew.
    """
    found = standing.last("find_review_body", "find_outcome_day", "log")
    is_ours = standing.values.get("review_body") == "lpb"
    if standing.state not in BEFORE_THE_REVIEW or found is None or not is_ours:
        return None
    is_decided = standing.values.get("extra_time") or standing.values.get("time_extended")
    return found.effective_on if is_late(standing) and not is_decided else None


def _forward(standing: Standing) -> date | None:
    """Once it is found that the IOPC decides, unless it has sent the case back since."""
    found = standing.last("find_review_body", "find_valid", "reopen")
    is_theirs = standing.values.get("review_body") == "iopc"
    is_wanted = standing.state in BEFORE_THE_REVIEW and is_theirs
    return found.effective_on if is_wanted and found and found.step != "reopen" else None


def _go_on_without(standing: Standing) -> date | None:
    """The day after the one by which the applicant was asked to answer, while they have not."""
    last = standing.last("wait", "resume", "reopen")
    is_waiting = last is not None and last.step == "wait"
    answer_by: date | None = last.facts.get("answer_by") if last and is_waiting else None
    if standing.state not in BEFORE_THE_REVIEW or answer_by is None:
        return None
    return answer_by + timedelta(days=1)


def _write_review(standing: Standing) -> date | None:
    """Once the application is valid and the file is in, or from a returned review on."""
    returned = standing.last("return_review")
    if standing.state != "valid" or not (has_file(standing) or returned):
        return None
    began = standing.last("find_valid", "receive_file", "return_review", "reopen")
    return began.effective_on if began else None


def _decide(standing: Standing) -> date | None:
    written = standing.last("write_review")
    return written.effective_on if standing.state == "reviewed" and written else None


def _notify(standing: Standing) -> date | None:
    closure = standing.closure
    if closure is None or standing.state not in OUTCOMES_TOLD:
        return None
    told = [e for e in standing.entries if e.step == "notify" and _is_after(e, closure)]
    is_told = bool(told) and _is_everybody_told(standing.state, told)
    return None if is_told else closure.effective_on


def _is_everybody_told(state: str, told: list[Entry]) -> bool:
    """Whether these entries name whom they must; one that does not say is believed for all."""
    named = {code for each in told for code in each.facts.get("told", ())}
    return TOLD_OF.get(state, frozenset()) <= named or any(not e.facts.get("told") for e in told)


def _is_after(entry: Entry, other: Entry) -> bool:
    return (entry.effective_on, entry.seq) > (other.effective_on, other.seq)


def has_file(standing: Standing) -> bool:
    """Whether the force's file came and nothing of it was said to be missing since."""
    received = standing.last("receive_file")
    return received is not None and received.facts.get("extent") != "part"


def awaits(standing: Standing) -> Wait | None:
    """Whom the office waits for: whoever it said, else the force while its file is not in."""
    last = standing.last("wait", "resume", "reopen")
    if standing.closure is None and last is not None and last.step == "wait":
        return Wait(_WHOM[standing.values["waiting_for"]], last.effective_on, rests=True)
    asked = standing.last("request_file")
    if asked is None or standing.state not in BEFORE_THE_REVIEW or has_file(standing):
        return None
    return Wait(_WHOM["force"], asked.effective_on, "its file")


_WHOM = {choice.code: choice.label for choice in WAITING_FOR}
PROMPTS = (
    Prompt(
        "acknowledge",
        "Acknowledge the application",
        _acknowledge,
        "acknowledge_by",
        while_waiting=True,
    ),
    Prompt("request_file", "Ask the force for its file", _request_file, while_waiting=True),
    Prompt("chase_file", "Chase the force’s file", _chase_file, while_waiting=True),
    Prompt(
        "find_invalid",
        "Go on without the applicant’s answer, or ask again",
        _go_on_without,
        while_waiting=True,
    ),
    Prompt("forward", "Forward it to the IOPC", _forward),
    Prompt("decide_time", "Decide about extra time", _decide_time),
    Prompt("find_valid", "Decide whether it is valid", _find_valid),
    Prompt("write_review", "Write the review", _write_review, "decide_by"),
    Prompt("uphold", "Decide", _decide, "decide_by"),
    Prompt("notify", "Send the outcome and record the letter", _notify),
)
