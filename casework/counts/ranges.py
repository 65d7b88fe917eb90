"""The only place that works out what a reader of a breakdown could: within which bounds a figure
that is not printed must lie.

A breakdown is a network: cases flow from the office to the rows, along each row's columns to
what became of them, and from there into the totals, which are printed. What is printed cannot
vary; what is not can, along closed ways, and by as much as the flow along them can change. This
holds for integers because a two-way table whose columns nest is a network (Cox 1995, “Network
models for complementary cell suppression”).
"""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

Cell = tuple[str, str]
"""A figure of a breakdown: the names of its row and of its column."""
Node = tuple[str, str]
_OFFICE: Node = ("", "")


@dataclass(frozen=True)
class Column:
    """A column of a breakdown. Each case of it is in one of its `parts` or, when `has_rest`, in
    none of them; a column without parts is not broken down further.
    """

    name: str
    parts: tuple["Column", ...] = ()
    has_rest: bool = False

    def all(self) -> Iterator["Column"]:
        """The column and all within it, the whole before its parts."""
        yield self
        for part in self.parts:
            yield from part.all()


@dataclass(frozen=True)
class Breakdown:
    """Counts by row and column beside totals that are printed whatever happens.

    `column` holds all others: `rows` gives each row's count in every column by name, `totals`
    the same over all rows. When a case `may_be_in_many` rows a total counts it once, so that it
    is at most the sum of its column and at least the largest figure there; otherwise it is the
    sum. Rows that could have counted something belong here although they count 0.
    """

    column: Column
    rows: Mapping[str, Mapping[str, int]]
    totals: Mapping[str, int]
    may_be_in_many: bool = False

    @cached_property
    def arcs(self) -> Mapping[Cell, "Arc"]:
        """Every figure inside the breakdown, those that follow by subtraction too."""
        return {
            arc.cell: arc
            for row, counts in self.rows.items()
            for arc in self._of_row(row, counts, self.column, _OFFICE)
        }

    def _of_row(
        self, row: str, counts: Mapping[str, int], column: Column, start: Node
    ) -> Iterator["Arc"]:
        end = (row, column.name) if column.parts else ("", column.name)
        most = self.totals[column.name]
        yield Arc((row, column.name), start, end, counts[column.name], most)
        for part in column.parts:
            yield from self._of_row(row, counts, part, end)
        if column.has_rest:
            name = f"rest of {column.name}"
            left, most = (_rest(column, of) for of in (counts, self.totals))
            yield Arc((row, name), end, ("", name), left, most, is_printable=False)

    @cached_property
    def ends(self) -> Sequence["Arc"]:
        """The ways from what became of cases into the totals, as far as these leave room."""
        if not self.may_be_in_many:
            return ()
        sums: dict[Node, int] = defaultdict(int)
        most: dict[Node, int] = {}
        for arc in self.arcs.values():
            if not arc.end[0]:
                sums[arc.end] += arc.count
                most[arc.end] = arc.most
        return [
            Arc(("", node[1]), node, _OFFICE, count - most[node], len(self.rows) * most[node])
            for node, count in sums.items()
        ]


def _rest(column: Column, counts: Mapping[str, int]) -> int:
    return counts[column.name] - sum(counts[part.name] for part in column.parts)


@dataclass(frozen=True)
class Arc:
    """Cases that go from one place to the next: how many, and how many the totals allow at most."""

    cell: Cell
    start: Node
    end: Node
    count: int
    most: int
    is_printable: bool = True


@dataclass(frozen=True)
class Range:
    """What a figure can be at least and at most, and the printed figures that bind each bound.

    Were none of these withheld, the bound would be the same whatever else is withheld.
    """

    least: int
    most: int
    binds_least: frozenset[Cell]
    binds_most: frozenset[Cell]


def range_of(breakdown: Breakdown, withheld: frozenset[Cell], cell: Cell) -> Range:
    """The bounds of a figure to a reader of the totals and of all figures that are not withheld.

    Every whole number between them is possible.
    """
    arc = breakdown.arcs[cell]
    free = list(breakdown.ends)
    fixed: list[Arc] = []
    for other in breakdown.arcs.values():
        if other is not arc:
            may_vary = not other.is_printable or other.cell in withheld
            (free if may_vary else fixed).append(other)
    less, near = _Ways(free).flow(arc.start, arc.end, arc.count)
    binds_least = _crossing(fixed, near) if less < arc.count else frozenset()
    more, near = _Ways(free).flow(arc.end, arc.start, arc.most - arc.count)
    binds_most = _crossing(fixed, near) if more < arc.most - arc.count else frozenset()
    return Range(arc.count - less, arc.count + more, binds_least, binds_most)


def _crossing(fixed: Sequence[Arc], near: frozenset[Node]) -> frozenset[Cell]:
    """The printed figures that, could they vary, would let more flow out of these places."""
    return frozenset(
        arc.cell
        for arc in fixed
        if (arc.start in near) != (arc.end in near)
        and (arc.count < arc.most if arc.start in near else arc.count > 0)
    )


class _Ways:
    """How much more could flow between two places: each free arc may carry more, or less."""

    def __init__(self, arcs: Sequence[Arc]) -> None:
        self.room: dict[Node, dict[Node, int]] = defaultdict(lambda: defaultdict(int))
        for arc in arcs:
            self.room[arc.start][arc.end] += arc.most - arc.count
            self.room[arc.end][arc.start] += arc.count

    def flow(self, start: Node, end: Node, wanted: int) -> tuple[int, frozenset[Node]]:
        """How much can flow, up to what is wanted; and, if less, the places still reached then."""
        flowed = 0
        while flowed < wanted:
            before = self._reached(start, end)
            if end not in before:
                return flowed, frozenset(before)
            way = [end]
            while way[-1] != start:
                way.append(before[way[-1]])
            steps = list(zip(way[1:], way, strict=False))
            amount = min(wanted - flowed, *(self.room[a][b] for a, b in steps))
            for a, b in steps:
                self.room[a][b] -= amount
                self.room[b][a] += amount
            flowed += amount
        return flowed, frozenset()

    def _reached(self, start: Node, end: Node) -> dict[Node, Node]:
        """The places that can be reached, each with the one before it on a shortest way."""
        before, waiting = {start: start}, deque([start])
        while waiting and end not in before:
            here = waiting.popleft()
            for there, room in self.room[here].items():
                if room and there not in before:
                    before[there] = here
                    waiting.append(there)
        return before
