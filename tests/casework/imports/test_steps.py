"""What a row of a register becomes: the events expected, by an oracle that knows only the contract."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from sqlalchemy import select

from casework.audit.events import Event, events_of
from casework.counts import milestones
from casework.models import Case
from tests.casework.imports.registers import Cells, office, register, rows, taken
from workflows import WORKFLOWS

pytestmark = pytest.mark.one_database

Expected = tuple[str, date, dict[str, Any]]
LIFECYCLE = [
    "logged",
    "acknowledged",
    "file_requested",
    "file_received",
    "found_valid",
    "found_invalid",
    "review_written",
    "upheld",
    "not_upheld",
    "forwarded",
    "withdrawn",
    "decision_notified",
]
AT_RECEIPT = ("letter_dated_on", "outcome_provided_on", "route", "channel")


def with_guesses(row: Cells) -> tuple[dict[str, str], set[str]]:
    """What the row says, blanks filled as the contract fills them, and the days that are guesses."""
    said = {name: cell.strip() for name, cell in row.items() if cell.strip()}
    guessed = set(said.get("estimated", "").split(";"))
    if (said.get("validity") == "valid" or "outcome" in said) and "validity_on" not in said:
        guessed.add("validity_on")
        later = [
            said[c]
            for c in ("reviewed_on", "decided_on", "withdrawn_on", "forwarded_on")
            if c in said
        ]
        before = ("received_on", "acknowledged_on", "file_requested_on", "file_received_on")
        said["validity_on"] = min(later) if later else max(said[c] for c in before if c in said)
    if "outcome" in said and "reviewed_on" not in said:
        guessed.add("reviewed_on")
        said["reviewed_on"] = said["decided_on"]
    return said, guessed


def expected(row: Cells) -> Iterator[Expected]:
    """The events that the contract gives a row, as (action, day, coded facts)."""
    said, guessed = with_guesses(row)

    def happened(action: str, column: str, **facts: Any) -> Iterator[Expected]:
        if column in said:
            names = sorted(
                {name for name in facts if name in guessed}
                | ({"effective_on"} if column in guessed else set())
            )
            stat = facts | ({"estimated": names} if names else {})
            yield action, date.fromisoformat(said[column]), stat

    facts = {name: said[name] for name in AT_RECEIPT if name in said}
    categories = {"categories": said["categories"].split(";")} if "categories" in said else {}
    yield from happened("logged", "received_on", force="force", **facts, **categories)
    yield from happened("acknowledged", "acknowledged_on")
    yield from happened("file_requested", "file_requested_on")
    yield from happened("file_received", "file_received_on")
    if said.get("validity") == "invalid":
        yield from happened("found_invalid", "validity_on", invalid_reason=said["invalid_reason"])
    elif said.get("validity") == "valid" or "outcome" in said:
        yield from happened("found_valid", "validity_on")
    yield from happened("review_written", "reviewed_on")
    if "outcome" in said:
        yield from happened(said["outcome"], "decided_on", **decision(said))
    yield from happened("forwarded", "forwarded_on")
    yield from happened("withdrawn", "withdrawn_on")
    yield from happened("decision_notified", "notified_on")


def decision(said: Cells) -> dict[str, Any]:
    """The facts of a decision: a response for every recommendation, `unknown` for a blank."""
    facts: dict[str, Any] = {}
    if "recommendations" in said:
        made = said["recommendations"].split(";")
        answered = [*said.get("responses", "").split(";"), *[""] * len(made)]
        facts["recommendations"] = made
        facts["responses"] = [answered[place] or "unknown" for place in range(len(made))]
    if "observations" in said:
        facts["observations"] = int(said["observations"])
    return facts


def happened(event: Event) -> Expected:
    """An event of the log in the oracle's terms."""
    pinned = ("workflow", "workflow_version", "workflow_hash")
    assert event.effective_on is not None
    stat = {name: value for name, value in event.stat.items() if name not in pinned}
    return event.action, event.effective_on, stat


@given(rows())
def test_a_valid_row_becomes_the_events_of_its_life(row: Cells) -> None:
    with office() as session:
        done = taken(session, register(row))
        assert (done.errors, done.new) == ((), 1)
        case = session.scalars(select(Case)).one()
        found = events_of(session, case.token)
        in_order = sorted(expected(row), key=lambda e: (e[1], LIFECYCLE.index(e[0])))
        assert [happened(event) for event in found] == in_order
        assert {(event.via, event.actor, event.role) for event in found} == {
            ("import", "system", "system")
        }
        assert milestones.differences(session, WORKFLOWS, len(found)) == set()


@given(rows(), rows("CR/2"))
def test_importing_again_adds_nothing_in_any_order_of_columns_and_dates(
    row: Cells, other: Cells
) -> None:
    def british(cells: Cells) -> Cells:
        return {
            name: "/".join(reversed(cell.split("-"))) if name.endswith("_on") and cell else cell
            for name, cell in cells.items()
        }

    again = register(british(other), british(row), columns=sorted({*row, *other}))
    with office() as session:
        taken(session, register(row, other))
        done = taken(session, b"\xef\xbb\xbf" + again)
        assert (done.rows, done.new, done.unchanged, done.errors) == (2, 0, 2, ())
