"""Nothing that is withheld can be worked out, by a reader who tries everything; and little is withheld."""

import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations, combinations_with_replacement, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.counts import suppression
from casework.counts.ranges import Breakdown, Cell, Column
from casework.counts.suppression import withheld
from tests.casework.counts.attacker import leaves, possible, printed, summed

LIST = Column("all")
TWO = Column("all", (Column("a"), Column("b")))
THREE = Column("all", (Column("a"), Column("b"), Column("c")))
NESTED = Column("received", (Column("valid", (Column("upheld"),), has_rest=True),), has_rest=True)


def breakdown(column: Column, rows: list[tuple[int, ...]], totals: tuple[int, ...]) -> Breakdown:
    """Rows and totals by what cases became; in many rows when the totals are not the sums."""
    named = {f"r{place}": counts_of(column, row) for place, row in enumerate(rows)}
    sums = tuple(map(sum, zip(*rows, strict=True)))
    return Breakdown(column, named, counts_of(column, totals), may_be_in_many=sums != totals)


def counts_of(column: Column, row: tuple[int, ...]) -> dict[str, int]:
    figures = summed(column, row)
    return {each.name: figures[each.name] for each in column.all()}


def every(column: Column, rows: int, most: int) -> Iterator[Breakdown]:
    """Every table of so many rows with no figure over `most`, but for the order of its rows."""
    each = list(product(range(most + 1), repeat=len(leaves(column))))
    for found in combinations_with_replacement(each, rows):
        yield breakdown(column, list(found), tuple(map(sum, zip(*found, strict=True))))


def small(table: Breakdown, under: int) -> set[Cell]:
    """The figures to be guarded: also what is left when parts are taken from a whole."""
    wholes = [column for column in table.column.all() if column.has_rest]
    figures = {(row, name): n for row, counts in table.rows.items() for name, n in counts.items()}
    figures |= {
        (row, f"rest of {whole.name}"): counts[whole.name]
        - sum(counts[p.name] for p in whole.parts)
        for row, counts in table.rows.items()
        for whole in wholes
    }
    return {cell for cell, n in figures.items() if 0 < n < under}


KNOWN: dict[str, dict[Cell, set[int]]] = {}


def possible_by_totals(table: Breakdown) -> dict[Cell, set[int]]:
    """What each figure could be if no row were printed."""
    known = repr((table.column, len(table.rows), table.totals, table.may_be_in_many))
    if known not in KNOWN:
        inside = frozenset(product(table.rows, (column.name for column in table.column.all())))
        KNOWN[known] = possible(table, inside)
    return KNOWN[known]


def assert_safe(table: Breakdown, chosen: frozenset[Cell], under: int) -> None:
    """Each small figure can be all from 0 to the threshold that the totals alone leave it."""
    told, by_totals = possible(table, chosen), possible_by_totals(table)
    for cell in small(table, under):
        assert cell in chosen or cell[1].startswith("rest of ")
        assert told[cell] >= by_totals[cell] & set(range(under)), (table, chosen, cell)


@pytest.mark.parametrize(
    ("column", "rows", "most", "under"),
    [(LIST, 4, 6, 5), (TWO, 2, 3, 3), (THREE, 2, 2, 2), (THREE, 3, 1, 2), (NESTED, 2, 1, 2)],
    ids=["list", "2x2", "2x3", "3x3", "nested"],
)
def test_s45_nothing_withheld_can_be_worked_out_of_any_small_table(
    column: Column, rows: int, most: int, under: int
) -> None:
    for table in every(column, rows, most):
        assert_safe(table, withheld(table, under, "draw"), under)


@st.composite
def tables(draw: st.DrawFn) -> Breakdown:
    column = draw(st.sampled_from([LIST, TWO, NESTED]))
    width = len(leaves(column))
    counts = st.tuples(*[st.sampled_from([0, 0, 0, 1, 1, 2, 3, 5]) for _ in range(width)])
    rows = draw(st.lists(counts, min_size=2, max_size=4))
    sums = [(max(found), sum(found)) for found in zip(*rows, strict=True)]
    return breakdown(column, rows, tuple(draw(st.integers(*bounds)) for bounds in sums))


