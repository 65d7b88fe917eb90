"""The only place for the facts a recommendation's life asks for: labels, hints and codes."""

from workflows import complaint_review_choices as choices
from workflows.definition import Choice, Fact

KIND = Fact(
    "kind",
    "choice",
    "What is recommended",
    "Only what the route allows (paras 6A(6) and 25(4E)). Compensation cannot be recommended.",
    required=True,
    choices=choices.RECOMMENDATIONS,
    stat="recommendations",
    is_counted=True,
)
WORDING = Fact(
    "wording",
    "text",
    "The recommendation in full",
    "As it was put to the force.",
    required=True,
    is_long=True,
)
RESPOND_BY = Fact(
    "respond_by",
    "day",
    "New last day for the response",
    required=True,
    stat="response_due",
    is_counted=True,
    is_ahead=True,
)
WHY_EXTENDED = Fact(
    "reason", "text", "Why the force is given more time", required=True, is_long=True
)
RESPONSE = Fact(
    "response",
    "choice",
    "What the force answered",
    required=True,
    choices=choices.RESPONSES[:3],
    stat="responses",
    is_counted=True,
)
RESPONSE_ON_REGISTER = Fact(
    "response",
    "choice",
    "What the register says the force answered",
    required=True,
    choices=choices.RESPONSES,
    stat="responses",
    is_counted=True,
)
IN_WRITING = Fact("is_in_writing", "flag", "The response is in writing and on file")
STEPS_OR_REASONS = Fact(
    "steps_or_reasons",
    "text",
    "What the force will do, or why it will not",
    "A response says what steps will be taken, or gives reasons for taking none (reg 30).",
    is_long=True,
)
FOLLOW_UP_ON = Fact(
    "follow_up_on",
    "day",
    "Day to look again whether it was done",
    "Shown with what is due.",
    is_ahead=True,
)
COPIED = Fact(
    "copied",
    "choices",
    "What was copied",
    required=True,
    choices=(
        Choice("recommendation", "The recommendation"),
        Choice("response", "The force’s response"),
    ),
)
COPIED_TO = Fact(
    "copied_to",
    "choices",
    "To whom",
    required=True,
    choices=(
        Choice("complainant", "The complainant"),
        Choice("interested_persons", "Every interested person", "tick it also if there is none"),
    ),
)
EVIDENCE = Fact("evidence", "text", "How the office knows", is_long=True)
WHY_LAPSED = Fact("reason", "text", "Why it is not taken further", required=True, is_long=True)
NOTE = Fact("note", "text", "Note", is_long=True)
