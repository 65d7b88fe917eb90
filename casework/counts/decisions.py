"""The only place that finds the decisions of a period, each with the letter that told of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from casework.counts.figures import Source
from casework.counts.lives import Life, Span

DECIDED = ("upheld", "not_upheld")


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that counts as completed in a period: the closure that stands at its end."""

    life: Life
    closure: Span

    @property
    def is_upheld(self) -> bool:
        """Whether the outcome was not reasonable and proportionate."""
        return self.closure.code == "upheld"

    def letter(self, by: date) -> Span | None:
        """The first letter about it known by a day, also when it was reopened since.

        When the decision's own day is a guess the letter's may still be known.
        """
        about_it = (
            notice
            for notice in self.life.spans.get("notified", ())
            if self.closure.from_on <= notice.from_on <= by
            and (self.closure.to_on is None or notice.from_on < self.closure.to_on)
        )
        return min(about_it, key=lambda notice: (notice.from_on, notice.is_estimated), default=None)


def decisions(source: Source) -> Iterator[Decision]:
    """The decisions that activity counts as completed, in the order of the lives."""
    lives = source.lives
    for life, case in zip(lives.all, lives.on(source.last_on), strict=True):
        closure = case.closure
        if closure and closure.code in DECIDED and closure.from_on >= source.period.from_on:
            yield Decision(life, closure)
