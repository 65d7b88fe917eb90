"""The only place that lists the letters of a complaint review.

The words of a letter are in templates/letters/words/NAME.txt.
"""

from workflows.definition import Letter, Recipient

_APPLICANT: tuple[Recipient, ...] = ("complainant",)
_FORCE: tuple[Recipient, ...] = ("appropriate_authority",)
_OTHERS: tuple[Recipient, ...] = ("interested_persons", "person_complained_against")

LETTERS = (
    Letter("acknowledgement", "Acknowledgement", _APPLICANT, ("log",), records="acknowledge"),
    Letter("information_request", "Request for information", _APPLICANT, ("log",), while_open=True),
    Letter(
        "file_request",
        "Request for the file",
        _FORCE,
        ("log",),
        while_open=True,
        records="request_file",
    ),
    Letter(
        "chaser",
        "Reminder about the file",
        _FORCE,
        ("request_file",),
        while_open=True,
        records="chase_file",
    ),
    Letter(
        "escalation",
        "Request for the file, escalated",
        _FORCE,
        ("escalate_file",),
        while_open=True,
    ),
    Letter("progress", "Progress update", _APPLICANT, ("log",), while_open=True),
    Letter("application_notice", "Notice of the application", _OTHERS, ("log",)),
    Letter(
        "invalid",
        "Application not valid",
        _APPLICANT,
        ("find_invalid",),
        records="notify",
        is_owed=True,
    ),
    Letter(
        "forwarding",
        "Covering letter to the IOPC",
        ("iopc",),
        ("forward",),
        records="notify",
        is_owed=True,
    ),
    Letter(
        "forwarded", "Sent to the IOPC", _APPLICANT, ("forward",), records="notify", is_owed=True
    ),
    Letter("upheld", "Decision: upheld", _APPLICANT, ("uphold",), records="notify", is_owed=True),
    Letter(
        "not_upheld",
        "Decision: not upheld",
        _APPLICANT,
        ("not_uphold",),
        records="notify",
        is_owed=True,
    ),
    Letter(
        "outcome_notice",
        "Notice of the outcome",
        (*_FORCE, *_OTHERS),
        ("uphold", "not_uphold"),
        records="notify",
    ),
    Letter(
        "recommendation",
        "Recommendation to the force",
        _FORCE,
        ("uphold",),
        only_with="recommendation",
    ),
    Letter(
        "response_copied",
        "Copy of the force’s response",
        (*_APPLICANT, "interested_persons"),
        ("uphold",),
        only_with="recommendation",
    ),
    Letter("reopening", "Review opened again", _APPLICANT, ("reopen",), while_open=True),
)
"""In the order in which a case comes to them; rule 7 says who is told of what."""
