"""The only place that compares the tables of the forces’ lists with the log, as far as it tells of them.

The log has each check of a list with its figures, and each finding that was settled, by its kind.
What a check found, row by row, is beside the log and in no event.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit.checks_tables import events_called
from casework.audit.events import Event
from casework.audit.findings import Check, Finding
from casework.models import ListCheck, ListFinding

NOT_SETTLED = "not_settled"
_DAYS = ("from_on", "to_on")


def check_lists(session: Session, log_size: int) -> tuple[Finding, ...]:
    """Whether each check of a list, and how findings were settled, is stored as the log has it."""
    check = Check("lists")
    checks = {row.since_seq: row for row in session.scalars(select(ListCheck))}
    query = select(ListFinding).where(
        ListFinding.settled_seq.is_not(None) | ListFinding.settled_as.is_not(None)
    )
    findings = session.scalars(query).all()
    reconciled = {event.seq: event for event in events_called(session, "list_reconciled")}
    settled = {event.seq: event for event in events_called(session, "list_finding_settled")}
    for seq in sorted({*checks, *(seq for seq in reconciled if seq < log_size)}):
        wrong = _others(checks.get(seq), reconciled.get(seq))
        if wrong:
            check.fault(f"The check of a list is not stored as the log has it ({wrong})", seq)
    for row in findings:
        wrong = ", ".join(_unsettled(row, settled.get(row.settled_seq or 0)))
        if wrong:
            what = f"The finding {row.token} is not settled as the log has it ({wrong})"
            check.fault(what, row.settled_seq)
    session.rollback()
    return check.findings("Checks of lists, and how findings were settled, are as the log has it.")


def _others(row: ListCheck | None, event: Event | None) -> str:
    """What of a check is not as its event has it, in words; empty when all is."""
    if row is None or event is None:
        return "it is only in the log" if row is None else "it is only in the table"
    stat = dict(event.stat)
    said: dict[str, Any] = {name: stat.pop(name) for name in ("force", *_DAYS)}
    stat.pop("file")
    kept = {"force": row.force, **{name: getattr(row, name).isoformat() for name in _DAYS}}
    said |= {"counts": stat, "checked_by": event.actor, "checked_at": event.at}
    kept |= {"counts": row.counts, "checked_by": row.checked_by, "checked_at": row.checked_at}
    return ", ".join(name for name in said if said[name] != kept[name])


def _unsettled(row: ListFinding, event: Event | None) -> Iterator[str]:
    """The columns of a finding that are not as the event has it by which it was settled."""
    if event is None:
        yield "nothing in the log settled it"
        return
    settled_as = event.stat["settled_as"]
    is_settled = settled_as != NOT_SETTLED
    said = {
        "force": event.stat["force"],
        "kind": event.stat["finding"],
        "settled_as": settled_as if is_settled else None,
        "settled_at": event.at if is_settled else None,
    }
    yield from (name for name, value in said.items() if getattr(row, name) != value)
    if row.same_as not in (None, event.case):
        yield "same_as"
