"""The only place for what every table shares: the base class and names of constraints."""

from datetime import UTC, datetime
from typing import cast

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, MetaData, Table, TypeDecorator
from sqlalchemy.orm import DeclarativeBase

TOKEN = 34
"""Characters of a token: "c_" or "u_" and 32 hexadecimal digits."""

POSITION = BigInteger().with_variant(Integer(), "sqlite")
"""A position in the log; on SQLite INTEGER, so that a primary key is the row's own number."""


class Base(DeclarativeBase):
    """The base of every model; constraints are named so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Instant(TypeDecorator[datetime]):
    """An instant in UTC. SQLite keeps no time zone, so it is given back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse an instant without a time zone; store it as UTC."""
        if value is not None and value.tzinfo is None:
            raise ValueError("An instant without a time zone cannot be stored. Use clock.now().")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def table_of(model: type[Base]) -> Table:
    """The table of a model, for statements on the write path, where the ORM costs three times more."""
    return cast("Table", model.__table__)
