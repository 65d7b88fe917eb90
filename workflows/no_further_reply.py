"""The only place for the rules about telling somebody that further letters will not be answered."""

from pathlib import Path

from workflows.definition import Choice, Fact, State, Step, Workflow
from workflows.roles import IN_CHARGE, STAFF

WHOM = (
    Choice("complainant", "The complainant"),
    Choice("representative", "The complainant’s representative"),
    Choice("other", "Somebody else"),
)

DECIDE = Step(
    "decide_no_reply",
    "Record that further letters will not be answered",
    "no_reply_decided",
    "No further reply: decided",
    (("annulled", "in_force"),),
    STAFF,
    facts=(
        Fact("whom", "choice", "Whose letters", required=True, choices=WHOM),
        Fact("decided_by", "choice", "Who decided", required=True, choices="people"),
        Fact(
            "reasons",
            "text",
            "Reasons",
            "What is not answered is still read: it may be a new application, or a request for "
            "information.",
            required=True,
            is_long=True,
        ),
        Fact("told_on", "day", "Day they were told"),
    ),
    day_label="Day it was decided",
)
END = Step(
    "answer_again",
    "Answer letters again",
    "no_reply_ended",
    "No further reply: ended",
    (("in_force", "ended"),),
    IN_CHARGE,
    facts=(Fact("why_ended", "text", "Why", is_long=True),),
    day_label="Day it ended",
)

NO_FURTHER_REPLY = Workflow(
    name="no_further_reply",
    title="No further reply",
    version="1",
    initial=State("annulled", "Entered in error"),
    states=(
        State("in_force", "In force", colour="orange"),
        State("ended", "Ended", is_closed=True),
    ),
    steps=(DECIDE, END),
    sources=(Path(__file__),),
    noun="decision",
)
