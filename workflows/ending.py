"""The only place that reads off how a case and what is kept on it stand, and from which days it is kept."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from workflows.retention import Ended
from workflows.situation import Standing

NOT_ACTIVITY = ("hold", "disposal")
"""Kinds of items that are about keeping the case: what happens to them is no reason to keep it."""
Kept = Mapping[str, tuple[Standing, ...]]
"""How everything kept on a case stands, by kind."""
SOURCE = Path(__file__)


def ended(case: Standing, kept: Kept) -> Ended | None:
    """How a case ended by how it and what is kept on it stand; None while it is open."""
    if case.closure is None:
        return None
    last_days = [day for each in (case, *active(kept)) if (day := last_day(each))]
    return Ended(case.state, case.closure.effective_on, told_on(case), max(last_days))


def last_day(standing: Standing) -> date | None:
    """The day of the last thing that happened to a case or an item, None of one that never began."""
    return standing.entries[-1].effective_on if standing.entries else None


def told_on(case: Standing) -> date | None:
    """The day the last decision letter was sent since the case was closed, None when none was."""
    if case.closure is None:
        return None
    since = case.entries[case.entries.index(case.closure) :]
    told = [entry.effective_on for entry in since if entry.step == "notify"]
    return told[-1] if told else None


def active(kept: Kept) -> Sequence[Standing]:
    """How what is kept on a case stands, without what is about keeping the case."""
    return [each for kind, found in kept.items() if kind not in NOT_ACTIVITY for each in found]
