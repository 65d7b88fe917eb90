"""The only place for the table of stored files: what is known of the bytes, not whose they are."""

from datetime import datetime

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.models.base import Base, Instant


class StoredFile(Base):
    """A file that is kept, by the hash of its bytes; several papers may be the same bytes.

    `scan` is "clean", or "not_scanned" where the office has no virus scanner.
    """

    __tablename__ = "stored_file"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(Integer)
    media_type: Mapped[str] = mapped_column(String(100))
    stored_at: Mapped[datetime] = mapped_column(Instant)
    scan: Mapped[str] = mapped_column(String(20))
