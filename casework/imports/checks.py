"""The only place for what the cells of one register row must and should say together.

What the engine refuses anyway (routes, states) is not repeated here; these are the rules
about a row as a row. A blank cell is unknown, not wrong.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from casework.imports.columns import AFTER_RECEIPT, BEFORE_RECEIPT, IN_ORDER
from casework.imports.rows import Fault, Row
from workflows.calendar import in_words, last_day_to_apply
from workflows.complaint_review_powers import beyond

Complaint = tuple[str, str]
"""The column to mend and the sentence about it."""


@dataclass(frozen=True)
class Filled:
    """A row with what its blanks imply, and the days that are a best guess."""

    row: Row
    values: dict[str, Any]
    estimated: frozenset[str] = field(default_factory=frozenset)

    def says(self, name: str) -> Any:
        """The value of a column, None when unknown."""
        return self.values.get(name)

    def day(self, name: str) -> date:
        """A day that the checks have shown to be known."""
        known: date = self.values[name]
        return known


def fill(row: Row) -> Filled:
    """The row with the validity and the days that an incomplete register implies.

    A blank `validity` with an outcome means valid. A blank `validity_on` of a valid case takes
    the earliest day that needs validity, else the latest day before it; a blank `reviewed_on`
    of a decided one takes `decided_on`. Both then count as estimated.
    """
    values = dict(row.values)
    declared = set(values.get("estimated", ())) & values.keys()
    guessed = {}
    if values.get("outcome"):
        values.setdefault("validity", "valid")
    if values.get("validity") == "valid" and "validity_on" not in values:
        guessed["validity_on"] = _implied_validity_on(values)
    if values.get("outcome") and "decided_on" in values and "reviewed_on" not in values:
        guessed["reviewed_on"] = values["decided_on"]
    return Filled(row, {**values, **guessed}, frozenset(declared | guessed.keys()))


def _implied_validity_on(values: dict[str, Any]) -> date:
    needing = ("reviewed_on", "decided_on", "withdrawn_on", "forwarded_on")
    before = ("received_on", "acknowledged_on", "file_requested_on", "file_received_on")
    later: list[date] = [values[name] for name in needing if name in values]
    earlier: list[date] = [values[name] for name in before if name in values]
    return min(later) if later else max(earlier)


class _Unknown(Exception):
    """What is asked for stands in a cell that cannot be read."""


class _Said(dict[str, Any]):
    """What the cells of a row say; whoever asks for one that cannot be read learns nothing."""

    def __init__(self, row: Row) -> None:
        super().__init__(row.values)
        self._unreadable = row.unreadable

    def _ask(self, name: object) -> None:
        if name in self._unreadable:
            raise _Unknown

    def __contains__(self, name: object) -> bool:
        self._ask(name)
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a column, the default where its cell is blank."""
        self._ask(name)
        return super().get(name, default)


def faults_of(row: Row) -> list[Fault]:
    """Every rule about the row that it breaks, as far as its cells can be read."""
    found = [said for check in _OF_DAYS for said in check(row.values)]
    for check in _OF_CELLS:
        try:
            found += check(_Said(row))
        except _Unknown:
            continue
    return [Fault(row.number, *said) for said in found]


def _days_about_receipt(values: Any) -> Iterator[Complaint]:
    received_on = values.get("received_on")
    if received_on is None:
        return
    for name in BEFORE_RECEIPT:
        if name in values and values[name] > received_on:
            yield name, _out_of_order(values, "received_on", name, "on or before")
    for name in AFTER_RECEIPT:
        if name in values and values[name] < received_on:
            yield name, _out_of_order(values, "received_on", name, "on or after")


def _days_in_order(values: Any) -> Iterator[Complaint]:
    for chain in IN_ORDER:
        for earlier, later in pairwise([name for name in chain if name in values]):
            if values[earlier] > values[later]:
                yield later, _out_of_order(values, earlier, later, "on or after")


def _out_of_order(values: Any, fixed: str, wrong: str, accepted: str) -> str:
    return (
        f"{wrong} is {in_words(values[wrong])}, but {fixed} is {in_words(values[fixed])}. "
        f"Give a day {accepted} {fixed}."
    )


def _one_ending(values: Any) -> Iterator[Complaint]:
    endings = [name for name in ("forwarded_on", "withdrawn_on", "outcome") if name in values]
    if values.get("validity") == "invalid":
        endings.insert(0, "validity")
    if len(endings) > 1:
        said = " and ".join(f"{name} {_written(values[name])}" for name in endings)
        yield (
            endings[-1],
            f"The row ends in more than one way: {said}. Give one of: invalid, forwarded, "
            "withdrawn, or an outcome.",
        )


def _written(value: Any) -> str:
    return in_words(value) if isinstance(value, date) else str(value)


def _outcome_has_day(values: Any) -> Iterator[Complaint]:
    if "outcome" in values and "decided_on" not in values:
        yield "decided_on", "The row has an outcome without its day. Give decided_on."
    if "decided_on" in values and "outcome" not in values:
        yield "outcome", "The row has decided_on without an outcome. Give upheld or not_upheld."


