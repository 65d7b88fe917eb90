"""The only place for the rules about cases that belong together: which, and why.

There is one review for each complainant and each reference of the force, so cases are linked
and reviewed together rather than made one; each is counted by itself.
"""

from pathlib import Path

from workflows.definition import (
    Choice,
    Fact,
    Guard,
    Refusal,
    Situation,
    State,
    Step,
    Workflow,
)
from workflows.roles import OFFICE

CASES = "cases"
"""The list of cases that whoever acts may see, by reference: as many as the step names."""
LINKED = "linked"
KINDS = (
    Choice("same_complaint", "About the same complaint"),
    Choice("same_incident", "About the same incident"),
    Choice("together", "Reviewed together"),
    Choice("earlier", "An earlier case of the same complainant"),
    Choice("other", "For another reason"),
)


def _is_there(situation: Situation) -> Refusal | None:
    reference = situation.texts.get("reference")
    known = {choice.code for choice in situation.office.lists.get(CASES, ())}
    if reference is None or reference in known:
        return None
    return Refusal(
        f"There is no case “{reference}” that you may see. Write its reference as its page does.",
        "reference",
    )


LINK_TO = Step(
    "link_case",
    "Link another case",
    "case_linked",
    "Another case linked",
    (("annulled", LINKED),),
    OFFICE,
    facts=(
        Fact(
            "reference",
            "text",
            "Reference of the other case",
            "The link is shown on both cases, to those who may see both.",
            required=True,
        ),
        Fact("kind", "choice", "Why they belong together", required=True, choices=KINDS),
        Fact("note", "text", "Note", is_long=True),
    ),
    guards=(
        Guard("is_there", "The other case is one that you may see.", _is_there, about="judgement"),
    ),
    day_label="Day of the link",
)
UNLINK = Step(
    "unlink_case",
    "End the link",
    "case_unlinked",
    "Link to another case ended",
    ((LINKED, "ended"),),
    OFFICE,
    facts=(Fact("why", "text", "Why", is_long=True),),
    day_label="Day it ended",
)

LINK = Workflow(
    name="link",
    title="Linked case",
    version="1",
    initial=State("annulled", "Entered in error"),
    states=(State(LINKED, "Linked", colour="blue"), State("ended", "Ended", is_closed=True)),
    steps=(LINK_TO, UNLINK),
    sources=(Path(__file__),),
    noun="link",
)
