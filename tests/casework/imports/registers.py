"""The only place where tests write registers: rows as dicts of cells, generated or by hand."""

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from casework.audit import record
from casework.database import begin_write, prepare
from casework.imports.checking import Checked, check_register
from casework.imports.service import import_register
from casework.models import Case, RegisterRow
from tests import databases

COLUMNS = (
    "reference",
    "force",
    "force_reference",
    "received_on",
    "letter_dated_on",
    "outcome_provided_on",
    "first_received_on",
    "first_received_by",
    "channel",
    "route",
    "categories",
    "complainant_name",
    "complainant_email",
    "complainant_address",
    "grounds",
    "acknowledged_on",
    "file_requested_on",
    "file_received_on",
    "validity",
    "validity_on",
    "invalid_reason",
    "time_extended",
    "forwarded_on",
    "reviewed_on",
    "outcome",
    "decided_on",
    "notified_on",
    "withdrawn_on",
    "recommendations",
    "responses",
    "observations",
    "estimated",
)
EXAMPLES = Path(__file__).parents[4] / "shared" / "registers"
Cells = dict[str, str]

PLAIN = {"reference": "CR/1", "received_on": "2022-05-03", "route": "otherwise"}
VALID = PLAIN | {"validity": "valid", "validity_on": "2022-05-09"}
INVALID = PLAIN | {
    "validity": "invalid",
    "validity_on": "2022-05-09",
    "invalid_reason": "not_eligible",
}
DECIDED = VALID | {
    "reviewed_on": "2022-06-01",
    "outcome": "not_upheld",
    "decided_on": "2022-06-06",
    "notified_on": "2022-06-07",
}
UPHELD = DECIDED | {"outcome": "upheld"}


def register(*rows: Cells, columns: Sequence[str] = COLUMNS) -> bytes:
    """A register with these rows, blank where they say nothing."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


@contextmanager
def office() -> Iterator[Session]:
    """A session on a fresh SQLite office, for a module or for one example of a property."""
    url = databases.new_database("sqlite")
    engine = prepare(create_engine(url))
    try:
        with Session(engine, autoflush=False) as session:
            yield session
    finally:
        engine.dispose()
        databases.drop_database(url)


def kept(session: Session) -> tuple[int, int, int]:
    """How much is kept: entries of the log, cases, imported rows."""
    session.rollback()
    cases = session.scalar(select(func.count()).select_from(Case)) or 0
    rows = session.scalar(select(func.count()).select_from(RegisterRow)) or 0
    return record.log_size(session), cases, rows


OTHERWISE = ("refer_to_iopc", "investigate", "apology", "return_property")
INVESTIGATION = ("reinvestigate", "case_to_answer", "apology", "notify_dpp")
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
GAPS = st.integers(0, 30)
FIRST, LAST = date(2020, 2, 1), date(2023, 12, 31)


@st.composite
def rows(draw: Any, reference: str = "CR/1") -> Cells:
    """A valid row of any life, with days blank that may be blank."""
    received_on = draw(st.dates(FIRST, LAST))
    route = draw(st.sampled_from(("", "otherwise", "investigation")))
    row = {"reference": reference, "received_on": received_on.isoformat(), "route": route}
    row["categories"] = ";".join(
        draw(st.lists(st.sampled_from(("A1", "B4", "F6", "L")), unique=True))
    )
    row["channel"] = draw(st.sampled_from(("", "web", "post", "force")))
    row["grounds"] = draw(WORDS)
    row["complainant_name"] = draw(WORDS)
    for column in ("letter_dated_on", "outcome_provided_on"):
        row[column] = (
            (received_on - timedelta(draw(GAPS))).isoformat() if draw(st.booleans()) else ""
        )
    open_until = _ending(draw, row, received_on)
    _office_work(draw, row, received_on, open_until)
    dated = [name for name in COLUMNS if name.endswith("_on") and row.get(name)]
    row["estimated"] = ";".join(draw(st.lists(st.sampled_from(dated), unique=True)))
    return row


def _office_work(draw: Any, row: Cells, received_on: date, open_until: date) -> None:
    span = (open_until - received_on).days
    for column in ("acknowledged_on", "file_requested_on"):
        if draw(st.booleans()):
            row[column] = (received_on + timedelta(draw(st.integers(0, span)))).isoformat()
    if draw(st.booleans()):
        asked_on = date.fromisoformat(row.get("file_requested_on") or row["received_on"])
        gap = draw(st.integers(0, (open_until - asked_on).days))
        row["file_received_on"] = (asked_on + timedelta(gap)).isoformat()


def _ending(draw: Any, row: Cells, received_on: date) -> date:
    """Give the row an ending; the last day on which the case was still open."""
    found_on = received_on + timedelta(draw(GAPS))
    life = draw(
        st.sampled_from(
            ("open", "valid", "invalid", "forwarded", "withdrawn", "upheld", "not_upheld")
        )
    )
    if life == "open":
        return found_on
    if life == "invalid":
        row |= {
            "validity": "invalid",
            "validity_on": found_on.isoformat(),
            "invalid_reason": "other",
        }
        return _told(draw, row, found_on)
    is_valid = life in ("valid", "upheld", "not_upheld") or draw(st.booleans())
    is_known = draw(st.booleans())
    if is_valid:
        row["validity"] = "" if life in ("upheld", "not_upheld") and not is_known else "valid"
        row["validity_on"] = found_on.isoformat() if is_known else ""
        row["validity"] = "valid" if row["validity_on"] else row["validity"]
    reviewed_on = found_on + timedelta(draw(GAPS))
    if life == "valid":
        return reviewed_on if is_known else found_on
    if is_valid and draw(st.booleans()):
        row["reviewed_on"] = reviewed_on.isoformat()
    ended_on = reviewed_on + timedelta(draw(GAPS))
    if life in ("forwarded", "withdrawn"):
        row[f"{life}_on"] = ended_on.isoformat()
    else:
        row |= {"outcome": life, "decided_on": ended_on.isoformat()}
        _recommendations(draw, row)
    return _told(draw, row, ended_on)


def _told(draw: Any, row: Cells, ended_on: date) -> date:
    if draw(st.booleans()):
        row["notified_on"] = (ended_on + timedelta(draw(GAPS))).isoformat()
    return ended_on


def _recommendations(draw: Any, row: Cells) -> None:
    row["observations"] = draw(st.sampled_from(("", "0", "2")))
    allowed: tuple[str, ...] = INVESTIGATION if row["route"] == "investigation" else OTHERWISE
    if row["outcome"] == "not_upheld":
        allowed = ("notify_dpp",) if row["route"] == "investigation" else ()
    if not allowed:
        return
    made = draw(st.lists(st.sampled_from(allowed), max_size=3))
    known = st.sampled_from(("", "accepted", "partly_accepted", "rejected"))
    answered = draw(st.lists(known, max_size=len(made)))
    row |= {"recommendations": ";".join(made), "responses": ";".join(answered)}


def tried(session: Session, content: bytes) -> Checked:
    """What the check of a register says."""
    return check_register(session, BytesIO(content))


def taken(session: Session, content: bytes) -> Checked:
    """What the check says of a register that is imported where it can be."""
    done = tried(session, content)
    if not done.errors:
        begin_write(session)
        import_register(session, BytesIO(content))
        session.commit()
    return done