def _invalidity_has_day(values: Any) -> Iterator[Complaint]:
    if values.get("validity") == "invalid" and "validity_on" not in values:
        yield "validity_on", "The row is invalid without the day of it. Give validity_on."


def _day_has_validity(values: Any) -> Iterator[Complaint]:
    if "validity_on" in values and "validity" not in values and "outcome" not in values:
        yield "validity", "The row has validity_on without validity. Give valid or invalid."


def _notice_has_ending(values: Any) -> Iterator[Complaint]:
    if "notified_on" not in values or values.get("validity") == "invalid":
        return
    if not any(name in values for name in ("forwarded_on", "withdrawn_on", "outcome")):
        yield (
            "notified_on",
            "The row has notified_on, but nothing it could tell of. Give the outcome, or leave "
            "notified_on blank.",
        )


def _review_has_validity(values: Any) -> Iterator[Complaint]:
    if "reviewed_on" not in values:
        return
    if values.get("validity") == "invalid":
        yield "reviewed_on", "An invalid application is not reviewed. Leave reviewed_on blank."
    elif "validity" not in values and "outcome" not in values:
        yield "validity", "The row has reviewed_on without validity. Give valid."


def _reasons_for_invalidity(values: Any) -> Iterator[Complaint]:
    is_invalid = values.get("validity") == "invalid"
    if is_invalid and "invalid_reason" not in values:
        yield "invalid_reason", "The row is invalid without a reason. Give an invalid_reason."
    if "invalid_reason" in values and not is_invalid:
        yield (
            "invalid_reason",
            "The row has an invalid_reason but is not invalid. Leave it blank, or give invalid "
            "as validity.",
        )


def _recommendations_allowed(values: Any) -> Iterator[Complaint]:
    made = values.get("recommendations", ())
    route, outcome = values.get("route"), values.get("outcome")
    is_duty_alone = (
        outcome == "not_upheld" and route == "investigation" and {*made} == {"notify_dpp"}
    )
    if made and outcome != "upheld" and not is_duty_alone:
        yield (
            "recommendations",
            "Recommendations are made on upholding. Give upheld as outcome, or leave them blank; "
            "notify_dpp alone may also be given when an investigation is not upheld.",
        )
        return
    barred = beyond(set(made), route)
    excess = [code for code in dict.fromkeys(made) if code in barred]
    if excess:
        yield (
            "recommendations",
            f"On the route {route} nobody can recommend {' '.join(excess)}. Take that away, or "
            "give the other route.",
        )


def _responses_to_recommendations(values: Any) -> Iterator[Complaint]:
    made, answered = values.get("recommendations", ()), values.get("responses", ())
    if len(answered) > len(made):
        yield (
            "responses",
            f"There are {len(answered)} responses to {len(made)} recommendations. Give one for "
            "each, in the same order, and a blank where none is known.",
        )


Check = Callable[[Any], Iterator[Complaint]]
_OF_DAYS: tuple[Check, ...] = (_days_about_receipt, _days_in_order)
"""They compare days that are both known, whatever the other cells say."""
_OF_CELLS: tuple[Check, ...] = (
    _one_ending,
    _outcome_has_day,
    _invalidity_has_day,
    _day_has_validity,
    _notice_has_ending,
    _review_has_validity,
    _reasons_for_invalidity,
    _recommendations_allowed,
    _responses_to_recommendations,
)


def warnings_of(filled: Filled, made_on: date | None) -> list[Fault]:
    """What is odd about a row without barring it; `made_on` is the day it was made (reg 29)."""
    said = (*_about_time(filled, made_on), *_about_gaps(filled), *_about_what_is_lost(filled))
    return [Fault(filled.row.number, column, message) for column, message in said]


def _about_time(filled: Filled, made_on: date | None) -> Iterator[Complaint]:
    provided_on = filled.says("outcome_provided_on")
    if provided_on is None or made_on is None:
        return
    last_day = last_day_to_apply(provided_on)
    days = f"it was made on {in_words(made_on)} and the last day was {in_words(last_day)}"
    is_late = made_on > last_day
    if is_late and filled.says("validity") == "valid" and not filled.says("time_extended"):
        yield "time_extended", f"Valid although out of time: {days}, and time was not extended."
    if not is_late and filled.says("invalid_reason") == "out_of_time":
        yield "invalid_reason", f"Out of time although in time by the days given: {days}."


def _about_gaps(filled: Filled) -> Iterator[Complaint]:
    if filled.says("route") is None:
        yield "route", "The route is not known, so the review is counted under “unknown”."
    if filled.estimated:
        names = " ".join(sorted(filled.estimated))
        yield "estimated", f"Best guesses, left out of timeliness: {names}."


def _about_what_is_lost(filled: Filled) -> Iterator[Complaint]:
    if filled.says("time_extended") and filled.says("validity") != "valid":
        yield "time_extended", "Not kept: time is extended for valid applications only."
    if filled.says("observations") is not None and filled.says("outcome") is None:
        yield "observations", "Not kept: learning points are recorded with an outcome."
    unknown = [name for name in filled.says("estimated") or () if filled.says(name) is None]
    if unknown:
        yield "estimated", f"Not kept: there is no day in {' '.join(unknown)}."
