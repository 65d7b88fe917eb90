"""The only place that records how an issued letter leaves the office: by whom, to whom, which way.

By the office's mail it is put into the outbox in the same transaction. Any other way it has
left already, and a person says so. Either may be recorded together with the step of the case
that sending the letter is.
"""

from dataclasses import dataclass, replace
from datetime import date

from flask import current_app
from sqlalchemy.orm import Session

from casework import clock
from casework.audit.record import Origin
from casework.files.kinds import PDF
from casework.items import move_item
from casework.letters.issuing import Issued
from casework.outbox import queue
from casework.outbox.mail import Attachment, Mail, MailRefused, address, new_message_id
from casework.progress import CaseRef, move_case
from config import Settings
from workflows import letter as rules
from workflows.attempt import Attempt, StepRefused
from workflows.complaint_review_facts import TOLD as CASE_TOLD
from workflows.definition import Actor, Choice, Fact, Step, Workflow
from workflows.engine import role_for

LATER = Choice("later", "Not yet", "Send or post it, then record that on the letter’s page.")
WITH_STEP = "with_step"
ADDRESSEE = Fact(
    "addressee",
    "text",
    "Email address, or postal address",
    "Left empty for the complainant, what the case has is used. For anybody else the office’s "
    "mail needs an email address here.",
    is_long=True,
)
MESSAGE = Fact("message", "text", "Words of the email", "Only for the office’s mail.", is_long=True)


@dataclass(frozen=True)
class Leaving:
    """One way that a letter went or is to go: `told` and `way` are codes, `step` one of the case."""

    told: str
    way: str
    addressee: str
    message: str
    on: date
    step: Step | None = None


def ways() -> tuple[Choice, ...]:
    """How a letter may go from here."""
    settings: Settings = current_app.extensions["casework"]
    return tuple(way for way in rules.WAYS if way.code != rules.MAIL or settings.may_mail)


def asked(
    workflow: Workflow, state: str, letter: str, actor: Actor, *, first: tuple[Choice, ...] = ()
) -> tuple[Fact, ...]:
    """What a form about sending a letter of a case in this state asks for.

    `first` are ways to be offered before those that there are.
    """
    way = replace(rules.WAY, choices=(*first, *ways()), label="How it goes")
    facts = [rules.TO, way, ADDRESSEE, MESSAGE]
    step = step_of(workflow, state, letter, actor)
    if step is not None:
        label = f"Record on the case too: {step.done[:1].lower()}{step.done[1:]}"
        facts.append(Fact(WITH_STEP, "flag", label, "On the same day."))
    return tuple(facts)


def step_of(workflow: Workflow, state: str, letter: str, actor: Actor) -> Step | None:
    """The step of the case that sending this letter is, None where it cannot be taken now."""
    records = next((each.records for each in workflow.letters if each.name == letter), "")
    step = workflow.steps_by_name.get(records)
    is_open = step is not None and step.leads_from(state) is not None and role_for(step, actor)
    return step if is_open else None


def leave(
    session: Session,
    letter: Issued,
    case: CaseRef,
    leaving: Leaving,
    actor: Actor,
    origin: Origin,
) -> None:
    """Record that a letter went, or put it with the mail; the caller commits.

    Raises StepRefused with the fact to mend, StaleCase when the case moved on meanwhile.
    """
    if leaving.way == rules.MAIL:
        _put_into_outbox(session, letter, leaving, actor, origin)
    else:
        facts = {"told": leaving.told, "way": leaving.way, "addressee": leaving.addressee}
        ref = queue.letter_ref(session, letter.token)
        move_item(session, ref, Attempt(rules.SEND.name, leaving.on, facts, actor), origin)
    if leaving.step is not None:
        attempt = Attempt(leaving.step.name, leaving.on, _about(leaving), actor)
        move_case(session, case, attempt, origin)


def _put_into_outbox(
    session: Session, letter: Issued, leaving: Leaving, actor: Actor, origin: Origin
) -> None:
    if leaving.on != clock.today():
        raise StepRefused.because(
            "The office’s mail goes today. Enter today’s date, or choose how it went already.",
            "effective_on",
        )
    server = current_app.extensions["casework"].mail_server
    try:
        mail = Mail(
            recipient=address(leaving.addressee),
            subject=f"Our letter {letter.reference}/L{letter.number}",
            body=leaving.message,
            attachments=(Attachment(letter.saved_as(PDF), letter.files["pdf"]),),
        )
    except MailRefused as refused:
        raise StepRefused.because(str(refused), ADDRESSEE.name) from None
    queue.put_letter(
        session,
        queue.letter_ref(session, letter.token),
        leaving.told,
        mail,
        message_id=new_message_id(server.sender if server else None),
        actor=actor,
        origin=origin,
    )


def _about(leaving: Leaving) -> dict[str, object]:
    """What the case's step is told of the sending: whom, where it asks for that."""
    codes = [choice.code for choice in CASE_TOLD.choices if isinstance(choice, Choice)]
    asks = leaving.step is not None and CASE_TOLD.name in leaving.step.facts_by_name
    return {CASE_TOLD.name: [leaving.told]} if asks and leaving.told in codes else {}