@settings(max_examples=60)
@given(tables(), st.integers(2, 5), st.text(max_size=3))
def test_s45_nothing_withheld_can_be_worked_out_of_tables_whose_rows_share_cases(
    table: Breakdown, under: int, draw: str
) -> None:
    assert_safe(table, withheld(table, under, draw), under)


def test_s45_a_reader_who_runs_the_software_cannot_tell_either_which_of_a_list_is_small() -> None:
    """Of the lists that agree with what is printed, those for which the same may be withheld."""
    told: dict[tuple[str, frozenset[Cell]], list[Breakdown]] = defaultdict(list)
    lists = [
        breakdown(LIST, [(n,) for n in counts], (sum(counts),))
        for counts in product(range(5), repeat=4)
        if sum(counts) in (1, 3, 4)
    ]
    for table in lists:
        for chosen in {withheld(table, 5, str(draw)) for draw in range(20)}:
            seen = repr((table.totals, sorted(chosen), printed(table, chosen)))
            told[seen, chosen].append(table)
    for (_, chosen), found in told.items():
        for cell in chosen & {each for table in found for each in small(table, 5)}:
            assert len({table.rows[cell[0]][cell[1]] for table in found}) > 1


def test_no_fewer_figures_would_do() -> None:
    """Beside the small ones, one more in each column of theirs that can be, and what makes it safe."""
    for table in every(TWO, 2, 2):
        chosen = withheld(table, 3, "draw")
        sure = {cell for cell in small(table, 3) if cell in chosen}
        others = [cell for cell in product(table.rows, ("all", "a", "b")) if cell not in sure]
        fewer = (
            sure.union(more)
            for count in range(len(chosen) - len(sure))
            for more in combinations(others, count)
        )
        assert not any(is_enough(table, frozenset(few), 3) for few in fewer)


def is_enough(table: Breakdown, chosen: frozenset[Cell], under: int) -> bool:
    guarded = small(table, under)
    told, by_totals = possible(table, chosen), possible_by_totals(table)
    could_be = {cell for cell in told if told[cell] >= by_totals[cell] & set(range(under))}
    columns = {column for _, column in guarded}
    doubtful = {column for row, column in (chosen & could_be) - guarded}
    whole = {column for column in columns if all((row, column) in guarded for row in table.rows)}
    return guarded <= could_be and columns <= doubtful | whole


def test_where_the_least_is_not_looked_for_nothing_can_be_worked_out_either(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tables = list(every(TWO, 3, 2))
    least = sum(len(withheld(table, 3, "draw")) for table in tables)
    monkeypatch.setattr(suppression, "MOST_CUTS", 0)
    found = [withheld(table, 3, "draw") for table in tables]
    for table, chosen in zip(tables, found, strict=True):
        assert_safe(table, chosen, 3)
    assert least < sum(map(len, found)) < 2 * least


def test_ties_are_drawn_and_the_same_draw_withholds_the_same() -> None:
    table = breakdown(LIST, [(0,), (0,), (1,), (0,), (30,)], (30,))
    chosen = {withheld(table, 5, str(draw)) for draw in range(30)}
    assert chosen == {frozenset({("r2", "all"), (other, "all")}) for other in ("r0", "r1", "r3")}
    assert withheld(table, 5, "7") == withheld(table, 5, "7")
    assert withheld(table, 1, "7") == withheld(table, 0, "7") == frozenset()


IN_ANOTHER_PROCESS = """
from casework.counts import suppression
from casework.counts.ranges import Breakdown, Column
suppression.MOST_CUTS = 0
column = Column("all", (Column("some"), Column("others")), has_rest=True)
rows = {}
for n in range(9):
    some, others = n * 4 % 3 % 2, n % 4 // 3
    rows[f"r{n}"] = {"all": some + others + (n % 4 == 0), "some": some, "others": others}
totals = {"all": 9, "some": 4, "others": 3}
table = Breakdown(column, rows, totals, may_be_in_many=True)
print(sorted(suppression.withheld(table, 5, "draw")))
"""


@pytest.mark.parametrize("most_cuts", [0, 100])
def test_every_process_withholds_the_same(most_cuts: int) -> None:
    program = IN_ANOTHER_PROCESS.replace("MOST_CUTS = 0", f"MOST_CUTS = {most_cuts}")
    told = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in range(3)
    }
    assert len(told) == 1
    assert "r" in told.pop()
