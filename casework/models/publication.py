"""The only place for the table of reports that are drafted, approved and published."""

from datetime import date, datetime

from sqlalchemy import JSON, Date, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from casework.models.base import POSITION, TOKEN, Base, Instant

SHA_256 = 64


class Publication(Base):
    """A report on its way to being published, or published.

    Its figures are fixed by the period, `status_on`, `log_size` and `edition`; `figures` is the
    SHA-256 of their canonical JSON. `words` are its editable sections by name, and no event until
    it is published; `written_by` those who wrote them, by token. `version` goes up with every
    change, so that two people do not overwrite each other. Of a published report `year` and
    `number` are what it is cited by, and `since_seq` the position of the event that has it all.
    """

    __tablename__ = "publication"
    __table_args__ = (UniqueConstraint("year", "number"),)

    token: Mapped[str] = mapped_column(String(TOKEN), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    from_on: Mapped[date] = mapped_column(Date)
    to_on: Mapped[date] = mapped_column(Date)
    status_on: Mapped[date] = mapped_column(Date)
    log_size: Mapped[int] = mapped_column(POSITION)
    edition: Mapped[int] = mapped_column(Integer)
    figures: Mapped[str] = mapped_column(String(SHA_256))
    state: Mapped[str] = mapped_column(String(40), index=True)
    version: Mapped[int] = mapped_column(Integer)
    words: Mapped[dict[str, str]] = mapped_column(JSON)
    written_by: Mapped[list[str]] = mapped_column(JSON)
    changed_by: Mapped[str] = mapped_column(String(TOKEN))
    changed_at: Mapped[datetime] = mapped_column(Instant)
    year: Mapped[str | None] = mapped_column(String(7))
    number: Mapped[int | None] = mapped_column(Integer)
    published_on: Mapped[date | None] = mapped_column(Date)
    since_seq: Mapped[int | None] = mapped_column(POSITION, unique=True)


def cited_as(year: str, number: int) -> str:
    """What the report of a number in a financial year is cited by: "R/2026-27/3"."""
    return f"R/{year}/{number}"
