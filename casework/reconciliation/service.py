"""The only place that checks a list against the cases, and enters on the log that it was done."""

import secrets
from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy.orm import Session

from casework.audit import record
from casework.models import ListCheck, ListReading
from casework.reconciliation import findings
from casework.reconciliation.columns import ORDERS, REFERENCE, Order
from casework.reconciliation.matching import KINDS, Comparison, compare
from casework.reconciliation.ours import Period, ours
from casework.reconciliation.reading import Look, Reading, Unread, read

RECONCILED = "list_reconciled"
MOST_NOTED = 200
"""How many rows that could not be read, or were matched otherwise written, a check keeps of each."""
NO_REFERENCES = "Most rows have no reference in this column. Choose the column in which they stand."


@dataclass(frozen=True)
class Checked:
    """A list as it was compared with the cases, before anything of it is kept."""

    force: str
    period: Period
    sha256: str
    found: Comparison
    unread: tuple[Unread, ...]

    @property
    def counts(self) -> dict[str, int]:
        """The figures of the event: rows of the list, and cases where there is no row."""
        parts = {kind: self.found.rows_in(kind) for kind in KINDS}
        unread = len({fault.row for fault in self.unread})
        return {
            "listed": self.found.listed,
            "matched": self.found.matched,
            **parts,
            "unread": unread,
        }

    @property
    def is_likely(self) -> bool:
        """Whether the column of references can be the right one: most rows have one in it."""
        return sum(fault.column == REFERENCE for fault in self.unread) <= self.found.listed


def check(
    session: Session, file: BinaryIO, look: Look, reading: Reading, force: str, period: Period
) -> Checked:
    """Compare a list with the cases as they are now. Nothing is written; it may take its time."""
    listed, unread = read(file, reading)
    settled = findings.known(findings.of_force(session, force))
    cases = ours(session, force, listed, settled, period)
    found = compare(listed, cases, settled)
    return Checked(force, period, look.sha256, found, tuple(unread))


def keep(session: Session, checked: Checked, *, role: str, origin: record.Origin) -> ListCheck:
    """Enter a check on the log, and bring the findings of the force in step with it.

    Within the caller's write transaction.
    """
    stat = {
        "force": checked.force,
        "from_on": checked.period.from_on.isoformat(),
        "to_on": checked.period.to_on.isoformat(),
        "file": checked.sha256,
        **checked.counts,
    }
    recorded = record.append(session, record.NewEvent(RECONCILED, role, stat=stat), origin)
    row = ListCheck(
        token=f"k_{secrets.token_hex(16)}",
        since_seq=recorded.seq,
        force=checked.force,
        from_on=checked.period.from_on,
        to_on=checked.period.to_on,
        checked_at=recorded.at,
        checked_by=origin.actor,
        counts=checked.counts,
        findings=[],
        met=sorted(checked.found.met),
        unread=[[each.row, each.column, each.why] for each in checked.unread[:MOST_NOTED]],
        respelt=[[each.row, each.listed, each.case] for each in checked.found.respelt[:MOST_NOTED]],
    )
    session.add(row)
    session.flush()
    row.findings = findings.enter(session, row, checked.found)
    session.flush()
    return row


def reading_of(session: Session, force: str, look: Look) -> tuple[Reading | None, bool]:
    """How the lists of a force were read last, and whether this one can be read so unasked.

    It can when its titles are the same, and its days do not say that they are written otherwise.
    """
    row = session.get(ListReading, force)
    if row is None:
        return None, False
    order: Order = next(each for each in ORDERS if each == row.order)
    reading = Reading(row.columns, order)
    is_same = row.header == look.header
    return reading, is_same and look.is_readable_in(order, reading.columns.values())


def keep_reading(session: Session, force: str, look: Look, reading: Reading) -> None:
    """Keep how the lists of a force are read. Within the caller's write transaction."""
    row = session.get(ListReading, force)
    if row is None:
        row = ListReading(force=force)
        session.add(row)
    row.header, row.columns, row.order = look.header, dict(reading.columns), reading.order
    session.flush()
