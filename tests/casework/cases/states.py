"""The only place where tests of pages bring a case to a state and look at what became of it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit.events import Event, events_of
from casework.models import Case, Person
from casework.progress import Moved
from tests import factories
from tests.workflows.lives import LEAST, WAYS
from workflows import WORKFLOWS
from workflows.definition import Actor

REVIEW = WORKFLOWS["complaint_review"]
ON = factories.LOGGED_ON
WRITER = Actor("u_" + "7" * 32, frozenset({"reviewer"}))
DECIDER = Actor("u_" + "8" * 32, frozenset({"supervisor"}))
EVERY_STEP = [step.name for step in REVIEW.steps if step.name != "log"]
STATES = [state for state in WAYS if state != "annulled"]


def least(step: str, person: Person) -> dict[str, Any]:
    facts = dict(LEAST.get(step, {}))
    return {**facts, "assignee": person.token} if "assignee" in facts else facts


def found_late(db: Session, moved: Moved) -> Moved:
    """The same open case, found late and for this office to decide about."""
    late = {"outcome_provided_on": str(ON - timedelta(days=40))}
    for step, facts in (("find_outcome_day", late), ("find_review_body", {"review_body": "lpb"})):
        known = {**LEAST[step], **facts}
        moved = factories.move(db, moved.reference, step, ON, known, by=WRITER)
    return moved


def case_in(db: Session, state: str, person: Person, **facts: Any) -> Moved:
    """A case brought to a state, written by one person and decided by another."""
    moved = factories.case(db, by=WRITER, **facts)
    for number, step in enumerate(WAYS[state][1:], start=1):
        by = DECIDER if step in ("uphold", "not_uphold") else WRITER
        on = ON + timedelta(days=number)
        moved = factories.move(db, moved.reference, step, on, least(step, person), by=by)
    return moved


def url(moved: Moved, *more: object) -> str:
    return "/".join(map(str, (f"/cases/{moved.case}", *more)))


def newest(db: Session, moved: Moved) -> Event:
    return events_of(db, moved.case)[-1]


def row(db: Session, moved: Moved) -> Case:
    return db.execute(select(Case).where(Case.token == moved.case)).scalar_one()
