"""The only place for how a figure's published words are kept."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """What a figure is called and what it is, as reports print it.

    `name` is the figure's within its block. `version` is that of its meaning: a figure that comes
    to mean something else gets a new version in a new edition (`casework.counts.editions`).
    """

    name: str
    title: str
    definition: str
    version: int = 1


PERCENT_UPHELD = Words(
    "percent_upheld",
    "Percentage upheld",
    "Upheld, of those upheld or not upheld. Invalid, forwarded and withdrawn cases are never "
    "among them. Not applicable when nothing was decided.",
)
