"""The only place that judges erasures: which of those on the log count, and the table of them.

An erasure explains why words are missing, so it has to be borne out by what stands before it: by
the very rules that let the step be taken (`workflows.disposal`). `docs/audit-log.md` has them.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select, type_coerce
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from casework.audit.checks_tables import UNREADABLE, events_called
from casework.audit.erasures import (
    DUE_ON,
    ERASED,
    ERASED_AGAIN,
    POSITIONS,
    SHARED_ERASED,
    Erasure,
    Erasures,
)
from casework.audit.events import ITEM, Event, entries, entry_of, parse
from casework.audit.findings import Check, Finding
from casework.audit.items import items_in, latest_of, own_event, standings_by_kind
from casework.models import AuditEvent
from casework.models import Erasure as Row
from casework.models.base import table_of
from workflows import WORKFLOWS
from workflows.attempt import StepRefused
from workflows.calendar import london_day
from workflows.definition import OfficeRules, Situation, Standing
from workflows.disposal import DISPOSAL, ERASE, fell_due, why_kept
from workflows.ending import Kept
from workflows.replay import apply_entry, check_guards, standing_of
from workflows.retention import DEFAULT, Schedule, schedule_of

RESTORED, REGRESSED = "log_restored", "clock_regressed"
_EVENTS, _ROWS = table_of(AuditEvent).c, table_of(Row).c
_BODY: Any = type_coerce(_EVENTS.body, NullType()).label("body")
_SEQS = (
    select(_EVENTS.seq)
    .where(_EVENTS.action.in_((ERASED, ERASED_AGAIN, SHARED_ERASED, RESTORED, REGRESSED)))
    .order_by(_EVENTS.seq)
)
_ENTRIES = select(_EVENTS.seq, _EVENTS.action, _EVENTS.case_token, _EVENTS.req, _BODY).order_by(
    _EVENTS.seq
)
BATCH = 200
"""Erasures that are judged at once, each by all entries of its case."""


def judge_erasures(session: Session, log_size: int) -> tuple[Erasures, tuple[Finding, ...]]:
    """The erasures of the whole log that count, and what is found of those before `log_size`.

    Also what is found of the table of them. Later ones count too, since words that they erased
    are no longer there at any size. Ends the session's transaction.
    """
    judge, table = _Judge(log_size), Check("erasure table")
    stored = _stored(session, table)
    try:
        judge.read(session)
    except (DBAPIError, *UNREADABLE) as fault:
        judge.check.fault(f"What is stored cannot be read ({type(fault).__name__})")
    session.rollback()
    _compare(table, stored, judge.of_cases, log_size)
    return Erasures(judge.of_cases, judge.shared), (
        *judge.check.findings("Every erasure was due and agreed to by two, or follows a restore."),
        *table.findings("The table of erasures holds those of the log, and no other."),
    )


class _Judge:
    """Judges erasures in the order of the log, and knows of those before."""

    def __init__(self, log_size: int) -> None:
        self.check, self._log_size = Check("erasures"), log_size
        self.of_cases: dict[str, Erasure] = {}
        self.shared: dict[int, Erasure] = {}
        self._schedules: list[tuple[int, Schedule]] = []
        self._restored = -1  # where the run of entries after a restore goes on
        self._shared = -1  # where words that are shared may be erased with the last case
        self._last: tuple[str, Erasure] | None = None

    def read(self, session: Session) -> None:
        """Judge everything on the log, so many at a time that memory holds the cases they are of."""
        self._schedules = list(_schedules(session))
        seqs = session.execute(_SEQS).scalars().all()
        for start in range(0, len(seqs), BATCH):
            here = _EVENTS.seq.in_(seqs[start : start + BATCH])
            rows = session.execute(_ENTRIES.where(here)).all()
            cases = _histories(session, [row.case_token for row in rows if row.case_token])
            session.rollback()
            for row in rows:
                self._take(row, cases.get(row.case_token, []))

    def _take(self, row: Any, history: Sequence[Any]) -> None:
        is_after_restore, may_share = row.seq == self._restored, row.seq == self._shared
        if row.action == RESTORED or (is_after_restore and row.action != ERASED):
            self._restored = row.seq + 1
        if row.action == REGRESSED and may_share:
            self._shared = row.seq + 1
        if row.action in (RESTORED, REGRESSED):
            return
        try:
            if row.action == SHARED_ERASED:
                self._take_shared(row, may_share=may_share)
            else:
                self._take_case(row, history, is_after_restore=is_after_restore)
        except StepRefused as refused:
            self._fault(f"The erasure does not count ({refused.sentence.rstrip('.')})", row.seq)
        except UNREADABLE:
            self._fault("The entry is no erasure that can be used", row.seq)

    def _take_case(self, row: Any, history: Sequence[Any], *, is_after_restore: bool) -> None:
        event = _event_at(row)
        erasure = _erasure(event, row.seq)
        before = tuple(parse(each.body) for each in history if each.seq < row.seq)
        if event.case is None or event.case != row.case_token or not before:
            raise StepRefused.because("It is of no case.")
        if event.case in self.of_cases:
            raise StepRefused.because("The case was erased before.")
        schedule = self._schedule(row.seq)
        if event.action == ERASED:
            _require_disposal(event, before, schedule)
        elif not is_after_restore:
            raise StepRefused.because("Nothing was restored just before it.")
        else:
            _require_due(erasure, before, schedule)
        if erasure.due_on > erasure.on:
            raise StepRefused.because("It is dated before the day on which it was due.")
        self.of_cases[event.case] = erasure
        self._shared, self._last = row.seq + 1, (row.req, erasure)

    def _take_shared(self, row: Any, *, may_share: bool) -> None:
        event = _event_at(row)
        erasure, positions = _erasure(event, row.seq), event.stat[POSITIONS]
        req, last = self._last if self._last and may_share else ("", None)
        if last is None or req != row.req or erasure.due_on != last.due_on:
            raise StepRefused.because("No case was erased just before it, by the same run.")
        if not isinstance(positions, list) or not all(_is_before(n, row.seq) for n in positions):
            raise TypeError(positions)
        self.shared |= dict.fromkeys(positions, erasure)

    def _schedule(self, seq: int) -> Schedule:
        return next((found for since, found in reversed(self._schedules) if since < seq), DEFAULT)

    def _fault(self, what: str, seq: int) -> None:
        if seq < self._log_size:
            self.check.fault(what, seq)


def _event_at(row: Any) -> Event:
    """The event that a row holds; ValueError where its bytes say that they belong elsewhere."""
    event = parse(row.body)
    if event.seq != row.seq:
        raise ValueError("moved")
    return event


def _is_before(position: object, seq: int) -> bool:
    return type(position) is int and 0 <= position < seq


def _erasure(event: Event, seq: int) -> Erasure:
    return Erasure(seq, date.fromisoformat(event.stat[DUE_ON]), event.at)


def _require_disposal(event: Event, before: tuple[Event, ...], schedule: Schedule) -> None:
    """StepRefused unless the entry is a step that an approved disposal of the case could take."""
    items = items_in(before)
    named = (each for each in items if each.token == event.stat.get(ITEM))
    disposal = next((each for each in named if each.workflow is DISPOSAL), None)
    entry = entry_of(DISPOSAL, own_event(event))
    if disposal is None or entry is None:
        raise StepRefused.because("It is the last step of no disposal of the case.")
    apply_entry(DISPOSAL, disposal.standing, entry)
    others = (each for each in before if each.stat.get(ITEM) != disposal.token)
    situation = Situation(
        disposal.standing,
        entry,
        OfficeRules(retention=schedule),
        case=_case(before),
        kept=standings_by_kind(items),
        latest=latest_of(others),
    )
    check_guards(ERASE, situation, ("case", "judgement"))


def _require_due(erasure: Erasure, before: tuple[Event, ...], schedule: Schedule) -> None:
    """StepRefused unless the case was due, from the day that is said, and not held."""
    case: Standing = _case(before)
    kept: Kept = standings_by_kind(items_in(before))
    if refusal := why_kept(case, kept, schedule, london_day(erasure.at)):
        raise StepRefused(refusal)
    if fell_due(case, kept, schedule)[DUE_ON] != erasure.due_on:
        raise StepRefused.because("The day on which it was due is not as the schedule says.")


def _case(events: Sequence[Event]) -> Standing:
    workflow = WORKFLOWS[events[0].stat["workflow"]]
    return standing_of(workflow, entries(workflow, events))


def _schedules(session: Session) -> Iterator[tuple[int, Schedule]]:
    """Each schedule that the office set, and from which position on it holds."""
    for event in events_called(session, "setting_changed"):
        if event.stat.get("setting") == "retention_schedule":
            try:
                yield event.seq, schedule_of(event.stat["value"])
            except UNREADABLE:
                continue


def _histories(session: Session, tokens: Sequence[str]) -> Mapping[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    query = select(_EVENTS.seq, _EVENTS.case_token, _BODY).where(_EVENTS.case_token.in_(tokens))
    for row in session.execute(query.order_by(_EVENTS.seq)):
        found[row.case_token].append(row)
    return found


def _stored(session: Session, check: Check) -> dict[str, Erasure]:
    """The table of erasures, read before the log: it then has no row that the log has not."""
    query = select(_ROWS.case_token, _ROWS.seq, _ROWS.due_on, _ROWS.erased_at)
    try:
        return {case: Erasure(*row) for case, *row in session.execute(query)}
    except (DBAPIError, *UNREADABLE) as fault:
        session.rollback()
        check.fault(f"The table of erasures cannot be read ({type(fault).__name__})")
        return {}


def _compare(
    check: Check, rows: Mapping[str, Erasure], of_cases: Mapping[str, Erasure], log_size: int
) -> None:
    for case in sorted({*rows, *of_cases}):
        stored, logged = rows.get(case), of_cases.get(case)
        is_newer = logged is not None and logged.seq >= log_size
        if stored != logged and not (stored is None and is_newer):
            seq = logged.seq if logged else None
            check.fault(f"The erasure of case {case} is not there as the log has it", seq)
