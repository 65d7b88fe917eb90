"""The only place that deletes stored files: those that were kept a while ago and nobody names.

A form keeps a file before its transaction begins, so a file that nobody names yet may be about to
be named. Keeping writes a file anew even where its bytes are there already: by the age of what
is on the disk, and not of what a table says, such a file is known, and stays.
"""

import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.files.store import Store
from casework.models import StoredFile, WaitingFile

PART = 500
"""A statement takes only so many values."""
SPARED = timedelta(days=1)
"""Longer than any form that holds a file can be open (`web.uploads`)."""


def left_behind(store: Store, now: datetime) -> list[str]:
    """The SHA-256 of every file that was kept longer ago than forms are open.

    Whether anybody names it is the caller's to know.
    """
    found = store.folder.glob("[0-9a-f][0-9a-f]/*")
    return sorted({path.stem for path in found if _is_old(path, now)})


def named_among(session: Session, digests: Iterable[str]) -> set[str]:
    """Those of these files that something on a case has named, or that wait with an application."""
    asked, columns = list(digests), (StoredFile.sha256, WaitingFile.sha256)
    parts = [asked[first : first + PART] for first in range(0, len(asked), PART)]
    return {
        found
        for part in parts
        for column in columns
        for found in session.scalars(select(column).where(column.in_(part)))
    }


def delete(store: Store, digest: str, now: datetime) -> bool:
    """Delete a file and its words, unless it was kept again meanwhile; whether anything was.

    The caller knows, and sees to it until this is done, that nobody names it.
    """
    gone = [_delete(store, path, now) for path in store.paths(digest)]
    return True in gone


def delete_unfinished(store: Store, now: datetime) -> int:
    """Delete what keeping left half-written when its process was ended; how many files."""
    old = [path for path in (store.folder / "incoming").glob("*") if _is_old(path, now)]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _is_old(path: Path, now: datetime) -> bool:
    with suppress(FileNotFoundError):
        return path.stat().st_mtime < (now - SPARED).timestamp()
    return False


def _delete(store: Store, path: Path, now: datetime) -> bool:
    """Take a file out of its place, and only then look at its age: nobody can renew it there."""
    aside = store.folder / "incoming" / secrets.token_hex(16)
    try:
        path.rename(aside)
    except FileNotFoundError:
        return False
    if _is_old(aside, now):
        aside.unlink()
        return True
    with suppress(FileExistsError):  # kept once more in this very moment: that one is as good
        os.link(aside, path)
    aside.unlink()
    return False
