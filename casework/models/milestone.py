"""The only place for the milestone tables: the log as bitemporal rows that measures count."""

from datetime import date

from sqlalchemy import Boolean, Date, Index, Integer, SmallInteger, String, column
from sqlalchemy.orm import Mapped, mapped_column

from casework.models.base import POSITION, TOKEN, Base

_IS_OPENING = column("kind") == "open"
_HAS_ENDED = column("to_on").is_not(None)
_IS_OF_CASE = column("received_on").is_not(None)


class Milestone(Base):
    """Something true of a case from a day to a day, as the log knew it from a position to another.

    A row stands on day D at log size N when `from_on <= D`, `to_on` is null or later than D,
    `since_seq < N`, and `until_seq` is null or at least N. `received_on` is the day the case was
    received, as known with the row; null for rows of what is kept on a case. `lasted` is the bit
    length of the days from `from_on` to `to_on`: what lasted k bits began less than 2**k days
    before any day on which it stood. Null while it stands. Written by `casework.counts.milestones`,
    which can drop and rebuild the whole table from the log.
    """

    __tablename__ = "milestone"
    # Counting reads nothing but an index: each has what tells whether a row is counted.
    __table_args__ = (
        Index(
            "ix_milestone_received",
            *("kind", "received_on", "code", "from_on", "to_on", "since_seq", "until_seq"),
            sqlite_where=_IS_OF_CASE,
            postgresql_where=_IS_OF_CASE,
        ),
        Index(
            "ix_milestone_from",
            *("kind", "from_on", "code", "to_on", "since_seq", "until_seq"),
        ),
        Index(
            "ix_milestone_to",
            *("kind", "to_on", "code", "from_on", "since_seq", "until_seq"),
            sqlite_where=_HAS_ENDED,
            postgresql_where=_HAS_ENDED,
        ),
        Index(
            "ix_milestone_open",
            *("kind", "until_seq", "lasted", "from_on", "to_on", "since_seq", "case_token"),
            sqlite_where=_IS_OPENING,
            postgresql_where=_IS_OPENING,
        ),
        Index("ix_milestone_case", "case_token", "kind", "from_on"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    case_token: Mapped[str] = mapped_column(String(TOKEN))
    item: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(30))
    code: Mapped[str] = mapped_column(String(40))
    from_on: Mapped[date] = mapped_column(Date)
    to_on: Mapped[date | None] = mapped_column(Date)
    is_estimated: Mapped[bool] = mapped_column(Boolean)
    received_on: Mapped[date | None] = mapped_column(Date)
    lasted: Mapped[int | None] = mapped_column(SmallInteger)
    since_seq: Mapped[int] = mapped_column(POSITION)
    until_seq: Mapped[int | None] = mapped_column(POSITION)


class MilestoneSource(Base):
    """What the milestones were made from: one row, the fingerprint of the definitions."""

    __tablename__ = "milestone_source"

    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
