"""One door: what a move leaves in the case's row, the log and the milestones, or nowhere."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from casework.audit import record
from casework.audit.events import all_events, events_of
from casework.audit.record import Origin
from casework.audit.verify import verify_log
from casework.counts import milestones
from casework.database import begin_write
from casework.models import Case, Milestone
from casework.progress import CaseRef, CaseRefused, StaleCase, begin_case, case_ref, move_case
from tests import factories
from workflows import WORKFLOWS
from workflows.attempt import Attempt, StepRefused

DAY = date(2026, 4, 1)
TABLES = ("audit_event", "audit_detail", "audit_node", "milestone", "case")
BOOM = "no room left"


def all_holds(session: Session) -> bool:
    size = record.log_size(session)
    different = milestones.differences(session, WORKFLOWS, size)
    return different == set() and all(finding.holds for finding in verify_log(session))


def words(session: Session, reference: str) -> dict[str, Any]:
    row = session.execute(select(Case).where(Case.reference == reference)).scalar_one()
    return {"name": row.complainant_name, "grounds": row.grounds}


def test_annulling_a_correction_of_words_brings_the_old_words_back(db: Session) -> None:
    logged = factories.case(db, reference="CR/1", complainant_name="Ms A", grounds="Unfair")
    changes = [{"complainant_name": "Ms B"}, {"complainant_name": "Ms C", "grounds": ""}]
    corrections = [
        factories.move(db, "CR/1", "correct", None, {**change, "reason": "typo"}, target=logged.seq)
        for change in changes
    ]
    assert words(db, "CR/1") == {"name": "Ms C", "grounds": None}
    undo = {"reason": "it was right"}
    last = factories.move(db, "CR/1", "annul", None, undo, target=corrections[1].seq)
    assert words(db, "CR/1") == {"name": "Ms B", "grounds": "Unfair"}
    factories.move(db, "CR/1", "annul", None, undo, target=last.seq)
    assert words(db, "CR/1") == {"name": "Ms C", "grounds": None}
    assert all_holds(db)
    factories.move(db, "CR/1", "annul", None, undo, target=logged.seq)
    assert words(db, "CR/1") == {"name": None, "grounds": None}
    assert all_holds(db)


def test_correcting_words_leaves_those_that_were_said_otherwise_since(db: Session) -> None:
    logged = factories.case(db, reference="CR/1", complainant_name="Ms A", grounds="Unfair")
    factories.move(db, "CR/1", "complete_application", DAY, {"grounds": "Unheard"})
    change = {"complainant_name": "Ms B", "grounds": "Untrue", "reason": "typo"}
    factories.move(db, "CR/1", "correct", None, change, target=logged.seq)
    assert words(db, "CR/1") == {"name": "Ms B", "grounds": "Unheard"}


def test_words_stay_out_of_the_log(db: Session) -> None:
    factories.case(db, reference="CR/1", complainant_name="Canary Name", grounds="Canary grounds")
    bodies = db.execute(text("SELECT body FROM audit_event")).scalars().all()
    assert bodies
    assert all(b"Canary" not in bytes(body) and b"CR/1" not in bytes(body) for body in bodies)


def test_a_refused_step_leaves_no_trace(db: Session) -> None:
    factories.case(db, reference="CR/1", on=DAY)
    with pytest.raises(StepRefused):
        factories.move(db, "CR/1", "uphold", DAY, {"reasons": "x"})
    db.commit()
    assert record.log_size(db) == 1
    assert all_holds(db)


def test_a_taken_reference_is_refused_and_a_given_one_is_passed_over(db: Session) -> None:
    factories.case(db, reference="CR/2026-27/001")
    with pytest.raises(CaseRefused, match="already a case CR/2026-27/001"):
        factories.case(db, reference="CR/2026-27/001")
    db.rollback()
    assert factories.case(db).reference == "CR/2026-27/002"


def refuse_writes(session: Session, table: str) -> None:
    """From now on the database fails each write to a table, as a full disk would."""
    begin_write(session)
    for moment in ("INSERT ON", "UPDATE ON"):
        name = f"boom_{table}_{moment[:6]}"
        if session.get_bind().dialect.name == "sqlite":
            session.execute(
                text(
                    f'CREATE TRIGGER {name} BEFORE {moment} "{table}" '
                    f"BEGIN SELECT RAISE(FAIL, '{BOOM}'); END"
                )
            )
            continue
        function = (
            f"CREATE OR REPLACE FUNCTION boom() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{BOOM}'; END $$"
        )
        session.execute(text(function))
        session.execute(
            text(
                f'CREATE TRIGGER {name} BEFORE {moment} "{table}" '
                "FOR EACH ROW EXECUTE FUNCTION boom()"
            )
        )
    session.commit()


@pytest.mark.parametrize("table", TABLES)
def test_a_write_that_fails_anywhere_undoes_the_whole_action(
    app: Flask, client: FlaskClient, db: Session, table: str
) -> None:
    """Whichever of an action's rows the database refuses, none of the others is there."""
    factories.person(db, "supervisor")
    person = factories.person(db, "reviewer")
    moved = factories.case(db, reference="CR/1", on=DAY, by=person)
    version, size = moved.version, record.log_size(db)
    assert size % 2 == 1, "or the next entry completes no subtree, and writes no node"
    rows = db.execute(select(func.count()).select_from(Milestone)).scalar()
    refuse_writes(db, table)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    factories.sign_in(client, person)
    response = factories.post(
        client,
        f"/cases/{moved.case}/steps/acknowledge",
        **{
            "version": version,
            "effective_on-day": "2",
            "effective_on-month": "4",
            "effective_on-year": "2026",
            "note": "Sent",
        },
    )
    assert response.status_code >= 500
    row = db.execute(select(Case).where(Case.token == moved.case)).scalar_one()
    assert (row.version, row.acknowledged_on) == (version, None)
    assert record.log_size(db) == size
    assert db.execute(select(func.count()).select_from(Milestone)).scalar() == rows
    assert all_holds(db)


