"""The only place for the rules of a complaint review (Police Reform Act 2002, Schedule 3).

Reads as the policy does: the states, then each step with what it asks and what it marks.
Citations: "reg" is SI 2020/2, "para" is Schedule 3. Guards are in `complaint_review_guards`,
facts in `complaint_review_facts`, choices in `complaint_review_choices`, time limits in `complaint_review_deadlines`,
letters in `complaint_review_letters`, what is wanted next in `complaint_review_prompts`. The
steps that settle whether an application is valid are in `complaint_review_validity`.
"""

from pathlib import Path

from workflows import complaint_review_facts as facts
from workflows import complaint_review_guards as guards
from workflows import complaint_review_validity_guards as validity_guards
from workflows.complaint_review_deadlines import DEADLINES
from workflows.complaint_review_letters import LETTERS
from workflows.complaint_review_moves import CLOSED, OPEN, moves
from workflows.complaint_review_prompts import PROMPTS, awaits
from workflows.complaint_review_validity import (
    DECIDE_TIME,
    FIND_INVALID,
    FIND_OUTCOME_DAY,
    FIND_REVIEW_BODY,
    FIND_VALID,
    FORWARD,
)
from workflows.definition import WHERE_IT_WAS, Mark, State, Step, Workflow
from workflows.roles import CASEWORKERS, DECIDERS, HANDLERS, RECEIVERS, WRITERS

INITIAL = State("annulled", "Entered in error")
STATES = (
    State("received", "Received", colour="blue"),
    State("valid", "Valid", colour="turquoise"),
    State("reviewed", "Reviewed", colour="purple"),
    State("upheld", "Upheld", is_closed=True, colour="green"),
    State("not_upheld", "Not upheld", is_closed=True, colour="grey"),
    State("invalid", "Invalid", is_closed=True, colour="red"),
    State("forwarded", "Forwarded to the IOPC", is_closed=True, colour="orange"),
    State("withdrawn", "Withdrawn", is_closed=True, colour="yellow"),
)


LOG = Step(
    "log",
    "Log an application",
    "logged",
    "Application received",
    moves("annulled", to="received"),
    RECEIVERS,
    facts=facts.APPLICATION,
    guards=(validity_guards.FIRST_DAYS_COME_FIRST,),
    begins=(Mark("received"), Mark("open")),
    day_label="Day the application reached this office",
)

