"""The only place that checks a register: every row, once through, keeping none of them.

Whatever its length, what is remembered is which references it has had, and what is wrong or odd.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import clock
from casework.imports.checks import faults_of, fill
from casework.imports.columns import COLUMNS
from casework.imports.rows import Fault, RegisterRefused, Row, read_register
from casework.imports.steps import plan, rehearse
from casework.models import Case, RegisterRow
from casework.models.base import table_of
from casework.models.case import IMPORTED_AND_ERASED
from casework.office_rules import office_rules
from workflows.definition import OfficeRules

_CASES, _REGISTER = table_of(Case).c, table_of(RegisterRow).c
LOOKED_UP_AT_ONCE = 100
Tick = Callable[[], Any]
"""Called once for each row that is done with."""


@dataclass(frozen=True)
class Checked:
    """What a register holds: with any error nothing of it may be imported."""

    rows: int
    new: int
    unchanged: int
    warnings: tuple[Fault, ...]
    errors: tuple[Fault, ...]


@dataclass(frozen=True)
class Known:
    """Which of a register's references the office has: the digests imported, every case.

    `erased` are those of cases that were erased at the end of their retention.
    """

    digests: dict[str, str]
    cases: Collection[str]
    erased: Collection[str]

    def is_unchanged(self, row: Row) -> bool:
        """Whether the row is as it was when it was first imported."""
        return not row.faults and self.digests.get(row.reference or "") == row.digest

    def has(self, row: Row) -> bool:
        """Whether the row's reference is taken."""
        return row.reference in self.digests or row.reference in self.cases


def check_register(session: Session, file: BinaryIO, tick: Tick | None = None) -> Checked:
    """Check every row of a register; nothing is written."""
    checking = _Checking(office_rules(session), clock.today())
    try:
        for row, known in rows_known(session, file, checking.today):
            checking.take(row, known)
            if tick:
                tick()
    except RegisterRefused as refused:
        checking.errors += refused.faults
    return checking.done()


def rows_known(session: Session, file: BinaryIO, today: date) -> Iterator[tuple[Row, Known]]:
    """Each row of a register, beside what the office has of its reference.

    Raises RegisterRefused where it cannot be read on, after the rows before.
    """
    for part in _parts(read_register(file, today)):
        known = _known(session, [row.reference for row in part if row.reference])
        yield from ((row, known) for row in part)


def _parts(rows: Iterable[Row]) -> Iterator[list[Row]]:
    part: list[Row] = []
    try:
        for row in rows:
            part.append(row)
            if len(part) == LOOKED_UP_AT_ONCE:
                yield part
                part = []
    except RegisterRefused:
        yield part
        raise
    yield part


def _known(session: Session, references: list[str]) -> Known:
    imported = select(_REGISTER.reference, _REGISTER.digest).where(
        _REGISTER.reference.in_(references)
    )
    of_cases = select(_CASES.reference, _CASES.erased_on).where(_CASES.reference.in_(references))
    digests = {row.reference: row.digest for row in session.execute(imported)}
    cases = {row.reference: row.erased_on for row in session.execute(of_cases)}
    erased = {reference for reference, erased_on in cases.items() if erased_on}
    erased |= {reference for reference, said in digests.items() if said == IMPORTED_AND_ERASED}
    return Known(digests, cases.keys(), erased)


class _Checking:
    """A check under way."""

    def __init__(self, office: OfficeRules, today: date) -> None:
        self.office, self.today = office, today
        self.rows = self.new = self.unchanged = 0
        self.first: dict[str, int] = {}
        self.warnings: list[Fault] = []
        self.errors: list[Fault] = []

    def take(self, row: Row, known: Known) -> None:
        """Check the next row."""
        self.rows += 1
        repeated = self._repeated(row)
        self.errors += repeated
        if not repeated and known.is_unchanged(row):
            self.unchanged += 1
            return
        self.new += 1
        self.errors += [] if repeated or not known.has(row) else [_taken(row, known)]
        faults, warnings = checked(row, self.office, self.today)
        self.errors += faults
        self.warnings += warnings

    def _repeated(self, row: Row) -> list[Fault]:
        if row.reference is None:
            return []
        earlier = self.first.setdefault(row.reference, row.number)
        if earlier == row.number:
            return []
        message = (
            f"{row.reference} is already in row {earlier}. Give each review one row, with a "
            "reference of its own."
        )
        return [Fault(row.number, "reference", message)]

    def done(self) -> Checked:
        """What was found, in the order of the rows."""
        warnings, errors = (
            tuple(sorted(faults, key=lambda fault: fault.row))
            for faults in (self.warnings, self.errors)
        )
        return Checked(self.rows, self.new, self.unchanged, warnings, errors)


def _taken(row: Row, known: Known) -> Fault:
    return Fault(row.number, "reference", _why_taken(row.reference or "", known))


def _why_taken(reference: str, known: Known) -> str:
    if reference in known.erased:
        return (
            f"{reference} was erased at the end of its retention, so it is not imported again. "
            "Take the row out of the register, and its words out of wherever else they are kept."
        )
    if reference in known.digests:
        return (
            f"{reference} was imported before with other values. Put back what the register said "
            "then; what has changed since is entered on the case."
        )
    return (
        f"{reference} is already the reference of a case that was not imported. Give another "
        "reference, or take the row out."
    )


def checked(row: Row, office: OfficeRules, today: date) -> tuple[list[Fault], list[Fault]]:
    """What bars a row, all of it, and what is odd about it."""
    row = with_force(row, office)
    broken = faults_of(row)
    faults = [*row.faults, *broken]
    if broken or not _tells_its_course(row):
        return faults, []
    filled = fill(row)
    refused, warnings = rehearse(filled, plan(filled), office, today)
    return [*faults, *refused], [] if faults or refused else warnings


def _tells_its_course(row: Row) -> bool:
    """Whether all can be read that says what happened when, so that the rules can be asked."""
    return not any(
        COLUMNS[name].kind == "day" or name in ("validity", "outcome", "route", "recommendations")
        for name in row.unreadable
    )


def with_force(row: Row, office: OfficeRules) -> Row:
    """The row with the code of its force, given as code or name; blank means the only one."""
    forces = office.lists.get("forces", ())
    given = row.values.get("force")
    if given is None:
        only = {"force": forces[0].code} if len(forces) == 1 else {}
        return replace(row, values={**row.values, **only})
    for force in forces:
        if given == force.code or given.casefold() == force.label.casefold():
            return replace(row, values={**row.values, "force": force.code})
    listed = ", ".join(f"{force.code} ({force.label})" for force in forces)
    message = f"{given[:60]!r} is not a force of this office. Accepted: {listed}."
    return replace(
        row,
        values={name: value for name, value in row.values.items() if name != "force"},
        faults=(*row.faults, Fault(row.number, "force", message)),
        unreadable=row.unreadable | {"force"},
    )
