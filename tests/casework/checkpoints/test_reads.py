"""Reads of cases, sealed day by day: what is taken away or put in afterwards shows."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from casework.audit.events import all_events
from casework.audit.record import SYSTEM, NewEvent, Origin, append, log_size
from casework.checkpoints.reads import READS_DIGESTED, check_reads, digest_finished_days
from casework.database import begin_write
from casework.models import AccessRead
from casework.models.base import table_of

READS = table_of(AccessRead)
# A London day in summer begins at eleven in the evening UTC.
BEGAN = datetime(2026, 7, 1, 23, tzinfo=UTC)
TIMES = [BEGAN - timedelta(minutes=30), BEGAN, BEGAN + timedelta(hours=23.5), BEGAN + timedelta(1)]


def note(db: Session, at: datetime, person: str = "u_1", case: str = "c_1") -> None:
    begin_write(db)
    row = {"person_token": person, "case_token": case, "began_at": at}
    db.execute(insert(READS), row)
    db.commit()


def seal(db: Session, at: datetime) -> int:
    with time_machine.travel(at, tick=False):
        begin_write(db)
        sealed = digest_finished_days(db)
        db.commit()
    return sealed


def faults(db: Session) -> list[str]:
    found = [finding.sentence for finding in check_reads(db) if not finding.holds]
    db.rollback()
    return found


@pytest.fixture
def sealed(db: Session) -> Session:
    """Reads on 1, 2 and 3 July, of which the first two days are over and sealed."""
    for at in reversed(TIMES):
        note(db, at)
    assert seal(db, TIMES[2] + timedelta(minutes=45)) == 1
    assert seal(db, TIMES[3] + timedelta(hours=2)) == 1
    assert seal(db, TIMES[3] + timedelta(hours=2)) == 0
    return db


def test_each_day_that_is_over_is_sealed_once(sealed: Session) -> None:
    told = [(each.stat["day"], each.stat["reads"]) for each in all_events(sealed, log_size(sealed))]
    assert told == [("2026-07-01", 1), ("2026-07-02", 2)]
    note(sealed, TIMES[3] + timedelta(hours=1))
    assert faults(sealed) == []


def test_a_day_is_sealed_once_and_after_the_days_before_it(sealed: Session) -> None:
    """Or whoever takes a read away would seal the day again, and one in between anew."""
    begin_write(sealed)
    sealed.execute(delete(READS).where(READS.c.began_at == TIMES[2]))
    for day in ("2026-07-02", "2026-06-30"):
        stat = {"day": day, "reads": 1, "digest": "0" * 64}
        append(sealed, NewEvent(READS_DIGESTED, SYSTEM, stat=stat), Origin("command"))
    altered, never, again = faults(sealed)
    assert "on 2 July 2026 are not those whose digest it has: entry 1" in altered
    assert "on 30 June 2026 are not those" in never
    assert "was digested before, or of one before it: entries 2 to 3" in again


def test_reads_that_are_taken_away_put_in_or_changed_are_named(sealed: Session) -> None:
    def changed(*statements: object) -> list[str]:
        begin_write(sealed)
        for statement in statements:
            sealed.execute(statement)  # type: ignore[call-overload]
        return faults(sealed)

    (taken,) = changed(delete(READS).where(READS.c.began_at == TIMES[1]))
    assert "on 2 July 2026 are not those whose digest it has: entry 1" in taken
    other = {"person_token": "u_2", "case_token": "c_1"}
    (put_in,) = changed(insert(READS).values(**other, began_at=TIMES[0]))
    assert "1 July 2026" in put_in
    assert len(changed(READS.update().values(person_token="u_3"))) == 2
    (before,) = changed(insert(READS).values(**other, began_at=BEGAN - timedelta(days=9)))
    assert "23 June 2026, which had none when it was over" in before
