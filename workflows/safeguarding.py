"""The only place for the rules about a risk to somebody’s safety: raised, told to others, ended.

The flag stands on every page of the case. Telling others is urgent and goes its own way: it
waits for no step of the review, and is recorded here afterwards.
"""

from datetime import date
from pathlib import Path

from workflows.definition import (
    STAYS,
    Choice,
    Fact,
    Prompt,
    Standing,
    State,
    Step,
    Workflow,
)
from workflows.roles import KEEPERS, PUBLIC, STAFF

RAISED = "raised"
AT_RISK = (
    Choice("complainant", "The complainant"),
    Choice("child", "A child"),
    Choice("adult", "Another adult"),
    Choice("staff", "Somebody who works here"),
)
TOLD = (
    Choice("police", "The police, by 999 or the control room"),
    Choice("adult_care", "Adult social care"),
    Choice("children", "Children’s social care"),
    Choice("health", "A doctor, ambulance or crisis team"),
    Choice("supervisor", "A supervisor or the Chief Executive"),
    Choice("other", "Somebody else"),
)
RISK = Fact("risk", "text", "What the risk is", required=True, is_long=True)


def _tell(standing: Standing) -> date | None:
    """At once, until somebody was told."""
    if standing.state != RAISED or standing.last("tell_of_risk"):
        return None
    return standing.entries[0].effective_on


RAISE = Step(
    "raise_risk",
    "Raise a safeguarding flag",
    "risk_raised",
    "Safeguarding risk raised",
    (("annulled", RAISED),),
    (*KEEPERS, PUBLIC),
    facts=(
        Fact("at_risk", "choice", "Who is at risk", required=True, choices=AT_RISK),
        RISK,
    ),
    day_label="Day it was noticed",
    day_hint="In an emergency ring 999 first. This page only records it.",
)
TELL = Step(
    "tell_of_risk",
    "Record who was told",
    "risk_told",
    "Told of the risk",
    ((RAISED, STAYS), ("ended", STAYS)),
    KEEPERS,
    facts=(
        Fact("told", "choice", "Who was told", required=True, choices=TOLD),
        Fact("name", "text", "Name, and how they were reached"),
        Fact("is_urgent", "flag", "By an urgent route, outside the office’s usual ways"),
        Fact("note", "text", "What they said", is_long=True),
    ),
    day_label="Day they were told",
)
REASSESS = Step(
    "reassess_risk",
    "Change what the risk is",
    "risk_reassessed",
    "Safeguarding risk assessed anew",
    ((RAISED, STAYS),),
    KEEPERS,
    facts=(RISK,),
    day_label="Day of the assessment",
)
END = Step(
    "end_risk",
    "End the safeguarding flag",
    "risk_ended",
    "Safeguarding flag ended",
    ((RAISED, "ended"),),
    STAFF,
    facts=(Fact("why_ended", "text", "Why it is over", required=True, is_long=True),),
    day_label="Day it ended",
)

SAFEGUARDING = Workflow(
    name="safeguarding",
    title="Safeguarding",
    version="1",
    initial=State("annulled", "Entered in error"),
    states=(
        State(RAISED, "Raised", colour="red", flag="Safeguarding"),
        State("ended", "Ended", is_closed=True),
    ),
    steps=(RAISE, TELL, REASSESS, END),
    sources=(Path(__file__),),
    noun="safeguarding flag",
    due=_tell,
    prompts=(Prompt("tell_of_risk", "Tell somebody of the safeguarding risk", _tell),),
)
