"""The only place for the table of what is kept on cases: convenient to show; the log is the truth."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.models.base import TOKEN, Base

ITEM_TOKEN = 40
"""Characters of an item's token at most: "i_" and 32 hexadecimal digits, or an entry's and a place."""


class Item(Base):
    """Something kept on a case with a small life of its own: a paper, a party, a recommendation.

    Its state is changed by `casework.items` and nothing else. `version` is the number of entries
    it has in the log. `codes` are its values as the log holds them, `words` the texts beside;
    `kind`, `person` and `due_on` repeat what lists ask for, `active_on` is the day of its last entry.
    """

    __tablename__ = "item"
    __table_args__ = (
        Index("ix_item_case_token", "case_token", "workflow"),
        Index("ix_item_due", "workflow", "due_on"),
        Index("ix_item_person", "workflow", "person"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    token: Mapped[str] = mapped_column(String(ITEM_TOKEN), unique=True)
    case_token: Mapped[str] = mapped_column(String(TOKEN), ForeignKey("case.token"))
    workflow: Mapped[str] = mapped_column(String(40))
    workflow_version: Mapped[str] = mapped_column(String(20))
    workflow_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(Integer)
    began_on: Mapped[date | None] = mapped_column(Date)
    due_on: Mapped[date | None] = mapped_column(Date)
    active_on: Mapped[date | None] = mapped_column(Date)
    person: Mapped[str | None] = mapped_column(String(TOKEN))
    kind: Mapped[str | None] = mapped_column(String(40))
    codes: Mapped[dict[str, Any]] = mapped_column(JSON)
    words: Mapped[dict[str, str]] = mapped_column(JSON)
