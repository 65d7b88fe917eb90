"""The only place for the tables of the force's monthly lists: how they are read, what was found.

No list is kept, and no name: of what a list tells, only references, days and codes of what is to
be looked at. The log has each check with its figures, and each finding that was settled.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from casework.models.base import POSITION, TOKEN, Base, Instant


class ListReading(Base):
    """How the lists of a force are read, as somebody said the last time that they were asked.

    `header` is the hash of the titles of all columns; `columns` the titles by our codes.
    """

    __tablename__ = "list_reading"

    force: Mapped[str] = mapped_column(String(40), primary_key=True)
    header: Mapped[str] = mapped_column(String(64))
    columns: Mapped[dict[str, str]] = mapped_column(JSON)
    order: Mapped[str] = mapped_column("day_order", String(5))


class ListCheck(Base):
    """A list that was compared with the cases, both days of its period included.

    `since_seq` is the position of its event, `counts` the event's figures. `findings` are the
    tokens of what it found, new or found before, `met` those of the cases that were on it.
    `unread` are [row, column, why], `respelt` the
    references matched although written otherwise, [row, reference, case token]: the first so many.
    """

    __tablename__ = "list_check"
    __table_args__ = (Index("ix_list_check_force", "force", "checked_at"),)

    token: Mapped[str] = mapped_column(String(TOKEN), primary_key=True)
    since_seq: Mapped[int] = mapped_column(POSITION, unique=True)
    force: Mapped[str] = mapped_column(String(40))
    from_on: Mapped[date] = mapped_column(Date)
    to_on: Mapped[date] = mapped_column(Date)
    checked_at: Mapped[datetime] = mapped_column(Instant)
    checked_by: Mapped[str] = mapped_column(String(TOKEN))
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    findings: Mapped[list[str]] = mapped_column(JSON)
    met: Mapped[list[str]] = mapped_column(JSON)
    unread: Mapped[list[list[Any]]] = mapped_column(JSON)
    respelt: Mapped[list[list[Any]]] = mapped_column(JSON)


class ListFinding(Base):
    """Something that a list and the cases tell otherwise, from the check on that found it first.

    It is open until somebody settles it (`settled_as`, by the event at `settled_seq`) or a later
    check finds it no longer so (`ended_at`). `listed` are the rows: "row", "reference" and "told";
    `cases` tokens, sorted; `differences` are [column, listed values, values here]. `same_as` is
    the case that the row was said to be about.
    """

    __tablename__ = "list_finding"
    __table_args__ = (Index("ix_list_finding_force", "force", "ended_at"),)

    token: Mapped[str] = mapped_column(String(TOKEN), primary_key=True)
    check_token: Mapped[str] = mapped_column(ForeignKey("list_check.token"), index=True)
    force: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(Text)
    listed: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    cases: Mapped[list[str]] = mapped_column(JSON)
    differences: Mapped[list[list[Any]]] = mapped_column(JSON)
    found_at: Mapped[datetime] = mapped_column(Instant)
    settled_as: Mapped[str | None] = mapped_column(String(20))
    settled_seq: Mapped[int | None] = mapped_column(POSITION)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    same_as: Mapped[str | None] = mapped_column(String(TOKEN))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
