"""The only place that changes the mail to send: put, claimed, sent, put off, given up, settled.

Each function works within the caller's write transaction. A mail is claimed, and that is
committed, before a server hears of it; so a mail still `sending` when nobody sends is one
whose sender was ended in between. It may have been sent, and becomes `unsure`: whether it
goes once more is for a person to say, under the same Message-ID.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from casework import clock, permissions
from casework.accounts import links
from casework.audit import record
from casework.audit.record import Origin
from casework.checkpoints import queries as checkpoints
from casework.checkpoints.service import note_copy
from casework.items import ItemRef, item_ref, move_item
from casework.models import Checkpoint, Item, OutboxMail, Person
from casework.outbox.mail import Attachment, Enclosed, Mail, MailRefused, address
from casework.outbox.sending import Outcome
from workflows.attempt import Attempt, StepRefused
from workflows.definition import Actor
from workflows.letter import FAIL, ISSUED, MAIL, QUEUE, SEND, SENT

QUEUED, SENDING, DONE, FAILED, UNSURE, CANCELLED = (
    "queued",
    "sending",
    "sent",
    "failed",
    "unsure",
    "cancelled",
)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=4)
LETTER, RECEIPT, CHECKPOINT, LINK, NOTICE = "letter", "receipt", "checkpoint", "link", "notice"
SETTLED_BY = {
    LETTER: permissions.SEND_LETTERS,
    RECEIPT: permissions.SEND_LETTERS,
    CHECKPOINT: permissions.SEE_CHECKPOINTS,
    LINK: permissions.KEEP_PEOPLE,
    NOTICE: permissions.KEEP_PEOPLE,
}
"""Which permission lets somebody see a mail of each kind and say what becomes of it."""
SETTLED = "mail_settled"
SECRET = "{secret of the link}"
"""What stands in a mail for the secret of its link, which is made when it is claimed."""
MOST_ATTEMPTS = 12
"""With these waits, somewhat more than a day; then somebody must look."""
_ENDS = {
    "refused": FAILED,
    "gave_up": FAILED,
    "unreadable": FAILED,
    "unsure": UNSURE,
    "cancelled": CANCELLED,
}
"""How a mail is left that was not sent, by why."""
_SYSTEM = Actor("system", frozenset())


class MailGone(Exception):
    """The mail is no longer as the person saw it; nothing was changed."""


class NoticeStays(Exception):
    """What tells somebody of their account is not cancelled by anybody; nothing was changed."""


@dataclass(frozen=True)
class Claimed:
    """A mail that this process alone now sends."""

    token: str
    message_id: str
    mail: Mail
    at: datetime


def put_letter(
    session: Session,
    letter: ItemRef,
    told: str,
    mail: Mail,
    *,
    message_id: str,
    actor: Actor,
    origin: Origin,
) -> None:
    """Put a mail with an issued letter into the queue, and say so on the log.

    Raises StepRefused where the letter no longer stands.
    """
    facts = {"told": told, "addressee": mail.recipient}
    move_item(session, letter, Attempt(QUEUE.name, clock.today(), facts, actor), origin)
    _put(session, letter.case, mail, message_id, actor, letter=letter.token, told=told)


def put_receipt(session: Session, case: str, mail: Mail, *, message_id: str) -> None:
    """Put a mail into the queue that says only that something arrived: no letter of the office's."""
    _put(session, case, mail, message_id, _SYSTEM)


def put_checkpoint(session: Session, size: int, mail: Mail, *, message_id: str) -> None:
    """Put a mail with the checkpoint of this size into the queue; it is about no case."""
    _put(session, None, mail, message_id, _SYSTEM, checkpoint=size)


def put_link(
    session: Session, person: str | None, mail: Mail, *, message_id: str, queued_by: str
) -> None:
    """Put a mail with a link to set a password into the queue; `SECRET` in it stands for the link's.

    It takes the place of those to this person (by token) that wait or failed. For nobody (None)
    the same is written and then taken back, so that no clock tells whether an address is somebody's.
    """
    earlier = OutboxMail.person == (person or ""), OutboxMail.status.in_((QUEUED, FAILED, UNSURE))
    session.execute(update(OutboxMail).where(*earlier).values(status=CANCELLED))
    by = Actor(queued_by, frozenset())
    token = _put(session, None, mail, message_id, by, person=person)
    nobodys = OutboxMail.token == token, OutboxMail.person.is_(None)
    session.execute(delete(OutboxMail).where(*nobodys))


def put_notice(session: Session, mail: Mail, *, message_id: str) -> None:
    """Put a mail into the queue that tells somebody of their account; it brings them nothing."""
    _put(session, None, mail, message_id, _SYSTEM)


