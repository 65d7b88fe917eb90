"""The only place that sees to it that one process at a time does a thing for an installation."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(lock: Path) -> Iterator[bool]:
    """Whether no other process holds this lock file; it is this one's until the block ends.

    The system itself lets go of the lock when a process ends, however it ends. So what is
    found half done while one holds it was left by somebody who is gone.
    """
    with os.fdopen(os.open(lock, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
