"""The only place for what the demonstration office learns after its annual report was published."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import progress
from casework.audit.events import history_of
from casework.audit.record import Origin
from casework.cli.demonstration import people
from casework.counts.report import Report
from casework.models import Case
from casework.office_rules import office_rules
from workflows.attempt import Attempt
from workflows.complaint_review import COMPLAINT_REVIEW
from workflows.definition import Actor

_BEFORE_THE_END = timedelta(days=33)
_APPLICATION: dict[str, Any] = {
    "complainant_name": "Applicant Medlar",
    "complainant_email": "applicant.medlar@example.org",
    "complainant_address": "12 Orchard Row, Saltby",
    "force": "fenmarch",
    "channel": "post",
    "route": "otherwise",
    "categories": ["A3"],
    "grounds": "Nobody ever wrote to me.",
}
_INVALID = {
    "reason": "no_outcome_letter",
    "reasons": "The force had not answered the complaint. It was told to, and the applicant why.",
}
_ROUTE = {"route": "investigation", "reason": "The force’s file shows that it investigated."}


def learn(session: Session, annual: Report, actors: Mapping[str, Actor]) -> None:
    """Find an application that nobody had logged, and the route of a case that was not known."""
    _log_what_was_missed(session, annual, actors[people.REVIEWER.email])
    for counted in annual.whole.figures["by_route.unknown.completed"][:1]:
        _correct_route(session, counted.case, actors[people.SUPERVISOR.email])


def _log_what_was_missed(session: Session, annual: Report, actor: Actor) -> None:
    received_on = annual.whole.period.to_on - _BEFORE_THE_END
    logged = Attempt("log", received_on, _APPLICATION, actor)
    origin = Origin("command", actor.token)
    moved = progress.begin_case(session, logged, origin, office=office_rules(session))
    found = Attempt("find_invalid", received_on + timedelta(days=4), _INVALID, actor)
    _move(session, moved.reference, found)


def _correct_route(session: Session, case: str, actor: Actor) -> None:
    reference = session.execute(select(Case.reference).where(Case.token == case)).scalar_one()
    first = history_of(session, COMPLAINT_REVIEW, case)[0]
    _move(session, reference, Attempt("correct", None, _ROUTE, actor, target=first.seq))


def _move(session: Session, reference: str, attempt: Attempt) -> None:
    ref = progress.case_ref(session, reference)
    if ref is None:
        raise LookupError(reference)
    origin = Origin("command", attempt.actor.token)
    progress.move_case(session, ref, attempt, origin, office=office_rules(session))
