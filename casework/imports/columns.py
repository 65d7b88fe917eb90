"""The only place that lists the columns of a register to import, and what each may hold."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from workflows import complaint_review_choices as choices
from workflows.calendar import COVERED_FROM
from workflows.definition import Choice

ColumnKind = Literal["text", "day", "code", "codes", "number"]
SEPARATOR = ";"
LONGEST_REFERENCE = 60
LONGEST_TEXT = 100_000
MOST_OBSERVATIONS = 9_999
EARLIEST_LETTER_ON = date(1900, 1, 1)
"""Letters may be older than the days on which this office acted, but not of another century."""


@dataclass(frozen=True)
class Column:
    """One column: `codes` between `;` keep their order, and repeat only where `may_repeat`.

    A `may_skip` list may leave a place blank. `earliest_on` is the first day that is no slip.
    """

    name: str
    kind: ColumnKind = "text"
    codes: tuple[str, ...] = ()
    is_required: bool = False
    may_repeat: bool = False
    may_skip: bool = False
    longest: int = LONGEST_TEXT
    is_one_line: bool = False
    earliest_on: date = COVERED_FROM


def _codes(listed: tuple[Choice, ...]) -> tuple[str, ...]:
    return tuple(choice.code for choice in listed)


def _before_receipt(name: str) -> Column:
    return Column(name, "day", earliest_on=EARLIEST_LETTER_ON)


_DECLARED = (
    Column("reference", is_required=True, longest=LONGEST_REFERENCE, is_one_line=True),
    Column("force"),
    Column("force_reference"),
    Column("received_on", "day", is_required=True),
    _before_receipt("letter_dated_on"),
    _before_receipt("outcome_provided_on"),
    _before_receipt("first_received_on"),
    Column("first_received_by", "code", _codes(choices.FIRST_RECEIVERS)),
    Column("channel", "code", _codes(choices.CHANNELS)),
    Column("route", "code", _codes(choices.ROUTES)),
    Column("categories", "codes", _codes(choices.CATEGORIES)),
    Column("complainant_name"),
    Column("complainant_email"),
    Column("complainant_address"),
    Column("grounds"),
    Column("acknowledged_on", "day"),
    Column("file_requested_on", "day"),
    Column("file_received_on", "day"),
    Column("validity", "code", ("valid", "invalid")),
    Column("validity_on", "day"),
    Column("invalid_reason", "code", _codes(choices.INVALID_REASONS)),
    Column("time_extended", "code", ("yes",)),
    Column("forwarded_on", "day"),
    Column("reviewed_on", "day"),
    Column("outcome", "code", ("upheld", "not_upheld")),
    Column("decided_on", "day"),
    Column("notified_on", "day"),
    Column("withdrawn_on", "day"),
    Column("recommendations", "codes", _codes(choices.RECOMMENDATIONS), may_repeat=True),
    Column(
        "responses",
        "codes",
        tuple(code for code in _codes(choices.RESPONSES) if code != "unknown"),
        may_repeat=True,
        may_skip=True,
    ),
    Column("observations", "number"),
)
DAYS = tuple(column.name for column in _DECLARED if column.kind == "day")
COLUMNS = {column.name: column for column in (*_DECLARED, Column("estimated", "codes", codes=DAYS))}

BEFORE_RECEIPT = ("letter_dated_on", "outcome_provided_on", "first_received_on")
AFTER_RECEIPT = tuple(name for name in DAYS if name not in ("received_on", *BEFORE_RECEIPT))
IN_ORDER = (
    ("validity_on", "reviewed_on", "decided_on", "notified_on"),
    ("file_requested_on", "file_received_on"),
    ("validity_on", "withdrawn_on"),
    ("reviewed_on", "withdrawn_on"),
    ("validity_on", "forwarded_on"),
)
"""Days that may not come before the ones named to their left, where both are known."""
