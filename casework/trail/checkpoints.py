"""The only place that reads, for pages, how far checkpoints cover the log and who keeps copies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import clock
from casework.audit import notes, record
from casework.audit.notes import NoteRefused, VerifierKey, code_of
from casework.audit.words import entries_counted
from casework.checkpoints import keys, queries
from casework.checkpoints.changes import KeyChange, key_changes
from casework.checkpoints.keys import KeyRefused
from casework.models import Checkpoint, CheckpointCopy
from casework.office_settings import settings_at
from casework.web.pagination import Page, page_of

_HOW = {queries.FOLDER: "In the folder", queries.MAIL: "Mailed to", queries.REPORT: "With report"}


@dataclass(frozen=True)
class Cover:
    """How far the newest checkpoint outside covers the log of `size` entries.

    `outside` is that checkpoint; `since` when the oldest entry after it was entered (UTC), None
    when there is none; `days` how long the office lets one be.
    """

    size: int
    outside: Checkpoint | None
    since: datetime | None
    days: int

    @property
    def newer(self) -> int:
        """How many entries no checkpoint outside covers."""
        return self.size - (self.outside.size if self.outside else 0)

    @property
    def is_overdue(self) -> bool:
        """Whether one of them is older than the office allows."""
        return self.since is not None and clock.now() - self.since > timedelta(days=self.days)

    @property
    def sentence(self) -> str:
        """How far it is covered, for people."""
        if self.since is None:
            return f"A checkpoint outside the office covers all {entries_counted(self.size)}."
        age = (clock.now() - self.since).days
        aged = "less than a day" if not age else "1 day" if age == 1 else f"{age:,} days"
        if self.outside is None:
            return f"No checkpoint is held outside yet. The oldest entry is {aged} old."
        if self.newer == 1:
            return f"1 entry is newer than the newest checkpoint outside. It is {aged} old."
        return (
            f"{entries_counted(self.newer)} are newer than the newest checkpoint outside. The oldest "
            f"of them is {aged} old."
        )


@dataclass(frozen=True)
class Listed:
    """A checkpoint as its page lists it: the keys that signed it, and who has copies."""

    row: Checkpoint
    signed_by: tuple[str, ...]
    copies: tuple[CheckpointCopy, ...]

    @property
    def code(self) -> str:
        """Its check code."""
        return code_of(self.row.note)

    @property
    def told(self) -> tuple[tuple[str, datetime], ...]:
        """Each copy in words, and when it left."""
        return tuple((f"{_HOW[copy.kind]} {copy.place}", copy.left_at) for copy in self.copies)


@dataclass(frozen=True)
class Checkpoints:
    """All that the page shows; `fault` is why no checkpoint can be signed now, None when one can."""

    cover: Cover
    change: KeyChange | None
    fault: str | None
    page: Page
    listed: tuple[Listed, ...]


def cover_of(session: Session) -> Cover:
    """How far checkpoints outside cover the log."""
    size, outside = record.log_size(session), queries.newest_outside(session)
    since = queries.entered_at(session, outside.size if outside else 0)
    return Cover(size, outside, since, settings_at(session).checkpoint_days)


def checkpoints(session: Session, path: Path, number: int) -> Checkpoints:
    """One page of the checkpoints, newest first; `path` is where the signing key is kept."""
    changes = key_changes(session)
    page = page_of(session, select(Checkpoint).order_by(Checkpoint.size.desc()), number)
    rows = [row for (row,) in page.rows]
    copies = queries.copies_of(session, [row.size for row in rows])
    known = tuple(change.key for change in changes)
    listed = tuple(Listed(row, _signed_by(row, known), copies[row.size]) for row in rows)
    newest = changes[-1] if changes else None
    return Checkpoints(cover_of(session), newest, _fault(session, path), page, listed)


def _signed_by(row: Checkpoint, known: Sequence[VerifierKey]) -> tuple[str, ...]:
    try:
        return tuple(k.fingerprint for k in notes.signers(notes.read(row.note.encode()), known))
    except NoteRefused:
        return ()


def _fault(session: Session, path: Path) -> str | None:
    try:
        keys.current(session, path)
    except (KeyRefused, OSError) as refused:
        return str(refused)
    return None
