"""The only place that divides an axis: steps that people count in, from 0 to past the longest mark."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from math import ceil


@dataclass(frozen=True)
class Scale:
    """An axis from 0 to `top` in whole steps, laid out over a length of the picture."""

    step: int
    top: int
    length: float

    def __call__(self, number: float) -> float:
        """How long a mark for the number is."""
        return number * self.length / self.top

    @property
    def ticks(self) -> range:
        """The numbers at the steps, from 0 to `top`."""
        return range(0, self.top + 1, self.step)


def scale(most: float, length: float, steps: int = 4) -> Scale:
    """An axis to `most` or just past it, in at most so many steps of 1, 2, 5, 10, 20, 50 ..."""
    step = next(step for step in _steps() if step * steps >= most)
    return Scale(step, step * max(1, ceil(most / step)), length)


def _steps() -> Iterator[int]:
    for power in count():
        for first in (1, 2, 5):
            yield first * 10**power
