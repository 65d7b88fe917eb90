"""The only place that reads the audit log: events as frozen dataclasses, and cases' histories."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import Select, bindparam, select, true
from sqlalchemy.orm import Session

from casework.audit.record import LEAF_PREFIX
from casework.audit.tree import leaf_hash
from casework.models import AuditDetail, AuditEvent
from casework.models.base import table_of
from workflows.amendments import EVENTS as AMENDMENT_EVENTS
from workflows.calendar import london_day
from workflows.definition import Entry, Workflow
from workflows.facts import from_stat
from workflows.history import EFFECTIVE_ON

_AMENDMENTS = {event: step for step, event in AMENDMENT_EVENTS.items()}
ITEM, ITEM_STATE, ITEM_VERSION = "item", "item_state", "item_ver"
"""What `stat` of an event about an item holds beside its facts: which, its state and version then."""
PINNED = ("workflow", "workflow_version", "workflow_hash")
"""What the first event of a case or an item holds: the definition it was begun under."""
_EVENTS, _DETAILS = table_of(AuditEvent), table_of(AuditDetail)
_HISTORY = (
    select(_EVENTS.c.body)
    .where(_EVENTS.c.case_token == bindparam("case_token"))
    .order_by(_EVENTS.c.seq)
)
_EXACT = select(_EVENTS.c.body, _EVENTS.c.leaf_hash).where(_EVENTS.c.seq == bindparam("position"))
BATCH = 1_000
CASES = 200


@dataclass(frozen=True)
class Event:
    """One event of the log, read from its exact bytes.

    `at` is when the office knew it (UTC); `effective_on` the day it happened, None when it is
    not about a day; `words` what was kept beside it, None when there was nothing, it is erased,
    or it is withheld from who reads.
    """

    seq: int
    token: str
    at: datetime
    actor: str
    role: str
    action: str
    case: str | None
    version: int | None
    state: str | None
    via: str
    effective_on: date | None
    target: int | None
    stat: Mapping[str, Any]
    has_words: bool
    words: Mapping[str, str] | None = None
    is_withheld: bool = False

    @property
    def is_erased(self) -> bool:
        """Whether words were kept beside it and are no longer there."""
        return self.has_words and self.words is None and not self.is_withheld


def parse(body: bytes, words: bytes | None = None) -> Event:
    """An event from its canonical bytes and the words beside it."""
    read = orjson.loads(body)
    day = read["effective_on"]
    return Event(
        seq=read["seq"],
        token=read["id"],
        at=datetime.fromisoformat(read["at"]),
        actor=read["actor"],
        role=read["role"],
        action=read["action"],
        case=read["case"],
        version=read["ver"],
        state=read["state"],
        via=read["via"],
        effective_on=date.fromisoformat(day) if day else None,
        target=read["target"],
        stat=read["stat"],
        has_words=read["detail_commit"] is not None,
        words=orjson.loads(words) if words is not None else None,
    )


def exact(session: Session, seq: int) -> bytes:
    """The exact bytes of the event at this position.

    Raises ValueError when there is none, or when they no longer have the hash stored with them.
    """
    found = session.execute(_EXACT, {"position": seq}).first()
    if found is None or leaf_hash(LEAF_PREFIX + found.body) != found.leaf_hash:
        raise ValueError(f"Entry {seq} of the log is missing or was altered. Nothing was read.")
    body: bytes = found.body
    return body


def events_of(
    session: Session, case: str, log_size: int | None = None, since: int = 0
) -> tuple[Event, ...]:
    """The events of one case in log order, with their words: from `since` to before `log_size`."""
    query = _with_words().where(_EVENTS.c.case_token == case, _EVENTS.c.seq >= since)
    if log_size is not None:
        query = query.where(_EVENTS.c.seq < log_size)
    return tuple(parse(row.body, row.words) for row in session.execute(query))


def events_of_each(session: Session, cases: Collection[str]) -> dict[str, tuple[Event, ...]]:
    """The events of several cases with their words, each in log order, in one statement."""
    query = _with_words().where(_EVENTS.c.case_token.in_(cases))
    found: dict[str, list[Event]] = {case: [] for case in cases}
    for row in session.execute(query):
        event = parse(row.body, row.words)
        found[event.case or ""].append(event)
    return {case: tuple(events) for case, events in found.items()}


def newest_first(
    session: Session, conditions: Iterable[Any], limit: int, offset: int = 0
) -> tuple[Event, ...]:
    """Events of the whole office that meet the conditions on `AuditEvent`, newest first."""
    query = _with_words(newest=True).where(*conditions).limit(limit).offset(offset)
    return tuple(parse(row.body, row.words) for row in session.execute(query))


def all_events(session: Session, log_size: int) -> Iterator[Event]:
    """Every event before `log_size`, in order and without words, read in short batches."""
    for start in range(0, log_size, BATCH):
        stop = min(start + BATCH, log_size)
        query = (
            select(_EVENTS.c.body)
            .where(_EVENTS.c.seq >= start, _EVENTS.c.seq < stop)
            .order_by(_EVENTS.c.seq)
        )
        for body in session.execute(query).scalars().all():
            yield parse(body)


def events_by_case(
    session: Session, log_size: int
) -> Iterator[tuple[str | None, tuple[Event, ...]]]:
    """Every event of a case before `log_size`, without words: of some cases at a time, by token.

    Each of these batches comes with the last token of which it has the events, the last batch
    with none: it has all that are left. An event whose column names another case than its bytes
    is of neither.
    """
    after = ""
    while True:
        rest = _EVENTS.c.case_token > after
        tokens = select(_EVENTS.c.case_token).where(rest).distinct().order_by(_EVENTS.c.case_token)
        last = session.execute(tokens.offset(CASES - 1).limit(1)).scalar()
        upto = _EVENTS.c.case_token <= last if last is not None else true()
        columns = select(_EVENTS.c.case_token, _EVENTS.c.body)
        query = columns.where(rest, upto, _EVENTS.c.seq < log_size)
        rows = session.execute(query.order_by(_EVENTS.c.case_token, _EVENTS.c.seq))
        events = ((token, parse(body)) for token, body in rows)
        yield last, tuple(event for token, event in events if event.case == token)
        if last is None:
            return
        after = last


def _with_words(*, newest: bool = False) -> Select[tuple[bytes, bytes]]:
    query = select(_EVENTS.c.body, _DETAILS.c.body.label("words")).select_from(
        _EVENTS.outerjoin(_DETAILS, _DETAILS.c.seq == _EVENTS.c.seq)
    )
    return query.order_by(_EVENTS.c.seq.desc() if newest else _EVENTS.c.seq)


def history_of(session: Session, workflow: Workflow, case: str) -> tuple[Entry, ...]:
    """The entries of a case in log order, without words: what the engine judges by."""
    bodies = session.execute(_HISTORY, {"case_token": case}).scalars()
    return entries(workflow, (parse(body) for body in bodies))


def histories_of(
    session: Session, workflow: Workflow, cases: Collection[str]
) -> dict[str, tuple[Entry, ...]]:
    """The entries of several cases, each in log order, in one statement: for lists."""
    query = select(_EVENTS.c.body).where(_EVENTS.c.case_token.in_(cases)).order_by(_EVENTS.c.seq)
    found: dict[str, list[Event]] = {case: [] for case in cases}
    for body in session.execute(query).scalars():
        event = parse(body)
        found[event.case or ""].append(event)
    return {case: entries(workflow, events) for case, events in found.items()}


def entries(workflow: Workflow, events: Iterable[Event]) -> tuple[Entry, ...]:
    """The events that are steps, corrections or annulments, as the engine's entries."""
    found = (entry_of(workflow, event) for event in events)
    return tuple(entry for entry in found if entry is not None)


def entry_of(workflow: Workflow, event: Event) -> Entry | None:
    """One event as the engine's entry; None when it is no step (an item's, an export)."""
    if ITEM in event.stat:
        return None
    step = workflow.steps_by_event.get(event.action)
    name = step.name if step else _AMENDMENTS.get(event.action)
    if name is None:
        return None
    stat = dict(event.stat)
    estimated = frozenset(stat.pop("estimated", ()))
    facts = from_stat(step, stat)
    if step is None:
        facts = {code: _amended_value(workflow, code, value) for code, value in stat.items()}
    return Entry(
        seq=event.seq,
        step=name,
        effective_on=event.effective_on or london_day(event.at),
        facts=facts,
        actor=event.actor,
        token=event.token,
        target=event.target,
        estimated=estimated,
    )


def _amended_value(workflow: Workflow, code: str, value: Any) -> Any:
    """A corrected value, typed as the fact it replaces; a correction has no facts of its own."""
    if code == EFFECTIVE_ON:
        return date.fromisoformat(value)
    owner = next((step for step in workflow.steps if code in step.facts_by_code), None)
    return from_stat(owner, {code: value})[code]
