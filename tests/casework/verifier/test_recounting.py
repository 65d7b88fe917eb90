"""The verifier for strangers replays any lives, and counts from the entries what reports count."""

from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit import record
from casework.counts import plain
from casework.counts.report import Report, annual_report, period_report
from casework.database import begin_write
from casework.models import AuditEvent
from casework.verifier import verify_casework as verifier
from tests.casework.counts import random_lives
from tests.casework.verifier.both import exported, strangers, wrong
from workflows.calendar import FinancialYear

SEEDS = ("lives",)


@pytest.fixture
def lives(db: Session, request: pytest.FixtureRequest) -> Session:
    """Cases with refusals, returns, corrections, annulments and reopenings at random."""
    for seed in SEEDS:
        begin_write(db)
        tried = random_lives.acts(seed, 110) + random_lives.acts(seed, 20, random_lives.AFTERWARDS)
        random_lives.live(db, random_lives.RECEIVED, tried)
        db.commit()
    return db


def reports(session: Session) -> Iterator[Report]:
    """Reports at several sizes, status days and periods, over the end of a leap February too."""
    size = record.log_size(session)
    year = FinancialYear(2021)
    for log_size in (0, size // 3, size // 2, size):
        yield annual_report(session, year, date(2022, 3, 31), log_size)
        yield annual_report(session, FinancialYear(2022), date(2022, 11, 1), log_size)
        yield annual_report(session, FinancialYear(2022), date(2023, 6, 30), log_size)
    days = (date(2022, 4, 1), date(2022, 4, 2))
    yield period_report(session, *days, date(2022, 4, 1))
    yield period_report(session, date(2022, 2, 20), date(2025, 2, 28), date(2025, 2, 28))


def published(report: Report, **altered: Any) -> verifier.Report:
    """A report as the entry that publishes it, and the verifier, know it."""
    figures, period = plain.canonical(report), report.whole.period
    stat = {
        "kind": report.kind,
        "from_on": period.from_on.isoformat(),
        "to_on": period.to_on.isoformat(),
        "status_on": report.status_on.isoformat(),
        "log_size": report.log_size,
        "log_root": report.log_root,
        "edition": report.edition.number,
        "figures": sha256(figures).hexdigest(),
        **altered,
    }
    event = {"seq": report.log_size, "stat": stat, "effective_on": "2023-07-01"}
    return verifier.Report(event, figures.decode())


def events_by_case(session: Session) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for body in session.scalars(select(AuditEvent.body).order_by(AuditEvent.seq)):
        read = orjson.loads(body)
        if read["case"]:
            found.setdefault(read["case"], []).append(read)
    return found


def test_any_lives_are_replayed_and_counted_alike(lives: Session, tmp_path: Path) -> None:
    made = [published(report) for report in reports(lives)]
    events = events_by_case(lives)
    lives.rollback()
    folder = exported(lives, tmp_path / "export")
    assert wrong(strangers(folder).findings) == {}

    log = verifier.Log(
        verifier.Source(str(folder)),
        len(folder.joinpath("events.jsonl").read_bytes().splitlines()),
        has_words=True,
    )
    log.read()
    counting = verifier.Counting(log)
    counting.reports, counting.sizes = made, sorted({report.size for report in made})
    for of_case in events.values():
        counting.take(of_case)
    assert [list(report.faults(log)) for report in made] == [[]] * len(made)
    assert sum(report.parts[""].cohort["received"] for report in made) > 10
    assert sum(report.parts[""].activity["completed"] for report in made) > 0
