"""The only place that deletes stored files: those that were kept a while ago and nobody names.

A form keeps a file before its transaction begins, so a file that nobody names yet may be about to
be named. Keeping writes a file anew even where its bytes are there already: by the age of what
is on the disk, and not of what a table says, such a file is known, and stays.
"""

import os
import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from casework.files.store import Store

SPARED = timedelta(days=1)
"""Longer than any form that holds a file can be open (`web.uploads`)."""


def left_behind(store: Store, now: datetime) -> list[str]:
    """The SHA-256 of every file that was kept longer ago than forms are open.

    Whether anybody names it is the caller's to know.
    """
    found = store.folder.glob("[0-9a-f][0-9a-f]/*")
    return sorted({path.stem for path in found if _is_old(path, now)})


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
