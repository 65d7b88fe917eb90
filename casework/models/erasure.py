"""The only place for the table of what was erased: what is still to be done, until all of it is."""

from datetime import date, datetime

from sqlalchemy import JSON, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.models.base import POSITION, TOKEN, Base, Instant


class Erasure(Base):
    """A case whose words were erased by the event at `seq`, and how far what follows has come.

    The rows went in that event's transaction; bytes on disks go after it. `files` are the SHA-256
    of the stored files still to be looked at. `finished_at` is set when no file is left, the
    pages that held the words are written anew, and the lists outside the database name the case.
    """

    __tablename__ = "erasure"

    case_token: Mapped[str] = mapped_column(
        String(TOKEN), ForeignKey("case.token"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(POSITION, unique=True)
    due_on: Mapped[date] = mapped_column(Date)
    erased_at: Mapped[datetime] = mapped_column(Instant)
    files: Mapped[list[str]] = mapped_column(JSON)
    finished_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
