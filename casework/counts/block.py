"""The only place for what a part of a report is made of: its words, its figures, its plain shape."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from casework.counts.figures import Figures, Part, Source
from casework.counts.tallies import Numbers, Tallies
from casework.counts.words import Words
from casework.office_settings import OfficeSettings

Plain = dict[str, Any]
Labels = Mapping[str, str]


@dataclass(frozen=True)
class Block:
    """A part of a report, one file each in `casework.counts.blocks`.

    `name` is its key in the published JSON and the first part of its figures' names: a figure is
    called `name.figure`, or `name.code.figure` and `name.breakdown.code` where it is broken down.
    `labels` has what the codes of each breakdown are called; the block's own name stands for codes
    that come first, and a code that the office chose itself, such as a force's, for its label.
    `tally` gives its numbers from one slot to another of a year's tallies: only a block that has it
    is in the columns of quarters and to date. `count` lists what each of these numbers counts.
    `is_of_years` says that only a financial year's own report has it: what is withheld in one report
    could be worked out from another of days that overlap.
    `row_title` stands above what goes down the page in its tables, `number_title` above how many.
    `counted_from` says which entries of the log its figures come from.
    """

    name: str
    title: str
    words: tuple[Words, ...]
    count: Callable[[Source], Figures]
    plain: Callable[[Part, OfficeSettings], Any]
    labels: Mapping[str, Labels] = field(default_factory=dict)
    tally: Callable[[Tallies, int, int], Numbers] | None = None
    is_of_years: bool = False
    row_title: str = "Figure"
    number_title: str = "Cases"
    counted_from: str = ""

    def words_of(self, path: str) -> Words:
        """The words of a figure by its name within the block, such as `unknown.upheld`.

        Raises KeyError when there is no such figure.
        """
        known = {words.name: words for words in self.words}
        first, _, rest = path.partition(".")
        if not rest:
            return known[first]
        if first in self.labels:
            own, label = known[first], self.labels[first][rest]
        else:
            own, label = known[rest], self.labels[self.name].get(first, first)
        return Words(f"{self.name}.{path}", f"{own.title}: {label}", own.definition, own.version)
