"""The only place for the tables of signed checkpoints and of the copies that left the machine."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from casework.models.base import POSITION, Base, Instant


class Checkpoint(Base):
    """The log's `root` (32 bytes) over its first `size` events, signed; rows are only added.

    `note` is the whole signed note; it alone counts, the other columns repeat what it says.
    """

    __tablename__ = "checkpoint"

    size: Mapped[int] = mapped_column(POSITION, primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    note: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime] = mapped_column(Instant)


class CheckpointCopy(Base):
    """A copy of a checkpoint that was handed on: how (`folder`, `mail`, `report`), where to, when.

    `place` is a folder, an e-mail address, or what a published report is cited by.
    """

    __tablename__ = "checkpoint_copy"

    size: Mapped[int] = mapped_column(
        ForeignKey("checkpoint.size"), primary_key=True, autoincrement=False
    )
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    place: Mapped[str] = mapped_column(String(1000), primary_key=True)
    left_at: Mapped[datetime] = mapped_column(Instant)
