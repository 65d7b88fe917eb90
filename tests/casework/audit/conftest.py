"""The small log that tests of the verifier tamper with."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from casework.audit.record import Origin, log_size
from casework.database import begin_write
from casework.office_settings import OfficeSettings, change_settings
from tests import factories

DAY = date(2026, 4, 1)


@pytest.fixture
def log(db: Session, database_url: str) -> Session:
    """A small office with eleven entries.

    0: a person; 1: a setting; 2 to 5: CR/1 with words; 6 to 8: CR/2; 9 and 10: settings at once.
    """
    person = factories.person(db, "reviewer", "supervisor")
    begin_write(db)
    origin = Origin("web", person.token)
    change_settings(db, OfficeSettings(decide_target=30), role="chief_executive", origin=origin)
    db.commit()
    logged = factories.case(db, reference="CR/1", complainant_name="Ms A", by=person)
    for offset, step in enumerate(("acknowledge", "request_file"), 1):
        factories.move(db, "CR/1", step, DAY + timedelta(offset), {"note": "done"}, by=person)
    reason = {"effective_on": "2026-03-31", "reason": "typo"}
    factories.move(db, "CR/1", "correct", None, reason, target=logged.seq, by=person)
    factories.case(db, reference="CR/2", by=person)
    for offset, step in enumerate(("acknowledge", "request_file"), 1):
        factories.move(db, "CR/2", step, DAY + timedelta(offset), by=person)
    begin_write(db)
    changed = OfficeSettings(decide_target=25, acknowledge_target=4)
    change_settings(db, changed, role="chief_executive", origin=Origin("web", person.token))
    db.commit()
    assert log_size(db) == 11
    db.rollback()  # or the tampering would wait for this reader
    return db
