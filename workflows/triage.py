"""The only place that says what the rules make of a new application: what is settled, wanted, and possible now.

It advises and decides nothing. Whether a step would be refused is asked of the step's own
guards, so that this never promises what the engine then refuses.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from workflows.complaint_review import WAIT
from workflows.complaint_review_prompts import awaits
from workflows.complaint_review_validity import (
    DECIDE_TIME,
    FIND_INVALID,
    FIND_OUTCOME_DAY,
    FIND_REVIEW_BODY,
    FIND_VALID,
    FORWARD,
)
from workflows.complaint_review_validity_guards import EXTENDED, REFUSED
from workflows.definition import Entry, OfficeRules, Situation, Standing, Step, Wait
from workflows.history import NEWEST
from workflows.replay import refusal_of
from workflows.triage_body import IOPC, LPB, ReviewBody, review_body
from workflows.triage_content import (
    APPLICANT,
    FORCE,
    NOT_WITHOUT,
    OFFICE,
    Element,
    Kept,
    content_of,
)
from workflows.triage_time import LATE, NOT_KNOWN, Timeliness, timeliness

WHY_LATE = "why_late"
ASK = "ask"
"""Asking the applicant: the step is to wait for them, saying what was asked."""
EXTRA_TIME, READY, UNANSWERED, SETTLE, WAITING = (
    "extra_time",
    "ready",
    "unanswered",
    "settle",
    "waiting",
)
"""At what stage a new application is: each has exactly one."""
_CONCLUDING = (FIND_VALID.name, FIND_INVALID.name, FORWARD.name)


@dataclass(frozen=True)
class Asked:
    """What the applicant was asked for and has not answered yet; codes of `CONTENT`."""

    on: date
    what: tuple[str, ...]
    answer_by: date | None
    is_overdue: bool


@dataclass(frozen=True)
class Need:
    """One thing that is wanted: in words, of whom (a code), and the step that does it, if one does."""

    says: str
    of: str
    step: str = ""


@dataclass(frozen=True)
class Assessment:
    """What the rules make of an application on a day.

    `is_new`: nobody decided yet whether it is valid. `refusals` holds why a step would be refused now whatever reasons are given, by `FIND_VALID`,
    `DECIDE_TIME` and, for findings of invalidity, by their reason; what is absent may be taken.
    """

    is_new: bool
    time: Timeliness
    body: ReviewBody
    content: tuple[Element, ...]
    asked: Asked | None
    wait: Wait | None
    was_asked: frozenset[str]
    was_reviewed: bool
    refusals: Mapping[str, str]

    def missing_from(self, whom: str) -> list[Element]:
        """What has still to come from somebody, by code."""
        return [element for element in self.content if whom in element.from_whom]

    @property
    def to_ask(self) -> list[str]:
        """The codes of what the applicant has to say or bring and was never asked for."""
        missing = self.missing_from(APPLICANT)
        return [each.code for each in missing if each.code not in self.was_asked]

    @property
    def must_ask(self) -> bool:
        """Whether the office should not go on before it asked the applicant (reg 29(6))."""
        return self.asked is None and any(code in NOT_WITHOUT for code in self.to_ask)

    @property
    def wants_extra_time(self) -> bool:
        """Whether it is late, this office's, and nobody decided about extra time."""
        return self.time.status == LATE and DECIDE_TIME.name not in self.refusals

    @cached_property
    def suggests(self) -> str | None:
        """The step that the rules lead to next, or `ASK`; None while something is to be settled."""
        if self.body.found == IOPC:
            return FORWARD.name
        if self.must_ask and not self.was_reviewed:
            return ASK
        if self.wants_extra_time:
            return DECIDE_TIME.name
        if self.invalid_for:
            return FIND_INVALID.name
        is_settled = self.body.found == LPB and not self.time.is_in_dispute
        may_be_valid = self.is_new and FIND_VALID.name not in self.refusals
        is_timed = self.time.status != NOT_KNOWN
        return FIND_VALID.name if may_be_valid and is_settled and is_timed else None

    @property
    def invalid_for(self) -> str | None:
        """The reason for which the rules lead to a finding of invalidity, by code."""
        if self.time.status == REFUSED and "out_of_time" not in self.refusals:
            return "out_of_time"
        if self.was_reviewed:
            return "already_reviewed"
        return "incomplete" if self.asked is not None and self.asked.is_overdue else None

    @property
    def stage(self) -> str:
        """How far it is, by code: what a list of new applications is parted by."""
        if self.asked is not None and self.asked.is_overdue:
            return UNANSWERED
        if self.wait is not None and self.wait.rests:
            return WAITING
        if self.suggests == DECIDE_TIME.name:
            return EXTRA_TIME
        return READY if self.suggests in _CONCLUDING else SETTLE

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """What is wanted before it can be decided, the most pressing first."""
        return tuple(self._needs())

    def _needs(self) -> Iterator[Need]:
        if self.asked is not None and self.asked.is_overdue:
            yield Need("The applicant has not answered: decide, or ask again", OFFICE)
        if self.body.is_returned:
            says = "The IOPC sent it back: find the review body anew"
            yield Need(says, OFFICE, FIND_REVIEW_BODY.name)
        elif self.body.found is None:
            yield Need("Find the relevant review body", OFFICE, FIND_REVIEW_BODY.name)
        if self.time.is_in_dispute:
            says = "Find which day the outcome was provided: it is late on one and not on another"
            yield Need(says, OFFICE, FIND_OUTCOME_DAY.name)
        elif self.time.status == NOT_KNOWN:
            says = "Find the day the outcome was provided"
            yield Need(says, OFFICE, FIND_OUTCOME_DAY.name)
        if self.wants_extra_time:
            yield Need("Decide about extra time", OFFICE, DECIDE_TIME.name)
        if self.must_ask:
            yield Need("Ask the applicant for what is missing", APPLICANT, ASK)
        if self.body.psd is None and self.body.found is None:
            yield Need("Ask Professional Standards which body they say it is", FORCE)


