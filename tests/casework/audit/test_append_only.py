"""The database itself refuses to change the log, by every way a careless or hurried hand may try."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from casework.audit import record
from casework.audit.record import NewEvent, Origin
from casework.audit.verify import verify_log
from casework.database import begin_write

COLUMNS = {
    "audit_event": "seq, id, at, actor, action, case_token, req, part, body, leaf_hash",
    "audit_node": "level, position, hash",
    "audit_detail": "seq, salt, body",
}
EVERYWHERE = [
    *(
        f"UPDATE {table} SET {column} = {column}"
        for table, columns in COLUMNS.items()
        for column in columns.split(", ")
    ),
    "UPDATE audit_event SET action = 'x' WHERE seq = 1",
    "DELETE FROM audit_event",
    "DELETE FROM audit_event WHERE seq = 3",
    "DELETE FROM audit_node",
]
ON_SQLITE = [
    f"{replace} INTO {table} SELECT {columns} FROM {table}"
    for replace in ("INSERT OR REPLACE", "REPLACE")
    for table, columns in COLUMNS.items()
    if table != "audit_detail"
] + [
    "UPDATE OR REPLACE audit_event SET seq = seq + 1",
    "INSERT OR REPLACE INTO audit_event SELECT 99, id, at, actor, action, case_token, 'other', 0, "
    "body, leaf_hash FROM audit_event WHERE seq = 1",
    "INSERT OR REPLACE INTO audit_event SELECT 99, 'other', at, actor, action, case_token, req, "
    "part, body, leaf_hash FROM audit_event WHERE seq = 1",
    "INSERT INTO audit_event SELECT * FROM audit_event WHERE seq = 1 "
    "ON CONFLICT (seq) DO UPDATE SET action = 'x'",
]
ON_POSTGRES = [
    "TRUNCATE audit_event CASCADE",
    "TRUNCATE audit_node",
    "INSERT INTO audit_event SELECT * FROM audit_event WHERE seq = 1 "
    "ON CONFLICT (seq) DO UPDATE SET action = 'x'",
    # What a restored or replicated session would otherwise slip past.
    "SET LOCAL session_replication_role = replica; DELETE FROM audit_event",
]


@pytest.fixture
def log(db: Session) -> Session:
    begin_write(db)
    for _ in range(5):
        record.append(db, NewEvent("told", "reviewer", texts={"note": "x"}), Origin("web"))
    db.commit()
    return db


def test_s54_no_statement_changes_the_log(log: Session, database_kind: str) -> None:
    before = record.log_root(log, 5)
    own = ON_SQLITE if database_kind == "sqlite" else ON_POSTGRES
    for statement in (*EVERYWHERE, *own):
        begin_write(log)
        with pytest.raises(DBAPIError, match=r"append-only\. Nothing was changed"):
            log.execute(text(statement))
        log.rollback()
    assert record.log_size(log) == 5
    assert record.log_root(log, 5) == before
    assert all(finding.holds for finding in verify_log(log))


def test_words_can_be_erased_but_not_rewritten(log: Session) -> None:
    begin_write(log)
    log.execute(text("DELETE FROM audit_detail WHERE seq = 2"))
    log.commit()
    failed = [finding for finding in verify_log(log) if not finding.holds]
    assert [finding.sentence for finding in failed] == [
        "Words are missing without an erasure event: entry 2."
    ]


def test_a_transaction_that_reads_cannot_write(log: Session) -> None:
    record.log_size(log)  # the transaction has begun, and begun reading
    with pytest.raises(DBAPIError, match=r"(?i)read.?only"):
        record.append(log, NewEvent("told", "reviewer"), Origin("web"))
    log.rollback()
    assert record.log_size(log) == 5
    begin_write(log)
    record.append(log, NewEvent("told", "reviewer"), Origin("web"))
    log.commit()
    assert record.log_size(log) == 6
