"""What was acknowledged is on the disk: no setting of the application’s lets a database defer that."""

from sqlalchemy import text
from sqlalchemy.orm import Session

FLUSHED = {("wal", 2), ("delete", 3)}
"""SQLite’s journals, each with the least that flushes it before a commit returns: FULL and EXTRA."""


def test_s60_a_commit_returns_once_it_is_on_the_disk(db: Session, database_kind: str) -> None:
    if database_kind == "sqlite":
        journal = db.scalar(text("PRAGMA journal_mode"))
        assert (journal, db.scalar(text("PRAGMA synchronous"))) in FLUSHED
        return
    query = "SELECT count(*) FROM pg_settings WHERE source = 'session' AND name = ANY(:names)"
    mine = db.scalar(text(query), {"names": ["synchronous_commit", "fsync", "full_page_writes"]})
    assert mine == 0
