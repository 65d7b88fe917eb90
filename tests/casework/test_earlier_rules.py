"""A case goes on by the rules of today, whatever rules it was begun under; its log says which."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import progress
from casework.audit.record import Origin
from casework.audit.verify import verify_log
from casework.database import begin_write
from casework.models import Case
from tests import factories
from tests.factories import LOGGED_ON
from workflows import WORKFLOWS
from workflows.attempt import Attempt
from workflows.definition import Step, Workflow

NOW = WORKFLOWS["complaint_review"]
LATER = LOGGED_ON + timedelta(days=1)


def earlier_rules() -> Workflow:
    """The rules before triage: found valid by its reasons, with no word of the review body."""

    def earlier(step: Step) -> Step:
        if step.name != "find_valid":
            return step
        facts = tuple(fact for fact in step.facts if fact.name in ("route", "reasons"))
        return replace(step, facts=facts, guards=())

    steps = tuple(earlier(step) for step in NOW.steps)
    return replace(NOW, version="0", steps=steps, sources=(Path(__file__),))


def test_a_case_begun_under_earlier_rules_goes_on_and_is_verified(
    client: FlaskClient, db: Session
) -> None:
    then, writer = earlier_rules(), factories.person(db)
    supervisor = factories.person(db, "supervisor")
    who = factories.actor(writer)
    valid = Attempt("find_valid", LOGGED_ON, {"route": "otherwise", "reasons": "In time."}, who)
    begin_write(db)
    moved = progress.begin_case(
        db,
        Attempt("log", LOGGED_ON, {"force": "force"}, who),
        Origin("web", writer.token),
        since=[valid],
        workflow=then,
    )
    db.commit()
    review: dict[str, Any] = {"finding": "reasonable", "reasons": "Fair."}
    factories.move(db, moved.reference, "write_review", LATER, review, by=writer)
    told = {"reasons": "In time by one day.", "reason": "Said more."}
    factories.move(db, moved.reference, "correct", None, told, by=writer, target=moved.seq)
    decided = {"reasons": "Agreed."}
    done = factories.move(db, moved.reference, "not_uphold", LATER, decided, by=supervisor)
    assert done.state == "not_upheld"
    row = db.execute(select(Case).where(Case.token == moved.case)).scalar_one()
    assert (row.workflow_version, row.workflow_hash) == ("0", then.content_hash)
    assert then.content_hash != NOW.content_hash
    trail = factories.sign_in(client, writer).get(f"/cases/{moved.case}/trail").text
    assert then.content_hash in trail
    db.rollback()
    assert [found for found in verify_log(db) if not found.holds] == []
