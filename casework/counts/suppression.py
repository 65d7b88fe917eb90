"""The only place that decides which figures of a breakdown by personal characteristics are withheld.

**Primary**: a figure from 1 up to under the office's threshold. **Decoy**: in each column that has
one, one more figure, 0 where there is one, or nobody could doubt that three withheld figures of
together 3 are 1 each. **Secondary**: further figures, so that whatever is printed leaves all these,
and each small one that subtraction would give, able to be anything from 0 up to under the
threshold, as far as the totals alone do.

What is withheld beside the primary figures and decoys is the fewest figures that do so, and of
those the least cases, so that large figures stay. It is found exactly, by cuts: a bound that is
too narrow names the printed figures of which at least one must be withheld (Fischetti and
Salazar 2001, “Solving the cell suppression problem on tabular data with linear constraints”).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256

from casework.counts.ranges import Arc, Breakdown, Cell, range_of

Costs = Mapping[Cell, int]
MOST_CUTS, MOST_TRIED = 100, 1_000
"""Until so many cuts the cheapest choice for all is looked for, among so many; then for each cut by
itself, which withholds more. Numbers and no time, so that every machine withholds the same."""


def withheld(breakdown: Breakdown, under: int, draw: str) -> frozenset[Cell]:
    """The figures to withhold: of each the names of its row and column.

    `under` is the office's threshold; 0 or 1 withholds nothing. `draw` is a text that is the same
    whenever these cases are counted and unknown to the reader, such as their tokens: who knew how
    a tie is settled could tell which of two figures is the small one.
    """
    guarded = _guarded(breakdown, under, draw)
    sure = frozenset(arc.cell for arc in guarded if arc.is_printable)
    costs = _costs(breakdown, sure, draw)
    all_that_can_be = sure | costs.keys()
    wanted = {arc.cell: _wanted(breakdown, all_that_can_be, arc.cell, under) for arc in guarded}
    chosen, cuts = sure, list[frozenset[Cell]]()
    while found := list(_too_narrow(breakdown, chosen, wanted)):
        cuts += found
        if len(cuts) <= MOST_CUTS:
            chosen = sure | _cheapest(cuts, costs)
        else:
            chosen |= _each_cheapest(found, costs)
    return chosen


def _guarded(breakdown: Breakdown, under: int, draw: str) -> list[Arc]:
    """The small figures, also those that are not printed but follow from others, and the decoys."""
    arcs = breakdown.arcs.values()
    small = [arc for arc in arcs if 0 < arc.count < under]
    decoys = []
    for column in dict.fromkeys(arc.cell[1] for arc in small if arc.is_printable):
        others = [arc for arc in arcs if arc.cell[1] == column and not 0 < arc.count < under]
        others.sort(key=lambda arc: (arc.count, _drawn(draw, arc.cell[0])))
        decoys += others[:1]
    return small + decoys


def _drawn(draw: str, name: str) -> bytes:
    return sha256(f"{draw} {name}".encode()).digest()


def _costs(breakdown: Breakdown, sure: frozenset[Cell], draw: str) -> Costs:
    """What it costs to withhold each other figure, in the order drawn: one figure, so many cases."""
    others = [arc for arc in breakdown.arcs.values() if arc.is_printable and arc.cell not in sure]
    others.sort(key=lambda arc: _drawn(draw, " ".join(arc.cell)))
    one = sum(arc.count for arc in others) + 1
    return {arc.cell: one + arc.count for arc in others}


def _wanted(
    breakdown: Breakdown, all_that_can_be: frozenset[Cell], cell: Cell, under: int
) -> tuple[int, int]:
    """What a guarded figure must be able to be, least and most, as far as the totals leave it so.

    From 0 to the threshold less 1; a decoy of the threshold or more must be able to be under it.
    """
    widest = range_of(breakdown, all_that_can_be, cell)
    least = 0 if breakdown.arcs[cell].count < under else under - 1
    return max(widest.least, least), min(widest.most, under - 1)


def _too_narrow(
    breakdown: Breakdown, chosen: frozenset[Cell], wanted: Mapping[Cell, tuple[int, int]]
) -> Iterator[frozenset[Cell]]:
    """For each bound that tells too much the figures of which at least one must be withheld."""
    for cell, (least, most) in wanted.items():
        found = range_of(breakdown, chosen, cell)
        if found.least > least:
            yield found.binds_least
        if found.most < most:
            yield found.binds_most


def _cheapest(cuts: Sequence[frozenset[Cell]], costs: Costs) -> frozenset[Cell]:
    """The cheapest figures that are at least one of each cut; the first such in the order drawn.

    In a dense table the cheapest of those that were tried: every one that is tried will do.
    """
    best: frozenset[Cell] | None = None
    best_cost = sum(costs.values()) + 1
    order = {cell: place for place, cell in enumerate(costs)}
    tried = 0

    def extend(taken: frozenset[Cell], cost: int, banned: frozenset[Cell]) -> None:
        nonlocal best, best_cost, tried
        tried += 1
        if tried > MOST_TRIED and best is not None:
            return
        open_cuts = [cut - banned for cut in cuts if not cut & taken]
        if cost + _at_least(open_cuts, costs) >= best_cost:
            return
        if not open_cuts:
            best, best_cost = taken, cost
            return
        cut = min(open_cuts, key=len)
        for cell in sorted(cut, key=lambda cell: (costs[cell], order[cell])):
            extend(taken | {cell}, cost + costs[cell], banned)
            banned |= {cell}

    extend(frozenset(), 0, frozenset())
    return frozenset(costs) if best is None else best


def _each_cheapest(cuts: Iterable[frozenset[Cell]], costs: Costs) -> frozenset[Cell]:
    """Of each cut that no other’s figure is in the cheapest; the first such in the order drawn."""
    taken: frozenset[Cell] = frozenset()
    for cut in cuts:
        if not cut & taken:
            # a set's own order is another one in every process
            taken |= {min((cell for cell in costs if cell in cut), key=costs.__getitem__)}
    return taken


def _at_least(cuts: Sequence[frozenset[Cell]], costs: Costs) -> int:
    """What it costs at least: cuts that have no figure in common need one each."""
    seen: set[Cell] = set()
    cost = 0
    for cut in sorted(cuts, key=len):
        if not cut & seen:
            seen |= cut
            cost += min((costs[cell] for cell in cut), default=sum(costs.values()) + 1)
    return cost
