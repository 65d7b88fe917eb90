"""The only place that begins an application with what a force's list told of it."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from casework.models import ListFinding
from casework.permissions import may_learn_of

_DAYS = ("letter_dated_on", "outcome_provided_on")
_CODES = {"route": "route", "review_body": "review_body_letter"}


def told_by_list(session: Session, finding: str, person: str) -> dict[str, Any]:
    """What to fill the form with, by fact name; nothing where this person may see no such finding."""
    row = session.get(ListFinding, finding)
    if row is None or not row.listed or not may_learn_of(session, person, row.cases):
        return {}
    first = row.listed[0]
    told = first["told"]
    days = {name: date.fromisoformat(told[name]) for name in _DAYS if name in told}
    codes = {fact: told[code] for code, fact in _CODES.items() if code in told}
    return {"force": row.force, "force_reference": first["reference"], **days, **codes}