def _put(
    session: Session,
    case: str | None,
    mail: Mail,
    message_id: str,
    actor: Actor,
    *,
    letter: str | None = None,
    told: str | None = None,
    checkpoint: int | None = None,
    person: str | None = None,
) -> str:
    now = clock.now()
    row = OutboxMail(
        token=f"m_{secrets.token_hex(16)}",
        message_id=message_id,
        case_token=case,
        checkpoint=checkpoint,
        person=person,
        letter=letter,
        told=told,
        recipient=mail.recipient,
        subject=mail.subject,
        body=mail.body,
        attachments=[{"name": each.name, "sha256": each.sha256} for each in mail.attachments],
        status=QUEUED,
        attempts=0,
        queued_at=now,
        queued_by=actor.token,
        next_try_at=now,
    )
    session.add(row)
    session.flush()
    return row.token


def kind_of(row: OutboxMail) -> str:
    """What a mail is: a key of `SETTLED_BY`."""
    if row.letter is not None:
        return LETTER
    if row.case_token is not None:
        return RECEIPT
    if row.checkpoint is not None:
        return CHECKPOINT
    return LINK if row.person is not None else NOTICE


def due(session: Session) -> list[str]:
    """The tokens of the mails that may be tried now, the longest waiting first."""
    query = (
        select(OutboxMail.token)
        .where(OutboxMail.status == QUEUED, OutboxMail.next_try_at <= clock.now())
        .order_by(OutboxMail.queued_at, OutboxMail.token)
    )
    return list(session.scalars(query))


def claim(session: Session, token: str) -> Claimed | None:
    """Take a queued mail for sending; None when it is not to be sent.

    A letter that was replaced or entered in error does not go out.
    """
    row = session.get_one(OutboxMail, token)
    if row.status != QUEUED:
        return None
    if not _still_stands(session, row):
        settle(session, token, Outcome("cancelled", "What it was to bring no longer stands."))
        return None
    row.status, row.tried_at, row.attempts = SENDING, clock.now(), row.attempts + 1
    session.flush()
    mail = mail_of(session, row)
    if row.person is not None:
        secret = links.new_link(session, _person(session, row.person))
        mail = replace(mail, body=mail.body.replace(SECRET, secret))
    return Claimed(token, row.message_id, mail, row.tried_at)


def _person(session: Session, token: str) -> Person:
    return session.execute(select(Person).where(Person.token == token)).scalar_one()


def _is_theirs(person: Person, recipient: str) -> bool:
    """Whether a person may be brought a link there: let in, and the address is theirs still."""
    try:
        return person.is_active and address(person.email) == recipient
    except MailRefused:
        return False


def _still_stands(session: Session, row: OutboxMail) -> bool:
    """Whether the mail says what holds: its letter was not replaced or annulled, its person is let in."""
    if row.person is not None:
        return _is_theirs(_person(session, row.person), row.recipient)
    if row.letter is None:
        return True
    state = session.scalars(select(Item.state).where(Item.token == row.letter)).one()
    return state in (ISSUED, SENT)


def mail_of(session: Session, row: OutboxMail) -> Mail:
    """A row as the mail it is; a checkpoint goes with it as a file that can be checked as it is."""
    attachments = tuple(Attachment(**each) for each in row.attachments)
    enclosed = None
    if row.checkpoint is not None:
        note = session.get_one(Checkpoint, row.checkpoint).note
        enclosed = Enclosed(f"checkpoint-{row.checkpoint}.txt", note)
    return Mail(row.recipient, row.subject, row.body, attachments, enclosed)


def settle(session: Session, token: str, outcome: Outcome) -> str:
    """Write down what became of a mail that was to be sent; its status then."""
    row = session.get_one(OutboxMail, token)
    by = _By(_SYSTEM, Origin("command"))
    if outcome.fate == "sent":
        _sent(session, row, outcome.said, by)
        if row.checkpoint is not None:
            note_copy(session, row.checkpoint, checkpoints.MAIL, row.recipient)
    elif outcome.fate in _ENDS:
        _fail(session, row, outcome.fate, outcome.said, by)
    elif row.attempts >= MOST_ATTEMPTS:
        _fail(session, row, "gave_up", outcome.said, by)
    else:
        _put_off(row, outcome)
    session.flush()
    return row.status


def _put_off(row: OutboxMail, outcome: Outcome) -> None:
    """Back into the queue. A server that cannot be used at all is no fault of the mail's."""
    row.status, row.last_error = QUEUED, outcome.said
    if outcome.fate == "unreachable":
        row.attempts -= 1
        return
    wait = min(FIRST_WAIT * 2 ** (row.attempts - 1), LONGEST_WAIT)
    row.next_try_at = clock.now() + wait


