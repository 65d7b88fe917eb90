"""The only place for the rules about parts of an application that are for somebody else to deal with.

What is about the Commissioner goes to the Police and Crime Panel, a fresh complaint to the
force; the review goes on with the rest, and the applicant is told where each part went.
"""

from datetime import date
from pathlib import Path

from workflows.definition import STAYS, Choice, Fact, Prompt, Standing, State, Step, Workflow
from workflows.roles import OFFICE, STAFF

PASSED = "passed"
BODIES = (
    Choice("panel", "The Police and Crime Panel", "A complaint about the Commissioner."),
    Choice("force", "The force", "A fresh complaint, or a matter of policing."),
    Choice("chief_executive", "The Chief Executive", "A complaint about the office’s staff."),
    Choice("iopc", "The IOPC"),
    Choice("other_body", "Another body"),
)


def _tell(standing: Standing) -> date | None:
    return standing.entries[0].effective_on if standing.state == PASSED else None


PASS_ON = Step(
    "pass_part",
    "Pass a part on",
    "part_passed",
    "Part passed on",
    (("annulled", PASSED),),
    STAFF,
    facts=(
        Fact("to", "choice", "To whom", required=True, choices=BODIES),
        Fact("name", "text", "Which body or person"),
        Fact("part", "text", "Which part", required=True, is_long=True),
    ),
    day_label="Day it was passed on",
)
TELL = Step(
    "tell_of_part",
    "Record that the applicant was told",
    "applicant_told_of_part",
    "Applicant told of the part passed on",
    ((PASSED, "told"),),
    OFFICE,
    day_label="Day the applicant was told",
)
HEAR = Step(
    "hear_of_part",
    "Record what came of it",
    "part_answered",
    "What came of the part passed on",
    ((PASSED, STAYS), ("told", STAYS)),
    OFFICE,
    facts=(Fact("result", "text", "What came of it", required=True, is_long=True),),
    day_label="Day the office heard",
)

PASSED_PART = Workflow(
    name="passed_part",
    title="Part passed on",
    version="1",
    initial=State("annulled", "Entered in error"),
    states=(
        State(PASSED, "Applicant not told yet", colour="yellow"),
        State("told", "Applicant told", is_closed=True, colour="green"),
    ),
    steps=(PASS_ON, TELL, HEAR),
    sources=(Path(__file__),),
    noun="part",
    due=_tell,
    prompts=(Prompt("tell_of_part", "Tell the applicant where the part went", _tell),),
)
