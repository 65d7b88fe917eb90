"""The only place that says who reads the log when it is verified: this process, or several.

What is to be read is in parts that are judged by themselves, and come back in order. Each of
several processes has a connection of its own, which only reads.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, TypeVar

from sqlalchemy import URL, create_engine
from sqlalchemy.orm import Session

from casework.database import prepare

Part, Found = TypeVar("Part"), TypeVar("Found")
Progress = Callable[[str, int, int], None]
"""Is told what is being read, how much of it is done, and of how much."""


@dataclass(frozen=True)
class Reading:
    """By how many processes the log is read, and who is told how far it is."""

    processes: int = 1
    told: Progress = lambda _what, _done, _of: None

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
        if self.processes == 1:
            for part in parts:
                yield work(session, by, part)
            return
        bind: Any = session.get_bind()
        begin = (bind.engine.url, work, by)
        several = ProcessPoolExecutor(self.processes, get_context("spawn"), _begin, begin)
        with several as pool:
            yield from pool.map(_do, parts, chunksize=4)


ALONE = Reading()
_mine: dict[str, Any] = {}
"""What a process of several works by: its session, and what it was begun with."""


def _begin(url: URL, work: Callable[[Session, Any, Any], Any], by: object) -> None:
    _mine.update(session=Session(prepare(create_engine(url))), work=work, by=by)


def _do(part: Any) -> Any:
    return _mine["work"](_mine["session"], _mine["by"], part)
