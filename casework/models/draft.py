"""The only place for the table of drafts: what somebody has typed and not yet recorded."""

from datetime import datetime

from sqlalchemy import JSON, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.models.base import TOKEN, Base, Instant

LONGEST_FORM = 200


class Draft(Base):
    """What a person has typed into the form at an address, on a case or (`case_token` "") on none.

    Only its writer sees it; it is no record of anything, so the log and the counts do not know
    it. `fields` are the (name, value) pairs the browser sent; `base_version` is the version of
    the case that the form was opened on.
    """

    __tablename__ = "draft"

    person_token: Mapped[str] = mapped_column(String(TOKEN), primary_key=True)
    form: Mapped[str] = mapped_column(String(LONGEST_FORM), primary_key=True)
    case_token: Mapped[str] = mapped_column(String(TOKEN), index=True)
    title: Mapped[str] = mapped_column(String(LONGEST_FORM))
    fields: Mapped[list[list[str]]] = mapped_column(JSON)
    base_version: Mapped[int | None] = mapped_column(Integer)
    began_at: Mapped[datetime] = mapped_column(Instant)
    saved_at: Mapped[datetime] = mapped_column(Instant)
