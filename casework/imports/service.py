"""The only place that imports a register: every row or none, through the door that cases use."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from casework import clock, progress
from casework.audit.record import Origin
from casework.imports.checks import Filled, faults_of, fill
from casework.imports.rows import Fault, Row, read_register
from casework.imports.steps import Planned, plan, rehearse
from casework.models import Case, RegisterRow
from casework.models.base import table_of
from casework.office_rules import office_rules
from workflows.definition import OfficeRules

_CASES, _REGISTER = table_of(Case), table_of(RegisterRow)
LOOKED_UP_AT_ONCE = 500


@dataclass(frozen=True)
class Imported:
    """What came of a register: with any error nothing of it was kept."""

    rows: int
    imported: int
    unchanged: int
    warnings: tuple[Fault, ...]
    errors: tuple[Fault, ...]


@dataclass(frozen=True)
class _Ready:
    """A row that may be imported: the steps it stands for, and what it said as it was read."""

    reference: str
    digest: str
    steps: tuple[Planned, ...]


@dataclass(frozen=True)
class _Known:
    """Which of the register's references the office has: the digests imported, every case."""

    digests: dict[str, str]
    references: Collection[str]

    def is_unchanged(self, row: Row) -> bool:
        """Whether the row is as it was when it was first imported."""
        return self.digests.get(row.reference) == row.digest


def import_register(session: Session, content: bytes, *, is_dry_run: bool = False) -> Imported:
    """Check every row, then import those that are new; nothing when any row has an error.

    Needs a write transaction unless it is a dry run; the caller commits.
    """
    office, today = office_rules(session), clock.today()
    reading = read_register(content, today)
    unique, repeated = _first_of_each(reading.rows)
    errors = [*reading.faults, *repeated]
    known = _known(session, [row.reference for row in unique])
    new = [row for row in unique if not known.is_unchanged(row)]
    ready: list[_Ready] = []
    warnings: list[Fault] = []
    for row in new:
        checked, faults, said = _check(row, known, office, today)
        ready += [checked] if checked else []
        errors += faults
        warnings += said
    if not errors and not is_dry_run:
        _keep(session, ready, office)
    return Imported(
        rows=reading.count,
        imported=0 if errors else len(ready),
        unchanged=len(unique) - len(new),
        warnings=_in_order(warnings),
        errors=_in_order(errors),
    )


def _in_order(faults: list[Fault]) -> tuple[Fault, ...]:
    return tuple(sorted(faults, key=lambda fault: fault.row))


def _first_of_each(rows: list[Row]) -> tuple[list[Row], list[Fault]]:
    """The rows with a reference of their own, and a fault for each that repeats one."""
    first: dict[str, Row] = {}
    repeated = []
    for row in rows:
        earlier = first.setdefault(row.reference, row)
        if earlier is not row:
            repeated.append(
                Fault(
                    row.number,
                    "reference",
                    f"{row.reference} is already in row {earlier.number}. Give each review one "
                    "row, with a reference of its own.",
                )
            )
    return list(first.values()), repeated


def _known(session: Session, references: list[str]) -> _Known:
    digests: dict[str, str] = {}
    taken: set[str] = set()
    for part in _parts(references):
        imported = select(_REGISTER.c.reference, _REGISTER.c.digest).where(
            _REGISTER.c.reference.in_(part)
        )
        digests.update((row.reference, row.digest) for row in session.execute(imported))
        cases = select(_CASES.c.reference).where(_CASES.c.reference.in_(part))
        taken.update(session.execute(cases).scalars())
    return _Known(digests, taken)


def _parts(references: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(references), LOOKED_UP_AT_ONCE):
        yield references[start : start + LOOKED_UP_AT_ONCE]


def _check(
    row: Row, known: _Known, office: OfficeRules, today: date
) -> tuple[_Ready | None, list[Fault], list[Fault]]:
    """The row made ready, or what bars it; and what is odd about it."""
    digest = row.digest  # as it was read: the office's forces may change
    row, faults = _with_force(row, office)
    if row.reference in known.references or row.reference in known.digests:
        faults = [*faults, _taken(row, is_imported=row.reference in known.digests)]
    faults += faults_of(row)
    if faults:
        return None, faults, []
    filled: Filled = fill(row)
    steps = plan(filled)
    refused, warnings = rehearse(filled, steps, office, today)
    return (None if refused else _Ready(row.reference, digest, steps)), refused, warnings


def _taken(row: Row, *, is_imported: bool) -> Fault:
    message = (
        f"{row.reference} was imported before with other values. Put back what the register said "
        "then; what has changed since is entered on the case."
        if is_imported
        else f"{row.reference} is already the reference of a case that was not imported. Give "
        "another reference, or take the row out."
    )
    return Fault(row.number, "reference", message)


def _with_force(row: Row, office: OfficeRules) -> tuple[Row, list[Fault]]:
    """The row with the code of its force, given as code or name; blank means the only one."""
    forces = office.lists.get("forces", ())
    given = row.values.get("force")
    if given is None:
        only = {"force": forces[0].code} if len(forces) == 1 else {}
        return replace(row, values={**row.values, **only}), []
    for force in forces:
        if given == force.code or given.casefold() == force.label.casefold():
            return replace(row, values={**row.values, "force": force.code}), []
    listed = ", ".join(f"{force.code} ({force.label})" for force in forces)
    message = f"{given[:60]!r} is not a force of this office. Accepted: {listed}."
    return row, [Fault(row.number, "force", message)]


def _keep(session: Session, ready: list[_Ready], office: OfficeRules) -> None:
    origin = Origin("import")
    for each in ready:
        first, *rest = each.steps
        moved = progress.begin_case(
            session, first.attempt, origin, reference=each.reference, office=office
        )
        case = progress.case_ref(session, moved.reference)
        if case is None:
            raise RuntimeError(f"The case {moved.reference} was begun and cannot be found.")
        for planned in rest:
            moved = progress.move_case(session, case, planned.attempt, origin, office=office)
            case = replace(case, version=moved.version)
        row = {"reference": each.reference, "digest": each.digest}
        session.execute(insert(_REGISTER), row)
