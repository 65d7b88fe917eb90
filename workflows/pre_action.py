"""The only place for the rules about a threatened claim: the letter before it, and the hold it brings.

A letter before a claim for judicial review is usually answered within 14 days (Pre-Action
Protocol for Judicial Review). From its receipt nothing of the case may be destroyed.
"""

from datetime import date, timedelta
from pathlib import Path

from workflows.definition import STAYS, Choice, Fact, Prompt, Standing, State, Step, Workflow
from workflows.roles import IN_CHARGE, OFFICE, STAFF

RECEIVED, REPLIED, ISSUED, OVER = "received", "replied", "issued", "over"
FROM = (
    Choice("applicant", "The applicant"),
    Choice("solicitor", "A solicitor for the applicant"),
    Choice("force", "The force"),
    Choice("other", "Somebody else"),
)
USUAL_TIME = timedelta(days=14)
HOLD = "Legal hold: destroy nothing of this case, and ask before anything is disclosed"


def due(standing: Standing) -> date | None:
    """The day given for the reply, else 14 days after the letter came; none once replied."""
    if standing.state != RECEIVED:
        return None
    respond_by: date | None = standing.values.get("respond_by")
    return respond_by or standing.entries[0].effective_on + USUAL_TIME


def _reply(standing: Standing) -> date | None:
    return standing.entries[0].effective_on if standing.state == RECEIVED else None


RECEIVE = Step(
    "receive_pre_action",
    "Record a letter before a claim",
    "pre_action_received",
    "Letter before a claim received",
    (("annulled", RECEIVED),),
    OFFICE,
    facts=(
        Fact("from", "choice", "Whom it is from", required=True, choices=FROM),
        Fact("name", "text", "Name, firm and reference"),
        Fact("claim", "text", "What is claimed", is_long=True),
        Fact(
            "respond_by",
            "day",
            "Reply asked for by",
            "Leave it empty for 14 days after it came.",
            is_ahead=True,
        ),
    ),
    day_label="Day it came",
    amended_by=IN_CHARGE,  # without its beginning there is no hold any more, as if that were ended
)
REPLY = Step(
    "reply_pre_action",
    "Record the reply",
    "pre_action_replied",
    "Letter before a claim replied to",
    ((RECEIVED, REPLIED),),
    STAFF,
    facts=(Fact("reply", "text", "The reply in short", is_long=True),),
    day_label="Day of the reply",
)
CLAIM = Step(
    "record_claim",
    "Record that a claim was issued",
    "claim_issued",
    "Claim issued",
    ((RECEIVED, ISSUED), (REPLIED, ISSUED)),
    STAFF,
    facts=(Fact("court_reference", "text", "Court and claim number"),),
    day_label="Day it was issued",
)
NOTE = Step(
    "note_on_claim",
    "Add a note on it",
    "claim_noted",
    "Note on a claim",
    ((RECEIVED, STAYS), (REPLIED, STAYS), (ISSUED, STAYS)),
    STAFF,
    facts=(Fact("note", "text", "Note", required=True, is_long=True),),
)
END = Step(
    "end_hold",
    "End the legal hold",
    "hold_ended",
    "Legal hold ended",
    ((RECEIVED, OVER), (REPLIED, OVER), (ISSUED, OVER)),
    IN_CHARGE,
    facts=(Fact("outcome", "text", "How it ended", required=True, is_long=True),),
    day_label="Day it was over",
)

PRE_ACTION = Workflow(
    name="pre_action",
    title="Legal claim",
    version="1",
    initial=State("annulled", "Entered in error"),
    states=(
        State(RECEIVED, "To be replied to", colour="red", flag=HOLD),
        State(REPLIED, "Replied to", colour="orange", flag=HOLD),
        State(ISSUED, "Claim issued", colour="red", flag=HOLD),
        State(OVER, "Over", is_closed=True),
    ),
    steps=(RECEIVE, REPLY, CLAIM, NOTE, END),
    sources=(Path(__file__),),
    noun="claim",
    due=due,
    prompts=(Prompt("reply_pre_action", "Reply to the letter before a claim", _reply),),
)
