"""The only place that says why a report counts otherwise than when it was published.

The same days, the same edition, the log at two sizes: which cases joined or left each figure, and
exactly which actions recorded in between are responsible. Without these actions, and with all
others, the log gives the published figures again.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from casework.audit.events import Event, parse
from casework.counts.figures import Counted, Part
from casework.counts.lives import KINDS
from casework.counts.report import Report, with_settings
from casework.counts.standing import ROWS
from casework.models import AuditEvent
from casework.models.base import table_of
from casework.office_settings import settings_at
from workflows.amendments import EVENTS

_EVENTS = table_of(AuditEvent).c
_SETTING = "setting_changed"
_AT_ONCE = 500
_KNOWN = ("item", "kind", "code", "is_estimated", "from_on", "to_on")
AMENDMENTS = frozenset(EVENTS.values())
COUNTED_BY = ("acknowledge_target", "decide_target", "extra_holidays")
"""The settings that figures follow, beside the threshold under which some are withheld."""


@dataclass(frozen=True)
class Change:
    """A figure of one part of a report that counts other cases, or counts a case otherwise.

    A case that is counted with another day or length is among both.
    """

    part: Part
    figure: str
    left: tuple[Counted, ...]
    joined: tuple[Counted, ...]


@dataclass(frozen=True)
class Restatement:
    """What became of a report: `then` as it was counted first, `now` at a later log size.

    `causes` are the actions responsible in log order, by case; `settings` those that changed a
    setting by which the report counts.
    """

    then: Report
    now: Report
    changes: tuple[Change, ...]
    causes: Mapping[str, tuple[Event, ...]]
    settings: tuple[Event, ...]

    @property
    def events(self) -> tuple[Event, ...]:
        """Everything responsible, in log order."""
        found = [event for events in self.causes.values() for event in events]
        return tuple(sorted((*found, *self.settings), key=lambda event: event.seq))


def restate(session: Session, then: Report, now: Report) -> Restatement:
    """Why `now` differs from `then`, the same report at an earlier log size."""
    changes, status_days = [], dict[str, date]()
    for (was, status_on), (part, _) in zip(_parts(then), _parts(now), strict=True):
        for change in _changes(was, part):
            changes.append(change)
            for counted in (*change.left, *change.joined):
                known_until = status_days.get(counted.case, status_on)
                status_days[counted.case] = max(known_until, status_on)
    return Restatement(
        then,
        now,
        tuple(changes),
        _causes(session, status_days, then.log_size, now.log_size),
        _settings(session, then, now),
    )


def may_differ(session: Session, then: Report, log_size: int) -> bool:
    """Whether anything recorded since bears on what was known up to the status day.

    Cheap beside counting again; where nothing does, the report counts the same at this log size.
    """
    settings = settings_at(session, log_size)
    if any(getattr(settings, name) != getattr(then.settings, name) for name in COUNTED_BY):
        return True
    rows = _rows(session, then.log_size, log_size, ROWS.from_on <= then.status_on)
    return any(_positions(rows, defaultdict(lambda: then.status_on)).values())


def _parts(report: Report) -> Iterator[tuple[Part, date]]:
    """Everything that a report prints, each with the day by which it is known."""
    yield from ((part, report.status_on) for part, _ in report.parts)
    if report.previous:
        yield report.previous.whole, report.previous.status_on


def _changes(was: Part, part: Part) -> Iterator[Change]:
    for figure in dict.fromkeys((*was.figures, *part.figures)):
        before, after = (Counter(each.figures.get(figure, ())) for each in (was, part))
        if before != after:
            left, joined = before - after, after - before
            yield Change(part, figure, tuple(left.elements()), tuple(joined.elements()))


def _causes(
    session: Session, status_days: Mapping[str, date], start: int, stop: int
) -> dict[str, tuple[Event, ...]]:
    """The actions recorded from `start` to before `stop` that changed what is known of each case
    up to its day; and what else amended the same entries, as only the last amendment of an entry
    tells, and each would if the others were not there.
    """
    found: dict[str, tuple[Event, ...]] = {}
    for cases in _some_at_once(status_days):
        rows = list(_rows(session, start, stop, ROWS.case_token.in_(cases)))
        changed, any_day = _positions(rows, status_days), _positions(rows, None)
        for case, events in _events_of(session, cases, stop).items():
            entry = _entries_amended(events)
            touched = {entry[seq] for seq in changed.get(case, ())}
            found[case] = tuple(
                event
                for event in events
                if event.seq in changed.get(case, ())
                or (event.seq in any_day.get(case, ()) and entry[event.seq] in touched)
            )
    return found


def _some_at_once(cases: Iterable[str]) -> Iterator[list[str]]:
    tokens = sorted(cases)
    for start in range(0, len(tokens), _AT_ONCE):
        yield tokens[start : start + _AT_ONCE]


def _rows(session: Session, start: int, stop: int, which: ColumnElement[bool]) -> Sequence[Any]:
    """The milestones that began or ended to be known from `start` to before `stop`."""
    begun = and_(ROWS.since_seq >= start, ROWS.since_seq < stop)
    ended = and_(ROWS.until_seq >= start, ROWS.until_seq < stop)
    columns = (ROWS[name] for name in ("case_token", "since_seq", "until_seq", *_KNOWN))
    query = select(*columns).where(ROWS.kind.in_(KINDS), or_(begun, ended), which)
    return session.execute(query).all()


def _positions(rows: Iterable[Any], status_days: Mapping[str, date] | None) -> dict[str, set[int]]:
    """Where what is known changed, by case: up to the case's day, or of any day when none is given."""
    begun: dict[tuple[str, int | None], set[Any]] = defaultdict(set)
    ended: dict[tuple[str, int | None], set[Any]] = defaultdict(set)
    for case, since, until, *known in rows:
        seen = _up_to(known, status_days[case]) if status_days is not None else tuple(known)
        if seen:
            begun[case, since].add(seen)
            ended[case, until].add(seen)
    found: dict[str, set[int]] = defaultdict(set)
    for case, seq in begun.keys() | ended.keys():
        if seq is not None and begun[case, seq] != ended[case, seq]:
            found[case].add(seq)
    return found