COMPLETE = Step(
    "complete_application",
    "Add to what is known of the application",
    "application_completed",
    "More known of the application",
    moves(*OPEN),
    HANDLERS,
    facts=facts.APPLICATION,
    guards=(validity_guards.FIRST_DAYS_COME_FIRST,),
    day_label="Day the office learned it",
    group="The application",
    page="intake.complete",
)
ACKNOWLEDGE = Step(
    "acknowledge",
    "Acknowledge",
    "acknowledged",
    "Acknowledged",
    moves(*OPEN),
    HANDLERS,
    facts=(facts.NOTE,),
    begins=(Mark("acknowledged"),),
    day_label="Day the acknowledgement was sent",
    group="Keep the complainant informed",
)
REQUEST_FILE = Step(
    "request_file",
    "Request the force’s file",
    "file_requested",
    "File requested from the force",
    moves(*OPEN),
    HANDLERS,
    facts=(facts.NOTE,),
    begins=(Mark("file_requested"),),
    day_label="Day the request was sent",
    group="The force’s file",
)
CHASE_FILE = Step(
    "chase_file",
    "Chase the force’s file",
    "file_chased",
    "Force reminded about the file",
    moves(*OPEN),
    HANDLERS,
    facts=(facts.NOTE,),
    day_label="Day the reminder was sent",
    group="The force’s file",
)
ESCALATE_FILE = Step(
    "escalate_file",
    "Escalate the request for the force’s file",
    "file_escalated",
    "Request for the file escalated",
    moves(*OPEN),
    CASEWORKERS,
    facts=(facts.ESCALATED_TO, facts.NOTE),
    day_label="Day it was escalated",
    group="The force’s file",
)
RECEIVE_FILE = Step(
    "receive_file",
    "Record the force’s file as received",
    "file_received",
    "File received from the force",
    moves(*OPEN),
    HANDLERS,
    facts=(facts.EXTENT, facts.NOTE),
    begins=(Mark("file_received"),),
    day_label="Day the file arrived",
    group="The force’s file",
)
WAIT = Step(
    "wait",
    "Start waiting",
    "waiting_began",
    "Waiting began",
    moves(*OPEN),
    HANDLERS,
    facts=(facts.WAITING_FOR, facts.ASKED_FOR, facts.ANSWER_BY, facts.NOTE),
    guards=(validity_guards.ONLY_OF_THE_APPLICANT,),
    day_label="Day the waiting began",
    group="Waiting",
)
RESUME = Step(
    "resume",
    "Stop waiting",
    "waiting_ended",
    "Waiting ended",
    moves(*OPEN),
    HANDLERS,
    facts=(facts.NOTE,),
    guards=(guards.IS_WAITING,),
    ends=("waiting_for",),
    day_label="Day the waiting ended",
    group="Waiting",
)
ASSIGN = Step(
    "assign",
    "Assign the case",
    "assigned",
    "Assigned",
    moves(*OPEN),
    HANDLERS,
    facts=(facts.ASSIGNEE, facts.NOTE),
    day_label="Day it was assigned",
    group="People",
    page="assigning.assign",
)
WRITE_REVIEW = Step(
    "write_review",
    "Write the review",
    "review_written",
    "Review written",
    moves("valid", to="reviewed"),
    WRITERS,
    facts=(
        facts.FINDING,
        facts.ROUTE,
        facts.REASONS,
        facts.PROPOSED,
        facts.PROPOSALS,
    ),
    guards=(validity_guards.STILL_THE_OFFICES, guards.PROPOSALS_WITHIN_POWERS),
    begins=(Mark("reviewed"),),
    day_label="Day the review was finished",
    group="Review and decision",
    page="reviews.write",
)
RETURN_REVIEW = Step(
    "return_review",
    "Return the review to its writer",
    "review_returned",
    "Review returned",
    moves("reviewed", to="valid"),
    DECIDERS,
    facts=(facts.COMMENTS,),
    guards=(guards.MAY_DECIDE,),
    ends=("reviewed",),
    day_label="Day it was returned",
    group="Review and decision",
    page="reviews.decide",
)
UPHOLD = Step(
    "uphold",
    "Uphold the review",
    "upheld",
    "Upheld",
    moves("reviewed", to="upheld"),
    DECIDERS,
    facts=(
        facts.RECOMMENDATIONS,
        facts.RESPONSES,
        facts.OBSERVATIONS,
        facts.REASONS,
        facts.CHECKED,
    ),
    guards=(
        guards.MAY_DECIDE,
        validity_guards.STILL_THE_OFFICES,
        guards.ROUTE_IS_KNOWN,
        guards.WITHIN_THE_ROUTES_POWERS,
        guards.RESPONSES_FIT,
    ),
    begins=(Mark("closure", "upheld"),),
    ends=("open", "reviewed", "waiting_for"),
    day_label="Day of the decision",
    group="Review and decision",
    page="reviews.decide",
)
NOT_UPHOLD = Step(
    "not_uphold",
    "Do not uphold the review",
    "not_upheld",
    "Not upheld",
    moves("reviewed", to="not_upheld"),
    DECIDERS,
    facts=(
        facts.DUTIES,
        facts.RESPONSES,
        facts.OBSERVATIONS,
        facts.REASONS,
        facts.CHECKED,
    ),
    guards=(
        guards.MAY_DECIDE,
        validity_guards.STILL_THE_OFFICES,
        guards.ROUTE_IS_KNOWN,
        guards.WITHIN_THE_ROUTES_POWERS,
        guards.RESPONSES_FIT,
    ),
    begins=(Mark("closure", "not_upheld"),),
    ends=("open", "reviewed", "waiting_for"),
    day_label="Day of the decision",
    group="Review and decision",
    page="reviews.decide",
)
NOTIFY = Step(
    "notify",
    "Record the decision letter as sent",
    "decision_notified",
    "Decision letter sent",
    moves(*CLOSED),
    HANDLERS,
    facts=(facts.TOLD, facts.NOT_TOLD),
    begins=(Mark("notified"),),
    day_label="Day the letter was sent",
    group="Keep the complainant informed",
)
WITHDRAW = Step(
    "withdraw",
    "Record a withdrawal",
    "withdrawn",
    "Withdrawn",
    moves(*OPEN, to="withdrawn"),
    CASEWORKERS,
    facts=(facts.WITHDRAWAL_OF, facts.IN_WRITING, facts.NOTE),
    begins=(Mark("closure", "withdrawn"),),
    ends=("open", "waiting_for"),
    day_label="Day of the withdrawal",
    group="Ending without a decision",
)
REOPEN = Step(
    "reopen",
    "Reopen the case",
    "reopened",
    "Reopened",
    (
        *moves("invalid", "forwarded", to="received"),
        *moves("upheld", "not_upheld", to="valid"),
        *moves("withdrawn", to=WHERE_IT_WAS),
    ),
    DECIDERS,
    facts=(facts.REOPEN_REASON, facts.EXPLANATION),
    guards=(guards.REASON_FITS_CLOSURE,),
    begins=(Mark("open"),),
    ends=(
        "closure",
        "invalid_reason",
        "recommendations",
        "responses",
        "observations",
        "notified",
    ),
    day_label="Day it was reopened",
    group="After closing",
)

COMPLAINT_REVIEW = Workflow(
    name="complaint_review",
    title="Complaint review",
    version="1",
    initial=INITIAL,
    states=STATES,
    steps=(
        LOG,
        COMPLETE,
        ACKNOWLEDGE,
        REQUEST_FILE,
        CHASE_FILE,
        ESCALATE_FILE,
        RECEIVE_FILE,
        WAIT,
        RESUME,
        ASSIGN,
        FIND_OUTCOME_DAY,
        FIND_REVIEW_BODY,
        DECIDE_TIME,
        FIND_VALID,
        FIND_INVALID,
        FORWARD,
        WRITE_REVIEW,
        RETURN_REVIEW,
        UPHOLD,
        NOT_UPHOLD,
        NOTIFY,
        WITHDRAW,
        REOPEN,
    ),
    deadlines=DEADLINES,
    prompts=PROMPTS,
    awaits=awaits,
    letters=LETTERS,
    sources=tuple(sorted(Path(__file__).parent.glob("complaint_review*.py"))),
)
