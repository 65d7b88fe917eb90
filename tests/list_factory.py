"""The only place where tests make a force's list, and have it checked against the cases."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit.record import Origin
from casework.database import begin_write
from casework.models import ListCheck, ListFinding
from casework.reconciliation import service
from casework.reconciliation.columns import Order
from casework.reconciliation.ours import Period
from casework.reconciliation.reading import Reading, look

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
TITLES: Mapping[str, str] = {
    "reference": "Complaint reference",
    "requested_on": "Review requested",
    "passed_on": "Passed to OPCC",
    "letter_dated_on": "Letter date",
    "outcome_provided_on": "Outcome provided",
    "review_body": "Review body",
    "route": "How handled",
    "outcome": "Review outcome",
}
"""The titles that a force gives our columns."""
NAME = "Complainant"


def csv_list(
    rows: Iterable[Sequence[str]], titles: Sequence[str] = ("Complaint reference",)
) -> bytes:
    """A list as CSV, its header first."""
    written = io.StringIO(newline="")
    csv.writer(written).writerows([titles, *rows])
    return written.getvalue().encode()


def checked(
    session: Session,
    content: bytes,
    period: Period = MARCH,
    *,
    force: str = "force",
    titles: Mapping[str, str] = TITLES,
    order: Order = "day",
) -> ListCheck:
    """A list that was checked, committed; the titles that it has are read, the others are not there."""
    seen = look(io.BytesIO(content))
    there = {column.title for column in seen.columns}
    reading = Reading({code: title for code, title in titles.items() if title in there}, order)
    found = service.check(session, io.BytesIO(content), seen, reading, force, period)
    begin_write(session)
    row = service.keep(session, found, role="reviewer", origin=Origin("web"))
    session.commit()
    return row


def findings_of(session: Session, check: str) -> list[ListFinding]:
    """The findings that a check was the first to find, by kind and subject."""
    query = select(ListFinding).where(ListFinding.check_token == check)
    return list(session.execute(query.order_by(ListFinding.kind, ListFinding.subject)).scalars())
