"""The only place for the table of files that were sent and wait for an answer about them."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.models.base import TOKEN, Base, Instant


class HeldFile(Base):
    """A list or a register between its upload and what follows; one of each kind of each person.

    `content` is the file and `told` what goes with it, both encrypted; the key is in the session
    of whoever sent it and nowhere else.
    """

    __tablename__ = "held_file"

    person_token: Mapped[str] = mapped_column(String(TOKEN), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    told: Mapped[bytes] = mapped_column(LargeBinary)
    held_at: Mapped[datetime] = mapped_column(Instant)
