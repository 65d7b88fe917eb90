"""The only place for the tables of how people are let in: their sessions and second factors."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.models.base import Base, Instant

HASH = 64
"""Characters of a SHA-256 in hexadecimal."""


class StaffSession(Base):
    """Somebody signed in on a device, by the SHA-256 of the random id in their cookie.

    `awaits` says what is still wanted before it opens anything; None once nothing is.
    `last_seen_at` is written once a minute at most.
    """

    __tablename__ = "staff_session"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String(HASH), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    signed_in_by: Mapped[str] = mapped_column(String(20))
    device: Mapped[str] = mapped_column(String(60))
    awaits: Mapped[str | None] = mapped_column(String(10))
    began_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime] = mapped_column(Instant, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_why: Mapped[str | None] = mapped_column(String(20))


class SecondFactor(Base):
    """A person's authenticator: its secret, sealed under the installation's key.

    `last_step` is the half minute, counted from 1970, of the newest code that was used (RFC 6238).
    """

    __tablename__ = "second_factor"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    last_step: Mapped[int] = mapped_column(BigInteger)
    added_at: Mapped[datetime] = mapped_column(Instant)


class RecoveryCode(Base):
    """A code that stands in for a lost authenticator, once: by its SHA-256, gone when it was used."""

    __tablename__ = "recovery_code"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(HASH), primary_key=True)
