"""W4 and W5 on one kind of database: one register filled, its pages and its searches measured."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks import databases, register, w4_pages, w5_search
from benchmarks.databases import Kind
from benchmarks.measuring import Row, measured, rows_of
from benchmarks.register import Register
from benchmarks.w4_pages import ASKED

LIST, CASE, SEARCH = "W4 case list", "W4 case page", "W5 full text"
GOALS = {LIST: 3.0, CASE: 2.0, SEARCH: 15.0}


@dataclass
class Page:
    """One page of a contender, asked for again and again."""

    name: str
    get: Callable[[str, str], str]
    path: str
    query: str = ""

    def ready(self, numbers: range) -> None:
        """Nothing is to be prepared."""

    def act(self, number: int) -> None:
        self.get(self.path, self.query)

    def close(self) -> None:
        """Its contender has another page and closes itself."""


def measure(
    kind: Kind, works: tuple[str, ...], rounds: int, size: int, cases: int
) -> Iterator[Row]:
    """Rows of W4 and W5, as far as asked for, on a register of so many cases."""
    filled = register.fill(kind, databases.new_database(kind), cases)
    if "W4" in works:
        yield from _pages(kind, filled, rounds, size)
    if "W5" in works:
        yield from _searches(kind, filled, rounds, size)


def _pages(kind: Kind, filled: Register, rounds: int, size: int) -> Iterator[Row]:
    ours = w4_pages.Ours(filled)
    limit = w4_pages.Limit(kind, filled, ours)
    django, missing = _django_admin(kind, filled)
    try:
        for work, path, query in ((LIST, "/cases", ASKED), (CASE, f"/cases/{filled.worked}", "")):
            pages = [Page(each.name, each.get, path, query) for each in (ours, limit, *django)]
            took = measured(pages, rounds, size)
            yield from rows_of(work, kind.label, took, limit.name, {ours.name: GOALS[work]})
            for name in missing:
                yield Row(
                    work, kind.label, name, None, took[limit.name].median, note="not installed"
                )
    finally:
        for each in (ours, limit, *django):
            each.close()


def _django_admin(kind: Kind, filled: Register) -> tuple[list[Any], list[str]]:
    try:
        from benchmarks.w4_django import DjangoAdmin
    except ModuleNotFoundError:
        return [], ["Django admin"]
    return [DjangoAdmin(kind, filled)], []


def _searches(kind: Kind, filled: Register, rounds: int, size: int) -> Iterator[Row]:
    ours = w5_search.Ours(filled)
    limit = w5_search.Limit(kind, filled)
    contenders = [ours, w5_search.WithExcerpts(filled), limit, w5_search.Like(kind, filled)]
    try:
        took = measured(contenders, rounds, size)
    finally:
        for each in contenders:
            each.close()
    yield from rows_of(SEARCH, kind.label, took, limit.name, {ours.name: GOALS[SEARCH]})
