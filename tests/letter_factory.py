"""The only place where tests make letters: being written, issued, and put with the mail to send."""

import secrets
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit.record import Origin
from casework.database import begin_write
from casework.files.kinds import PDF
from casework.files.store import note
from casework.items import ItemMoved
from casework.letters import drafts
from casework.models import Item, LetterDraft, OutboxMail
from casework.outbox import queue
from casework.outbox.mail import Attachment, Mail, new_message_id
from casework.web.files import files
from tests import factories
from tests.factories import SOMEBODY
from workflows.letter import DISCLOSURE

CONTENT = b"%PDF-1.7 a letter"
TEXT = "Zoe Pike\n1 Long Lane\n\nDear Zoe Pike\n\n# We have your application\n\nAnn"


def draft(session: Session, case: str, text: str = TEXT, *, is_final: bool = False) -> str:
    """Begin a draft on the case with this token, with its final PDF or without; its token.

    Committed; it is at version 1, with its PDF at version 2.
    """
    token = f"l_{secrets.token_hex(16)}"
    begin_write(session)
    beginning = drafts.Beginning(case, "acknowledgement", "complainant", text)
    drafts.begin(session, token, beginning, SOMEBODY.token)
    if is_final:
        kept = files().keep_made(CONTENT, PDF)
        drafts.finish(session, _draft(session, case, token), 1, kept, SOMEBODY.token)
    session.commit()
    return token


def _draft(session: Session, case: str, token: str) -> LetterDraft:
    found = drafts.draft_on(session, case, token)
    assert found is not None
    return found


def letter(session: Session, case: str, content: bytes = CONTENT, **facts: Any) -> ItemMoved:
    """Issue a letter on the case with this token, with the draft it was; committed."""
    token = draft(session, case)
    kept = files().keep_made(content, PDF)
    begin_write(session)
    note(session, kept)
    session.commit()
    given = {
        "letter": "acknowledgement",
        "number": 1,
        "pdf": kept.sha256,
        "disclosure": [point.code for point in DISCLOSURE],
        "title": "L1 Acknowledgement",
        **facts,
    }
    issued = factories.item(session, case, "letter", **given)
    begin_write(session)
    drafts.mark_issued(session, _draft(session, case, token), issued.item)
    session.commit()
    return issued


def mail(session: Session, issued: ItemMoved, recipient: str = "zoe@example.org") -> str:
    """Put a mail with an issued letter into the queue, committed; the mail's token."""
    begin_write(session)
    codes = session.scalars(select(Item.codes).where(Item.token == issued.item)).one()
    attached = (Attachment("CR-L1.pdf", codes["pdf"]),)
    queue.put_letter(
        session,
        queue.letter_ref(session, issued.item),
        "complainant",
        Mail(recipient, "Our letter", "Please see our letter.", attached),
        message_id=new_message_id("Reviews <reviews@office.example>"),
        actor=SOMEBODY,
        origin=Origin("web", SOMEBODY.token),
    )
    session.commit()
    query = select(OutboxMail.token).where(OutboxMail.letter == issued.item)
    token = session.scalars(query.order_by(OutboxMail.queued_at.desc()).limit(1)).one()
    session.rollback()  # or a command could not write, as SQLite has it
    return token
