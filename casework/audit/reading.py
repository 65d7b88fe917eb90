"""The only place that says who reads the log when it is verified: this process, or several.

What is to be read is in parts that are judged by themselves, and come back in order. Each of
several processes has a connection of its own, which only reads.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from typing import Any, TypeVar

from sqlalchemy import URL, create_engine
from sqlalchemy.orm import Session

from casework.database import prepare

Part = TypeVar("Part")
Found = TypeVar("Found")
Progress = Callable[[str, int, int], None]
"""Is told what is being read, how much of it is done, and of how much."""


@dataclass(frozen=True)
class Reading:
    """How the log is read: by a pool of processes, if there is one, and who is told how far it is."""

    told: Progress = lambda _what, _done, _of: None
    pool: Executor | None = None

    def each(
        self,
        session: Session,
        work: Callable[[Session, Any, Part], Found],
        by: object,
        parts: Iterable[Part],
    ) -> Iterator[Found]:
        """What `work` finds of each part, in their order, given `by` what parts are judged.

        It is a function of a module, as processes name it.
        """
        if self.pool is None:
            for part in parts:
                yield work(session, by, part)
            return
        yield from self.pool.map(partial(_do, work, by), parts, chunksize=PARTS)


ALONE = Reading()
PARTS = 4
"""How many parts a process is given at once."""


@contextmanager
def read_by(session: Session, processes: int, told: Progress) -> Iterator[Reading]:
    """Lends a reading of the session's database by so many processes."""
    if processes == 1:
        yield Reading(told)
        return
    bind: Any = session.get_bind()
    url = (bind.engine.url,)
    # What was forked would share this process's connections.
    with ProcessPoolExecutor(processes, get_context("spawn"), _begin, url) as pool:
        yield Reading(told, pool)


_sessions: list[Session] = []
"""The session of a process of several."""


def _begin(url: URL) -> None:
    _sessions.append(Session(prepare(create_engine(url))))


def _do(work: Callable[[Session, Any, Any], Any], by: object, part: Any) -> Any:
    return work(_sessions[0], by, part)
