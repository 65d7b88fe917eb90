"""The only place that lets a backup have its name only once it is whole."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from casework.backups.refusal import BackupRefused
from casework.files.whole import flush_folder

ENDING = ".age"
_UNFINISHED = ".casework-backup-"


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write to, which has the name `path` once the block has ended, flushed to the disk.

    Whatever ends the block before, or the process, leaves nothing under that name. Raises
    BackupRefused where the name is taken, and OSError where it cannot be written.
    """
    if not path.parent.is_dir():
        raise BackupRefused(f"There is no folder {path.parent} to keep a backup in. Make it first.")
    _refuse_taken(path)
    _delete_unfinished(path.parent)
    try:
        descriptor, name = tempfile.mkstemp(prefix=_UNFINISHED, dir=path.parent)
    except OSError as error:
        error.filename = str(path)  # the name that the user knows
        raise
    unfinished = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield file
            file.flush()
            os.fsync(file.fileno())
            _put(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def _put(unfinished: Path, path: Path) -> None:
    """Give a file its name, unless another one got it meanwhile."""
    try:
        os.link(unfinished, path)
    except FileExistsError:
        _refuse_taken(path)
    flush_folder(path.parent)


def _refuse_taken(path: Path) -> None:
    if path.exists():
        raise BackupRefused(
            f"There is a file {path} already, and it was left as it is. Give another name."
        )


def _delete_unfinished(folder: Path) -> None:
    """Delete what backups left in a folder that were ended before they were whole.

    The system lets go of a file's lock when the process that writes it ends.
    """
    for path in folder.glob(f"{_UNFINISHED}*"):
        with suppress(FileNotFoundError, BlockingIOError), path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
