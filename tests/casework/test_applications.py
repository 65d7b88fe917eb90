"""One application by every channel: the same state, clocks and events, save who brought it and how."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import clock
from casework.audit.events import Event, events_of
from casework.audit.items import items_in
from casework.audit.verify import verify_log
from casework.database import begin_write
from casework.imports.columns import COLUMNS
from casework.imports.service import import_register
from casework.items import case_standing
from casework.models import Case, Milestone
from casework.office_rules import office_rules
from tests import factories
from tests.applicant import Applicant
from tests.casework.cases.pages import Page
from tests.casework.cli.conftest import Console
from tests.casework.imports.registers import register
from workflows.complaint_review import COMPLAINT_REVIEW
from workflows.definition import Due
from workflows.engine import deadlines_of

HOW = frozenset({"channel", "workflow", "workflow_version", "workflow_hash", "item"})
"""What tells channels and cases apart, and nothing about the application."""


def ago(days: int) -> date:
    return clock.today() - timedelta(days=days)


@dataclass(frozen=True)
class Came:
    """What a channel made of an application: nothing here may tell which one it was."""

    state: str
    facts: Mapping[str, Any]
    words: Mapping[str, str]
    dues: tuple[Due, ...]
    milestones: frozenset[tuple[str, str, date]]
    kept: tuple[tuple[str, str, dict[str, Any], dict[str, str]], ...]


def newest(db: Session) -> tuple[Case, tuple[Event, ...]]:
    db.rollback()
    case = db.scalars(select(Case).order_by(Case.id.desc()).limit(1)).one()
    return case, events_of(db, case.token)


def came(db: Session) -> Came:
    case, events = newest(db)
    standing = case_standing(events)
    counted = db.execute(
        select(Milestone.kind, Milestone.code, Milestone.from_on).where(
            Milestone.case_token == case.token, Milestone.item == ""
        )
    )
    first = events[0]
    assert (first.action, first.effective_on, first.version) == ("logged", clock.today(), 1)
    return Came(
        case.state,
        {name: value for name, value in first.stat.items() if name not in HOW},
        {name: said for name, said in (first.words or {}).items() if name != "reference"},
        tuple(deadlines_of(COMPLAINT_REVIEW, standing, office_rules(db))),
        frozenset((row.kind, row.code, row.from_on) for row in counted),
        tuple(sorted((_kept(item) for item in items_in(events)), key=repr)),
    )


def _kept(item: Any) -> tuple[str, str, dict[str, Any], dict[str, str]]:
    (begun,) = item.events
    stat = {name: value for name, value in begun.stat.items() if name not in HOW}
    return item.workflow.name, begun.action, stat, dict(begun.words or {})


def told(event: Event) -> tuple[str, str, str]:
    """How the log tells the channels apart: by which way, under which role, by whom."""
    return event.via, event.role, event.actor


def by_hand(stat: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    """The facts of an event as a person types them."""
    by_code = COMPLAINT_REVIEW.begins_with.facts_by_code
    days = {code for code, fact in by_code.items() if fact.kind == "day"}
    coded = {
        by_code[code].name: date.fromisoformat(value) if code in days else value
        for code, value in stat.items()
    }
    return {**coded, **words}


DAYS = {"outcome_day": 35, "complaint_day": 300, "sent_first_on": 9}
REGISTERED = {"force", "force_reference", "outcome_provided_on", "first_received_by", "grounds"}
BESIDE = {
    "party_name": "Jo Wren",
    "party_email": "jo@example.org",
    "party_consent_on": ago(3),
    "safeguarding_at_risk": "adult",
    "safeguarding_risk": "He hurts himself.",
}


def test_one_application_by_every_channel_is_one_and_the_same(
    db: Session, client: FlaskClient, environment: dict[str, str]
) -> None:
    factories.open_form(db)
    reviewer = factories.person(db, "reviewer", email="ria@office.example")
    staff = factories.sign_in(client.application.test_client(), reviewer)
    by_form(db, Applicant(client))
    public, (sent, *_) = came(db), newest(db)[1]
    assert told(sent) == ("form", "public", "system")
    assert sent.stat["channel"] == "web"
    timeline = Page.get(staff, f"/cases/{sent.case}/timeline").words
    assert "by An applicant, member of the public" in timeline
    assert "by Casework" not in timeline
    assert public.dues[0].due_on == ago(DAYS["outcome_day"]) + timedelta(days=28)
    assert public.dues[0].met_on == ago(DAYS["sent_first_on"])

    typed = by_hand(public.facts, public.words)
    Page.get(staff, "/cases/log").send(**typed, **BESIDE, channel="post")
    by_staff, (logged, *_) = came(db), newest(db)[1]
    assert told(logged) == ("web", "reviewer", reviewer.token)
    of_both = {"party", "safeguarding"}
    assert [each for each in public.kept if each[0] in of_both] == list(by_staff.kept)
    assert by_staff == replace(public, kept=by_staff.kept)

    by_line(db, environment, typed)
    by_command, (applied, *_) = came(db), newest(db)[1]
    assert told(applied) == ("command", "reviewer", reviewer.token)
    assert by_command == replace(public, kept=())

    known = by_row(db, typed)
    imported, (read, *_) = came(db), newest(db)[1]
    assert told(read) == ("import", "system", "system")
    assert imported == replace(
        public,
        facts={name: value for name, value in public.facts.items() if name in known},
        words={name: value for name, value in public.words.items() if name in known},
        kept=(),
    )
    assert [found for found in verify_log(db) if not found.holds] == []


def by_form(db: Session, applicant: Applicant) -> None:
    """Send the application on the web form."""
    provided, made, first = (_typed(name, ago(days)) for name, days in DAYS.items())
    applicant.ready(
        db,
        {
            "whose-complaint": {"whose_complaint": "with_consent"},
            "outcome-day": provided,
            "complaint-day": made,
            "sent-first": {"sent_first": "iopc"},
            "sent-first-on": first,
            "name": {"name": BESIDE["party_name"]},
            "reach-you": {"email": BESIDE["party_email"]},
            "consent": _typed("consent_on", ago(3)),
            "acting-for": {"complainant": "Sam Pike"},
            "letter-details": {"force_reference": "CO/12/26"},
            "grounds": {"grounds": "Nobody asked the witness."},
            "risk": {"at_risk": "adult"},
            "risk-details": {"risk": BESIDE["safeguarding_risk"]},
        },
    )
    assert applicant.post("check", version=applicant.version()).status_code == 302


def by_line(db: Session, environment: dict[str, str], typed: Mapping[str, Any]) -> None:
    """Give the application to `case apply`."""
    facts = {name: _plain(value) for name, value in typed.items()}
    line = {"as": "ria@office.example", "reference": "CR/77", "step": "log"}
    db.rollback()
    Console(environment).lines(
        {**line, "on": clock.today().isoformat(), "set": {**facts, "channel": "telephone"}}
    )


def by_row(db: Session, typed: Mapping[str, Any]) -> frozenset[str]:
    """Import the application as a row of a register; the facts that a register has columns for."""
    cells = {name: str(_plain(value)) for name, value in typed.items() if name in COLUMNS}
    assert cells.keys() >= REGISTERED
    row = {"reference": "CR/78", "received_on": clock.today().isoformat(), "channel": "email"}
    begin_write(db)
    assert import_register(db, BytesIO(register(row | cells))).imported == 1
    db.commit()
    return frozenset(cells)


def _typed(name: str, day: date) -> dict[str, str]:
    return {f"{name}-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
