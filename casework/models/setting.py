"""The only place for the office's settings as the log has them, newest last."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from casework.models.base import POSITION, Base


class OfficeSetting(Base):
    """A value a setting had from a position in the log on; rows are only added."""

    __tablename__ = "office_setting"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    since_seq: Mapped[int] = mapped_column(POSITION, primary_key=True, autoincrement=False)
    value: Mapped[str] = mapped_column(Text)
