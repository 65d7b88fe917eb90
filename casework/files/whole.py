"""The only place that writes a named file whole or not at all, and so that it outlasts a power cut."""

import os
import tempfile
from pathlib import Path


def write_whole(path: Path, content: bytes, mode: int) -> None:
    """Write a file beside its place with these permissions, flush it, and put it there in one step.

    What was there is replaced. Raises OSError, which names `path`; then nothing has changed.
    """
    try:
        descriptor, unfinished = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        error.filename = str(path)  # the name that the user knows
        raise
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(descriptor, mode)
            os.fsync(descriptor)
        Path(unfinished).replace(path)
        flush_folder(path.parent)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


def flush_folder(folder: Path) -> None:
    """Let what was put into a folder, or renamed in it, outlast a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
