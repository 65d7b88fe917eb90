"""The only place that compares a force's list with the cases here; it knows no database.

Both sides are grouped by reference. Each row of the list and each case of the period ends in
exactly one part: matched, or one finding. The order of rows and cases changes nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from casework.keys import reference_key
from casework.reconciliation.closeness import CloseKeys
from casework.reconciliation.columns import COMPARED
from casework.reconciliation.reading import Listed

MISSING_HERE, MISSING_THERE = "missing_here", "missing_there"
DIFFERING, UNEVEN, CLOSE = "differing", "uneven", "close"
MOST_CLOSE = 3
"""Where numbers are given one after another, a reference may be close to many, and says nothing."""
KINDS = (MISSING_HERE, CLOSE, MISSING_THERE, DIFFERING, UNEVEN)


@dataclass(frozen=True)
class Ours:
    """A case of the force: `reference` is the force's, None where it is not recorded.

    `told` is what the case has of what lists tell, by column. `is_of_period`: it should be on the
    list. `is_around`: it may be what a row with a slip in its reference is about.
    """

    token: str
    reference: str | None
    told: Mapping[str, str] = field(default_factory=dict)
    is_of_period: bool = False
    is_around: bool = False

    @cached_property
    def key(self) -> str:
        """What its reference is compared by; without one, what nothing else has."""
        return reference_key(self.reference or "") or f"={self.token}"


@dataclass(frozen=True)
class Difference:
    """What the list and the cases tell otherwise in a column: values, sorted; "" is not recorded."""

    column: str
    listed: tuple[str, ...]
    here: tuple[str, ...]


@dataclass(frozen=True)
class Finding:
    """Something to be looked at: rows of the list, and cases here (by token, sorted).

    `subject` is the key of the reference, or the case's token where only a case is there.
    """

    kind: str
    subject: str
    listed: tuple[Listed, ...] = ()
    cases: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()

    @property
    def identity(self) -> tuple[object, ...]:
        """What makes it the same finding next month, whatever row of the list it then stands in."""
        counted = len(self.listed) if self.kind == UNEVEN else 0
        return self.kind, self.subject, counted, self.cases, self.differences


@dataclass(frozen=True)
class Respelt:
    """A row that was matched to a case whose reference is written otherwise."""

    row: int
    listed: str
    case: str


@dataclass(frozen=True)
class Comparison:
    """A list and the cases compared; `listed` and `matched` count rows.

    `subjects` are the keys of all that is listed, `met` the cases (by token) that are.
    """

    listed: int
    matched: int
    findings: tuple[Finding, ...]
    respelt: tuple[Respelt, ...]
    subjects: frozenset[str]
    met: frozenset[str]

    def rows_in(self, kind: str) -> int:
        """How many rows of the list, or cases where there is no row, are in findings of a kind."""
        found = (finding for finding in self.findings if finding.kind == kind)
        return sum(len(finding.listed) or len(finding.cases) for finding in found)


@dataclass(frozen=True)
class Known:
    """What was settled before: by key of a reference, the case it is, and those it is not."""

    same: Mapping[str, str] = field(default_factory=dict)
    apart: Collection[tuple[str, str]] = frozenset()


def compare(
    listed: Iterable[Listed],
    ours: Iterable[Ours],
    known: Known = Known(),
) -> Comparison:
    """Every row and every case of the period, each in one part."""
    cases, tokens = defaultdict[str, list[Ours]](list), dict[str, str]()
    for case in sorted(ours, key=lambda each: each.token):
        cases[case.key].append(case)
        tokens[case.token] = case.key
    rows = defaultdict[str, list[Listed]](list)
    for row in sorted(listed, key=lambda each: each.row):
        own = row.key
        rows[own if own in cases else tokens.get(known.same.get(own, ""), own)].append(row)
    met = sorted(rows.keys() & cases.keys())
    judged = {of: _judged(of, rows[of], cases[of]) for of in met}
    left = [case for of, group in cases.items() if of not in rows for case in group]
    alone = {of: group for of, group in rows.items() if of not in judged}
    findings = [finding for finding in judged.values() if finding]
    findings += _unmatched(alone, left, known)
    matched = [of for of, finding in judged.items() if finding is None]
    return Comparison(
        listed=sum(map(len, rows.values())),
        matched=sum(len(rows[of]) for of in matched),
        findings=tuple(sorted(findings, key=lambda each: (KINDS.index(each.kind), each.subject))),
        respelt=tuple(each for of in met for each in _respelt(rows[of], cases[of])),
        subjects=frozenset(rows),
        met=frozenset(case.token for of in met for case in cases[of]),
    )


def _judged(of: str, rows: Sequence[Listed], cases: Sequence[Ours]) -> Finding | None:
    """What is to be looked at about one reference on both sides, None when nothing is."""
    tokens = tuple(case.token for case in cases)
    if len(rows) != len(cases):
        return Finding(UNEVEN, of, tuple(rows), tokens)
    found = tuple(_differences(rows, cases))
    return Finding(DIFFERING, of, tuple(rows), tokens, found) if found else None


def _differences(rows: Sequence[Listed], cases: Sequence[Ours]) -> Iterator[Difference]:
    """Columns in which the list tells what no case has. What it leaves blank differs from nothing."""
    for column in COMPARED:
        there = sorted(row.told[column.code] for row in rows if column.code in row.told)
        here = sorted(case.told.get(column.code, "") for case in cases)
        if Counter(there) - Counter(here):
            yield Difference(column.code, tuple(there), tuple(here))


def _unmatched(
    rows: Mapping[str, Sequence[Listed]], left: Sequence[Ours], known: Known
) -> Iterator[Finding]:
    written = [case for case in left if case.is_around]
    close_keys = CloseKeys(case.key for case in written)
    by_key = defaultdict[str, list[str]](list)
    for case in written:
        by_key[case.key].append(case.token)
    taken = set[str]()
    for of, group in rows.items():
        near = (token for other in close_keys.to(of) for token in by_key[other])
        close = tuple(sorted(token for token in near if (of, token) not in known.apart))
        close = close if len(close) <= MOST_CLOSE else ()
        taken.update(close)
        yield Finding(CLOSE if close else MISSING_HERE, of, tuple(group), close)
    for case in left:
        if case.is_of_period and case.token not in taken:
            yield Finding(MISSING_THERE, case.token, cases=(case.token,))


def _respelt(rows: Sequence[Listed], cases: Sequence[Ours]) -> Iterator[Respelt]:
    """The rows whose reference no case here has letter by letter."""
    written = {case.reference for case in cases}
    for row in rows:
        if row.reference not in written:
            yield Respelt(row.row, row.reference, cases[0].token)
