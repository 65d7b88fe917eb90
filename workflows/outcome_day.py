"""The only place for the rules about candidate days: each on which the outcome may have been provided.

A letter may go to a dead address and be sent again, and applicant and force may name different
days. What was said is kept here; which day it was is the office's finding (`find_outcome_day`).
"""

from pathlib import Path

from workflows.complaint_review_choices import OUTCOME_DAYS
from workflows.definition import Choice, Fact, State, Step, Workflow
from workflows.roles import OFFICE, STAFF

CANDIDATE = "candidate"
SAYS = (
    Choice("letter", "The outcome letter"),
    Choice("applicant", "The applicant"),
    Choice("force", "Professional Standards"),
    Choice("carrier", "A postal or mail record"),
    Choice("office", "This office"),
)

NAME = Step(
    "name_outcome_day",
    "Add a day on which the outcome may have been provided",
    "outcome_day_named",
    "Candidate day added",
    (("annulled", CANDIDATE),),
    OFFICE,
    facts=(
        Fact("candidate_on", "day", "Day it may have been provided", required=True),
        Fact("says", "choice", "Who says so", required=True, choices=SAYS),
        Fact("basis", "choice", "What happened on it", choices=OUTCOME_DAYS),
        Fact("note", "text", "What is known about it", is_long=True),
    ),
    day_label="Day the office learned of it",
)
DROP = Step(
    "drop_outcome_day",
    "Set the day aside",
    "outcome_day_dropped",
    "Candidate day set aside",
    ((CANDIDATE, "set_aside"),),
    STAFF,
    facts=(Fact("why", "text", "Why it was not that day", required=True, is_long=True),),
    day_label="Day it was set aside",
)

OUTCOME_DAY = Workflow(
    name="outcome_day",
    title="Candidate day",
    version="1",
    initial=State("annulled", "Entered in error"),
    states=(
        State(CANDIDATE, "Candidate", colour="blue"),
        State("set_aside", "Set aside", is_closed=True),
    ),
    steps=(NAME, DROP),
    sources=(Path(__file__),),
    noun="candidate day",
)
