"""The only place that sees to it that one process at a time sends mail for an installation."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK = "outbox.lock"


@contextmanager
def only_sender(data_dir: Path) -> Iterator[bool]:
    """Whether this process is the only one that sends; it stays so until the block ends.

    The system itself lets go of the lock when a process ends, however it ends. So what is
    found half done while one holds it was left by somebody who is gone.
    """
    with (data_dir / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
