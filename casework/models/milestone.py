"""The only place for the milestone table: the log as bitemporal rows that measures count."""

from datetime import date

from sqlalchemy import Boolean, Date, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.models.base import POSITION, TOKEN, Base


class Milestone(Base):
    """Something true of a case from a day to a day, as the log knew it from a position to another.

    A row stands on day D at log size N when `from_on <= D`, `to_on` is null or later than D,
    `since_seq < N`, and `until_seq` is null or at least N. Written by `casework.counts.milestones`,
    which can drop and rebuild the whole table from the log.
    """

    __tablename__ = "milestone"
    __table_args__ = (
        Index("ix_milestone_kind_from", "kind", "from_on", "case_token"),
        Index("ix_milestone_kind_to", "kind", "to_on", "case_token"),
        Index("ix_milestone_case_token", "case_token", "until_seq"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    case_token: Mapped[str] = mapped_column(String(TOKEN))
    item: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(30))
    code: Mapped[str] = mapped_column(String(40))
    from_on: Mapped[date] = mapped_column(Date)
    to_on: Mapped[date | None] = mapped_column(Date)
    is_estimated: Mapped[bool] = mapped_column(Boolean)
    since_seq: Mapped[int] = mapped_column(POSITION)
    until_seq: Mapped[int | None] = mapped_column(POSITION)
