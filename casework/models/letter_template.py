"""The only place for the table of the office's own letter templates, as the log has them."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.models.base import POSITION, Base


class LetterTemplate(Base):
    """Which Word template a letter has from a position in the log on; rows are only added.

    `sha256` names the stored file; without one the letter is the built-in one again.
    """

    __tablename__ = "letter_template"

    letter: Mapped[str] = mapped_column(String(40), primary_key=True)
    since_seq: Mapped[int] = mapped_column(POSITION, primary_key=True, autoincrement=False)
    sha256: Mapped[str | None] = mapped_column(String(64), ForeignKey("stored_file.sha256"))
