"""The only place that compares the tables of the office's work with the log they follow from.

Each case's entries are replayed by the engine and must give its row. A table is read before the
log, and the log's later entries are left aside by the row's own version: so nothing need stand
still while the office works.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from casework.audit.erasures import Erasure
from casework.audit.events import ITEM, Event, entries, entry_of, parse
from casework.audit.findings import Check, Finding
from casework.audit.reading import ALONE, Reading
from casework.audit.replay import WORDS, columns_of, words_given, words_of
from casework.models import (
    AuditDetail,
    AuditEvent,
    Case,
    LetterTemplate,
    OfficeSetting,
)
from casework.models.base import table_of
from workflows import WORKFLOWS
from workflows.attempt import StepRefused
from workflows.definition import Entry, Standing, Workflow
from workflows.history import AMENDMENTS
from workflows.replay import apply_entry, standing_of

_EVENTS, _DETAILS, _CASES = table_of(AuditEvent), table_of(AuditDetail), table_of(Case)
_TEMPLATES = table_of(LetterTemplate)
_SETTINGS = table_of(OfficeSetting)
BATCH = 200
UNREADABLE = (
    AttributeError,
    IndexError,
    KeyError,
    OverflowError,
    StepRefused,
    TypeError,
    ValueError,
)
"""What reading an event that was tampered with may raise."""

# As text, because tampering may have left what is not of the column's type.
_CASE_ROWS = select(
    _CASES.c.id,
    *(cast(column, String).label(column.name) for column in _CASES.c if column.name != "id"),
)


@dataclass(frozen=True)
class Batch:
    """Some cases, by the numbers of their rows: after one and up to another, None: without end."""

    after: int | None
    upto: int | None

    @property
    def here(self) -> list[ColumnElement[bool]]:
        """What is true of the rows of these cases."""
        after = [] if self.after is None else [_CASES.c.id > self.after]
        upto = [] if self.upto is None else [_CASES.c.id <= self.upto]
        return after + upto


@dataclass(frozen=True)
class Upto:
    """What rows are compared with: the first so many entries, and the cases erased by any that count."""

    log_size: int
    erased: Mapping[str, Erasure]


def batches(session: Session) -> tuple[Batch, ...]:
    """All cases, so many at a time that memory holds what is to be known of them."""
    found = [Batch(None, None)]
    ids = select(_CASES.c.id).order_by(_CASES.c.id).offset(BATCH - 1).limit(1)
    while (upto := session.execute(ids.where(*found[-1].here)).scalar()) is not None:
        found[-1:] = [Batch(found[-1].after, upto), Batch(upto, None)]
    session.rollback()
    return tuple(found)


def check_cases(
    session: Session, log_size: int, erased: Mapping[str, Erasure], reading: Reading = ALONE
) -> tuple[Finding, ...]:
    """Whether the entries of every case, replayed, give its row; and no case without either."""
    by = Upto(log_size, erased)
    check = Check("cases")
    parts = batches(session)
    for done, found in enumerate(reading.each(session, _judge_cases, by, parts), start=1):
        check.take(found)
        reading.told("cases", done, len(parts))
    _judge_rowless(check, session, log_size)
    return check.findings("Every case’s row is what its entries give when they are replayed.")


def _judge_cases(session: Session, by: Upto, batch: Batch) -> Check:
    check = Check("cases")
    rows = session.execute(_CASE_ROWS.where(*batch.here).order_by(_CASES.c.id)).all()
    histories = _histories(session, [row.token for row in rows])
    session.rollback()
    for row in rows:
        _judge_case(check, row, histories.get(row.token, []), by)
    return check


def _histories(session: Session, tokens: Sequence[str]) -> dict[str, list[Any]]:
    query = (
        select(
            _EVENTS.c.case_token,
            _EVENTS.c.seq,
            type_coerce(_EVENTS.c.body, NullType()).label("body"),
            type_coerce(_DETAILS.c.body, NullType()).label("words"),
        )
        .select_from(_EVENTS.outerjoin(_DETAILS, _DETAILS.c.seq == _EVENTS.c.seq))
        .where(_EVENTS.c.case_token.in_(tokens))
        .order_by(_EVENTS.c.seq)
    )
    histories: dict[str, list[Any]] = defaultdict(list)
    for row in session.execute(query):
        histories[row.case_token].append(row)
    return histories


def _judge_case(check: Check, row: Any, stored: list[Any], by: Upto) -> None:
    name = f"Case {row.reference} ({row.token})"
    if not stored:
        check.fault(f"{name} is in the table but not in the log")
        return
    first, last = stored[0].seq, stored[-1].seq
    try:
        events = [
            event
            for event in (parse(part.body, part.words) for part in stored)
            if event.seq < by.log_size or (event.version or 0) <= int(row.version)
        ]
        workflow = WORKFLOWS[events[0].stat["workflow"]]
        misstated = _misstated(workflow, events)
        wrong = list(_differences(row, _expected(workflow, events, by.erased.get(row.token))))
    except UNREADABLE:
        check.fault(f"{name} cannot be replayed from its entries", first, last)
        return
    for seq, stated, replayed in misstated:
        check.fault(f"{name} is “{stated}” by its entry and “{replayed}” when replayed", seq)
    if wrong:
        check.fault(f"{name}: {'; '.join(wrong)}", first, last)


def _expected(
    workflow: Workflow, events: Sequence[Event], erasure: Erasure | None
) -> dict[str, Any]:
    """The row that a case's events give; of its words those that are beside them still."""
    log = entries(workflow, events)
    pinned = events[0].stat
    versions = [event.version for event in events if event.version is not None]
    expected = {
        "workflow": pinned["workflow"],
        "workflow_version": pinned["workflow_version"],
        "workflow_hash": pinned["workflow_hash"],
        "version": versions[-1],
        "erased_on": erasure.on if erasure else None,
        **columns_of(standing_of(workflow, log)),
    }
    if versions != list(range(1, len(versions) + 1)):
        expected["version"] = f"not counted from 1 by its entries: {versions}"
    if erasure is not None:
        return expected | dict.fromkeys(WORDS)
    words = {event.seq: event.words or {} for event in events}
    found = {"reference": words[events[0].seq].get("reference"), **words_of(log, words)}
    unknown = _unknown(workflow, events)
    return expected | {name: found[name] for name in found.keys() - unknown}


