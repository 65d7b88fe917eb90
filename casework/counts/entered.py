"""The only place that says where in the log what was known of cases changed, as far as is counted."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from casework.counts.lives import KINDS
from casework.counts.standing import ROWS

_KNOWN = ("item", "kind", "code", "is_estimated", "from_on", "to_on")
Positions = Mapping[str, set[int]]
"""Positions in the log, by the token of the case they are about."""


class Entered:
    """What of some milestones began or ceased to be known from one log size to another."""

    def __init__(self, session: Session, start: int, stop: int, which: ColumnElement[bool]) -> None:
        self._log = range(start, stop)
        begun = and_(ROWS.since_seq >= start, ROWS.since_seq < stop)
        ended = and_(ROWS.until_seq >= start, ROWS.until_seq < stop)
        columns = (ROWS[name] for name in ("case_token", "since_seq", "until_seq", *_KNOWN))
        query = select(*columns).where(ROWS.kind.in_(KINDS), or_(begun, ended), which)
        self._rows = session.execute(query).all()

    @property
    def cases(self) -> frozenset[str]:
        """The cases of which anything changed."""
        return frozenset(row[0] for row in self._rows)

    def up_to(self, days: Mapping[str, date]) -> Positions:
        """Where something changed of what is known of each of these cases up to its day."""
        begun: dict[tuple[str, int], set[Any]] = defaultdict(set)
        ended: dict[tuple[str, int], set[Any]] = defaultdict(set)
        for case, since, until, *known in self._rows:
            if case in days and (seen := _as_seen(known, days[case])):
                begun[case, since].add(seen)
                ended[case, until].add(seen)
        found: dict[str, set[int]] = defaultdict(set)
        for case, seq in begun.keys() | ended.keys():
            if seq in self._log and begun[case, seq] != ended[case, seq]:
                found[case].add(seq)
        return found


def _as_seen(known: Sequence[Any], on: date) -> tuple[Any, ...]:
    """A milestone as it looks at the end of a day; nothing when it had not begun."""
    *what, from_on, to_on = known
    if from_on > on:
        return ()
    return (*what, from_on, to_on if to_on is not None and to_on <= on else None)
