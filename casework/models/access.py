"""The only place for who looked at which case: one row per person, case and half hour."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from casework.models.base import TOKEN, Base, Instant


class AccessRead(Base):
    """A person read a case in the half hour that began at `began_at` (UTC). Outside the log."""

    __tablename__ = "access_read"

    person_token: Mapped[str] = mapped_column(String(TOKEN), primary_key=True)
    case_token: Mapped[str] = mapped_column(String(TOKEN), primary_key=True)
    began_at: Mapped[datetime] = mapped_column(Instant, primary_key=True, index=True)
