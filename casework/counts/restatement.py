"""The only place that says why a report counts otherwise than when it was published.

The same days, the same edition, the log at two sizes: which cases joined or left each figure, and
exactly which actions recorded in between are responsible. Without these actions, and with all
others, the log gives the published figures again.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit.events import Event, parse
from casework.counts.entered import Entered
from casework.counts.figures import Counted, Part
from casework.counts.report import Report, with_settings
from casework.counts.standing import ROWS
from casework.models import AuditEvent
from casework.models.base import table_of
from casework.office_settings import OfficeSettings, settings_at
from workflows.amendments import EVENTS

_EVENTS = table_of(AuditEvent).c
_SETTING = "setting_changed"
_AT_ONCE = 500
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
    by_cases = _put_back(now, now.settings, vars(then.settings), COUNTED_BY)
    days: dict[str, date] = {}
    for change, status_on in _changes(then, by_cases):
        for one in (*change.left, *change.joined):
            days[one.case] = max(days.get(one.case, status_on), status_on)
    return Restatement(
        then,
        now,
        tuple(change for change, _ in _changes(then, now)),
        _causes(session, days, then.log_size, now.log_size),
        _settings(session, then, now),
    )


def may_differ(session: Session, status_on: date, then: int, now: int) -> bool:
    """Whether anything recorded between two log sizes bears on what was known up to a status day.

    Cheap beside counting; where nothing does, a report counts the same at both.
    """
    was, is_now = settings_at(session, then), settings_at(session, now)
    if any(getattr(was, name) != getattr(is_now, name) for name in COUNTED_BY):
        return True
    entered = Entered(session, then, now, ROWS.from_on <= status_on)
    return any(entered.up_to(dict.fromkeys(entered.cases, status_on)).values())


def _parts(report: Report) -> Iterator[tuple[Part, date]]:
    """Everything that a report prints, each with the day by which it is known."""
    yield from ((part, report.status_on) for part, _ in report.parts)
    if report.previous:
        yield report.previous.whole, report.previous.status_on


def _changes(then: Report, now: Report) -> Iterator[tuple[Change, date]]:
    """The figures that count otherwise, each with the day by which its part is known."""
    for (was, status_on), (part, _) in zip(_parts(then), _parts(now), strict=True):
        for figure in dict.fromkeys((*was.figures, *part.figures)):
            before, after = (Counter(each.figures.get(figure, ())) for each in (was, part))
            if before != after:
                left, joined = (before - after).elements(), (after - before).elements()
                yield Change(part, figure, tuple(left), tuple(joined)), status_on


def _causes(
    session: Session, status_days: Mapping[str, date], start: int, stop: int
) -> dict[str, tuple[Event, ...]]:
    """The actions recorded from `start` to before `stop` that changed what is known of each case
    up to its day; and what else amended the same entries, as only the last amendment of an entry
    tells, and each would if the others were not there.
    """
    found: dict[str, tuple[Event, ...]] = {}
    for cases in _some_at_once(status_days):
        entered = Entered(session, start, stop, ROWS.case_token.in_(cases))
        by_day, at_all = entered.up_to(status_days), entered.up_to(dict.fromkeys(cases, date.max))
        for case, events in _events_of(session, cases, stop).items():
            entry = _entries_amended(events)
            moved = {entry[seq] for seq in by_day.get(case, ())}
            causes = [
                event
                for event in events
                if event.seq in at_all.get(case, ()) and entry[event.seq] in moved
            ]
            if causes:  # none where it only took the place of another case, as the oldest does
                found[case] = tuple(causes)
    return found


def _some_at_once(cases: Iterable[str]) -> Iterator[list[str]]:
    tokens = sorted(cases)
    for start in range(0, len(tokens), _AT_ONCE):
        yield tokens[start : start + _AT_ONCE]


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
    """The changes of settings without which the report would say otherwise.

    Of the cases as they were known then, or as they are known now.
    """
    both = then.settings, now.settings
    names = _needed(then, *both) | _needed(now, *both)
    if not names:
        return ()
    query = select(_EVENTS.body).where(
        _EVENTS.action == _SETTING, _EVENTS.seq >= then.log_size, _EVENTS.seq < now.log_size
    )
    events = (parse(body) for body in session.execute(query.order_by(_EVENTS.seq)).scalars())
    return tuple(event for event in events if event.stat["setting"] in names)


def _needed(report: Report, then: OfficeSettings, now: OfficeSettings) -> set[str]:
    """The settings of `then` that a report needs to say what it says with all of them.

    They are taken away one by one, as it may be two together that matter.
    """
    old = vars(then)
    names = {name for name in COUNTED_BY if old[name] != getattr(now, name)}
    wanted = _said(_put_back(report, now, old, names)) if names else []
    for name in sorted(names):
        if _said(_put_back(report, now, old, names - {name})) == wanted:
            names -= {name}
    return names


def _put_back(
    report: Report, now: OfficeSettings, old: Mapping[str, Any], names: Iterable[str]
) -> Report:
    return with_settings(report, replace(now, **{name: old[name] for name in names}))


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
