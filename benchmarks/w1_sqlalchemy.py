"""W1's peer on SQLAlchemy alone: a Machine per case, and a table of what happened."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ForeignKey, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from transitions import Machine

from benchmarks.databases import Kind, pragmas

REASONS = "It was made on day 19 of the 28, and this office is the review body. " * 3
PROVIDED_ON = date(2026, 4, 1)
RECEIVED_ON = date(2026, 4, 20)
FOUND_ON = date(2026, 4, 27)


def is_in_time(provided_on: date, received_on: date) -> bool:
    """The guard that every peer asks: made within the 28 days."""
    return (received_on - provided_on).days <= 28


def engine_of(kind: Kind, url: str) -> Any:
    """An engine on the peer's own database, as durable as this project's."""
    engine = create_engine(url)
    if kind.is_sqlite:

        @event.listens_for(engine, "connect")
        def configure(raw: Any, _record: object) -> None:
            for pragma in pragmas(kind):
                raw.execute(pragma)

    return engine


class Base(DeclarativeBase):
    """The base of the peer's tables."""


class Review(Base):
    """What the peer keeps of a case."""

    __tablename__ = "peer_review"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str]
    provided_on: Mapped[date]
    received_on: Mapped[date]
    validated_on: Mapped[date | None]


class Happened(Base):
    """One transition."""

    __tablename__ = "peer_happened"

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("peer_review.id"), index=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    source: Mapped[str]
    target: Mapped[str]
    reasons: Mapped[str]


class MachinePerCase:
    """The ORM, a `transitions` Machine for each case loaded, and a row in a table of events."""

    name = "transitions + ORM + log"

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
            review: Any = session.execute(query).scalar_one()
            machine = Machine(
                model=None, states=["received", "valid", "invalid"], initial=review.state
            )
            machine.add_transition(
                "find_valid",
                "received",
                "valid",
                conditions=lambda: is_in_time(review.provided_on, review.received_on),
            )
            holder = _Holder()
            machine.add_model(holder, initial=review.state)
            holder.trigger("find_valid")
            session.add(_happened(review.id, review.state, holder.state))
            review.state, review.validated_on = holder.state, FOUND_ON
            session.commit()

    def close(self) -> None:
        self.engine.dispose()


class _Holder:
    """What the Machine moves, apart from the row, which it would mark as changed."""

    state: str
    trigger: Any


def reviews(review: Any, cases: int) -> list[Any]:
    """New cases of a peer's own class."""
    known = {"state": "received", "provided_on": PROVIDED_ON, "received_on": RECEIVED_ON}
    return [review(**known) for _ in range(cases)]


def _happened(review: int, source: str, target: str) -> Happened:
    return Happened(
        review_id=review,
        at=datetime.now(UTC).replace(tzinfo=None),
        actor="reviewer",
        source=source,
        target=target,
        reasons=REASONS,
    )
