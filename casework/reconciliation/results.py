"""The only place that puts together what the page of a check tells, for whoever reads it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from casework.audit.events import Event
from casework.models import ListCheck, ListFinding
from casework.reconciliation import queries
from casework.reconciliation.columns import BY_CODE
from casework.reconciliation.findings import ANSWERS
from casework.reconciliation.matching import KINDS
from casework.reconciliation.ours import Period
from workflows.calendar import in_words

MOST_SHOWN = 200
"""How many findings of a kind a page shows; the others follow as these are settled."""
OPEN, SETTLED, PUT_RIGHT = "open", "settled", "put_right"
_WHY = {
    "no_reference": "no reference of the force’s in it",
    "not_a_reference": "what stands there is no reference: it has no figure, or is too long",
    "not_a_day": "what stands there is no day",
    "unknown_words": "the words are not known here",
}


@dataclass(frozen=True)
class Told:
    """What the list and the case tell in one column, in words."""

    label: str
    listed: str
    here: str = ""


@dataclass(frozen=True)
class Line:
    """A finding in words, with the cases it names and, once it is settled, the event of that."""

    row: ListFinding
    cases: tuple[Any, ...]
    status: str
    since: Period | None = None
    event: Event | None = None

    @property
    def reference(self) -> str:
        """The force’s reference as the list writes it; of a case that is not listed, as here."""
        written = dict.fromkeys(each["reference"] for each in self.row.listed)
        if written:
            return " or ".join(written)
        return next((case.force_reference for case in self.cases if case.force_reference), "")

    @property
    def name(self) -> str:
        """What a link to it says beside what it does: the reference, or the case’s."""
        return self.reference or next((case.reference for case in self.cases), "")

    @property
    def count(self) -> int:
        """How many rows of the list it is, or cases where there is no row: as figures count."""
        return len(self.row.listed) or len(self.row.cases)

    @property
    def rows(self) -> str:
        """Which rows of the list it is about: "row 3", "rows 3 and 17"."""
        numbers = [str(each["row"]) for each in self.row.listed]
        if len(numbers) < 2:
            return "".join(f"row {number}" for number in numbers)
        return f"rows {', '.join(numbers[:-1])} and {numbers[-1]}"

    @property
    def told(self) -> tuple[Told, ...]:
        """What the list tells of it."""
        told = [(code, value) for each in self.row.listed for code, value in each["told"].items()]
        return tuple(Told(BY_CODE[code].label, _in_words(code, value)) for code, value in told)

    @property
    def differences(self) -> tuple[Told, ...]:
        """What the list and the case tell otherwise."""
        return tuple(
            Told(BY_CODE[code].label, _all_in_words(code, there), _all_in_words(code, here))
            for code, there, here in self.row.differences
        )

    @property
    def answer(self) -> str:
        """How it was settled, in words."""
        choices = {choice.code: choice.label for choice in ANSWERS[self.row.kind]}
        return choices.get(self.row.settled_as or "", "")


@dataclass(frozen=True)
class Result:
    """What a check found: figures, findings by kind, those of earlier lists, and what is done."""

    counts: Mapping[str, int]
    parts: Mapping[str, Sequence[Line]]
    earlier: Sequence[Line]
    done: Sequence[Line]
    respelt: Sequence[tuple[int, str, Any]]
    unread: Sequence[tuple[int, str, str]]

    @property
    def open(self) -> int:
        """How many findings are still to be looked at."""
        return len(self.earlier) + sum(map(len, self.parts.values()))


def result_of(session: Session, check: ListCheck, person: str) -> Result:
    """A check as this person (by token) may see it.

    A finding about a case of which they must learn nothing is left out, and its rows count as
    matched, as those of any other case do that is in order.
    """
    hidden = queries.barred(session, person)
    rows = queries.findings_since(session, check)
    seen = [row for row in rows if queries.may_see(row, hidden)]
    lines = _lines(session, seen, queries.still_open(session, check.force, person))
    found = set(check.findings)
    is_new = {line.row.token: line.row.token in found for line in lines}
    opened = [line for line in lines if line.status == OPEN]
    here = [line for line in opened if is_new[line.row.token]]
    respelt = [each for each in check.respelt if each[2] not in hidden]
    named = queries.cases_named(session, {token for *_, token in respelt})
    return Result(
        counts=_counts(check, [row for row in rows if row.token in found and row not in seen]),
        parts={kind: [line for line in here if line.row.kind == kind] for kind in KINDS},
        earlier=sorted(
            (line for line in opened if not is_new[line.row.token]),
            key=lambda line: KINDS.index(line.row.kind),
        ),
        done=[line for line in lines if line.status != OPEN],
        respelt=[(row, listed, named[token]) for row, listed, token in respelt if token in named],
        unread=[(row, BY_CODE[code].label, _WHY[why]) for row, code, why in check.unread],
    )


def line_of(session: Session, row: ListFinding, person: str) -> Line:
    """One finding in words."""
    (line,) = _lines(session, [row], queries.still_open(session, row.force, person))
    return line


def _lines(
    session: Session, rows: Sequence[ListFinding], still_open: Collection[str]
) -> list[Line]:
    named = queries.cases_named(session, {case for row in rows for case in row.cases})
    events = queries.settlements(session, rows)
    periods = queries.periods(session, {row.check_token for row in rows})
    return [
        Line(
            row,
            tuple(named[case] for case in row.cases if case in named),
            OPEN if row.token in still_open else SETTLED if row.settled_as else PUT_RIGHT,
            periods.get(row.check_token),
            events.get(row.settled_seq or -1),
        )
        for row in rows
    ]


def _counts(check: ListCheck, hidden: Iterable[ListFinding]) -> dict[str, int]:
    counts = dict(check.counts)
    for row in hidden:
        counts[row.kind] -= len(row.listed) or len(row.cases)
        counts["matched"] += len(row.listed)
    return counts


def _all_in_words(code: str, values: Sequence[str]) -> str:
    return "; ".join(_in_words(code, value) for value in values)


def _in_words(code: str, value: str) -> str:
    if not value:
        return "Not recorded"
    column = BY_CODE[code]
    if column.is_day:
        return in_words(date.fromisoformat(value))
    return (column.labels or {}).get(value, value)