@pytest.mark.parametrize(("module", "function"), [(record, "append"), (milestones, "project")])
def test_a_fault_in_the_code_that_records_undoes_the_action(
    app: Flask,
    client: FlaskClient,
    db: Session,
    monkeypatch: pytest.MonkeyPatch,
    module: Any,
    function: str,
) -> None:
    person = factories.person(db, "reviewer")
    moved = factories.case(db, reference="CR/1", on=DAY, by=person)
    size = record.log_size(db)
    monkeypatch.setattr(module, function, lambda *_, **__: 1 / 0)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    factories.sign_in(client, person)
    url = f"/cases/{moved.case}/steps/acknowledge"
    day = {"effective_on-day": "2", "effective_on-month": "4", "effective_on-year": "2026"}
    assert factories.post(client, url, version=1, **day).status_code == 500
    monkeypatch.undo()
    assert record.log_size(db) == size
    assert all_holds(db)


class AtOnce:
    """Calls run by several threads at the same moment, each with a session of its own."""

    def __init__(self, app: Flask, threads: int) -> None:
        self.app, self.threads = app, threads
        self.barrier = threading.Barrier(threads)

    def run(self, work: Any) -> list[Any]:
        """What `work(session, number)` returned in each thread."""
        with ThreadPoolExecutor(self.threads) as pool:
            return list(pool.map(lambda number: self._one(work, number), range(self.threads)))

    def _one(self, work: Any, number: int) -> Any:
        from casework.extensions import db

        with self.app.app_context():
            self.barrier.wait(timeout=60)
            return work(db.session, number)


def acknowledge(session: Session, ref: CaseRef, actor: Any) -> str:
    """One move in a transaction of its own: what became of it."""
    begin_write(session)
    attempt = Attempt("acknowledge", DAY, {"note": "x"}, actor)
    try:
        move_case(session, ref, attempt, Origin("web", actor.token))
    except StaleCase:
        session.rollback()
        return "stale"
    session.commit()
    return "moved"


@pytest.mark.slow
def test_moves_at_once_lose_nothing(app: Flask, db: Session) -> None:
    """8 people take 8 steps each on one case: the first of each version wins, the rest are told."""
    person = factories.actor(factories.person(db, "reviewer"))
    factories.case(db, reference="CR/1", on=DAY, by=person)
    start = record.log_size(db)
    db.rollback()

    def work(session: Session, _number: int) -> list[str]:
        outcomes = []
        for _ in range(8):
            ref = case_ref(session, "CR/1")
            assert ref is not None
            outcomes.append(acknowledge(session, ref, person))
        return outcomes

    outcomes = [outcome for each in AtOnce(app, 8).run(work) for outcome in each]
    moved = outcomes.count("moved")
    assert len(outcomes) == 64
    assert moved + outcomes.count("stale") == 64
    assert moved >= 8
    row = db.execute(select(Case).where(Case.reference == "CR/1")).scalar_one()
    assert row.version == 1 + moved
    assert record.log_size(db) == start + moved
    assert [event.version for event in events_of(db, row.token)] == list(range(1, 2 + moved))
    seqs = [event.seq for event in all_events(db, record.log_size(db))]
    assert seqs == list(range(len(seqs)))
    assert all_holds(db)


def test_of_equal_versions_one_wins_and_the_others_are_told(app: Flask, db: Session) -> None:
    person = factories.actor(factories.person(db, "reviewer"))
    factories.case(db, reference="CR/1", on=DAY, by=person)
    ref = case_ref(db, "CR/1")
    assert ref is not None
    db.rollback()
    outcomes = AtOnce(app, 8).run(lambda session, _: acknowledge(session, ref, person))
    assert sorted(outcomes) == ["moved"] + ["stale"] * 7
    assert acknowledge(db, replace(ref, version=9), person) == "stale"
    assert all_holds(db)


def test_references_given_at_once_are_unique_and_without_a_gap(app: Flask, db: Session) -> None:
    person = factories.actor(factories.person(db, "reviewer"))
    db.rollback()

    def work(session: Session, number: int) -> list[str]:
        given = []
        for turn in range(5):
            begin_write(session)
            attempt = Attempt("log", DAY + timedelta(turn), {"force": "force"}, person)
            moved = begin_case(session, attempt, Origin("web", person.token))
            if turn == number % 5:
                session.rollback()  # given back: a reference that was not kept leaves no gap
                continue
            session.commit()
            given.append(moved.reference)
        return given

    given = [reference for each in AtOnce(app, 8).run(work) for reference in each]
    assert sorted(given) == [f"CR/2026-27/{number:03}" for number in range(1, 33)]
    assert all_holds(db)


def test_one_request_at_once_has_one_effect(app: Flask, db: Session) -> None:
    person = factories.actor(factories.person(db, "reviewer"))
    size = record.log_size(db)
    db.rollback()

    def work(session: Session, _number: int) -> str:
        begin_write(session)
        attempt = Attempt("log", DAY, {"force": "force"}, person)
        try:
            begin_case(session, attempt, Origin("web", person.token, "a" * 32))
            session.commit()
        except DBAPIError:
            session.rollback()
            return "refused"
        return "kept"

    outcomes = AtOnce(app, 4).run(work)
    assert sorted(outcomes) == ["kept"] + ["refused"] * 3
    assert record.log_size(db) == size + 1
    assert all_holds(db)