def _unknown(workflow: Workflow, events: Sequence[Event]) -> set[str]:
    """The columns of words that an event last set beside which words are missing."""
    unknown: set[str] = set()
    for event in events:
        if not event.is_erased:
            unknown -= words_given(event.words or {}).keys()
        elif ITEM not in event.stat:
            step = workflow.steps_by_event.get(event.action)
            names = [fact.code for fact in step.facts] if step else WORDS
            unknown |= words_given(dict.fromkeys(names, "")).keys()
            unknown |= {"reference"} if event is events[0] else set()
    return unknown


def _differences(row: Any, expected: dict[str, Any]) -> Iterator[str]:
    for name, value in expected.items():
        stored = getattr(row, name)
        if stored == (None if value is None else str(value)):
            continue
        if name in WORDS:  # personal: named, never shown
            yield f"{name} is not what was recorded"
        else:
            yield f"{name} is {stored or 'empty'}, the log gives {'empty' if value is None else value}"


def _misstated(workflow: Workflow, events: Sequence[Event]) -> list[tuple[int, str, str]]:
    """Events whose stated state is not the one that replaying up to them gives."""
    found: list[tuple[int, str, str]] = []
    log: list[Entry] = []
    standing = Standing(state=workflow.initial.name)
    for event in events:
        entry = entry_of(workflow, event)
        if entry is None:
            continue
        log.append(entry)
        standing = _after(workflow, standing, entry, log)
        if event.state != standing.state:
            found.append((event.seq, str(event.state), standing.state))
    return found


def _after(workflow: Workflow, before: Standing, entry: Entry, log: Sequence[Entry]) -> Standing:
    """The standing after an entry; replayed from nothing only where it does not come last."""
    is_last = not before.entries or entry.effective_on >= before.entries[-1].effective_on
    if entry.step in AMENDMENTS or not is_last:
        return standing_of(workflow, log)
    return apply_entry(workflow, before, entry)


def _judge_rowless(check: Check, session: Session, log_size: int) -> None:
    known = select(_CASES.c.token).where(_CASES.c.token == _EVENTS.c.case_token).exists()
    query = (
        select(_EVENTS.c.case_token, func.min(_EVENTS.c.seq), func.max(_EVENTS.c.seq))
        .where(_EVENTS.c.case_token.is_not(None), _EVENTS.c.seq < log_size, ~known)
        .group_by(_EVENTS.c.case_token)
        .order_by(func.min(_EVENTS.c.seq))
    )
    for token, first, last in session.execute(query):
        check.fault(f"Case {token} is in the log but not in the table", first, last)
    session.rollback()


def check_settings(session: Session, log_size: int) -> tuple[Finding, ...]:
    """Whether the table of settings holds each change in the log and no other."""
    check = Check("settings")
    columns = _SETTINGS.c
    query = select(columns.since_seq, columns.name, columns.value)
    stored = {seq: (name, value) for seq, name, value in session.execute(query)}
    logged = {
        event.seq: (str(event.stat.get("setting")), json.dumps(event.stat.get("value")))
        for event in events_called(session, "setting_changed")
    }
    session.rollback()
    for seq in sorted({*stored, *(seq for seq in logged if seq < log_size)}):
        if stored.get(seq) != logged.get(seq):
            name, _ = stored.get(seq) or logged[seq]
            check.fault(f"The setting {name} is not stored as the log has it", seq)
    return check.findings("Every setting is stored as the log has it.")


def check_letter_templates(session: Session, log_size: int) -> tuple[Finding, ...]:
    """Whether each letter has had the templates that the log gives it, and no other."""
    check = Check("letter templates")
    columns = _TEMPLATES.c
    query = select(columns.since_seq, columns.letter, columns.sha256)
    stored = {seq: (letter, sha256) for seq, letter, sha256 in session.execute(query)}
    logged = {
        event.seq: (event.stat.get("letter"), event.stat.get("template"))
        for event in events_called(session, "letter_template_added", "letter_template_chosen")
    }
    session.rollback()
    for seq in sorted({*stored, *(seq for seq in logged if seq < log_size)}):
        if stored.get(seq) != logged.get(seq):
            letter, _ = stored.get(seq) or logged[seq]
            check.fault(f"The template of the letter {letter} is not as the log has it", seq)
    return check.findings("Every letter has the templates that the log gives it.")


def events_called(session: Session, *actions: str) -> Iterator[Event]:
    """The readable events of some actions, in log order; what cannot be read is told elsewhere."""
    body, words = (type_coerce(table.c.body, NullType()) for table in (_EVENTS, _DETAILS))
    query: Any = select(body, words).select_from(
        _EVENTS.outerjoin(_DETAILS, _DETAILS.c.seq == _EVENTS.c.seq)
    )
    stored = query.where(_EVENTS.c.action.in_(actions)).order_by(_EVENTS.c.seq)
    for row in session.execute(stored):
        try:
            yield parse(*row)
        except UNREADABLE:
            continue
