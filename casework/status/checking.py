"""The only place that says how an installation is: a line about each thing that it hangs on.

Nothing of a case or a person is in it.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from sqlalchemy import text
from sqlalchemy.orm import Session

import casework
from casework import clock
from casework.audit import record
from casework.audit.words import entries_counted
from casework.checkpoints.changes import key_changes
from casework.checkpoints.queries import entered_at
from casework.database import known_revisions, revision_of
from casework.outbox.queries import Listed, all_not_sent
from casework.trail.checkpoints import cover_of
from casework.web.filters import moment, size_in_words
from config import Settings

State = Literal["well", "look", "wrong"]
LAST_BACKUP = "last_backup"
"""A file in the data folder: when the newest backup was finished (RFC 3339, UTC)."""
OLDEST_BACKUP = timedelta(hours=36)
LONGEST_IN_MAIL = timedelta(hours=1)
LEAST_ROOM, LEAST_PART = 1_000_000_000, 0.05
"""Bytes that must be free on the disk, and which part of it."""
_SIZES = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
    "postgresql": "SELECT pg_database_size(current_database())",
}
_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True)
class Line:
    """One thing that the installation hangs on: how it is, and a sentence or two that say so."""

    name: str
    state: State
    sentence: str


Check = Callable[[Session, Settings], Line]


def lines(session: Session, settings: Settings) -> tuple[Line, ...]:
    """How the installation is, always the same things in the same order."""
    return tuple(check(session, settings) for check in _CHECKS)


def _release(_: Session, settings: Settings) -> Line:
    is_real = settings.environment == "production"
    of = "" if is_real else " It serves invented people, not a real office."
    return Line("Release", "well", f"Casework {casework.__version__}.{of}")


def _database(session: Session, _: Settings) -> Line:
    engine = session.get_bind().dialect.name
    size = session.execute(text(_SIZES[engine])).scalar_one()
    said = f"{_NAMES[engine]}, {size_in_words(size)}."
    if revision_of(session.connection()) == known_revisions()[0]:
        return Line("Database", "well", f"{said} Its tables are this release’s.")
    return Line(
        "Database",
        "wrong",
        f"{said} Its tables are not this release’s. Run casework init, and start Casework again.",
    )


def _log(session: Session, settings: Settings) -> Line:
    size = record.log_size(session)
    newest = entered_at(session, size - 1)
    said = f"{entries_counted(size)}" + (f", the newest of {moment(newest)}." if newest else ".")
    if key_changes(session) and not settings.signing_key.exists():
        return Line("Audit log", "wrong", f"{said} The key that signs it is not in its place.")
    return Line("Audit log", "well", said)


def _checkpoints(session: Session, _: Settings) -> Line:
    cover = cover_of(session)
    state: State = "wrong" if cover.is_overdue else "well" if cover.outside else "look"
    return Line("Checkpoints outside", state, cover.sentence)


def _mail(session: Session, settings: Settings) -> Line:
    found = all_not_sent(session)
    unwell = sum(each.needs_somebody for each in found)
    waiting = len(found) - unwell
    said = f"{waiting:,} waiting." if waiting else "Nothing waits."
    if settings.mail_server is None:
        said = f"No mail server is set, so nothing leaves. {said}"
    if unwell:
        return Line("Mail", "wrong", f"{said} {unwell:,} need somebody: see “Mail to send”.")
    if settings.mail_server is None:
        return Line("Mail", "look", said)
    if _is_stuck(found):
        return Line("Mail", "wrong", f"{said} Some for over an hour: does its timer still run?")
    return Line("Mail", "well", said)


def _is_stuck(found: list[Listed]) -> bool:
    since = clock.now() - LONGEST_IN_MAIL
    return any(each.mail.queued_at < since and each.mail.tried_at is None for each in found)


def _backup(_: Session, settings: Settings) -> Line:
    made_at = last_backup(settings)
    if made_at is None:
        return Line("Backup", "wrong", "No backup was made from this data folder.")
    is_old = clock.now() - made_at > OLDEST_BACKUP
    said = f"The newest was made on {moment(made_at)}."
    return Line("Backup", "wrong" if is_old else "well", f"{said} None since." if is_old else said)


def last_backup(settings: Settings) -> datetime | None:
    """When the newest backup was finished (UTC); None where none is known of."""
    try:
        return datetime.fromisoformat((settings.data_dir / LAST_BACKUP).read_text("ascii"))
    except (OSError, ValueError):
        return None


def _disk(_: Session, settings: Settings) -> Line:
    total, _used, free = shutil.disk_usage(_existing(settings.data_dir))
    is_full = free < LEAST_ROOM or free < LEAST_PART * total
    said = f"{size_in_words(free)} free of {size_in_words(total)} where the data folder is."
    return Line("Disk", "wrong" if is_full else "well", said)


def _existing(path: Path) -> Path:
    return path if path.exists() or path == path.parent else _existing(path.parent)


_CHECKS: tuple[Check, ...] = (*(_release, _database, _log, _checkpoints, _mail, _backup, _disk),)
