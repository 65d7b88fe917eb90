"""The only place for the tables of the audit log: events, tree nodes, and words beside them.

Rows are written by `casework.audit.record` and by nothing else; triggers refuse UPDATE and
DELETE of events and nodes. Every column of an event can be derived from its bytes.
"""

from sqlalchemy import ForeignKey, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from casework.models.base import POSITION, TOKEN, Base


class AuditEvent(Base):
    """One event. `body` are the exact canonical bytes; the other columns are read off them."""

    __tablename__ = "audit_event"
    __table_args__ = (UniqueConstraint("req", "part"),)

    seq: Mapped[int] = mapped_column(POSITION, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    at: Mapped[str] = mapped_column(String(27), index=True)
    actor: Mapped[str] = mapped_column(String(TOKEN), index=True)
    action: Mapped[str] = mapped_column(String(40), index=True)
    case_token: Mapped[str | None] = mapped_column(String(TOKEN), index=True)
    req: Mapped[str] = mapped_column(String(64))
    part: Mapped[int] = mapped_column(Integer)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    leaf_hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class AuditNode(Base):
    """The hash of a complete subtree of 2**level events, level 1 and up."""

    __tablename__ = "audit_node"

    level: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(POSITION, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class AuditDetail(Base):
    """The words of an event, kept outside the log under the salted commitment the event holds."""

    __tablename__ = "audit_detail"

    seq: Mapped[int] = mapped_column(
        ForeignKey("audit_event.seq"), primary_key=True, autoincrement=False
    )
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))
    body: Mapped[bytes] = mapped_column(LargeBinary)