def mark_interrupted(session: Session) -> list[OutboxMail]:
    """Make unsure what an earlier sender left behind; only while no other one is at work."""
    left = session.scalars(select(OutboxMail).where(OutboxMail.status == SENDING)).all()
    for row in left:
        settle(session, row.token, Outcome("unsure", "The sending was interrupted."))
    return list(left)


def doubt(session: Session) -> int:
    """Make unsure what waits by a database that was restored: it may have been sent since; how many."""
    left = session.scalars(select(OutboxMail).where(OutboxMail.status.in_((QUEUED, SENDING)))).all()
    for row in left:
        settle(session, row.token, Outcome("unsure", "The office was restored from a backup."))
    return len(left)


def retry(session: Session, token: str, seen: str, actor: Actor, origin: Origin) -> None:
    """Queue a failed or unsure mail once more, under its Message-ID.

    Raises MailGone if it moved on, StepRefused where the letter no longer stands.
    """
    row = _as_seen(session, token, seen, FAILED, UNSURE)
    if row.letter is not None:
        facts = {"told": row.told, "addressee": row.recipient}
        attempt = Attempt(QUEUE.name, clock.today(), facts, actor)
        move_item(session, letter_ref(session, row.letter), attempt, origin)
    row.status, row.attempts, row.next_try_at = QUEUED, 0, clock.now()
    if row.letter is None:
        _note_settled(session, row, _By(actor, origin))


def mark_sent(session: Session, token: str, seen: str, actor: Actor, origin: Origin) -> None:
    """Take a person's word that a mail was sent. MailGone if it moved on.

    It makes no copy of a checkpoint: that one left, only the server that took it can say.
    """
    row = _as_seen(session, token, seen, FAILED, UNSURE)
    _sent(session, row, "Somebody found that it was sent.", _By(actor, origin))


def cancel(session: Session, token: str, seen: str, actor: Actor, origin: Origin) -> None:
    """Do not send a mail after all. MailGone if it moved on, NoticeStays where nobody may."""
    row = _as_seen(session, token, seen, QUEUED, FAILED, UNSURE)
    if kind_of(row) == NOTICE:
        raise NoticeStays(token)
    _fail(session, row, "cancelled", "", _By(actor, origin))


def _as_seen(session: Session, token: str, seen: str, *allowed: str) -> OutboxMail:
    row = session.get(OutboxMail, token)
    if row is None or row.status != seen or seen not in allowed:
        raise MailGone(token)
    return row


@dataclass(frozen=True)
class _By:
    """Who settles a mail: a person, or the command on its timer."""

    actor: Actor
    origin: Origin


def _sent(session: Session, row: OutboxMail, said: str, by: _By) -> None:
    row.status, row.last_error = DONE, None
    facts = {"told": row.told, "way": MAIL, "addressee": row.recipient}
    _tell(session, row, SEND.name, {**facts, "mail": f"{row.message_id} {said}"}, by)


def _fail(session: Session, row: OutboxMail, failure: str, said: str, by: _By) -> None:
    row.status, row.last_error = _ENDS[failure], said or row.last_error
    facts = {"told": row.told, "failure": failure, "mail": f"{row.message_id} {said}"}
    _tell(session, row, FAIL.name, facts, by)


def _tell(
    session: Session, row: OutboxMail, step: str, facts: Mapping[str, str | None], by: _By
) -> None:
    """Put on the log what became of a mail with a letter; of any other, what a person made of it.

    What happened outside has happened: where the letter's own life has no place for it any
    more, the row still says so, and why the log does not.
    """
    if row.letter is None:
        if by.actor is not _SYSTEM:
            _note_settled(session, row, by)
        return
    ref = letter_ref(session, row.letter)
    is_system = by.actor is _SYSTEM
    attempt = Attempt(step, clock.today(), facts, by.actor, is_import=is_system)
    try:
        move_item(session, ref, attempt, by.origin)
    except StepRefused as refused:
        row.last_error = f"{row.last_error or ''} Not on the log: {refused.sentence}".strip()


def _note_settled(session: Session, row: OutboxMail, by: _By) -> None:
    kind = kind_of(row)
    role = permissions.role_giving(by.actor.roles, SETTLED_BY[kind]) or ""
    stat = {"kind": kind, "mail": row.token, "settled_as": row.status}
    record.append(
        session, record.NewEvent(SETTLED, role, case=row.case_token, stat=stat), by.origin
    )


def letter_ref(session: Session, letter: str) -> ItemRef:
    """The issued letter with this token, which is there; LookupError otherwise."""
    ref = item_ref(session, letter)
    if ref is None:
        raise LookupError(letter)
    return ref
