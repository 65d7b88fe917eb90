"""The only place for the tables of the public form: what waits to be sent."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.models.base import Base, Instant

HASH = 64
"""Characters of a SHA-256 in hexadecimal."""
KEY = 32


class WaitingApplication(Base):
    """An application that somebody is filling in, for a day after their last answer.

    Found by the SHA-256 of the token in the applicant's cookie, and `sealed` under a key that
    follows from that token: who has the table reads no answer. `version` goes up with every
    change; `req` makes any number of sendings one. Sent, it holds its reference and no answers.
    """

    __tablename__ = "waiting_application"

    token_hash: Mapped[str] = mapped_column(String(HASH), primary_key=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column(Integer)
    req: Mapped[str] = mapped_column(String(KEY), unique=True)
    reference: Mapped[str | None] = mapped_column(String(60))
    begun_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)


class WaitingFile(Base):
    """A stored file that waits with an application, so that nobody takes it for left behind."""

    __tablename__ = "waiting_file"

    token_hash: Mapped[str] = mapped_column(
        ForeignKey("waiting_application.token_hash", ondelete="CASCADE"), primary_key=True
    )
    sha256: Mapped[str] = mapped_column(String(HASH), primary_key=True, index=True)
