"""The only place that follows what corrections and annulments did to each entry of a case.

`workflows.history` says what still stands; this keeps what stood before, for people to read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workflows.amendments import REASON
from workflows.definition import Entry
from workflows.history import ANNUL, CORRECT, annulled_seqs, corrected


@dataclass(frozen=True)
class Version:
    """An entry with its words, as it stood at some time."""

    entry: Entry
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Versions:
    """What corrections and annulments did, by position in the log.

    `first` and `now` are of each entry; `before` and `after` of each correction, about the entry
    it names; `corrected_by` and `annulled_by` say which entry did it, the newest that stands.
    """

    first: dict[int, Version] = field(default_factory=dict)
    now: dict[int, Version] = field(default_factory=dict)
    before: dict[int, Version] = field(default_factory=dict)
    after: dict[int, Version] = field(default_factory=dict)
    corrected_by: dict[int, int] = field(default_factory=dict)
    annulled_by: dict[int, int] = field(default_factory=dict)


def versions_of(log: Sequence[Entry], words: Mapping[int, Mapping[str, str]]) -> Versions:
    """The versions of every entry of one case: its entries in log order, words by position."""
    gone = annulled_seqs(log)
    found = Versions()
    for entry in log:
        version = Version(entry, words.get(entry.seq, {}))
        found.first[entry.seq] = found.now[entry.seq] = version
        if entry.target is None:
            continue
        if entry.step == ANNUL and entry.seq not in gone:
            found.annulled_by[entry.target] = entry.seq
        elif entry.step == CORRECT and entry.target in found.now:
            before = found.before[entry.seq] = found.now[entry.target]
            texts = {code: text for code, text in version.texts.items() if code != REASON.name}
            after = Version(corrected(before.entry, entry), {**before.texts, **texts})
            found.after[entry.seq] = after
            if entry.seq not in gone:
                found.now[entry.target] = after
                found.corrected_by[entry.target] = entry.seq
    return found
