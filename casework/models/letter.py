"""The only place for the table of letters that are being written; issued ones are items."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from casework.models.base import TOKEN, Base, Instant
from casework.models.item import ITEM_TOKEN

SHA_256 = 64
"""Characters of a stored file's name: its SHA-256 in hexadecimal."""


class LetterDraft(Base):
    """A letter of a case before it is issued. Not an event, and never lost.

    `told` is the code of whom it goes to. `text` is edited in the browser; a final Word file or PDF that somebody uploaded (`docx`,
    `pdf`) takes its place. `version` goes up with every change, so that two people do not
    overwrite each other. `template` is the office's own Word template it was drafted from, none
    for the built-in words. `replaces` is the issued letter this one is to replace, `issued` the
    letter that it became.
    """

    __tablename__ = "letter_draft"

    token: Mapped[str] = mapped_column(String(TOKEN), primary_key=True)
    case_token: Mapped[str] = mapped_column(ForeignKey("case.token"), index=True)
    letter: Mapped[str] = mapped_column(String(40))
    told: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)
    docx: Mapped[str | None] = mapped_column(String(SHA_256))
    pdf: Mapped[str | None] = mapped_column(String(SHA_256))
    template: Mapped[str | None] = mapped_column(String(SHA_256))
    begun_by: Mapped[str] = mapped_column(String(TOKEN))
    changed_by: Mapped[str] = mapped_column(String(TOKEN))
    changed_at: Mapped[datetime] = mapped_column(Instant)
    replaces: Mapped[str | None] = mapped_column(String(ITEM_TOKEN), ForeignKey("item.token"))
    issued: Mapped[str | None] = mapped_column(String(ITEM_TOKEN), ForeignKey("item.token"))
