"""The only place for the rules about holds: why a case may not be destroyed, and until when that is looked at.

A record that may be wanted in proceedings, an investigation, an inquiry (Inquiries Act 2005,
section 35) or for a request (Freedom of Information Act 2000, section 77) is kept whatever the
schedule says. The hold that a threatened claim brings is `pre_action`'s.
"""

from datetime import date
from pathlib import Path

from workflows.definition import (
    STAYS,
    Choice,
    Fact,
    Guard,
    Prompt,
    Refusal,
    Situation,
    Standing,
    State,
    Step,
    Workflow,
)
from workflows.roles import IN_CHARGE, STAFF

HELD, LIFTED = "held", "lifted"
OTHER = "other"
REASONS = (
    Choice("litigation", "Legal proceedings, begun or expected"),
    Choice("investigation", "IOPC or force investigation"),
    Choice("inquiry", "Public inquiry"),
    Choice("request", "Subject access or freedom of information request"),
    Choice("about_review", "Complaint about how the review was handled"),
    Choice(OTHER, "Another reason"),
)
FLAG = "On hold: destroy nothing of this case"
REVIEW_ON = Fact(
    "review_on",
    "day",
    "Day to look at the hold again",
    "A hold that nobody looks at keeps personal data for ever.",
    required=True,
    is_ahead=True,
)


def review_due(standing: Standing) -> date | None:
    """The day on which the hold is to be looked at again; None once it is lifted."""
    review_on: date | None = standing.values.get(REVIEW_ON.code)
    return review_on if standing.state == HELD else None


def _says_the_other_reason(situation: Situation) -> Refusal | None:
    if situation.entry.facts.get("kind") != OTHER or situation.texts.get("why"):
        return None
    return Refusal("Enter why the case is held, as it is for another reason.", "why")


def _looked_at_later(situation: Situation) -> Refusal | None:
    day = situation.entry.facts.get(REVIEW_ON.code)
    if day is None or day > situation.entry.effective_on:
        return None
    return Refusal("Enter a day after this one on which the hold is looked at.", REVIEW_ON.code)


LOOKED_AT_LATER = Guard(
    "looked_at_later", "A hold is looked at again on a later day.", _looked_at_later
)
PLACE = Step(
    "place_hold",
    "Place a hold",
    "hold_placed",
    "Hold placed",
    (("annulled", HELD),),
    STAFF,
    facts=(
        Fact("kind", "choice", "Why the case is held", required=True, choices=REASONS),
        Fact(
            "why",
            "text",
            "What it is about",
            "Whose proceedings or request, with their reference.",
            is_long=True,
        ),
        REVIEW_ON,
    ),
    guards=(
        Guard(
            "says_the_other_reason",
            "A hold for another reason says it in words.",
            _says_the_other_reason,
            about="judgement",
        ),
        LOOKED_AT_LATER,
    ),
    day_label="Day from which it is held",
    amended_by=IN_CHARGE,  # without its beginning there is no hold any more, as if it were lifted
)
REVIEW = Step(
    "review_hold",
    "Keep the hold, and look again later",
    "hold_reviewed",
    "Hold looked at and kept",
    ((HELD, STAYS),),
    STAFF,
    facts=(REVIEW_ON, Fact("note", "text", "Why it is still needed", is_long=True)),
    guards=(LOOKED_AT_LATER,),
    day_label="Day it was looked at",
)
LIFT = Step(
    "lift_hold",
    "Lift the hold",
    "hold_lifted",
    "Hold lifted",
    ((HELD, LIFTED),),
    IN_CHARGE,
    facts=(Fact("why_lifted", "text", "Why it is no longer needed", required=True, is_long=True),),
    day_label="Day it was lifted",
)

HOLD = Workflow(
    name="hold",
    title="Hold",
    version="1",
    initial=State("annulled", "Entered in error"),
    states=(
        State(HELD, "Held", colour="red", flag=FLAG),
        State(LIFTED, "Lifted", is_closed=True),
    ),
    steps=(PLACE, REVIEW, LIFT),
    sources=(Path(__file__),),
    noun="hold",
    due=review_due,
    prompts=(Prompt(REVIEW.name, "Look at the hold again", review_due),),
)
