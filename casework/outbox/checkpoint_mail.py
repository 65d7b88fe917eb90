"""The only place for the mail that brings a checkpoint to whoever keeps it outside the office."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit.notes import code_of
from casework.audit.words import entries_counted
from casework.models import Checkpoint, OutboxMail
from casework.office_settings import settings_at
from casework.outbox import queue
from casework.outbox.mail import Mail, new_message_id

_SUBJECT = "Checkpoint of our log over {}: please keep it"
_WORDS = """{office} keeps a log of all that is done in reviews of complaints about the police.
This is a signed checkpoint of it. With it anybody can tell, at any time, whether the beginning of the log,
{size}, was altered since. It says nothing about any person.

Please keep this message where nobody of our office can change it. You need not do anything else.
If you ever get another checkpoint over {size} that has another root, tell the
{panel}: we would have signed two pasts.

{note}
Its check code is {code}.

The file that comes with this message holds the same checkpoint, ready to check our log with. If it was
lost on its way, keep the lines from “{first}” to the last one that begins with a dash, and the empty
line between them, as a file of text."""


def put_checkpoint(
    session: Session, checkpoint: Checkpoint, recipients: Iterable[str], sender: str | None
) -> int:
    """Put a mail to each address that has none with this checkpoint yet into the queue; how many.

    Within the caller's write transaction. The addresses are ones that were checked.
    """
    had = select(OutboxMail.recipient).where(OutboxMail.checkpoint == checkpoint.size)
    wanted = sorted(set(recipients) - set(session.scalars(had)))
    for recipient in wanted:
        mail = Mail(
            recipient,
            _SUBJECT.format(entries_counted(checkpoint.size)),
            _words(session, checkpoint),
        )
        queue.put_checkpoint(session, checkpoint.size, mail, message_id=new_message_id(sender))
    return len(wanted)


def _words(session: Session, checkpoint: Checkpoint) -> str:
    settings, note = settings_at(session), checkpoint.note
    return _WORDS.format(
        office=settings.office_name,
        panel=settings.panel_name,
        size=entries_counted(checkpoint.size),
        note=note,
        code=code_of(note),
        first=note.partition("\n")[0],
    )
