"""The only place for what a review says of one allegation; all of it is optional.

Allegations are written with the review and revised with it; nothing here decides the case.
"""

from dataclasses import replace
from pathlib import Path

from workflows.complaint_review_choices import CATEGORIES, FINDINGS
from workflows.definition import (
    STAYS,
    Fact,
    Guard,
    Refusal,
    Situation,
    State,
    Step,
    Workflow,
)
from workflows.roles import WRITERS

IN_REVIEW = ("valid", "reviewed")


def _review_is_written(situation: Situation) -> Refusal | None:
    if situation.case is None or situation.case.state in IN_REVIEW:
        return None
    return Refusal(
        "Allegations are written about in the review, of a valid case and before its decision."
    )


WITH_THE_REVIEW = Guard(
    "with_the_review",
    "Allegations are written about in the review, before the decision.",
    _review_is_written,
    about="who",
)
# One element that was not reasonable and proportionate makes an upheld case; no more is said here.
ON_ITS_OWN = tuple(replace(finding, hint="") for finding in FINDINGS)
FACTS = (
    Fact("category", "choice", "Category", choices=CATEGORIES),
    Fact(
        "allegation",
        "text",
        "The allegation",
        "In the complaint’s words where you can.",
        is_long=True,
    ),
    Fact(
        "force_decision",
        "text",
        "What the force decided, and why",
        is_long=True,
    ),
    Fact("point", "text", "The applicant’s point", is_long=True),
    Fact("reasoning", "text", "Your reasoning", is_long=True),
    Fact("finding", "choice", "Was it reasonable and proportionate?", choices=ON_ITS_OWN),
)

RECORD = Step(
    "record_allegation",
    "Write about an allegation",
    "allegation_recorded",
    "Allegation in the review",
    (("annulled", "kept"),),
    WRITERS,
    facts=FACTS,
    guards=(WITH_THE_REVIEW,),
    day_label="Day it was written",
    page="reviews.write",
)
REVISE = Step(
    "revise_allegation",
    "Revise what is written about it",
    "allegation_revised",
    "Allegation revised",
    (("kept", STAYS),),
    WRITERS,
    facts=FACTS,
    guards=(WITH_THE_REVIEW,),
    day_label="Day it was revised",
)
DROP = Step(
    "drop_allegation",
    "Take it out of the review",
    "allegation_dropped",
    "Allegation taken out of the review",
    (("kept", "dropped"),),
    WRITERS,
    guards=(WITH_THE_REVIEW,),
    day_label="Day it was taken out",
)

ALLEGATION = Workflow(
    name="allegation",
    title="Allegation",
    version="1",
    initial=State("annulled", "Entered in error"),
    states=(State("kept", "In the review"), State("dropped", "Taken out", is_closed=True)),
    steps=(RECORD, REVISE, DROP),
    sources=(Path(__file__),),
    noun="allegation",
)
