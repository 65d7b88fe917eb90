"""The only place that decides what of a case's log still stands after corrections.

A correction replaces the day or a coded value of the entry it names, as if it had always
been so; an annulled entry never happened. Corrections and annulments can be annulled in
turn. What is left is ordered by effective day, then by position in the log.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from workflows.definition import Entry

CORRECT = "correct"
ANNUL = "annul"
AMENDMENTS = (CORRECT, ANNUL)
EFFECTIVE_ON = "effective_on"
NEWEST = 2**53 - 1
"""The position of an entry that is being tried: after all that is in the log."""


def annulled_seqs(entries: Sequence[Entry]) -> frozenset[int]:
    """Positions of the entries that never happened; `entries` in log order.

    Read from the newest back, so that an annulment that was itself annulled has no effect.
    """
    gone: set[int] = set()
    for entry in reversed(entries):
        if entry.step == ANNUL and entry.seq not in gone and entry.target is not None:
            gone.add(entry.target)
    return frozenset(gone)


def standing_entries(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries as they now stand, ordered by effective day, then position."""
    in_log_order = sorted(entries, key=lambda entry: entry.seq)
    gone = annulled_seqs(in_log_order)
    kept = {
        entry.seq: entry
        for entry in in_log_order
        if entry.step not in AMENDMENTS and entry.seq not in gone
    }
    for correction in in_log_order:
        if correction.step != CORRECT or correction.seq in gone:
            continue
        if correction.target in kept:
            kept[correction.target] = corrected(kept[correction.target], correction)
    return tuple(sorted(kept.values(), key=lambda entry: (entry.effective_on, entry.seq)))


def corrected(entry: Entry, correction: Entry) -> Entry:
    """The entry with the correction's values; a day that was corrected is no longer a guess."""
    values = dict(correction.facts)
    day = values.pop(EFFECTIVE_ON, entry.effective_on)
    if not isinstance(day, date):
        message = f"the correction at {correction.seq} holds {day!r} where a day belongs"
        raise TypeError(message)
    facts = {code: value for code, value in {**entry.facts, **values}.items() if value is not None}
    return replace(
        entry,
        effective_on=day,
        facts=facts,
        estimated=entry.estimated - frozenset(correction.facts),
    )
