"""Transactions: who may write, and what becomes of one in which a statement failed."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from casework.database import SpoiledTransaction, begin_write, prepare
from casework.models import ReferenceCounter


def counters(db: Session) -> list[str]:
    return list(db.execute(select(ReferenceCounter.prefix)).scalars())


def test_a_failed_statement_spoils_its_whole_transaction_even_when_it_was_caught(
    db: Session,
) -> None:
    begin_write(db)
    insert = text("INSERT INTO reference_counter (prefix, last) VALUES (:prefix, 1)")
    db.execute(insert, {"prefix": "A"})
    with pytest.raises(IntegrityError):
        db.execute(insert, {"prefix": "A"})
    with pytest.raises(SpoiledTransaction):
        db.commit()
    db.rollback()
    assert counters(db) == []


def test_after_it_the_next_transaction_is_kept(db: Session) -> None:
    begin_write(db)
    with pytest.raises(DBAPIError):
        db.execute(text("INSERT INTO nothing_there VALUES (1)"))
    begin_write(db)
    db.add(ReferenceCounter(prefix="B", last=1))
    db.commit()
    assert counters(db) == ["B"]


def test_who_did_not_begin_to_write_cannot(db: Session) -> None:
    db.execute(select(1))
    db.add(ReferenceCounter(prefix="C", last=1))
    with pytest.raises(DBAPIError):
        db.flush()
    db.rollback()
    assert counters(db) == []


@pytest.mark.one_database
def test_what_could_only_be_read_when_it_was_opened_is_opened_anew(tmp_path: Path) -> None:
    path = tmp_path / "office.sqlite3"
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE kept (word)")
    modes = iter(["ro", "rw"])

    def opened() -> sqlite3.Connection:
        return sqlite3.connect(f"file:{path}?mode={next(modes)}", uri=True)

    engine = prepare(create_engine("sqlite://", creator=opened, poolclass=QueuePool))

    def write() -> None:
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            connection.execute(text("INSERT INTO kept VALUES ('here')"))

    with pytest.raises(DBAPIError, match="readonly"):
        write()
    write()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT word FROM kept")).scalars().all() == ["here"]
    engine.dispose()
