"""The only place that reads the cases as a force's list would tell them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from casework.audit.events import BATCH, histories_of
from casework.models import Case, ListCheck
from casework.models.base import table_of
from casework.reconciliation.columns import OUTCOMES
from casework.reconciliation.matching import Known, Ours
from casework.reconciliation.reading import Listed
from workflows import WORKFLOWS
from workflows.calendar import in_words
from workflows.replay import standing_of

_CASES, _CHECKS = table_of(Case).c, table_of(ListCheck).c
DAY = timedelta(days=1)
AROUND = timedelta(days=92)
"""How far from the period a case may have been received and still be what a row is about."""


@dataclass(frozen=True)
class Period:
    """The days a list is about, both included."""

    from_on: date
    to_on: date

    def has(self, day: date | None) -> bool:
        """Whether a day falls in it."""
        return day is not None and self.from_on <= day <= self.to_on

    def is_around(self, day: date) -> bool:
        """Whether a day falls in it or not long before or after."""
        return self.from_on - AROUND <= day <= self.to_on + AROUND

    def __str__(self) -> str:
        is_month = self.from_on.day == 1 and (self.to_on + DAY).day == 1
        if is_month and (self.from_on.year, self.from_on.month) == (
            self.to_on.year,
            self.to_on.month,
        ):
            return f"{self.from_on:%B %Y}"
        return f"{in_words(self.from_on)} to {in_words(self.to_on)}"


def ours(
    session: Session,
    force: str,
    listed: Iterable[Listed],
    known: Known,
    period: Period | None = None,
    expected: Collection[str] = (),
) -> list[Ours]:
    """The cases of a force that these rows may be about, and those that should be on a list.

    Cases of which no force is recorded may be any force's. Whoever asks, no case is left out.
    Should be on a list: what was received in its period and is not on that of another one, as the
    force may know it by another day; and what `expected` names by token.
    """
    named = {*expected, *known.same.values()}
    query = _of(force, {row.key for row in listed}, named, period)
    rows = session.execute(query).all()
    values = _values(session, rows)
    elsewhere = _on_other_lists(session, force, period) if period else frozenset()
    return [
        _as_told(
            row,
            values[row.token],
            period,
            is_expected=row.token in expected,
            is_elsewhere=row.token in elsewhere,
        )
        for row in rows
    ]


def _of(
    force: str, keys: Collection[str], named: Collection[str], period: Period | None
) -> Select[Any]:
    """The cases of a force with one of these keys or tokens, and those around the period."""
    may_be_meant = [_CASES.reference_key.in_(keys), _CASES.token.in_(named)]
    if period:
        first, last = period.from_on - AROUND, period.to_on + AROUND
        may_be_meant.append(_CASES.received_on.between(first, last))
    return select(
        _CASES.token,
        _CASES.workflow,
        _CASES.state,
        _CASES.force_reference,
        _CASES.received_on,
    ).where(
        or_(_CASES.force == force, _CASES.force.is_(None)),
        _CASES.received_on.is_not(None),
        or_(*may_be_meant),
    )


def _on_other_lists(session: Session, force: str, period: Period) -> frozenset[str]:
    """The cases that are on the newest lists of a force about days around these, but not of these."""
    query = select(_CHECKS.from_on, _CHECKS.to_on, _CHECKS.met).where(
        _CHECKS.force == force,
        or_(
            _CHECKS.to_on.between(period.from_on - AROUND, period.from_on - DAY),
            _CHECKS.from_on.between(period.to_on + DAY, period.to_on + AROUND),
        ),
    )
    rows = session.execute(query.order_by(_CHECKS.since_seq))
    newest = {(row.from_on, row.to_on): row.met for row in rows}
    return frozenset(token for met in newest.values() for token in met)


def _as_told(
    row: Any,
    values: Mapping[str, Any],
    period: Period | None,
    *,
    is_expected: bool,
    is_elsewhere: bool,
) -> Ours:
    """One case; `values` are the newest of its coded facts."""
    first_on = values.get("first_received_on")
    told = {
        "requested_on": first_on or row.received_on,
        "passed_on": row.received_on,
        "letter_dated_on": values.get("letter_dated_on"),
        "outcome_provided_on": values.get("outcome_provided_on"),
        "route": values.get("route"),
        "review_body": _review_body(row.state, values),
        "outcome": row.state if row.state in OUTCOMES else None,
    }
    is_of_period = period is not None and (period.has(row.received_on) or period.has(first_on))
    is_around = period is not None and period.is_around(row.received_on)
    return Ours(
        row.token,
        row.force_reference,
        {code: str(value) for code, value in told.items() if value},
        is_of_period=(is_of_period and not is_elsewhere) or is_expected,
        is_around=is_around or is_expected,
    )


def _review_body(state: str, values: Mapping[str, Any]) -> str | None:
    """The office's own finding; else what Professional Standards, else what the letter said."""
    if state == "forwarded":
        return "iopc"
    named = (values.get(f"review_body{which}") for which in ("", "_psd", "_letter"))
    return next((body for body in named if body and body != "not_stated"), None)


def _values(session: Session, rows: Collection[Any]) -> dict[str, Mapping[str, Any]]:
    """The newest coded facts of each case by token: a statement for each thousand cases."""
    found: dict[str, Mapping[str, Any]] = {}
    for workflow in WORKFLOWS.values():
        tokens = [row.token for row in rows if row.workflow == workflow.name]
        for start in range(0, len(tokens), BATCH):
            histories = histories_of(session, workflow, tokens[start : start + BATCH])
            found |= {token: standing_of(workflow, log).values for token, log in histories.items()}
    return found
