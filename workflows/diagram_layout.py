"""The only place that decides where the states of a workflow stand when it is drawn.

Open states stand in columns, each as far right as the longest way to it; closed states in
the last column: those that only the last open state leads to, then the early exits below.
"""

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from workflows.definition import State, Workflow
from workflows.moves import Change, changes_of

BOX, CLOSED_BOX, GUTTER = 100, 180, 84
LEFT, EDGE = 34, 4
ARC, CLEARANCE, FORK = 44, 30, 14
LINE, SMALL_LINE, SMALL_LETTER, LETTER = 17, 14, 6, 7.6


@dataclass(frozen=True)
class Box:
    """A state on the page: its place in pixels, its name in lines and a note under it."""

    state: State
    x: int
    y: int
    width: int
    height: int
    label: tuple[str, ...]
    note: tuple[str, ...]
    is_present: bool

    @property
    def middle(self) -> int:
        """The height at which wires come and go."""
        return self.y + self.height // 2

    @property
    def right(self) -> int:
        """The right edge."""
        return self.x + self.width

    @property
    def centre(self) -> int:
        """Half way along."""
        return self.x + self.width // 2


def wrap(words: str, pixels: float, letter: float = SMALL_LETTER) -> tuple[str, ...]:
    """Words in lines that fit a width; a single long word stays whole."""
    return tuple(textwrap.wrap(words, max(1, int(pixels / letter)), break_long_words=False))


def labels_between(changes: Iterable[Change]) -> str:
    """The labels of parallel steps as one."""
    return " / ".join(dict.fromkeys(change.step.label for change in changes))


@dataclass(frozen=True)
class Layout:
    """Where everything stands. `present` names the state to mark, which may be none."""

    workflow: Workflow
    present: str | None = None

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Every change of state."""
        return changes_of(self.workflow)

    @cached_property
    def columns(self) -> dict[str, int]:
        """The column of each open state, from 0; steps listed first decide what is forward."""
        found = {state.name: 0 for state in self.workflow.states}
        ahead: dict[str, set[str]] = {}
        for change in self.changes:
            if change.source in self._closed or _leads(ahead, change.dest, change.source):
                continue
            ahead.setdefault(change.source, set()).add(change.dest)
        for _ in found:
            for source, dests in ahead.items():
                for dest in dests & found.keys():
                    step = 0 if source == self.workflow.initial.name else 1
                    found[dest] = max(found[dest], found.get(source, 0) + step)
        return {name: column for name, column in found.items() if name not in self._closed}

    @cached_property
    def _closed(self) -> frozenset[str]:
        return frozenset(state.name for state in self.workflow.states if state.is_closed)

    @cached_property
    def _rows(self) -> dict[str, int]:
        """The row of each state, from 0: open states by column, closed ones down the last."""
        rows: dict[str, int] = {}
        heights: dict[int, int] = {}
        for name, column in self.columns.items():
            rows[name] = heights.get(column, 0)
            heights[column] = rows[name] + 1
        closed = [state.name for state in self.workflow.states if state.is_closed]
        exits = [name for name in closed if self._is_early(name)]
        ends = [name for name in closed if name not in exits]
        first = max([len(ends), *heights.values()])
        rows |= {name: row for row, name in enumerate(ends)}
        return rows | {name: first + row for row, name in enumerate(exits)}

    def _is_early(self, name: str) -> bool:
        """Whether a closed state can be reached before the last column of open states."""
        last = max(self.columns.values(), default=0)
        return any(
            self.columns.get(change.source, last) < last
            for change in self.changes
            if change.dest == name
        )

    @cached_property
    def arcs(self) -> dict[tuple[str, str], list[Change]]:
        """Changes between open states that do not lead to the next column: drawn above."""
        return {
            (source, dest): changes
            for (source, dest), changes in self.between_open.items()
            if self.columns[dest] != self.columns[source] + 1
        }

    @cached_property
    def between_open(self) -> dict[tuple[str, str], list[Change]]:
        """Changes between two open states, parallel steps together."""
        pairs: dict[tuple[str, str], list[Change]] = {}
        for change in self.changes:
            if change.source in self.columns and change.dest in self.columns:
                pairs.setdefault((change.source, change.dest), []).append(change)
        return pairs

    def closings(self, name: str) -> list[Change]:
        """Changes from an open state that end in this closed one, from the left."""
        ending = [c for c in self.changes if c.dest == name and c.source in self.columns]
        return sorted(ending, key=lambda change: self.columns[change.source])

    @cached_property
    def boxes(self) -> dict[str, Box]:
        """Every state but the initial one, which is a dot unless the case is there now."""
        boxes = {state.name: self._box(state) for state in self.workflow.states}
        initial = self.workflow.initial
        if self.present == initial.name:
            boxes[initial.name] = self._box(initial)
        return boxes

    def _box(self, state: State) -> Box:
        row = self._rows.get(state.name, self._spare_row)
        return Box(
            state,
            self.column_at(self.columns.get(state.name, 0)) if not state.is_closed else self._last,
            EDGE + CLEARANCE + ARC * len(self.arcs) + row * (self._height + 22),
            CLOSED_BOX if state.is_closed else BOX,
            self._height,
            self._label(state),
            self._note(state),
            state.name == self.present,
        )

    @property
    def _spare_row(self) -> int:
        """The lowest row of the first column that is free, for the initial state."""
        first = [self._rows[name] + 1 for name, column in self.columns.items() if column == 0]
        return max([0, *first, *self._rows.values()])

    @staticmethod
    def column_at(column: int) -> int:
        """The left edge of a column of open states."""
        return LEFT + column * (BOX + GUTTER)

    @property
    def _last(self) -> int:
        return self.column_at(max(self.columns.values(), default=0) + 1)

    @cached_property
    def _height(self) -> int:
        """One height for all boxes, enough for the tallest, marked or not."""
        states = (self.workflow.initial, *self.workflow.states)
        return max(
            LINE * (len(self._label(state)) + (state.name == self.present))
            + SMALL_LINE * len(self._note(state))
            + 16
            for state in states
        )

    @staticmethod
    def _label(state: State) -> tuple[str, ...]:
        return wrap(state.label, (CLOSED_BOX if state.is_closed else BOX) - 10, LETTER)

    def _note(self, state: State) -> tuple[str, ...]:
        """Where a closed case may go from there, in words rather than wires."""
        out = [change for change in self.changes if change.source == state.name]
        if not state.is_closed or not out:
            return ()
        known = self.workflow.states_by_name
        ends = dict.fromkeys(
            "where it was" if change.is_return else known[change.dest].label for change in out
        )
        return wrap(f"can go back to {' or '.join(ends)}", CLOSED_BOX - 10)

    @property
    def width(self) -> int:
        """The whole picture's width in pixels."""
        return max((box.right for box in self.boxes.values()), default=0) + EDGE

    @property
    def height(self) -> int:
        """The whole picture's height in pixels."""
        return max((box.y + box.height for box in self.boxes.values()), default=0) + EDGE


def _leads(ahead: dict[str, set[str]], source: str, dest: str) -> bool:
    """Whether a way already leads from one state to another."""
    seen, waiting = set[str](), [source]
    while waiting:
        state = waiting.pop()
        if state == dest:
            return True
        if state not in seen:
            seen.add(state)
            waiting += ahead.get(state, ())
    return False
