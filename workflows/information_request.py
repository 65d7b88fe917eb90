"""The only place for the rules about requests for what the office holds, and when each is due.

Freedom of Information Act 2000, s 10: 20 working days after receipt. UK GDPR, art 12(3): one
month, which may be extended by two more where the request is complex.
"""

from datetime import date, timedelta
from pathlib import Path

from workflows.calendar import Calendar, one_month_beginning_with
from workflows.definition import STAYS, Choice, Fact, Prompt, Standing, State, Step, Workflow
from workflows.roles import OFFICE, STAFF

OPEN = "open"
FOI, ACCESS = "foi", "subject_access"
LAWS = (
    Choice(FOI, "Freedom of information", "20 working days after it came."),
    Choice(ACCESS, "Subject access", "One month after it came."),
)
BY_LAW = Calendar()
WORKING_DAYS = 20


def by_law(law: str, received_on: date) -> date:
    """The last day for the answer to a request that came on a day, before it is extended."""
    if law == FOI:
        return BY_LAW.add_working_days(received_on, WORKING_DAYS)
    return one_month_beginning_with(received_on + timedelta(days=1))


def due(standing: Standing) -> date | None:
    """The day that was entered or to which it was extended, else the day that the law gives."""
    if standing.state != OPEN:
        return None
    answer_by: date | None = standing.values.get("answer_by")
    return answer_by or by_law(standing.values["kind"], standing.entries[0].effective_on)


def _answer(standing: Standing) -> date | None:
    return standing.entries[0].effective_on if standing.state == OPEN else None


RECEIVE = Step(
    "receive_request",
    "Record a request for information",
    "request_received",
    "Request for information received",
    (("annulled", OPEN),),
    OFFICE,
    facts=(
        Fact("kind", "choice", "Kind of request", required=True, choices=LAWS),
        Fact("name", "text", "Who asks"),
        Fact("asked_for", "text", "What is asked for", required=True, is_long=True),
        Fact(
            "answer_by",
            "day",
            "Answer due",
            "Leave it empty for the day that the law gives.",
            is_ahead=True,
        ),
    ),
    day_label="Day it came",
)
EXTEND = Step(
    "extend_request",
    "Take more time",
    "request_extended",
    "More time taken for the request",
    ((OPEN, STAYS),),
    STAFF,
    facts=(
        Fact("answer_by", "day", "Now due", required=True, is_ahead=True),
        Fact("why_extended", "text", "Why, as the applicant was told", required=True, is_long=True),
    ),
    day_label="Day the applicant was told",
)
ANSWER = Step(
    "answer_request",
    "Record the answer",
    "request_answered",
    "Request for information answered",
    ((OPEN, "answered"),),
    STAFF,
    facts=(Fact("answer", "text", "What was given, and what was held back", is_long=True),),
    day_label="Day it was answered",
)
REFUSE = Step(
    "refuse_request",
    "Record that it was refused",
    "request_refused",
    "Request for information refused",
    ((OPEN, "refused"),),
    STAFF,
    facts=(
        Fact("why_refused", "text", "Why, and under which provision", required=True, is_long=True),
    ),
    day_label="Day it was refused",
)

INFORMATION_REQUEST = Workflow(
    name="information_request",
    title="Request for information",
    version="1",
    initial=State("annulled", "Entered in error"),
    states=(
        State(OPEN, "To be answered", colour="yellow"),
        State("answered", "Answered", is_closed=True, colour="green"),
        State("refused", "Refused", is_closed=True),
    ),
    steps=(RECEIVE, EXTEND, ANSWER, REFUSE),
    sources=(Path(__file__),),
    noun="request",
    due=due,
    prompts=(Prompt("answer_request", "Answer the request for information", _answer),),
)
