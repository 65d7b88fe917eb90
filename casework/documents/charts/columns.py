"""The only place that draws columns: a row of them on one foot, with their numbers or their scale."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from casework.documents.charts.chart import shown
from casework.documents.charts.drawing import SIZE, WIDTH, Label, apart, box, line, width_of
from casework.documents.charts.scale import Scale, scale

HEADROOM = SIZE + 6
"""What a picture leaves above the highest column for its number."""
_WIDEST = 56


@dataclass(frozen=True)
class Columns:
    """Where columns stand: the first from `left`, each in a `slot`, its height on the `scale`.

    Where there is room for every number above its column no scale is drawn.
    """

    left: float
    slot: float
    places: int
    scale: Scale
    has_room: bool

    @classmethod
    def of(cls, places: int, most: int, height: float, margin: float = 0) -> "Columns":
        """Room for so many columns, of which the highest stands for `most`, between two margins."""
        axis, widest = scale(most, height), width_of(shown(most))
        slot = (WIDTH - 2 * margin) / places
        if widest <= slot:
            return cls(margin, slot, places, axis, has_room=True)
        left, right = width_of(shown(axis.top)) + 6, WIDTH - max(widest + 4, margin)
        return cls(left, (right - left) / places, places, axis, has_room=False)

    @property
    def right(self) -> float:
        """Where the last slot ends."""
        return self.left + self.places * self.slot

    def middle(self, place: int) -> float:
        """The middle of a slot."""
        return self.left + (place + 0.5) * self.slot

    def drawn(
        self, numbers: Sequence[int], told: Sequence[str], foot: float, share: float, kind: str
    ) -> Iterator[Markup]:
        """The columns, which fill a `share` of their slots, and the line they stand on.

        `told` has for each what it shows when it is pointed at.
        """
        width = min(self.slot * share, _WIDEST)
        for place, (number, words) in enumerate(zip(numbers, told, strict=True)):
            tall = self.scale(number)
            yield box(self.middle(place) - width / 2, foot - tall, width, tall, kind, words)
        if not self.has_room:
            yield from self._steps(foot)
        yield line(self.left, foot, self.right, foot)

    def _steps(self, foot: float) -> Iterator[Markup]:
        """The steps of the scale, which cut through the columns."""
        for tick in self.scale.ticks:
            y = foot - self.scale(tick)
            yield Label(shown(tick), self.left - 6, y + SIZE / 3, "end").drawn()
            yield line(self.left, y, self.right, y, "gap")

    def numbers(self, numbers: Sequence[int], foot: float) -> list[Label]:
        """Every number above its column; where there is no room for all, the highest and the last."""
        above = [
            Label(shown(number), self.middle(place), foot - self.scale(number) - 4, "middle")
            for place, number in enumerate(numbers)
        ]
        if self.has_room:
            return above
        highest, last = numbers.index(max(numbers)), len(numbers) - 1
        beside = Label(shown(numbers[-1]), self.right + 3, above[-1].y + 8)
        return apart(
            (above[highest].within(self.left, WIDTH), *((beside,) if highest != last else ()))
        )
