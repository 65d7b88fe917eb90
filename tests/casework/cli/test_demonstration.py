"""The demonstration office: every kind of case, whatever day it is made on, and never a real one."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import clock
from casework.accounts import people
from casework.audit import record
from casework.audit.events import all_events
from casework.cli.demonstration.kept import KEPT
from casework.cli.demonstration.people import COLLEAGUES, PASSWORD
from casework.models import Case, Item
from casework.publishing.history import all_published
from tests import factories
from tests.casework.cli.conftest import Console
from workflows import WORKFLOWS

"""What the verification answers when nothing was altered and nobody holds a checkpoint of it."""


pytestmark = pytest.mark.usefixtures("quick_files")


def test_it_has_every_state_and_shape(casework: Console, db: Session) -> None:
    printed = casework("demo").stdout
    cases = db.scalars(select(Case)).all()
    assert 40 <= len(cases) <= 60
    states = {state.name for state in WORKFLOWS["complaint_review"].states}
    assert {case.state for case in cases} == states
    assert {case.waiting_for for case in cases} >= {"force", "applicant"}
    assert len({case.force for case in cases}) == 2
    kept = {thing.kind for things in KEPT.values() for thing in things}
    assert set(db.scalars(select(Item.workflow))) >= kept
    events = list(all_events(db, record.log_size(db)))
    steps = {step.event for step in WORKFLOWS["complaint_review"].steps}
    assert {event.action for event in events} >= {*steps, "corrected", "annulled"}
    assert {event.via for event in events} == {"import", "command"}
    first_on = min(case.received_on for case in cases if case.received_on)
    assert first_on < clock.today() - timedelta(days=500)
    for colleague in COLLEAGUES:
        assert colleague.email in printed
        assert people.verify(db, colleague.email, PASSWORD)
    assert len(all_published(db)) == 2
    casework("audit", "verify")


@pytest.mark.one_database
def test_making_it_again_changes_nothing(casework: Console, db: Session) -> None:
    first = casework("demo").stdout
    size = record.log_size(db)
    db.rollback()
    second = casework("demo").stdout
    db.rollback()
    assert record.log_size(db) == size
    assert second.startswith("The demonstration office is there already")
    assert second.endswith(first)


def test_it_is_never_put_into_an_office_of_its_own(casework: Console, db: Session) -> None:
    factories.case(db)
    assert "holds an office" in casework("demo", code=2).stderr
    db.rollback()
    assert record.log_size(db) == 1


@pytest.mark.one_database
def test_it_is_not_served_as_a_real_office(casework: Console) -> None:
    casework("demo")
    done = casework("serve", code=2, CASEWORK_ENV="production")
    assert "demonstration's accounts" in done.stderr


@pytest.mark.one_database
@pytest.mark.parametrize(
    "today",
    [date(2026, 1, 4), date(2026, 4, 7), date(2027, 12, 28)],
)
def test_it_can_be_made_on_any_day(casework: Console, today: date) -> None:
    with time_machine.travel(datetime(today.year, today.month, today.day, 12), tick=False):
        casework("demo")
        casework("audit", "verify")
