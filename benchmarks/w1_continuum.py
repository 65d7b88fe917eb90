"""W1's peer SQLAlchemy-Continuum, which writes a version of the row and its transaction."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, configure_mappers, mapped_column
from sqlalchemy_continuum import make_versioned

from benchmarks.databases import Kind
from benchmarks.w1_sqlalchemy import FOUND_ON, REASONS, engine_of, is_in_time, reviews

make_versioned(user_cls=None)


class Base(DeclarativeBase):
    """The base of the peer's tables."""


class Review(Base):
    """What the peer keeps of a case, and of each version of it."""

    __versioned__: dict[str, Any] = {}  # noqa: RUF012
    __tablename__ = "continuum_review"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str]
    provided_on: Mapped[date]
    received_on: Mapped[date]
    validated_on: Mapped[date | None]
    reasons: Mapped[str | None]


configure_mappers()


class Continuum:
    """The ORM with versions kept by a listener."""

    name = "ORM + Continuum"

    def __init__(self, kind: Kind, url: str, cases: int) -> None:
        self.engine = engine_of(kind, url)
        Base.metadata.create_all(self.engine)
        with Session(self.engine) as session:
            session.add_all(reviews(Review, cases))
            session.commit()

    def ready(self, numbers: range) -> None:
        """Nothing is to be prepared."""

    def act(self, number: int) -> None:
        with Session(self.engine) as session:
            query = select(Review).where(Review.id == number + 1).with_for_update()
            review = session.execute(query).scalar_one()
            assert review.state == "received"
            assert is_in_time(review.provided_on, review.received_on)
            review.state, review.validated_on, review.reasons = "valid", FOUND_ON, REASONS
            session.commit()

    def close(self) -> None:
        self.engine.dispose()