def _up_to(known: Sequence[Any], status_on: date) -> tuple[Any, ...]:
    """A milestone as it looks at the end of a day; nothing when it had not begun."""
    *what, from_on, to_on = known
    if from_on > status_on:
        return ()
    return (*what, from_on, to_on if to_on is not None and to_on <= status_on else None)


def _events_of(session: Session, cases: Sequence[str], stop: int) -> dict[str, list[Event]]:
    """The events of cases before a position in log order, without their words."""
    query = select(_EVENTS.body).where(_EVENTS.case_token.in_(cases), _EVENTS.seq < stop)
    found: dict[str, list[Event]] = {case: [] for case in cases}
    for body in session.execute(query.order_by(_EVENTS.seq)).scalars():
        event = parse(body)
        found[event.case or ""].append(event)
    return found


def _entries_amended(events: Iterable[Event]) -> dict[int, int]:
    """For each event the position of the entry that it amends in the end, or its own."""
    entry: dict[int, int] = {}
    for event in events:
        is_amendment = event.action in AMENDMENTS and event.target in entry
        entry[event.seq] = entry[event.target or 0] if is_amendment else event.seq
    return entry


def _settings(session: Session, then: Report, now: Report) -> tuple[Event, ...]:
    """The changes of settings without which the report would count otherwise."""
    names = {name for name in COUNTED_BY if _matters(then, now, name)}
    if not names:
        return ()
    query = select(_EVENTS.body).where(
        _EVENTS.action == _SETTING, _EVENTS.seq >= then.log_size, _EVENTS.seq < now.log_size
    )
    events = (parse(body) for body in session.execute(query.order_by(_EVENTS.seq)).scalars())
    return tuple(event for event in events if event.stat["setting"] in names)


def _matters(then: Report, now: Report, name: str) -> bool:
    """Whether the report would say otherwise with one setting as it was then."""
    old = getattr(then.settings, name)
    if old == getattr(now.settings, name):
        return False
    changed: dict[str, Any] = {name: old}
    return _said(with_settings(now, replace(now.settings, **changed))) != _said(now)


def _said(report: Report) -> list[Any]:
    """Every figure of a report as it is published."""
    reports = (report, report.previous) if report.previous else (report,)
    return [
        block.plain(part, each.settings)
        for each in reports
        for part, blocks in each.parts
        for block in blocks
        if not block.is_of_years
    ]
