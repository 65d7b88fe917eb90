"""The only place that reads the mail to send: what waits, what failed, what is not sure."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case as sql_case
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import permissions
from casework.models import Case, Item, OutboxMail
from casework.outbox.queue import CANCELLED, DONE, FAILED, QUEUED, SENDING, UNSURE

WAITING, UNWELL = (QUEUED, SENDING), (UNSURE, FAILED)
MOST_SHOWN = 200
_URGENCY = sql_case({UNSURE: 0, FAILED: 1, SENDING: 2, QUEUED: 3}, value=OutboxMail.status, else_=4)


RECEIPT = "Receipt of an application from the web form"
"""What a mail is called that is of no letter."""


@dataclass(frozen=True)
class Listed:
    """A mail with the case it is about and what it is: the number and name of its letter."""

    mail: OutboxMail
    reference: str
    title: str

    @property
    def needs_somebody(self) -> bool:
        """Whether nothing more happens to it until a person says what."""
        return self.mail.status in UNWELL


def not_sent(session: Session, person: str) -> list[Listed]:
    """Mail that this person (by token) may see and that is not sent: what needs somebody first."""
    return _listed(session, (permissions.visible_to(person),), (*WAITING, *UNWELL))


def all_not_sent(session: Session) -> list[Listed]:
    """Mail that is not sent, for whoever runs the installation."""
    return _listed(session, (), (*WAITING, *UNWELL))


def of_letter(session: Session, letter: str) -> list[Listed]:
    """Every mail with this letter, sent ones too."""
    return _listed(session, (OutboxMail.letter == letter,), (*WAITING, *UNWELL, DONE, CANCELLED))


def _listed(session: Session, conditions: Sequence[object], states: Sequence[str]) -> list[Listed]:
    query = (
        select(OutboxMail, Case.reference, Item.words)
        .join(Case, Case.token == OutboxMail.case_token)
        .outerjoin(Item, Item.token == OutboxMail.letter)
        .where(OutboxMail.status.in_(states), *conditions)  # type: ignore[arg-type]
        .order_by(_URGENCY, OutboxMail.queued_at, OutboxMail.token)
        .limit(MOST_SHOWN)
    )
    return [
        Listed(mail, reference, words.get("title", "") if mail.letter else RECEIPT)
        for mail, reference, words in session.execute(query)
    ]
