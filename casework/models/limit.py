"""The only place for the table of how often somebody asked."""

from datetime import datetime

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.models.base import Base, Instant


class LimitedUse(Base):
    """How often somebody did something within one window, by a keyed hash that is of that window only."""

    __tablename__ = "limited_use"

    whose_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    what: Mapped[str] = mapped_column(String(20), primary_key=True)
    until: Mapped[datetime] = mapped_column("used_until", Instant, index=True)
    times: Mapped[int] = mapped_column(Integer)
