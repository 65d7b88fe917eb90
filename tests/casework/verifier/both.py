"""The only place where tests ask both verifiers about one database: the office's and the strangers'."""

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, create_engine
from sqlalchemy.orm import Session

from casework.audit import record
from casework.audit.findings import Finding
from casework.cli.verifying import judged
from casework.database import prepare
from casework.exporting.export import Asked, write
from casework.exporting.folder import new_folder
from casework.verifier import verify_casework
from config import Settings
from tests.casework.audit.tampering import past_the_triggers

Range = tuple[int | None, int | None]
Found = dict[str, set[Range]]
"""What does not hold: the ranges that each check names."""
FOLLOWED = {"published reports"}
"""Figures follow milestones, settings and stored hashes in the office, in the verifier for strangers
entries alone."""
BESIDE = {"directory links", "lists", "reads", "second factors", "signing keys"}
"""What an export does not have, and what the verifier for strangers tells under `checkpoints`."""


@dataclass(frozen=True)
class Both:
    """What the two verifiers find of one database."""

    office: Found
    strangers: Found

    @property
    def agree(self) -> bool:
        """Whether the same checks fail, for all the ranges that the office's verifier names."""
        lent = FOLLOWED if {"milestones", "settings", "tree"} & self.office.keys() else set()
        named = self.office.keys() - BESIDE - lent
        return named == self.strangers.keys() - lent and all(
            _is_named(place, self.strangers[check])
            for check in named
            for place in self.office[check]
        )


def _is_named(place: Range, ranges: set[Range]) -> bool:
    """Whether the entries from one to another are among those that are named, if any are."""
    first, last = place
    if first is None or last is None:
        return True
    return any(
        one is not None and other is not None and one <= first and last <= other
        for one, other in ranges
    )


def exported(
    session: Session, folder: Path, *, has_words: bool = True, log_size: int | None = None
) -> Path:
    """A new export of everything, or of so many entries."""
    size = record.log_size(session) if log_size is None else log_size
    session.rollback()
    with new_folder(folder) as made:
        write(session, made, Asked(size, has_words))
    return folder


def strangers(
    folder: Path, *checkpoints: Path, keys: Iterable[str] = ()
) -> verify_casework.Outcome:
    """What the verifier for strangers says of an export."""
    source = verify_casework.Source(str(folder))
    known = [verify_casework.read_key(key) for key in keys]
    now = datetime(2026, 4, 2, tzinfo=UTC)
    return verify_casework.verify_export(source, [*map(str, checkpoints)], known, now)


def wrong(findings: Iterable[Finding | verify_casework.Finding]) -> Found:
    """The checks that do not hold, each with its ranges."""
    found: Found = {}
    for each in findings:
        if not each.holds:
            found.setdefault(each.check, set()).add((each.first_seq, each.last_seq))
    return found


class Altered:
    """Copies of one SQLite database, each tampered with in its own way, and judged by both.

    They lie at one address one after the other, as preparing statements costs more than all the rest.
    """

    def __init__(self, database: Path, folder: Path, settings: Settings) -> None:
        self._database, self._folder, self._settings = database, folder, settings
        self._copy = folder / "copy.sqlite3"
        self._engine = prepare(create_engine(f"sqlite:///{self._copy}"))

    def by_both(self, tampering: Callable[[Connection], object]) -> Both:
        """What both find of a copy."""
        shutil.copy(self._database, self._copy)
        with past_the_triggers(str(self._engine.url)) as connection:
            tampering(connection)
        try:
            with Session(self._engine, autoflush=False) as session:
                by_office = wrong(judged(session, self._settings).findings)
                session.rollback()
                export = exported(session, self._folder / "export")
            return Both(by_office, wrong(strangers(export).findings))
        finally:
            self._engine.dispose()
            shutil.rmtree(self._folder / "export", ignore_errors=True)
