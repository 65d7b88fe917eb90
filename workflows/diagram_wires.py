"""The only place that leads wires from state to state and says which step each stands for.

Every open state has one fork beside it, which runs down to each closed state it can end in;
a dot says that wires meet, where they merely cross there is none.
"""

from collections.abc import Iterator

from workflows.diagram_layout import (
    ARC,
    BOX,
    CLEARANCE,
    FORK,
    GUTTER,
    LEFT,
    Box,
    Layout,
    labels_between,
    wrap,
)
from workflows.diagram_shapes import INK, small_words, tag


def forks(layout: Layout) -> Iterator[str]:
    """Wires without an arrow: down from open states; the dot a case begins at."""
    for name in layout.columns:
        source = layout.boxes[name]
        below = [box.middle for box in _ends_of(layout, name) if box.middle != source.middle]
        at = _fork(source)
        if below:
            lowest = max(below, key=lambda middle: abs(middle - source.middle))
            yield tag("path", d=f"M{source.right} {source.middle}H{at}V{lowest}")
        for middle in below:
            yield tag("circle", cx=at, cy=middle, r=2.5, fill=INK, stroke=INK)
    for box in _begun(layout):
        yield tag("circle", cx=LEFT - 24, cy=box.middle, r=7, fill=INK, stroke=INK)


def arrows(layout: Layout) -> Iterator[str]:
    """Wires that end at a state."""
    for box in _begun(layout):
        yield tag("path", d=f"M{LEFT - 24} {box.middle}H{box.x}")
    for source, dest in layout.between_open:
        yield tag("path", d=_way(layout, layout.boxes[source], layout.boxes[dest]))
    for box in _closed(layout):
        if layout.closings(box.state.name):
            yield tag("path", d=f"M{_start(layout, box)} {box.middle}H{box.x}")


def wire_labels(layout: Layout) -> Iterator[str]:
    """The steps' labels, above their wires."""
    for (source, dest), changes in layout.between_open.items():
        words = labels_between(changes)
        if (source, dest) in layout.arcs:
            yield _arc_label(layout, words, layout.boxes[source], layout.boxes[dest])
        else:
            yield _gutter_label(words, layout.boxes[dest])
    for box in _closed(layout):
        changes = layout.closings(box.state.name)
        if changes:
            yield _closing_label(layout, labels_between(changes), box)


def _closed(layout: Layout) -> list[Box]:
    return [box for box in layout.boxes.values() if box.state.is_closed]


def _ends_of(layout: Layout, name: str) -> list[Box]:
    """The closed states that an open one can end in."""
    dests = {change.dest for change in layout.changes if change.source == name}
    return [box for box in _closed(layout) if box.state.name in dests]


def _begun(layout: Layout) -> list[Box]:
    """The open states in which a case begins."""
    initial = layout.workflow.initial.name
    begun = dict.fromkeys(c.dest for c in layout.changes if c.source == initial)
    return [layout.boxes[name] for name in begun if name in layout.columns]


def _fork(source: Box) -> int:
    return source.right + FORK


def _start(layout: Layout, box: Box) -> int:
    """Where the wire into a closed state starts: at its leftmost fork, or straight at a state."""
    first = layout.boxes[layout.closings(box.state.name)[0].source]
    return first.right if first.middle == box.middle else _fork(first)


def _way(layout: Layout, source: Box, dest: Box) -> str:
    if (source.state.name, dest.state.name) in layout.arcs:
        top, inset = _arc_top(layout, source, dest), 16
        return f"M{source.centre - inset} {source.y}V{top}H{dest.centre + inset}V{dest.y}"
    turn = dest.x - GUTTER // 2
    return f"M{source.right} {source.middle}H{turn}V{dest.middle}H{dest.x}"


def _arc_top(layout: Layout, source: Box, dest: Box) -> int:
    """Each arc runs at a height of its own above the boxes."""
    level = [*layout.arcs].index((source.state.name, dest.state.name))
    return min(box.y for box in layout.boxes.values()) - CLEARANCE - ARC * level


def _arc_label(layout: Layout, words: str, source: Box, dest: Box) -> str:
    span = abs(source.centre - dest.centre) + BOX // 2
    middle = (source.centre + dest.centre) / 2
    top = _arc_top(layout, source, dest)
    return small_words(wrap(words, span), middle, top - 6, text_anchor="middle")


def _gutter_label(words: str, dest: Box) -> str:
    middle = dest.x - GUTTER / 2
    return small_words(wrap(words, GUTTER - 6), middle, dest.middle - 6, text_anchor="middle")


def _closing_label(layout: Layout, words: str, box: Box) -> str:
    """Above the wire's beginning, as far as the next column's fork."""
    first = layout.boxes[layout.closings(box.state.name)[0].source]
    if first.middle == box.middle:
        return _gutter_label(words, box)
    start = _fork(first) + 6
    is_last = layout.columns[first.state.name] == max(layout.columns.values())
    end = box.x if is_last else start + BOX + GUTTER - 12
    return small_words(wrap(words, end - start), start, box.middle - 6, text_anchor="start")
