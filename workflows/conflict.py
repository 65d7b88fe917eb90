"""The only place for the rules about declared conflicts: who declares one, for whom, and who ends it.

While one stands, the person has nothing to do with the case: `casework.conflicts` and
`casework.permissions` see to that. Regulation 50 wants nobody in a review whose impartiality
could reasonably be doubted.
"""

from pathlib import Path

from workflows.definition import (
    Fact,
    Guard,
    Refusal,
    Situation,
    State,
    Step,
    Workflow,
)
from workflows.roles import IN_CHARGE, KEEPERS

DECLARED, ENDED = "declared", "ended"


def _about_oneself_or_in_charge(situation: Situation) -> Refusal | None:
    person, actor = situation.entry.facts.get("person"), situation.actor
    if actor is None or person in (None, actor.token) or actor.roles & set(IN_CHARGE):
        return None
    return Refusal(
        "Everybody declares for themselves. Ask a supervisor or the Chief Executive to declare a "
        "conflict of somebody else.",
        "person",
    )


DECLARE = Step(
    "declare_conflict",
    "Declare a conflict",
    "conflict_declared",
    "Conflict declared",
    (("annulled", DECLARED),),
    KEEPERS,
    facts=(
        Fact("person", "choice", "Whose conflict it is", required=True, choices="readers"),
        Fact(
            "why",
            "text",
            "What the conflict is",
            "For example a relation, a friendship, an earlier part in the matter.",
            required=True,
            is_long=True,
        ),
    ),
    guards=(
        Guard(
            "about_oneself_or_in_charge",
            "Everybody declares for themselves; who is in charge also for others.",
            _about_oneself_or_in_charge,
            about="who",
        ),
    ),
    day_label="Day from which it holds",
    page="reviews.declare",
)
END = Step(
    "end_conflict",
    "End the conflict",
    "conflict_ended",
    "Conflict ended",
    ((DECLARED, ENDED),),
    IN_CHARGE,
    facts=(Fact("why_ended", "text", "Why it no longer stands", required=True, is_long=True),),
    day_label="Day it ended",
)

CONFLICT = Workflow(
    name="conflict",
    title="Declared conflict",
    version="1",
    initial=State("annulled", "Entered in error"),
    states=(
        State(DECLARED, "Stands", colour="red"),
        State(ENDED, "Ended", is_closed=True),
    ),
    steps=(DECLARE, END),
    sources=(Path(__file__),),
    noun="conflict",
)
