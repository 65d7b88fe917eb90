"""The only place for the life of a finding: found by a check, carried over, settled or no longer so.

A finding is open from the check that found it until somebody settles it or it is no longer so,
however many lists are checked meanwhile. Whether it still is so is asked of the cases as they are
now, so whatever was put right on a case is off the list at once.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from casework.audit import record
from casework.models import ListCheck, ListFinding
from casework.models.base import table_of
from casework.reconciliation.matching import (
    CLOSE,
    DIFFERING,
    MISSING_HERE,
    MISSING_THERE,
    UNEVEN,
    Comparison,
    Difference,
    Finding,
    Known,
    compare,
)
from casework.reconciliation.ours import Period, ours
from casework.reconciliation.reading import Listed
from workflows.definition import Choice

SETTLED = "list_finding_settled"
LOGGED_AS, APART, NOT_SETTLED, OTHER = "logged_as", "apart", "not_settled", "other"
_LIST_IS_WRONG = Choice("list_is_wrong", "The force’s list is wrong, and the force was told")
_OTHER = Choice(OTHER, "Something else", "say what in the note")
_NOT_TO_BE_LOGGED = (
    Choice("not_a_review", "It is no application for a review"),
    Choice("other_body", "It is another body’s, such as the IOPC’s"),
    Choice("never_received", "It never reached this office, and the force was asked for it"),
    _LIST_IS_WRONG,
    _OTHER,
)
_LOGGED_AS = Choice(
    LOGGED_AS, "It is logged here already", "under another reference of the force’s"
)
ANSWERS: dict[str, tuple[Choice, ...]] = {
    MISSING_HERE: (_LOGGED_AS, *_NOT_TO_BE_LOGGED),
    CLOSE: (
        _LOGGED_AS,
        Choice(
            APART,
            "They are different reviews",
            "each is then looked at by itself: the row as not here, the case as not on the list",
        ),
        *_NOT_TO_BE_LOGGED,
    ),
    MISSING_THERE: (
        Choice("force_adds_it", "The force was told, and will add it"),
        Choice("other_list", "It belongs on another list", "of another month, or of another force"),
        Choice("not_of_force", "The force need not know of it"),
        _OTHER,
    ),
    DIFFERING: (
        Choice("ours_stands", "What is recorded here stands", "the office’s own finding"),
        _LIST_IS_WRONG,
        _OTHER,
    ),
    UNEVEN: (
        Choice("several_applied", "Several people applied, and all of them are logged"),
        Choice("listed_twice", "The list has it twice"),
        Choice("logged_twice", "It is logged twice, and one is annulled or linked"),
        _LIST_IS_WRONG,
        _OTHER,
    ),
}
"""How a finding of each kind may be settled."""
_ALONE = (MISSING_HERE, CLOSE, MISSING_THERE)
_FINDINGS = table_of(ListFinding)


@dataclass(frozen=True)
class Standing:
    """The unsettled findings of a force: those that are so, and those that were put right."""

    open: tuple[ListFinding, ...]
    put_right: tuple[ListFinding, ...]


def of_force(session: Session, force: str) -> Sequence[ListFinding]:
    """Every finding that no check has ended, settled or not, the oldest first."""
    query = (
        select(ListFinding)
        .where(ListFinding.force == force, ListFinding.ended_at.is_(None))
        .order_by(ListFinding.found_at, ListFinding.token)
    )
    return session.execute(query).scalars().all()


def known(rows: Iterable[ListFinding]) -> Known:
    """What was said of references when findings were settled."""
    rows = list(rows)
    same = {row.subject: row.same_as for row in rows if row.same_as}
    apart = {(row.subject, case) for row in rows if row.settled_as == APART for case in row.cases}
    return Known(same, apart)


def as_they_are(session: Session, force: str) -> Standing:
    """The unsettled findings of a force, asked anew of the cases as they are now."""
    rows = of_force(session, force)
    unsettled = [row for row in rows if row.settled_as is None]
    still = _still(session, force, unsettled, known(rows)) if unsettled else frozenset()
    return Standing(
        tuple(row for row in unsettled if row.token in still),
        tuple(row for row in unsettled if row.token not in still),
    )


def _still(
    session: Session, force: str, rows: Sequence[ListFinding], settled: Known
) -> frozenset[str]:
    """Which of these findings, by token, come out when their rows are compared with cases again.

    What has no counterpart still has none when it is close to something by now.
    """
    listed = [row for finding in rows for row in _finding(finding).listed]
    expected = {case for row in rows if row.kind in (MISSING_THERE, CLOSE) for case in row.cases}
    cases = ours(session, force, listed, settled, expected=expected)
    again = compare(listed, cases, settled).findings
    same = {finding.identity for finding in again}
    alone = {name for each in again if each.kind in _ALONE for name in (each.subject, *each.cases)}
    return frozenset(
        row.token
        for row in rows
        if (row.subject in alone if row.kind in _ALONE else _finding(row).identity in same)
    )


def enter(session: Session, check: ListCheck, found: Comparison) -> list[str]:
    """Bring the findings of a force in step with a check: the tokens of all that it found.

    Within the caller's write transaction. What was found before stays as it is, open or settled.
    """
    rows = of_force(session, check.force)
    # What was said to be logged and is found all the same is logged no more.
    before = {_finding(row).identity: row for row in rows if not row.same_as}
    new = [finding for finding in found.findings if finding.identity not in before]
    _end(session, check, before.values(), found)
    added = [_row(finding, check) for finding in new]
    if added:
        session.execute(insert(_FINDINGS), added)
    now = {finding.identity for finding in found.findings}
    kept = [row.token for identity, row in before.items() if identity in now]
    return kept + [row["token"] for row in added]


def _end(
    session: Session, check: ListCheck, before: Iterable[ListFinding], found: Comparison
) -> None:
    """End the open findings that this check tells otherwise, or that are no longer so anyway."""
    now = {finding.identity for finding in found.findings}
    there = found.met | {
        case for each in found.findings if each.kind == CLOSE for case in each.cases
    }
    gone = {row.token for row in as_they_are(session, check.force).put_right}
    for row in before:
        is_listed = row.subject in found.subjects or row.subject in there
        is_open = row.settled_as is None and _finding(row).identity not in now
        if is_open and (is_listed or row.token in gone):
            row.ended_at = check.checked_at


def settle(
    session: Session,
    row: ListFinding,
    answer: str,
    note: str,
    case: str | None,
    *,
    role: str,
    origin: record.Origin,
) -> None:
    """Settle a finding, or open it again (`NOT_SETTLED`); `case` is the one it is logged as.

    Within the caller's write transaction. Different reviews that were close become findings of
    their own.
    """
    about = case or (row.cases[0] if len(row.cases) == 1 else None)
    stat = {"force": row.force, "finding": row.kind, "settled_as": answer}
    references = sorted({listed["reference"] for listed in row.listed})
    texts = {"force_reference": "; ".join(references), "note": note}
    event = record.NewEvent(
        SETTLED,
        role,
        case=about,
        stat=stat,
        texts={name: text for name, text in texts.items() if text},
    )
    recorded = record.append(session, event, origin)
    is_settled = answer != NOT_SETTLED
    row.settled_as = answer if is_settled else None
    row.settled_seq, row.settled_at = recorded.seq, recorded.at if is_settled else None
    row.same_as = case
    if answer == APART:
        session.flush()
        _part(session, row)


def _part(session: Session, row: ListFinding) -> None:
    """Enter what a row and the cases that are not what it is about are each by themselves."""
    check = session.get_one(ListCheck, row.check_token)
    rows = of_force(session, row.force)
    before = {_finding(each).identity for each in rows}
    listed = _finding(row).listed
    period, settled = Period(check.from_on, check.to_on), known(rows)
    parted = compare(listed, ours(session, row.force, listed, settled, period), settled).findings
    new = [
        _row(finding, check)
        for finding in parted
        if finding.subject in (row.subject, *row.cases) and finding.identity not in before
    ]
    if new:
        session.execute(insert(_FINDINGS), new)
    check.findings = [*check.findings, *(each["token"] for each in new)]


def _finding(row: ListFinding) -> Finding:
    """A stored finding as it was compared."""
    listed = (Listed(each["row"], each["reference"], each["told"]) for each in row.listed)
    differences = (
        Difference(column, tuple(there), tuple(here)) for column, there, here in row.differences
    )
    return Finding(row.kind, row.subject, tuple(listed), tuple(row.cases), tuple(differences))


def _row(finding: Finding, check: ListCheck) -> dict[str, Any]:
    return {
        "token": f"f_{secrets.token_hex(16)}",
        "check_token": check.token,
        "force": check.force,
        "kind": finding.kind,
        "subject": finding.subject,
        "listed": [
            {"row": each.row, "reference": each.reference, "told": dict(each.told)}
            for each in finding.listed
        ],
        "cases": list(finding.cases),
        "differences": [
            [each.column, list(each.listed), list(each.here)] for each in finding.differences
        ],
        "found_at": check.checked_at,
    }
