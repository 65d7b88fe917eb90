"""The only place for the table of who somebody is in the directory that signs them in."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from casework.models.base import Base

LONGEST_SUBJECT = 255
"""Characters of a subject at most: OpenID Connect Core 1.0, section 2."""


class DirectoryLink(Base):
    """By whom (`issuer`) and under which unchanging name (`subject`) a person is vouched for."""

    __tablename__ = "directory_link"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    issuer: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(LONGEST_SUBJECT))
