"""The only place for the rules about how somebody is best reached, and how far contact is restricted.

Adjustments are owed (Equality Act 2010, s 20). Only the Chief Executive restricts contact, to
a day on which that is looked at again; no restriction bars a valid application for a review.
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
from workflows.roles import CHIEF_EXECUTIVE, OFFICE, PUBLIC, STAFF

KEPT, RESTRICTED = "kept", "restricted"
WHOM = (
    Choice("complainant", "The complainant"),
    Choice("representative", "The complainant’s representative"),
    Choice("other", "Somebody else in the case"),
)
CHANNELS = (
    Choice("email", "Email"),
    Choice("post", "Post"),
    Choice("telephone", "Telephone"),
    Choice("through_representative", "Through their representative"),
    Choice("none", "No contact wanted"),
)
WHO = Fact("whom", "choice", "Whose plan", required=True, choices=WHOM)
PLANNED = (
    Fact("name", "text", "Name, where it is somebody else"),
    Fact("channel", "choice", "Best reached by", choices=CHANNELS),
    Fact("language", "text", "Language, and whether an interpreter is wanted"),
    Fact("adjustments", "text", "Adjustments", "For example large print, or time.", is_long=True),
)
REVIEW_ON = Fact("review_on", "day", "To be looked at again on", required=True, is_ahead=True)


def _review(standing: Standing) -> date | None:
    review_on: date | None = standing.values.get("review_on")
    return review_on if standing.state == RESTRICTED else None


PLAN = Step(
    "plan_contact",
    "Make a contact plan",
    "contact_planned",
    "Contact plan made",
    (("annulled", KEPT),),
    (*OFFICE, PUBLIC),
    facts=(WHO, *PLANNED),
    day_label="Day it was agreed",
)
CHANGE = Step(
    "change_plan",
    "Change the plan",
    "contact_plan_changed",
    "Contact plan changed",
    ((KEPT, STAYS), (RESTRICTED, STAYS)),
    OFFICE,
    facts=PLANNED,
    day_label="Day of the change",
)
RESTRICT = Step(
    "restrict_contact",
    "Restrict contact",
    "contact_restricted",
    "Contact restricted",
    ((KEPT, RESTRICTED), (RESTRICTED, STAYS)),
    (CHIEF_EXECUTIVE,),
    facts=(
        Fact(
            "restriction",
            "text",
            "The restriction",
            "It never bars a valid application for a review.",
            required=True,
            is_long=True,
        ),
        Fact("why_restricted", "text", "Reasons", required=True, is_long=True),
        REVIEW_ON,
    ),
    day_label="Day from which it holds",
)
LIFT = Step(
    "lift_restriction",
    "Lift the restriction",
    "contact_unrestricted",
    "Restriction of contact lifted",
    ((RESTRICTED, KEPT),),
    (CHIEF_EXECUTIVE,),
    facts=(Fact("why_lifted", "text", "Why", is_long=True),),
    day_label="Day it was lifted",
)
END = Step(
    "end_plan",
    "End the plan",
    "contact_plan_ended",
    "Contact plan ended",
    ((KEPT, "ended"),),
    STAFF,
    day_label="Day it ended",
)

CONTACT_PLAN = Workflow(
    name="contact_plan",
    title="Contact plan",
    version="1",
    initial=State("annulled", "Entered in error"),
    states=(
        State(KEPT, "Kept", colour="blue"),
        State(RESTRICTED, "Contact restricted", colour="orange", flag="Contact is restricted"),
        State("ended", "Ended", is_closed=True),
    ),
    steps=(PLAN, CHANGE, RESTRICT, LIFT, END),
    sources=(Path(__file__),),
    noun="contact plan",
    due=_review,
    prompts=(Prompt("restrict_contact", "Look at the restriction of contact again", _review),),
)
