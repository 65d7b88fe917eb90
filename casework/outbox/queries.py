"""The only place that reads the mail to send: what waits, what failed, what is not sure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy import case as sql_case
from sqlalchemy.orm import Session

from casework import permissions
from casework.audit.words import entries_counted
from casework.models import Case, Item, OutboxMail
from casework.outbox.queue import (
    CANCELLED,
    DONE,
    FAILED,
    LINK,
    NOTICE,
    QUEUED,
    RECEIPT,
    SENDING,
    SETTLED_BY,
    UNSURE,
    kind_of,
)

WAITING, UNWELL = (QUEUED, SENDING), (UNSURE, FAILED)
MOST_SHOWN = 200
_URGENCY = sql_case({UNSURE: 0, FAILED: 1, SENDING: 2, QUEUED: 3}, value=OutboxMail.status, else_=4)


_TITLES = {
    RECEIPT: "Receipt of an application from the web form",
    LINK: "Link to set a password",
    NOTICE: "Notice of a change to an account",
}


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

    @property
    def is_notice(self) -> bool:
        """Whether it tells somebody of their account, which nobody keeps from them."""
        return kind_of(self.mail) == NOTICE

    @property
    def settled_by(self) -> str:
        """The permission with which somebody says what becomes of it."""
        return SETTLED_BY[kind_of(self.mail)]


def not_sent(session: Session, person: str, roles: Iterable[str]) -> list[Listed]:
    """Mail that this person (by token) may see and that is not sent: what needs somebody first."""
    return _listed(session, (may_be_seen_by(person, roles),), (*WAITING, *UNWELL))


def may_be_seen_by(person: str, roles: Iterable[str]) -> ColumnElement[bool]:
    """The condition on a mail and its case that leaves out what is not theirs to see or settle.

    Who may settle which is `queue.SETTLED_BY`; mail about a case, only who may see that case.
    """
    is_on_a_case, is_checkpoint = (
        OutboxMail.case_token.is_not(None),
        OutboxMail.checkpoint.is_not(None),
    )
    shown = {
        permissions.SEND_LETTERS: and_(is_on_a_case, permissions.visible_to(person)),
        permissions.SEE_CHECKPOINTS: is_checkpoint,
        permissions.KEEP_PEOPLE: ~or_(is_on_a_case, is_checkpoint),
    }
    held = frozenset(roles)
    return or_(false(), *(shown[what] for what in shown if permissions.may(held, what)))


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
    if mail.checkpoint is not None:
        return f"Checkpoint of the log over {entries_counted(mail.checkpoint)}"
    return _TITLES.get(kind_of(mail)) or (words or {}).get("title", "")
