"""The only place for the rules about who must be told of an application and of its decision.

Of the application: the appropriate authority, every interested person and the person complained
against, with no exception. Of the outcome and its reasons: these and the complainant, save that
the person complained against is not told what might prejudice an investigation.
"""

from pathlib import Path

from workflows.definition import (
    AS_SAID,
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

APPLICATION, DECISION = "application", "decision"
AUTHORITY, COMPLAINANT = "appropriate_authority", "complainant"
INTERESTED, COMPLAINED_AGAINST = "interested", "complained_against"
TOLD, VIA_PSD, NOT_TOLD = "told", "via_psd", "not_told"

STAGES = (Choice(APPLICATION, "The application"), Choice(DECISION, "The decision"))
WHO = (
    Choice(AUTHORITY, "The appropriate authority"),
    Choice(COMPLAINANT, "The complainant"),
    Choice(INTERESTED, "An interested person"),
    Choice(COMPLAINED_AGAINST, "The person complained against"),
)
MUST_BE_TOLD = {
    APPLICATION: (AUTHORITY, INTERESTED, COMPLAINED_AGAINST),
    DECISION: (AUTHORITY, COMPLAINANT, INTERESTED, COMPLAINED_AGAINST),
}
HOW = (
    Choice(TOLD, "Told by this office"),
    Choice(VIA_PSD, "Told through Professional Standards"),
    Choice(NOT_TOLD, "Not told"),
)
NO_SUCH, UNIDENTIFIED, PREJUDICE, OTHER = "none", "unidentified", "might_prejudice", "other"
WHY_NOT = (
    Choice(NO_SUCH, "There is no such person"),
    Choice(UNIDENTIFIED, "Nobody knows who it is"),
    Choice(PREJUDICE, "It might prejudice an investigation", "of the decision only; give reasons"),
    Choice(OTHER, "Another reason", "give it"),
)


def may_be_why(why: str, stage: str | None, who: str | None) -> bool:
    """Whether this may be the reason for not telling somebody of this."""
    if why == PREJUDICE:
        return (stage, who) == (DECISION, COMPLAINED_AGAINST)
    return why == OTHER or who in (INTERESTED, COMPLAINED_AGAINST)


def _reason_given(situation: Situation) -> Refusal | None:
    facts = situation.entry.facts
    if facts.get("how") != NOT_TOLD:
        return None
    why = facts.get("why_not")
    if why is None:
        return Refusal("Say why they were not told.", "why_not")
    if why in (PREJUDICE, OTHER) and not situation.texts.get("reason"):
        return Refusal("Give the reason in words.", "reason")
    return None


def _reason_allowed(situation: Situation) -> Refusal | None:
    facts = situation.entry.facts
    why = facts.get("why_not")
    if why is None or may_be_why(why, facts.get("stage"), facts.get("who")):
        return None
    if why == PREJUDICE:
        return Refusal(
            "Only of the decision, and only from the person complained against, may something "
            "be held back because it might prejudice an investigation.",
            "why_not",
        )
    return Refusal("There always is one, and the office knows who it is.", "why_not")


def _is_owed(situation: Situation) -> Refusal | None:
    stage, who = situation.entry.facts.get("stage"), situation.entry.facts.get("who")
    if stage is None or who in MUST_BE_TOLD[stage]:
        return None
    return Refusal("The complainant made the application, so nobody need tell them of it.", "who")


REASON = Fact("reason", "text", "Reason in words", is_long=True)
LETTER = Fact("letter", "number", "Number of the letter, if it was one of this case’s")
TELL = Step(
    "tell",
    "Record who was told",
    "telling_recorded",
    "Who was told",
    (("annulled", AS_SAID + "how"),),
    OFFICE,
    facts=(
        Fact("stage", "choice", "Of what", required=True, choices=STAGES),
        Fact("who", "choice", "Who", required=True, choices=WHO),
        Fact("name", "text", "Name, where there may be several"),
        Fact("how", "choice", "Told or not", required=True, choices=HOW),
        Fact("why_not", "choice", "Why not", choices=WHY_NOT),
        REASON,
        LETTER,
    ),
    guards=(
        Guard("is_owed", "Somebody who must be told of this.", _is_owed),
        Guard(
            "reason_allowed",
            "Only the decision is held back, and only from the person complained against.",
            _reason_allowed,
        ),
        Guard("reason_given", "Not told, so the reason.", _reason_given, about="judgement"),
    ),
    day_label="Day they were told, or it was decided not to",
    page="reviews.tell",
)
TELL_LATER = Step(
    "tell_later",
    "Record that they were told after all",
    "told_later",
    "Told after all",
    ((NOT_TOLD, TOLD),),
    OFFICE,
    facts=(LETTER, Fact("note", "text", "Note", is_long=True)),
    day_label="Day they were told",
)

TELLING = Workflow(
    name="telling",
    title="Who was told",
    version="1",
    initial=State("annulled", "Entered in error"),
    states=(
        State(TOLD, "Told", is_closed=True, colour="green"),
        State(VIA_PSD, "Told through Professional Standards", is_closed=True, colour="green"),
        State(NOT_TOLD, "Not told", is_closed=True, colour="grey"),
    ),
    steps=(TELL, TELL_LATER),
    sources=(Path(__file__),),
    noun="telling",
)
