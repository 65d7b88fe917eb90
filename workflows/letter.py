"""The only place for the life of an issued letter: its number and bytes, to whom it went and how.

A letter is issued once and never changes: a mistake is a new letter that replaces it. One
letter may go to several people, so sending it changes its state the first time only.
"""

from collections.abc import Iterable
from pathlib import Path

from workflows.complaint_review import COMPLAINT_REVIEW
from workflows.definition import (
    STAYS,
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

LETTERS = tuple(Choice(letter.name, letter.label) for letter in COMPLAINT_REVIEW.letters)
LABELS = {choice.code: choice.label for choice in LETTERS}
"""What people call a letter, by its code."""
TOLD = (
    Choice("complainant", "The complainant"),
    Choice("representative", "The complainant’s representative"),
    Choice("appropriate_authority", "The force, as appropriate authority"),
    Choice("interested_persons", "An interested person"),
    Choice("person_complained_against", "The person complained against"),
    Choice("iopc", "The IOPC"),
    Choice("other", "Somebody else"),
)
MAIL = "mail"
WAYS = (
    Choice(MAIL, "By the office’s mail"),
    Choice("outlook", "From Outlook or another mailbox"),
    Choice("post", "By post"),
    Choice("secure_transfer", "By the force’s or another body’s secure transfer"),
    Choice("hand", "By hand"),
)
DISCLOSURE = (
    Choice("third_parties", "It names nobody who should not be named, and tells no more of them"),
    Choice("force_sensitive", "It tells nothing that the force marked as sensitive"),
    Choice("privileged", "It tells no legal advice"),
)
FAILURES = (
    Choice("refused", "The mail server refused it for good"),
    Choice("gave_up", "It was tried too often"),
    Choice("unsure", "It may have been sent: the sending was interrupted"),
    Choice("cancelled", "It was cancelled before it was sent"),
    Choice("unreadable", "What it was to carry could not be read"),
)


CONFIRMED = Fact("disclosure", "choices", "Disclosure check", choices=DISCLOSURE)


def unconfirmed(points: Iterable[str]) -> Refusal | None:
    """Why a letter may not be issued on these points of the check; None when they are all."""
    if {choice.code for choice in DISCLOSURE} <= set(points):
        return None
    return Refusal(
        "Confirm each point of the disclosure check, or change the letter.", CONFIRMED.code
    )


def _every_point_confirmed(situation: Situation) -> Refusal | None:
    return unconfirmed(situation.entry.facts.get(CONFIRMED.code, ()))


CHECKED = Guard(
    CONFIRMED.code,
    "Before a letter leaves, somebody confirms each point of the disclosure check.",
    _every_point_confirmed,
    about="judgement",
)
TO = Fact("told", "choice", "Who it goes to", required=True, choices=TOLD)
WAY = Fact("way", "choice", "How it was sent", required=True, choices=WAYS)
ADDRESSEE = Fact("addressee", "text", "Name, email or postal address it went to")

ISSUED, SENT, REPLACED = "issued", "sent", "replaced"
INITIAL = State("annulled", "Entered in error")
STATES = (
    State(ISSUED, "Issued", colour="blue"),
    State(SENT, "Sent", is_closed=True, colour="green"),
    State(REPLACED, "Replaced", is_closed=True, colour="grey"),
)
PAGE = "letters.issued"
_STANDING = ((ISSUED, STAYS), (SENT, STAYS))

ISSUE = Step(
    "issue_letter",
    "Issue a letter",
    "letter_issued",
    "Letter issued",
    (("annulled", ISSUED),),
    OFFICE,
    facts=(
        Fact("letter", "choice", "Letter", required=True, choices=LETTERS),
        Fact("number", "number", "Number on the case", required=True),
        Fact("docx", "file", "Word file"),
        Fact("pdf", "file", "PDF", required=True),
        Fact("template", "file", "Template"),
        Fact("replaces", "number", "Number of the letter it replaces"),
        CONFIRMED,
        Fact("title", "text", "Number and name"),
    ),
    guards=(CHECKED,),
    day_label="Date of the letter",
    page="letters.index",
)
QUEUE = Step(
    "queue_letter",
    "Send by the office’s mail",
    "letter_queued",
    "Letter put with the mail to send",
    _STANDING,
    OFFICE,
    facts=(TO, ADDRESSEE),
    page=PAGE,
)
SEND = Step(
    "send_letter",
    "Record the letter as sent",
    "letter_sent",
    "Letter sent",
    ((ISSUED, SENT), (SENT, STAYS), (REPLACED, STAYS)),
    OFFICE,
    facts=(TO, WAY, ADDRESSEE, Fact("mail", "text", "The mail’s Message-ID and what was said")),
    day_label="Day it was sent",
    page=PAGE,
)
FAIL = Step(
    "fail_mail",
    "Record that the mail was not sent",
    "mail_failed",
    "Mail not sent",
    (*_STANDING, (REPLACED, STAYS)),
    OFFICE,
    facts=(
        TO,
        Fact("failure", "choice", "Why", required=True, choices=FAILURES),
        Fact("mail", "text", "The mail’s Message-ID and what was said"),
    ),
    page=PAGE,
)
REPLACE = Step(
    "replace_letter",
    "Replace the letter",
    "letter_replaced",
    "Letter replaced by another",
    ((ISSUED, REPLACED), (SENT, REPLACED)),
    OFFICE,
    facts=(Fact("replaced_by", "number", "Number of the letter that replaces it", required=True),),
    page=PAGE,
)

LETTER = Workflow(
    name="letter",
    title="Letter",
    version="1",
    initial=INITIAL,
    states=STATES,
    steps=(ISSUE, QUEUE, SEND, FAIL, REPLACE),
    sources=(Path(__file__),),
    noun="letter",
)
