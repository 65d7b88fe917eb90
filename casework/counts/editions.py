"""The only place that says which blocks a report has, edition by edition.

A published report names its edition and is counted again by it for ever. So an edition that a
report was published under never changes: a figure that is to mean something else, or to be
worded otherwise, is a new version of it in a new block, and a new edition here.
"""

from dataclasses import dataclass, replace

from casework.counts.block import Block
from casework.counts.blocks.acknowledgement import ACKNOWLEDGEMENT
from casework.counts.blocks.activity import ACTIVITY
from casework.counts.blocks.by_category import BY_CATEGORY
from casework.counts.blocks.by_force import BY_FORCE
from casework.counts.blocks.by_route import BY_ROUTE
from casework.counts.blocks.characteristics import CHARACTERISTICS
from casework.counts.blocks.cohort import COHORT
from casework.counts.blocks.durations import DURATIONS
from casework.counts.blocks.found_invalid import FOUND_INVALID
from casework.counts.blocks.late import LATE
from casework.counts.blocks.learning import LEARNING
from casework.counts.blocks.not_known import NOT_KNOWN
from casework.counts.blocks.open_cases import OPEN_CASES
from casework.counts.blocks.recommendations import RECOMMENDATIONS
from casework.counts.blocks.reopenings import REOPENINGS
from casework.counts.blocks.timeliness import TIMELINESS
from casework.counts.words import Words


@dataclass(frozen=True)
class Edition:
    """A numbered set of measures: the blocks of a report, in the order it is printed."""

    number: int
    blocks: tuple[Block, ...]

    @property
    def columns(self) -> tuple[Block, ...]:
        """The blocks that quarters and year-to-date columns have too."""
        return tuple(block for block in self.blocks if block.tally)

    @property
    def of_any_days(self) -> tuple[Block, ...]:
        """The blocks of every report, also one that is not a financial year's own."""
        return tuple(block for block in self.blocks if not block.is_of_years)

    @property
    def without_breaks(self) -> "Edition":
        """The edition as a year’s further reports have it, once its breaks were published."""
        return replace(self, blocks=self.of_any_days)

    def block(self, name: str) -> Block:
        """A block by its name. Raises KeyError when the edition has none of it."""
        return {block.name: block for block in self.blocks}[name]

    def words_of(self, figure: str) -> Words:
        """The words of a figure by its whole name, such as `by_route.unknown.upheld`.

        Raises KeyError when there is no such figure.
        """
        block, _, path = figure.partition(".")
        return self.block(block).words_of(path)

    def versions(self) -> dict[str, dict[str, int]]:
        """The version of each measure's meaning, by block and name."""
        return {
            block.name: {words.name: words.version for words in block.words}
            for block in self.blocks
        }


EDITIONS = (
    Edition(
        1,
        (
            COHORT,
            LATE,
            ACKNOWLEDGEMENT,
            ACTIVITY,
            FOUND_INVALID,
            OPEN_CASES,
            REOPENINGS,
            TIMELINESS,
            DURATIONS,
            BY_ROUTE,
            BY_CATEGORY,
            BY_FORCE,
            CHARACTERISTICS,
            RECOMMENDATIONS,
            LEARNING,
            NOT_KNOWN,
        ),
    ),
)
LATEST = EDITIONS[-1]


def edition(number: int) -> Edition:
    """An edition by its number. Raises KeyError when this release has none of it."""
    return {each.number: each for each in EDITIONS}[number]
