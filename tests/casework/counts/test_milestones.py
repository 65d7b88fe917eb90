"""Milestones know when their case was received, and are made anew when a release makes others."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from casework.audit.record import log_size
from casework.cli.installing import prepare_database
from casework.counts.milestones import differences
from casework.database import begin_write
from casework.models import Milestone
from casework.models.base import table_of
from config import Settings
from tests import factories
from tests.casework.test_migrations import back_and_forth
from tests.factories import LOGGED_ON
from workflows import WORKFLOWS

ROWS = table_of(Milestone)


def rows_of(session: Session, names: list[str]) -> set[tuple[Any, ...]]:
    found = {tuple(row) for row in session.execute(select(*(ROWS.c[name] for name in names)))}
    session.rollback()
    return found


def different(session: Session) -> set[str]:
    found = differences(session, WORKFLOWS, log_size(session))
    session.rollback()
    return found


def known_days(session: Session) -> set[tuple[str, date | None]]:
    found = select(ROWS.c.kind, ROWS.c.received_on).where(ROWS.c.until_seq.is_(None))
    return {(kind, day) for kind, day in session.execute(found)}


def test_a_correction_moves_the_day_received_on_all_that_is_true_of_the_case(db: Session) -> None:
    later = LOGGED_ON + timedelta(days=9)
    moved = factories.case(db, route="otherwise")
    factories.move(db, moved.reference, "acknowledge", later)
    of_case = {"received", "open", "route", "acknowledged", "force"}
    assert known_days(db) == {(kind, LOGGED_ON) for kind in of_case}
    came_on = LOGGED_ON + timedelta(days=2)
    changed = {"effective_on": came_on, "reason": "The stamp on the letter."}
    factories.move(db, moved.reference, "correct", None, changed, target=moved.seq)
    assert known_days(db) == {(kind, came_on) for kind in of_case}


def test_an_earlier_release_s_milestones_are_made_anew(
    db: Session, settings: Settings, database_url: str
) -> None:
    moved = factories.case(db, route="otherwise")
    withdrawn_on = LOGGED_ON + timedelta(days=9)
    facts = {"withdrawal_of": "application", "is_in_writing": True}
    factories.move(db, moved.reference, "withdraw", withdrawn_on, facts)
    names = [column.name for column in ROWS.c if column.name != "id"]
    made = rows_of(db, names)
    back_and_forth(db, database_url, "0010")
    assert different(db) == {moved.case}
    prepare_database(settings)
    assert rows_of(db, names) == made
    assert different(db) == set()
    begin_write(db)
    db.execute(delete(ROWS).where(ROWS.c.kind == "route"))
    db.commit()
    prepare_database(settings)  # the release is the same: what was done since is for the verifier
    assert different(db) == {moved.case}
