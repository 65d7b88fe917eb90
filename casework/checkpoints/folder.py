"""The only place that leaves checkpoints in the folder for them, one file each, and reads them there.

The folder should be another machine's, mounted here; what is in it may be older than the database,
and is never changed.
"""

import errno
import os
from collections.abc import Iterable
from pathlib import Path

from casework.audit.words import entries_counted
from casework.files.whole import write_whole
from casework.models import Checkpoint

FOR_EVERYBODY = 0o644
_NAME, _ANY_NAME = "checkpoint-{:012}.txt", "checkpoint-*.txt"


class CopyDiffers(Exception):
    """Another checkpoint over as many entries lies in the folder: somebody signed two pasts."""


def file_of(folder: Path, size: int) -> Path:
    """Where the checkpoint over so many entries lies."""
    return folder / _NAME.format(size)


def files_in(folder: Path) -> tuple[Path, ...]:
    """Every file of a checkpoint, the smallest first. Raises OSError where the folder cannot be read."""
    _require(folder)
    return tuple(sorted(folder.glob(_ANY_NAME)))


def leave(folder: Path, checkpoints: Iterable[Checkpoint]) -> None:
    """Leave in the folder those that are not there yet.

    Raises CopyDiffers, and leaves that file as it is; OSError where the folder cannot be used.
    """
    _require(folder)
    for checkpoint in checkpoints:
        path, note = file_of(folder, checkpoint.size), checkpoint.note.encode()
        if not path.exists():
            write_whole(path, note, FOR_EVERYBODY)
        elif path.read_bytes() != note:
            raise CopyDiffers(
                f"{path} holds another checkpoint over {entries_counted(checkpoint.size)} than this log "
                "has: two logs were signed. The file was left as it is. Keep it safe, and run: "
                f"casework audit verify --checkpoint {path}"
            )


def _require(folder: Path) -> None:
    if not folder.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(folder))
