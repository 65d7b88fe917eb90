"""The only place for the table of registers that were sent and are not imported yet."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.models.base import TOKEN, Base, Instant


class WaitingRegister(Base):
    """A register between its check and its import, for a day at most; one of each person.

    `content` is the file and `checked` what was found in it, both encrypted; the key is in the
    session of whoever sent it and nowhere else.
    """

    __tablename__ = "waiting_register"

    person_token: Mapped[str] = mapped_column(String(TOKEN), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    checked: Mapped[bytes] = mapped_column(LargeBinary)
    sent_at: Mapped[datetime] = mapped_column(Instant)
