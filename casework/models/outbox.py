"""The only place for the table of mail to send: one row a mail, kept after it is sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from casework.models.base import POSITION, TOKEN, Base, Instant
from casework.models.item import ITEM_TOKEN


class OutboxMail(Base):
    """A mail on its way, about a case or not. Changed by `casework.outbox.queue` alone.

    With a `letter`, the log says what becomes of it; `told` is then whom the letter goes to. A
    receipt is of no letter, and has neither. With a `checkpoint`, by its size, it is of no case; nor
    with a `person`, by token, whom it brings a link to set a password: the link is made when the
    mail is handed over, and never in this table. `message_id` is fixed when the mail is queued, so
    that a second copy can be told from a second mail. `attachments` are `{"name", "sha256"}` of
    stored PDF files. `tried_at` is when the newest try began, `next_try_at` when the next one
    may; instants are UTC.
    """

    __tablename__ = "outbox_mail"
    __table_args__ = (Index("ix_outbox_mail_status", "status", "next_try_at"),)

    token: Mapped[str] = mapped_column(String(TOKEN), primary_key=True)
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    case_token: Mapped[str | None] = mapped_column(ForeignKey("case.token"))
    checkpoint: Mapped[int | None] = mapped_column(POSITION, ForeignKey("checkpoint.size"))
    person: Mapped[str | None] = mapped_column(ForeignKey("person.token"), index=True)
    letter: Mapped[str | None] = mapped_column(
        String(ITEM_TOKEN), ForeignKey("item.token"), index=True
    )
    told: Mapped[str | None] = mapped_column(String(40))
    recipient: Mapped[str] = mapped_column(String(320))
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    attachments: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    status: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[int] = mapped_column(Integer)
    last_error: Mapped[str | None] = mapped_column(Text)
    queued_at: Mapped[datetime] = mapped_column(Instant)
    queued_by: Mapped[str] = mapped_column(String(TOKEN))
    tried_at: Mapped[datetime | None] = mapped_column(Instant)
    next_try_at: Mapped[datetime] = mapped_column(Instant)