def assess(
    standing: Standing, kept: Kept, words: Collection[str], office: OfficeRules, today: date
) -> Assessment | None:
    """What the rules make of a case that stands so; None before an application was received.

    `words` are the names of the texts known of the application.
    """
    time = timeliness(standing, kept)
    if time is None:
        return None
    content = list(content_of(standing, kept, words))
    if time.status == LATE and WHY_LATE not in words:
        how = "It is late. Ask what kept them, before extra time is decided about (reg 29(4))."
        content.append(Element("circumstances", (APPLICANT,), how))
    waits = [entry for entry in standing.entries if entry.step == WAIT.name]
    return Assessment(
        is_new=standing.state == "received",
        time=time,
        body=review_body(standing, kept),
        content=tuple(content),
        asked=_asked(standing, today),
        wait=awaits(standing),
        was_asked=frozenset(code for entry in waits for code in entry.facts.get("asked_for", ())),
        was_reviewed=standing.values.get("reviewed_before") == "yes",
        refusals=dict(_refusals(standing, office, today)),
    )


def _asked(standing: Standing, today: date) -> Asked | None:
    last = standing.last("wait", "resume", "reopen")
    if last is None or last.step != "wait" or last.facts.get("waiting_for") != "applicant":
        return None
    answer_by = last.facts.get("answer_by")
    is_overdue = answer_by is not None and answer_by < today
    return Asked(last.effective_on, last.facts.get("asked_for", ()), answer_by, is_overdue)


def _refusals(standing: Standing, office: OfficeRules, today: date) -> Iterator[tuple[str, str]]:
    tried: tuple[tuple[str, Step, dict[str, Any]], ...] = (
        (FIND_VALID.name, FIND_VALID, {}),
        (DECIDE_TIME.name, DECIDE_TIME, {"extra_time": EXTENDED}),
        ("out_of_time", FIND_INVALID, {"invalid_reason": "out_of_time"}),
        ("incomplete", FIND_INVALID, {"invalid_reason": "incomplete"}),
    )
    for code, step, facts in tried:
        situation = Situation(standing, Entry(NEWEST, step.name, today, facts, ""), office)
        refusal = refusal_of(step, situation, ("who", "case", "judgement", "history"))
        if refusal is not None:
            yield code, refusal.sentence
