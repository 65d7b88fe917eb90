"""The only place for the bounds that a process sets itself before it reads a file of others."""

import resource
import signal

WALL = 4
"""Seconds on the wall for each of work: a busy machine is slow to everybody."""
MOST_COLUMNS = 500
LONGEST_CELL = 131_072
"""Characters, as Python’s reader of CSV has it too."""


def bound_memory(most: int) -> None:
    """Let the process take this many bytes and write no file."""
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    for what in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        resource.setrlimit(what, (0, 0))


def bound_time(seconds: int) -> None:
    """Both kill the process where it stands, also within a library: of work, and on the wall."""
    bound_work(seconds)
    signal.setitimer(signal.ITIMER_REAL, WALL * seconds)


def bound_work(seconds: int) -> None:
    """Bound the seconds of work alone: a process may wait for its reader as long as that takes."""
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, most))
    signal.setitimer(signal.ITIMER_REAL, 0)
