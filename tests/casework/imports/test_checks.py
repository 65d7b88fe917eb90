"""Each fault that a register can have: one row that has it alone, and where it is said to be."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from casework import clock
from tests.casework.imports.registers import (
    DECIDED,
    INVALID,
    PLAIN,
    UPHELD,
    VALID,
    Cells,
    kept,
    register,
    tried,
)

pytestmark = pytest.mark.one_database

TOMORROW = (clock.today() + timedelta(days=1)).isoformat()
FORWARDED = VALID | {"forwarded_on": "2022-05-20"}
WITHDRAWN = VALID | {"withdrawn_on": "2022-05-20"}
INVESTIGATED = UPHELD | {"route": "investigation"}

FAULTS: list[tuple[str, Cells, str, str]] = [
    ("no reference", PLAIN | {"reference": " "}, "reference", "is blank"),
    ("a long reference", PLAIN | {"reference": "x" * 61}, "reference", "60 or fewer"),
    ("a reference over two lines", PLAIN | {"reference": "CR\n1"}, "reference", "line break"),
    ("not received", PLAIN | {"received_on": ""}, "received_on", "YYYY-MM-DD or DD/MM/YYYY"),
    ("a day that is none", PLAIN | {"acknowledged_on": "soon"}, "acknowledged_on", "YYYY-MM-DD"),
    ("an American day", PLAIN | {"received_on": "05/31/2022"}, "received_on", "does not exist"),
    ("30 February", DECIDED | {"notified_on": "2023-02-30"}, "notified_on", "does not exist"),
    ("a day to come", PLAIN | {"acknowledged_on": TOMORROW}, "acknowledged_on", "in the future"),
    ("another century", PLAIN | {"received_on": "0202-05-03"}, "received_on", "too early"),
    ("before records", PLAIN | {"received_on": "2011-12-31"}, "received_on", "too early"),
    ("an unknown channel", PLAIN | {"channel": "pigeon"}, "channel", "web email post"),
    ("an unknown route", PLAIN | {"route": "6A"}, "route", "otherwise investigation"),
    ("an unknown category", PLAIN | {"categories": "A1;I1"}, "categories", "'I1'"),
    ("an unknown receiver", PLAIN | {"first_received_by": "x"}, "first_received_by", "iopc force"),
    ("an unknown validity", PLAIN | {"validity": "maybe"}, "validity", "valid invalid"),
    ("an unknown reason", INVALID | {"invalid_reason": "x"}, "invalid_reason", "out_of_time"),
    ("an unknown extension", VALID | {"time_extended": "no"}, "time_extended", "yes"),
    ("an unknown outcome", DECIDED | {"outcome": "part_upheld"}, "outcome", "upheld not_upheld"),
    (
        "an unknown recommendation",
        UPHELD | {"recommendations": "compensation"},
        "recommendations",
        "apology",
    ),
    (
        "an unknown response",
        UPHELD | {"recommendations": "apology", "responses": "perhaps"},
        "responses",
        "accepted partly_accepted rejected",
    ),
    ("no number", DECIDED | {"observations": "two"}, "observations", "whole number"),
    (
        "an estimated column that is no day",
        PLAIN | {"estimated": "route"},
        "estimated",
        "decided_on",
    ),
    ("an unknown force", PLAIN | {"force": "Camelot"}, "force", "force (The police force)"),
    (
        "letter after receipt",
        PLAIN | {"letter_dated_on": "2022-05-04"},
        "letter_dated_on",
        "on or before",
    ),
    (
        "outcome after receipt",
        PLAIN | {"outcome_provided_on": "2022-05-04"},
        "outcome_provided_on",
        "on or before",
    ),
    (
        "first received after receipt",
        PLAIN | {"first_received_on": "2022-05-04"},
        "first_received_on",
        "on or before",
    ),
    (
        "acknowledged before receipt",
        PLAIN | {"acknowledged_on": "2022-05-02"},
        "acknowledged_on",
        "on or after",
    ),
    (
        "asked for before receipt",
        PLAIN | {"file_requested_on": "2022-05-02"},
        "file_requested_on",
        "on or after",
    ),
    (
        "file before receipt",
        PLAIN | {"file_received_on": "2022-05-02"},
        "file_received_on",
        "on or after",
    ),
    ("valid before receipt", VALID | {"validity_on": "2022-05-02"}, "validity_on", "on or after"),
    (
        "forwarded before receipt",
        PLAIN | {"forwarded_on": "2022-05-02"},
        "forwarded_on",
        "on or after",
    ),
    (
        "withdrawn before receipt",
        PLAIN | {"withdrawn_on": "2022-05-02"},
        "withdrawn_on",
        "on or after",
    ),
    (
        "reviewed before valid",
        DECIDED | {"reviewed_on": "2022-05-08"},
        "reviewed_on",
        "validity_on",
    ),
    (
        "decided before reviewed",
        DECIDED | {"decided_on": "2022-05-31"},
        "decided_on",
        "reviewed_on",
    ),
    (
        "decided before valid",
        DECIDED | {"reviewed_on": "", "decided_on": "2022-05-08"},
        "decided_on",
        "validity_on",
    ),
    ("told before decided", DECIDED | {"notified_on": "2022-06-05"}, "notified_on", "decided_on"),
    (
        "file before it was asked for",
        PLAIN | {"file_requested_on": "2022-05-09", "file_received_on": "2022-05-08"},
        "file_received_on",
        "file_requested_on",
    ),
    (
        "withdrawn before valid",
        WITHDRAWN | {"withdrawn_on": "2022-05-08"},
        "withdrawn_on",
        "validity_on",
    ),
    (
        "withdrawn before reviewed",
        WITHDRAWN | {"reviewed_on": "2022-05-21"},
        "withdrawn_on",
        "reviewed_on",
    ),
    (
        "forwarded before valid",
        FORWARDED | {"forwarded_on": "2022-05-08"},
        "forwarded_on",
        "validity_on",
    ),
    (
        "invalid and forwarded",
        INVALID | {"forwarded_on": "2022-05-10"},
        "forwarded_on",
        "more than one way",
    ),
    (
        "invalid and withdrawn",
        INVALID | {"withdrawn_on": "2022-05-10"},
        "withdrawn_on",
        "more than one way",
    ),
    (
        "invalid and decided",
        INVALID | {"outcome": "upheld", "decided_on": "2022-05-10"},
        "outcome",
        "more than one way",
    ),
    (
        "forwarded and withdrawn",
        FORWARDED | {"withdrawn_on": "2022-05-21"},
        "withdrawn_on",
        "more than one way",
    ),
    (
        "decided and withdrawn",
        DECIDED | {"withdrawn_on": "2022-06-08"},
        "outcome",
        "more than one way",
    ),
    ("an outcome without its day", DECIDED | {"decided_on": ""}, "decided_on", "without its day"),
    (
        "a day without its outcome",
        DECIDED | {"outcome": "", "notified_on": ""},
        "outcome",
        "without an outcome",
    ),
    ("invalid without its day", INVALID | {"validity_on": ""}, "validity_on", "without the day"),
    (
        "a day without validity",
        PLAIN | {"validity_on": "2022-05-09"},
        "validity",
        "without validity",
    ),
    (
        "a letter about nothing",
        VALID | {"notified_on": "2022-06-07"},
        "notified_on",
        "nothing it could tell of",
    ),
    (
        "a review of an invalid one",
        INVALID | {"reviewed_on": "2022-06-01"},
        "reviewed_on",
        "Leave reviewed_on blank",
    ),
    (
        "a review of what was not valid",
        PLAIN | {"reviewed_on": "2022-06-01"},
        "validity",
        "Give valid",
    ),
    (
        "invalid without reason",
        INVALID | {"invalid_reason": ""},
        "invalid_reason",
        "without a reason",
    ),
    (
        "a reason without invalidity",
        VALID | {"invalid_reason": "other"},
        "invalid_reason",
        "not invalid",
    ),
    (
        "recommendations when not upheld",
        DECIDED | {"recommendations": "apology"},
        "recommendations",
        "upholding",
    ),
    (
        "the duty when handled otherwise",
        DECIDED | {"recommendations": "notify_dpp"},
        "recommendations",
        "upholding",
    ),
    (
        "recommendations without outcome",
        VALID | {"recommendations": "apology"},
        "recommendations",
        "upholding",
    ),
    *(
        (f"{code} on {row['route']}", row | {"recommendations": code}, "recommendations", code)
        for row, codes in (
            (UPHELD, ("case_to_answer", "performance", "reinvestigate", "notify_dpp")),
            (INVESTIGATED, ("investigate",)),
        )
        for code in codes
    ),
    (
        "more responses than recommendations",
        UPHELD | {"recommendations": "apology", "responses": "accepted;rejected"},
        "responses",
        "2 responses to 1",
    ),
    (
        "acknowledged when closed",
        DECIDED | {"acknowledged_on": "2022-06-08"},
        "acknowledged_on",
        "not possible",
    ),
    (
        "told before withdrawn",
        WITHDRAWN | {"notified_on": "2022-05-19"},
        "notified_on",
        "not possible",
    ),
]


@pytest.mark.parametrize(
    ("row", "column", "said"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS]
)
def test_a_fault_is_named_with_its_row_and_column(
    empty: Session, row: Cells, column: str, said: str
) -> None:
    done = tried(empty, register(PLAIN | {"reference": "CR/0"}, row))
    (fault,) = done.errors
    assert (fault.row, fault.column) == (3, column)
    assert said in fault.message
    assert fault.message.endswith(".")
    assert done.rows == 2


@pytest.mark.parametrize(
    "row", [PLAIN, VALID, INVALID, DECIDED, UPHELD, INVESTIGATED, FORWARDED, WITHDRAWN]
)
def test_the_rows_that_faults_are_made_of_have_none(empty: Session, row: Cells) -> None:
    assert tried(empty, register(row)).errors == ()


@pytest.mark.parametrize(
    "row",
    [
        DECIDED | {"route": "investigation", "recommendations": "notify_dpp"},
        INVESTIGATED | {"recommendations": "notify_dpp;apology;apology", "responses": "accepted;;"},
        UPHELD | {"recommendations": "apology;", "responses": ";"},
        INVALID | {"notified_on": "2022-05-09", "acknowledged_on": "2022-05-09"},
        PLAIN | {"outcome_provided_on": "2009-03-02"},
        PLAIN | {"categories": " A1 ; B4;A1 ; "},
        VALID | {"file_requested_on": "2022-05-20", "file_received_on": "2022-05-30"},
    ],
)
def test_what_old_registers_say_is_taken(empty: Session, row: Cells) -> None:
    assert tried(empty, register(row)).errors == ()


def test_every_fault_of_every_row_is_listed_in_order(empty: Session) -> None:
    done = tried(
        empty,
        register(
            PLAIN | {"route": "x", "channel": "y", "acknowledged_on": "2022-05-02"},
            DECIDED | {"outcome": "", "reference": "CR/2"},
            {},
            PLAIN,
            UPHELD | {"outcome": "part_upheld", "reviewed_on": "2022-07-01", "reference": "CR/4"},
            INVALID
            | {"reference": " ", "invalid_reason": "x", "validity_on": "", "channel": "fax"},
            DECIDED | {"reference": "CR/5", "channel": "fax", "acknowledged_on": "2022-06-30"},
        ),
    )
    assert [(fault.row, fault.column) for fault in done.errors] == [
        (2, "channel"),
        (2, "route"),
        (2, "acknowledged_on"),  # before it was received, whatever the other cells mean
        (3, "outcome"),
        (3, "notified_on"),
        (5, "reference"),  # the same as in row 2
        (6, "outcome"),  # and not that decided_on had none
        (6, "decided_on"),  # before the review
        (7, "reference"),
        (7, "channel"),
        (7, "invalid_reason"),
        (7, "validity_on"),
        (8, "channel"),
        (8, "acknowledged_on"),  # after the decision, as the rules of the steps say
    ]
    assert done.rows == 6  # the blank row between is none


def test_a_reference_stands_in_one_row_only(empty: Session) -> None:
    (fault,) = tried(empty, register(PLAIN, VALID)).errors
    assert (fault.row, fault.column) == (3, "reference")
    assert "row 2" in fault.message


LATE = {"outcome_provided_on": "2022-04-04"}  # the last day was 2 May
WARNINGS: list[tuple[str, Cells, str | None]] = [
    ("nothing odd", VALID | LATE | {"time_extended": "yes"}, None),
    ("valid although out of time", VALID | LATE, "time_extended"),
    ("valid on the last day", VALID | {"outcome_provided_on": "2022-04-05"}, None),
    (
        "the IOPC had it in time",
        VALID | LATE | {"first_received_by": "iopc", "first_received_on": "2022-05-02"},
        None,
    ),
    (
        "the force had it in time",
        VALID | LATE | {"first_received_by": "force", "first_received_on": "2022-05-02"},
        "time_extended",
    ),
    ("out of time", INVALID | LATE | {"invalid_reason": "out_of_time"}, None),
    (
        "out of time on the last day",
        INVALID | {"outcome_provided_on": "2022-04-05", "invalid_reason": "out_of_time"},
        "invalid_reason",
    ),
    ("out of time by days not given", INVALID | {"invalid_reason": "out_of_time"}, None),
    ("no route", VALID | {"route": ""}, "route"),
    ("a best guess", VALID | {"estimated": "received_on"}, "estimated"),
    ("a day implied", DECIDED | {"reviewed_on": ""}, "estimated"),
    ("validity implied", DECIDED | {"validity": "", "validity_on": ""}, "estimated"),
    ("a guess at a blank", VALID | {"estimated": "decided_on"}, "estimated"),
    ("an extension without validity", PLAIN | {"time_extended": "yes"}, "time_extended"),
    ("learning points without outcome", VALID | {"observations": "1"}, "observations"),
]


@pytest.mark.parametrize(("row", "column"), [w[1:] for w in WARNINGS], ids=[w[0] for w in WARNINGS])
def test_what_is_odd_is_a_warning_and_bars_nothing(
    empty: Session, row: Cells, column: str | None
) -> None:
    done = tried(empty, register(row))
    assert done.errors == ()
    assert done.new == 1
    assert [warning.column for warning in done.warnings] == ([column] if column else [])


def test_a_dry_run_keeps_nothing(empty: Session) -> None:
    assert tried(empty, register(DECIDED)).new == 1
    assert kept(empty) == (0, 0, 0)
