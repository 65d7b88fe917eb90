"""The only place that leaves checkpoints in the folder for them, one file each, and reads such files.

The folder should be another machine's, mounted here; what is in it may be older than the database,
may be anything that somebody put there, and is never changed.
"""

import errno
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

from casework.audit.notes import LARGEST
from casework.files.whole import write_whole
from casework.models import Checkpoint

FOR_EVERYBODY = 0o644
_NAME, _ANY_NAME = "checkpoint-{:012}.txt", "checkpoint-*.txt"


@dataclass(frozen=True)
class Left:
    """What came of leaving checkpoints, by their sizes: which were written now, which lie there already
    with other bytes, as when somebody signed two pasts.
    """

    written: frozenset[int]
    differing: tuple[int, ...]


def file_of(folder: Path, size: int) -> Path:
    """Where the checkpoint over so many entries lies."""
    return folder / _NAME.format(size)


def named_in(folder: Path) -> tuple[Path, ...]:
    """Everything that has the name of a checkpoint, the smallest first. Raises OSError."""
    _require(folder)
    return tuple(sorted(folder.glob(_ANY_NAME)))


def content_of(path: Path) -> bytes:
    """What an ordinary file holds, up to one byte more than a note may have.

    Raises OSError; it never waits, as a pipe or a device would let it.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        if not S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "It is not an ordinary file", str(path))
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(LARGEST + 1)
    finally:
        os.close(descriptor)


def leave(folder: Path, checkpoints: Iterable[Checkpoint]) -> Left:
    """Leave in the folder those that are not there yet; a file that differs stays as it is.

    Raises OSError where the folder cannot be used.
    """
    _require(folder)
    written, differing = set[int](), []
    for checkpoint in checkpoints:
        path, note = file_of(folder, checkpoint.size), checkpoint.note.encode()
        if not os.path.lexists(path):
            write_whole(path, note, FOR_EVERYBODY)
            written.add(checkpoint.size)
        elif not path.is_file() or content_of(path) != note:
            differing.append(checkpoint.size)
    return Left(frozenset(written), tuple(differing))


def _require(folder: Path) -> None:
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
