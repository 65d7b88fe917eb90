"""The only place for the steps that settle an application: its day, its review body, extra time.

Then it is valid, invalid, or the IOPC's. A finding can be made anew at any time; the newest
stands. The rules that may refuse are in `complaint_review_validity_guards`.
"""

from dataclasses import replace

from workflows import complaint_review_facts as facts
from workflows import complaint_review_validity_guards as guards
from workflows.complaint_review_moves import OPEN, moves
from workflows.definition import Mark, Step
from workflows.roles import CASEWORKERS, DECIDERS

PAGE = "triage.decide"
"""The page that offers these steps beside each other, with reasons begun from what is known."""

FIND_OUTCOME_DAY = Step(
    "find_outcome_day",
    "Find the day the outcome was provided",
    "outcome_day_found",
    "Day the outcome was provided: found",
    moves(*OPEN),
    CASEWORKERS,
    facts=(replace(facts.PROVIDED_ON, required=True), facts.OUTCOME_DAY_BASIS, facts.REASONS),
    guards=(guards.PROVIDED_BEFORE_RECEIVED,),
    day_label="Day of the finding",
    group="Validity",
)
FIND_REVIEW_BODY = Step(
    "find_review_body",
    "Find the relevant review body",
    "review_body_found",
    "Relevant review body: found",
    moves(*OPEN),
    CASEWORKERS,
    facts=(
        facts.REVIEW_BODY[0],
        facts.LETTER_PARAGRAPH,
        facts.REVIEW_BODY[1],
        *facts.LIMBS,
        replace(facts.REVIEW_BODY[2], required=True),
        replace(facts.REASONS, required=False),
    ),
    guards=(guards.LIMBS_AGREE, guards.DIFFERENCE_IS_EXPLAINED),
    day_label="Day of the finding",
    group="Validity",
)
DECIDE_TIME = Step(
    "decide_time",
    "Decide about extra time",
    "extra_time_decided",
    "Extra time: decided",
    moves("received", "valid"),
    DECIDERS,
    facts=(facts.EXTRA_TIME, facts.SPECIAL_CIRCUMSTANCES),
    guards=(guards.MAY_DECIDE_ABOUT_TIME, guards.MAY_BE_EXTENDED),
    day_label="Day of the decision",
    group="Validity",
    page=PAGE,
)
FIND_VALID = Step(
    "find_valid",
    "Find the application valid",
    "found_valid",
    "Found valid",
    moves("received", to="valid"),
    CASEWORKERS,
    facts=(
        facts.ROUTE,
        facts.PROVIDED_ON,
        facts.CATEGORIES,
        *facts.REVIEW_BODY,
        facts.TIME_EXTENDED,
        facts.REASONS,
    ),
    guards=(
        guards.PROVIDED_BEFORE_RECEIVED,
        guards.OFFICE_IS_REVIEW_BODY,
        guards.IS_IN_TIME_OR_EXTENDED,
    ),
    begins=(Mark("validity", "valid"),),
    day_label="Day the application was found valid",
    group="Validity",
    page=PAGE,
)
FIND_INVALID = Step(
    "find_invalid",
    "Find the application invalid",
    "found_invalid",
    "Found invalid",
    moves("received", "valid", to="invalid"),
    CASEWORKERS,
    facts=(
        facts.INVALID_REASON,
        facts.ROUTE,
        facts.PROVIDED_ON,
        *facts.REVIEW_BODY,
        facts.REASONS,
    ),
    guards=(
        guards.PROVIDED_BEFORE_RECEIVED,
        guards.IS_LATE_IF_SAID_TO_BE,
        guards.APPLICANT_WAS_ASKED,
    ),
    begins=(Mark("closure", "invalid"),),
    ends=("open", "validity", "waiting_for"),
    day_label="Day the application was found invalid",
    group="Validity",
    page=PAGE,
)
FORWARD = Step(
    "forward",
    "Forward to the IOPC",
    "forwarded",
    "Forwarded to the IOPC",
    moves(*OPEN, to="forwarded"),
    CASEWORKERS,
    facts=(facts.LIMB, facts.REASONS),
    begins=(Mark("closure", "forwarded"),),
    ends=("open", "validity", "reviewed", "waiting_for"),
    day_label="Day it was sent to the IOPC",
    day_hint="The complainant must be told that it was sent, and that the IOPC is the body "
    "(paras 31 and 32).",
    group="Validity",
    page=PAGE,
)
