"""The only place where tests send a force's list by its pages, and read what these show."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework.models import ListFinding
from casework.progress import Moved
from tests import factories

TITLES = ("Complaint reference", "Complainant", "Letter date", "How handled")
COLUMNS = {
    "reference": "Complaint reference",
    "letter_dated_on": "Letter date",
    "route": "How handled",
    "day_order": "day",
}
MARCH = {"from": "2026-03-01", "to": "2026-03-31"}
LETTER_ON = date(2026, 2, 20)


def case(db: Session, reference: str, day: int = 10, **facts: Any) -> Moved:
    """A case received in March, with the force's reference."""
    known = {"letter_dated_on": LETTER_ON, "route": "otherwise", **facts}
    return factories.case(db, on=date(2026, 3, day), force_reference=reference, **known)


def rows(*references: str) -> list[list[str]]:
    """Rows that tell of these references what the cases tell."""
    return [[each, "Canary Birdsong", "20/02/2026", "OTBI"] for each in references]


def dated(reference: str, day: str) -> list[list[str]]:
    """A row that tells of another day of the letter."""
    return [[reference, "Canary Birdsong", day, "OTBI"]]


def send(
    visitor: FlaskClient, content: bytes, days: dict[str, str] = MARCH, **more: Any
) -> TestResponse:
    """Send a list as its form does."""
    fields = {"force": "force", "file": (io.BytesIO(content), "list.csv"), **more}
    for which, day in days.items():
        parts = zip(("year", "month", "day"), day.split("-"), strict=True)
        fields |= {f"{which}_on-{part}": value for part, value in parts}
    return factories.post(visitor, "/reconciliation/check", **fields)


def check(visitor: FlaskClient, content: bytes, days: dict[str, str] = MARCH) -> str:
    """The page of a list that is sent, its columns named where that is asked."""
    answer = send(visitor, content, days)
    if answer.location == "/reconciliation/columns":
        answer = factories.post(visitor, answer.location, **COLUMNS)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def parts(visitor: FlaskClient, page: str) -> dict[str, int]:
    """The headings of a page of a list with their counts."""
    found = re.findall(r"<h2[^>]*>\s*([^<(]+?) \((\d+)\)\s*</h2>", visitor.get(page).text)
    return {title: int(count) for title, count in found}


def found(db: Session, kind: str) -> ListFinding:
    """The one finding of a kind that no check has ended."""
    query = select(ListFinding).where(ListFinding.kind == kind, ListFinding.ended_at.is_(None))
    return db.execute(query).scalar_one()


def settle(visitor: FlaskClient, row: ListFinding, answer: str, **more: Any) -> TestResponse:
    """Settle a finding as its form does."""
    fields = {"answer": answer, "seen": row.settled_seq or "", **more}
    return factories.post(visitor, f"/reconciliation/findings/{row.token}", **fields)
