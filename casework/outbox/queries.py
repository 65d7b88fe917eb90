"""The only place that reads the mail to send: what waits, what failed, what is not sure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy import case as sql_case
from sqlalchemy.orm import Session

from casework import permissions
from casework.audit.words import entries_counted
from casework.models import Case, Item, OutboxMail
from casework.outbox.queue import CANCELLED, DONE, FAILED, QUEUED, SENDING, UNSURE

WAITING, UNWELL = (QUEUED, SENDING), (UNSURE, FAILED)
MOST_SHOWN = 200
_URGENCY = sql_case({UNSURE: 0, FAILED: 1, SENDING: 2, QUEUED: 3}, value=OutboxMail.status, else_=4)


RECEIPT = "Receipt of an application from the web form"
CHECKPOINT = "Checkpoint of the log over {}"
LINK = "Link to set a password"
NOTICE = "Notice of a change to an account"
"""What mails are called that are of no letter."""


@dataclass(frozen=True)
class Listed:
    """A mail, the reference of the case it is about, and what it is: its letter's number and name.

    A mail with a checkpoint is about no case.
    """

    mail: OutboxMail
    reference: str | None
    title: str

    @property
    def needs_somebody(self) -> bool:
        """Whether nothing more happens to it until a person says what."""
        return self.mail.status in UNWELL


def not_sent(session: Session, person: str) -> list[Listed]:
    """Mail that this person (by token) may see and that is not sent: what needs somebody first."""
    return _listed(session, (may_be_seen_by(person),), (*WAITING, *UNWELL))


def may_be_seen_by(person: str) -> ColumnElement[bool]:
    """The condition on a mail and its case that leaves out the mail of cases that they may not see."""
    return or_(OutboxMail.case_token.is_(None), permissions.visible_to(person))


def all_not_sent(session: Session) -> list[Listed]:
    """Mail that is not sent, for whoever runs the installation."""
    return _listed(session, (), (*WAITING, *UNWELL))


def of_letter(session: Session, letter: str) -> list[Listed]:
    """Every mail with this letter, sent ones too."""
    return _listed(session, (OutboxMail.letter == letter,), (*WAITING, *UNWELL, DONE, CANCELLED))


def newest_link(session: Session, person: str) -> OutboxMail | None:
    """The last mail with a link to set a password that was queued for this person (by token)."""
    query = select(OutboxMail).where(OutboxMail.person == person)
    newest = query.order_by(OutboxMail.queued_at.desc(), OutboxMail.token).limit(1)
    return session.execute(newest).scalar_one_or_none()


def _listed(session: Session, conditions: Sequence[object], states: Sequence[str]) -> list[Listed]:
    query = (
        select(OutboxMail, Case.reference, Item.words)
        .outerjoin(Case, Case.token == OutboxMail.case_token)
        .outerjoin(Item, Item.token == OutboxMail.letter)
        .where(OutboxMail.status.in_(states), *conditions)  # type: ignore[arg-type]
        .order_by(_URGENCY, OutboxMail.queued_at, OutboxMail.token)
        .limit(MOST_SHOWN)
    )
    return [
        Listed(mail, reference, _title(mail, words))
        for mail, reference, words in session.execute(query)
    ]


def _title(mail: OutboxMail, words: Mapping[str, str] | None) -> str:
    if mail.person is not None:
        return LINK
    if mail.checkpoint is not None:
        return CHECKPOINT.format(entries_counted(mail.checkpoint))
    if mail.case_token is None:
        return NOTICE
    return (words or {}).get("title", "") if mail.letter else RECEIPT
