"""The only place that says what a letter tells of a case, and which letters a case owes to whom."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from workflows.definition import Entry, Letter, Recipient, Standing, Workflow
from workflows.letter import SEND, TOLD

STANDS_IN = {"representative": "complainant"}
"""Who is told in whose place."""
_WHOM = {choice.code: choice.label for choice in TOLD}


@dataclass(frozen=True)
class Owed:
    """A letter that has to go to somebody since a day, and is not known to have gone."""

    letter: Letter
    to: Recipient
    since: date

    @property
    def whom(self) -> str:
        """Whom it is owed to, in words."""
        return _WHOM[self.to]


def told_by(workflow: Workflow, standing: Standing, letter: Letter) -> Entry | None:
    """What happened that the letter tells; None when there is nothing to tell."""
    entry = standing.last(*letter.after)
    if entry is None or (letter.while_open and standing.closure is not None):
        return None
    leads_to = {target for _, target in workflow.steps_by_name[entry.step].moves}
    closes = any(state.is_closed for state in workflow.states if state.name in leads_to)
    has_ended = standing.closure is None or standing.closure.seq != entry.seq
    return None if closes and has_ended else entry


def owed(workflow: Workflow, standing: Standing, issued: Iterable[Standing]) -> tuple[Owed, ...]:
    """The letters that a case owes; `issued` is how the letters stand that it has.

    A letter has gone when it was sent from here, or when the step that sending it is was
    recorded: an entry that does not say who was told is believed for all.
    """
    letters = tuple(issued)
    return tuple(
        Owed(letter, whom, entry.effective_on)
        for letter in workflow.letters
        if letter.is_owed and (entry := told_by(workflow, standing, letter))
        for whom in letter.to
        if whom not in _told(standing, letter, entry, letters)
    )


def _told(standing: Standing, letter: Letter, entry: Entry, issued: Iterable[Standing]) -> set[str]:
    """Whom the letter reached since the entry that it tells."""
    told = {code for each in _told_by_steps(standing, letter, entry) for code in each}
    for item in issued:
        if item.values.get("letter") == letter.name:
            sent = (e for e in item.entries if e.step == SEND.name and _is_after(e, entry))
            told |= {each.facts["told"] for each in sent}
    return told | {STANDS_IN[code] for code in told & STANDS_IN.keys()}


def _told_by_steps(standing: Standing, letter: Letter, entry: Entry) -> Iterator[tuple[str, ...]]:
    for each in standing.entries:
        if each.step == letter.records and _is_after(each, entry):
            yield each.facts.get("told") or letter.to


def _is_after(entry: Entry, other: Entry) -> bool:
    return (entry.effective_on, entry.seq) > (other.effective_on, other.seq)
