"""The only place for the case tables: what is convenient to show; the log is what happened."""

from datetime import date

from sqlalchemy import Date, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from casework.models.base import TOKEN, Base


class Case(Base):
    """A complaint review. Its state is changed by `casework.progress.move_case` and nothing else.

    `version` is the number of entries the case has in the log; a form that was opened on an
    older one is stale. Coded columns and days are read off the history, words off its details;
    by the keys (`casework.keys`) cases are compared with each other. From `erased_on` on nothing
    is left of its words, and nothing more is recorded on it.
    """

    __tablename__ = "case"
    __table_args__ = (
        Index("ix_case_open", "closed_on", "received_on"),
        Index("ix_case_assignee_open", "assignee", "closed_on", "received_on"),
        Index("ix_case_force_received", "force", "received_on"),
        Index("ix_case_reference_key", "reference_key"),
        Index("ix_case_person", "name_key", "address_key"),
        Index("ix_case_email_key", "email_key"),
        Index("ix_case_telephone_key", "telephone_key"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    token: Mapped[str] = mapped_column(String(TOKEN), unique=True)
    reference: Mapped[str] = mapped_column(String(60), unique=True)
    workflow: Mapped[str] = mapped_column(String(40))
    workflow_version: Mapped[str] = mapped_column(String(20))
    workflow_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(20), index=True)
    version: Mapped[int] = mapped_column(Integer)
    received_on: Mapped[date | None] = mapped_column(Date, index=True)
    acknowledged_on: Mapped[date | None] = mapped_column(Date)
    validated_on: Mapped[date | None] = mapped_column(Date)
    closed_on: Mapped[date | None] = mapped_column(Date)
    force: Mapped[str | None] = mapped_column(String(40))
    route: Mapped[str | None] = mapped_column(String(20))
    waiting_for: Mapped[str | None] = mapped_column(String(20))
    assignee: Mapped[str | None] = mapped_column(String(TOKEN))
    force_reference: Mapped[str | None] = mapped_column(Text)
    complainant_name: Mapped[str | None] = mapped_column(Text)
    complainant_email: Mapped[str | None] = mapped_column(Text)
    complainant_telephone: Mapped[str | None] = mapped_column(Text)
    complainant_address: Mapped[str | None] = mapped_column(Text)
    grounds: Mapped[str | None] = mapped_column(Text)
    reference_key: Mapped[str | None] = mapped_column(Text)
    name_key: Mapped[str | None] = mapped_column(Text)
    email_key: Mapped[str | None] = mapped_column(Text)
    telephone_key: Mapped[str | None] = mapped_column(Text)
    address_key: Mapped[str | None] = mapped_column(Text)
    told_on: Mapped[date | None] = mapped_column(Date)
    active_on: Mapped[date | None] = mapped_column(Date)
    erased_on: Mapped[date | None] = mapped_column(Date)


class ReferenceCounter(Base):
    """The last number given under a prefix, so that references are unique and gapless."""

    __tablename__ = "reference_counter"

    prefix: Mapped[str] = mapped_column(String(60), primary_key=True)
    last: Mapped[int] = mapped_column(Integer)


IMPORTED_AND_ERASED = "erased"
"""The digest of a row whose case was erased: whoever guesses the words of a true one could test them."""


class RegisterRow(Base):
    """What an imported register said of a reference, as a hash of its normalised values."""

    __tablename__ = "register_row"

    reference: Mapped[str] = mapped_column(String(60), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
