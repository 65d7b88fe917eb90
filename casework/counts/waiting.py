"""The only place that says for whom the office waited on a case, and how many working days."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from casework.counts.lives import Life
from workflows.calendar import Calendar

PARTIES = {
    "applicant": "the applicant",
    "force": "the force",
    "iopc": "the IOPC",
    "legal": "legal advice",
}
"""Whom the office may wait for, as sentences name them."""
MEANING = (
    "The office waits for whomever it recorded that it waits for; and for the force from the day "
    "on which it asked for the file until nothing of it is missing, the review is written, or the "
    "case is closed. It may wait for two at once."
)
_MOVES = ("waiting_for", "file_requested", "file_received", "extent", "reviewed", "closure")


class Wait(NamedTuple):
    """The office waited for somebody from a day until before another (None: it still does)."""

    party: str
    from_on: date
    to_on: date | None


def waited_for(life: Life, day: date) -> frozenset[str]:
    """Whom the office waits for at the end of a day."""
    said = {span.code for span in life.standing("waiting_for", day)}
    return frozenset(said | {"force"} if _awaits_file(life, day) else said)


def _awaits_file(life: Life, day: date) -> bool:
    """As “My work” says it: asked for and not in, while there is a review to be written."""
    is_past = life.one("reviewed", day) or life.one("closure", day)
    return bool(life.one("file_requested", day)) and not is_past and not has_file(life, day)


def has_file(life: Life, day: date) -> bool:
    """Whether the force's file has come by the end of a day and nothing was said to be missing."""
    extent = life.one("extent", day)
    return bool(life.one("file_received", day)) and (extent is None or extent.code != "part")


def waits(life: Life) -> tuple[Wait, ...]:
    """Every stretch of days on which the office waited for somebody: those of one party apart."""
    if "waiting_for" not in life.spans and "file_requested" not in life.spans:
        return ()
    moves = [span for kind in _MOVES for span in life.spans.get(kind, ())]
    days = {day for span in moves for day in (span.from_on, span.to_on) if day}
    stretches = pairwise([*sorted(days), None])
    return tuple(
        Wait(party, from_on, to_on)
        for from_on, to_on in stretches
        if from_on
        for party in waited_for(life, from_on)
    )


def days_waited(waits: Sequence[Wait], start: date, end: date, calendar: Calendar) -> Counter[str]:
    """For each party the working days in (start, end] that began while the office waited for it."""
    days: Counter[str] = Counter()
    for wait in waits:
        first, last = max(wait.from_on, start), min(wait.to_on or end, end)
        if first < last:
            days[wait.party] += calendar.working_days_between(first, last)
    return days
