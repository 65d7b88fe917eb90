"""The only place that reads a published breakdown as somebody would who wants to know more.

It tries every table of whole numbers there could be and keeps those that agree with all that was
printed: each row's figures, the totals, and how columns nest. It shares no code with what it
attacks, and knows what is withheld only by its place.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from casework.counts.ranges import Breakdown, Cell, Column

Leaves = tuple[int, ...]
Printed = Mapping[str, Mapping[str, int | None]]


def printed(breakdown: Breakdown, withheld: frozenset[Cell]) -> Printed:
    """What the reader sees of the rows: None where a figure is withheld."""
    return {
        row: {name: None if (row, name) in withheld else n for name, n in counts.items()}
        for row, counts in breakdown.rows.items()
    }


def leaves(column: Column) -> list[list[str]]:
    """What a case can have become, each with every figure that it then counts in."""
    found = [[*names, column.name] for part in column.parts for names in leaves(part)]
    rest = [f"rest of {column.name}", column.name] if column.has_rest else [column.name]
    return found if column.parts and not column.has_rest else [*found, rest]


def summed(column: Column, counts: Sequence[int]) -> dict[str, int]:
    """Every figure of a row by name, from how many cases became what."""
    figures: dict[str, int] = defaultdict(int)
    for names, count in zip(leaves(column), counts, strict=True):
        for name in names:
            figures[name] += count
    return dict(figures)


def possible(breakdown: Breakdown, withheld: frozenset[Cell]) -> dict[Cell, set[int]]:
    """Every value that each figure could have as far as the reader can tell.

    Those that are not printed but follow by subtraction are there too, as `rest of` a column.
    """
    shown, column = printed(breakdown, withheld), breakdown.column
    totals = _of_all(breakdown)
    rows = {row: list(_rows(column, totals, seen)) for row, seen in shown.items()}
    sums = _Sums(totals, breakdown.may_be_in_many)
    before = [{tuple(0 for _ in totals)}]
    for choices in rows.values():
        before.append({sums.add(left, row) for left in before[-1] for row in choices})
    after = [{tuple(0 for _ in totals)}]
    for choices in reversed(rows.values()):
        after.append({sums.add(left, row) for left in after[-1] for row in choices})
    found: dict[Cell, set[int]] = defaultdict(set)
    for place, (row, choices) in enumerate(rows.items()):
        around = {sums.add(a, b) for a, b in product(before[place], after[-2 - place])}
        for choice in choices:
            if sums.may_come_to(totals, choice, around):
                for name, count in summed(column, choice).items():
                    found[row, name].add(count)
    return found


def _of_all(breakdown: Breakdown) -> Leaves:
    """The totals by what cases became, worked out from those that are printed."""
    return tuple(_of_leaf(names[0], breakdown) for names in leaves(breakdown.column))


def _of_leaf(name: str, breakdown: Breakdown) -> int:
    whole = next((each for each in breakdown.column.all() if name == f"rest of {each.name}"), None)
    if whole is None:
        return breakdown.totals[name]
    parts = sum(breakdown.totals[part.name] for part in whole.parts)
    return breakdown.totals[whole.name] - parts


def _rows(column: Column, most: Leaves, seen: Mapping[str, int | None]) -> Iterator[Leaves]:
    """Every way in which the cases of one row can have ended that agrees with what is printed."""
    for counts in product(*(range(n + 1) for n in most)):
        figures = summed(column, counts)
        if all(seen[name] in (None, figures[name]) for name in seen):
            yield counts


class _Sums:
    """Adds rows up as far as it matters: no further than the totals, which many rows may share."""

    def __init__(self, totals: Leaves, may_be_in_many: bool) -> None:
        self.may_be_in_many = may_be_in_many
        self.most = tuple(n if may_be_in_many else n + 1 for n in totals)

    def add(self, one: Leaves, other: Leaves) -> Leaves:
        return tuple(min(a + b, most) for a, b, most in zip(one, other, self.most, strict=True))

    def may_come_to(self, totals: Leaves, row: Leaves, others: set[Leaves]) -> bool:
        """Whether a row and some sum of the others make the totals."""
        if self.may_be_in_many:
            return any(self.add(each, row) == totals for each in others)
        return tuple(n - count for n, count in zip(totals, row, strict=True)) in others
