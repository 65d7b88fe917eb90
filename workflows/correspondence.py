"""The only place for the rules about letters, emails, calls and meetings, and which await an answer.

They are kept on a case before and after it is closed. Whoever has been told that no further
letter will be answered is still read: what is new may be a new application.
"""

from datetime import date, timedelta
from pathlib import Path

from workflows.definition import (
    AS_SAID,
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
    Wait,
    Workflow,
)
from workflows.roles import KEEPERS

OWED, AWAITED, FILED = "reply_owed", "reply_awaited", "filed"
NEXT = (
    Choice(FILED, "Nothing: it is for the file"),
    Choice(OWED, "This office is to answer it"),
    Choice(AWAITED, "The other side is to answer it"),
)
WAYS = (
    Choice("email", "Email"),
    Choice("letter", "Letter"),
    Choice("telephone", "Telephone call"),
    Choice("meeting", "Meeting"),
    Choice("other", "Something else"),
)
DIRECTIONS = (Choice("in", "To this office"), Choice("out", "From this office"))
PARTNERS = (
    Choice("complainant", "The complainant"),
    Choice("representative", "The complainant’s representative"),
    Choice("force", "The force"),
    Choice("interested", "An interested person"),
    Choice("complained_against", "The person complained against"),
    Choice("iopc", "The IOPC"),
    Choice("elected", "A Member of Parliament, councillor or panel member"),
    Choice("other", "Somebody else"),
)
ASK_AGAIN_AFTER = timedelta(days=14)
SUMMARY = Fact("summary", "text", "What was said", required=True, is_long=True)
REPLY_BY = Fact("reply_by", "day", "Answer wanted by", "If there is a day.", is_ahead=True)


def _awaits_an_answer(situation: Situation) -> Refusal | None:
    facts = situation.entry.facts
    if facts.get("reply_by") is None or facts.get("next") != FILED:
        return None
    return Refusal("Say who is to answer it by then, or leave the day out.", "next")


def due(standing: Standing) -> date | None:
    """The day by which an answer is wanted, by us or by them."""
    reply_by: date | None = standing.values.get("reply_by")
    return reply_by


def awaits(standing: Standing) -> Wait | None:
    """The other side, while it is to answer."""
    if standing.state != AWAITED:
        return None
    whom = {choice.code: choice.label for choice in PARTNERS}[standing.values["with"]]
    return Wait(whom, standing.entries[-1].effective_on, "an answer")


def _answer(standing: Standing) -> date | None:
    return standing.entries[0].effective_on if standing.state == OWED else None


def _chase(standing: Standing) -> date | None:
    if standing.state != AWAITED:
        return None
    return due(standing) or standing.entries[-1].effective_on + ASK_AGAIN_AFTER


KEEP = Step(
    "keep_correspondence",
    "Add a letter, call or meeting",
    "correspondence_kept",
    "Letter, call or meeting",
    (("annulled", f"{AS_SAID}next"),),
    KEEPERS,
    facts=(
        Fact("way", "choice", "What it was", required=True, choices=WAYS),
        Fact("direction", "choice", "Which way it went", required=True, choices=DIRECTIONS),
        Fact("with", "choice", "With whom", required=True, choices=PARTNERS),
        Fact("name", "text", "Name"),
        SUMMARY,
        Fact("next", "choice", "What is to happen next", required=True, choices=NEXT),
        REPLY_BY,
    ),
    guards=(
        Guard(
            "awaits_an_answer",
            "A day for an answer goes with somebody who is to answer.",
            _awaits_an_answer,
            about="judgement",
        ),
    ),
)
ANSWER = Step(
    "answer_correspondence",
    "Record the answer",
    "correspondence_answered",
    "Answered",
    ((OWED, FILED), (AWAITED, FILED)),
    KEEPERS,
    facts=(Fact("answer", "text", "The answer in short", is_long=True),),
    day_label="Day of the answer",
)
REMIND = Step(
    "chase_answer",
    "Ask again for an answer",
    "answer_chased",
    "Asked again for an answer",
    ((AWAITED, STAYS),),
    KEEPERS,
    facts=(REPLY_BY, Fact("note", "text", "Note", is_long=True)),
    day_label="Day it was asked again",
)
LEAVE = Step(
    "leave_unanswered",
    "Leave it unanswered",
    "left_unanswered",
    "Left unanswered",
    ((OWED, FILED), (AWAITED, FILED)),
    KEEPERS,
    facts=(Fact("why", "text", "Why", required=True, is_long=True),),
    day_label="Day that was decided",
)

CORRESPONDENCE = Workflow(
    name="correspondence",
    title="Letter, call or meeting",
    version="1",
    initial=State("annulled", "Entered in error"),
    states=(
        State(OWED, "To be answered by this office", colour="yellow"),
        State(AWAITED, "Answer awaited", colour="blue"),
        State(FILED, "On file", is_closed=True),
    ),
    steps=(KEEP, ANSWER, REMIND, LEAVE),
    sources=(Path(__file__),),
    noun="letter, call or meeting",
    due=due,
    awaits=awaits,
    prompts=(
        Prompt("answer_correspondence", "Answer the letter or call", _answer),
        Prompt("chase_answer", "Ask again for an answer", _chase),
    ),
)
