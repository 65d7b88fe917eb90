"""The only place that imports a register: every row or none, through the door that cases use."""

from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy import insert
from sqlalchemy.orm import Session

from casework import clock
from casework.applications import receive
from casework.audit.record import NewEvent, Origin
from casework.imports.checking import Known, Tick, rows_known, with_force
from casework.imports.checks import fill
from casework.imports.rows import RegisterRefused, Row
from casework.imports.steps import plan
from casework.models import RegisterRow
from casework.models.base import table_of
from casework.office_rules import office_rules
from casework.progress import Batch, CaseRefused
from workflows.attempt import StepRefused
from workflows.definition import OfficeRules

_KEEP = insert(table_of(RegisterRow))
IMPORTED = "register_imported"


class RegisterChanged(Exception):
    """The register, or what the office has of it, is no longer what was checked: check it again."""


@dataclass(frozen=True)
class Imported:
    """How many rows became cases, and how many had done so before."""

    imported: int
    unchanged: int

    def event(self, file: str, role: str) -> NewEvent:
        """The event that says who imported it; `file` is the SHA-256 of the register, in hex."""
        stat = {"file": file, "imported": self.imported, "unchanged": self.unchanged}
        return NewEvent(IMPORTED, role, stat=stat)


def import_register(
    session: Session, file: BinaryIO, origin: Origin | None = None, tick: Tick | None = None
) -> Imported:
    """Import a register that was checked and has no error: the rows that are new.

    Needs a write transaction; the caller commits, or rolls back when this raises RegisterChanged.
    """
    keeping = _Keeping(session, origin or Origin("import"))
    try:
        for row, known in rows_known(session, file, clock.today()):
            keeping.take(row, known)
            if tick:
                tick()
    except (RegisterRefused, StepRefused, CaseRefused) as refused:
        raise RegisterChanged(str(refused)) from refused
    keeping.batch.write()
    return Imported(keeping.imported, keeping.unchanged)


class _Keeping:
    """An import under way."""

    def __init__(self, session: Session, origin: Origin) -> None:
        self.session, self.origin = session, origin
        self.office: OfficeRules = office_rules(session)
        self.batch = Batch(session)
        self.imported = self.unchanged = 0

    def take(self, row: Row, known: Known) -> None:
        """Begin the case of the next row, unless it was imported before."""
        if known.is_unchanged(row):
            self.unchanged += 1
            return
        digest = row.digest  # as it was read: the office's forces may change
        row = with_force(row, self.office)
        if row.faults or known.has(row):
            raise RegisterChanged(f"Row {row.number} is no longer as it was checked.")
        first, *rest = (planned.attempt for planned in plan(fill(row)))
        moved = receive(
            self.session,
            first,
            self.origin,
            since=rest,
            reference=row.reference,
            office=self.office,
            batch=self.batch,
        )
        self.batch.rows.execute(_KEEP, {"reference": moved.reference, "digest": digest})
        self.imported += 1
