"""Which cases fall due, as a query for each rule finds them and as replaying every case does."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import clock
from casework.audit.events import events_of
from casework.audit.items import items_in, standings_by_kind
from casework.items import case_standing
from casework.models import Case, Person
from casework.retention.due import by_month, falling_due, some_are_due
from tests import factories, retention_factory
from tests.retention_factory import CHIEF, LONG_AGO
from workflows.ending import ended
from workflows.retention import OUTCOMES, Rule, Schedule, due_on, rule_for

ONE_DAY = timedelta(days=1)
WITHDRAWN: dict[str, Any] = {"withdrawal_of": "application"}
RETRACTED: dict[str, Any] = {"reason": "withdrawal_retracted"}
WRONG: dict[str, Any] = {"reason": "Entered on the wrong day."}
SCHEDULES: tuple[Schedule, ...] = (
    tuple(Rule(each.code) for each in OUTCOMES),
    tuple(Rule(each.code, "letter_sent", 6, from_year_end=False) for each in OUTCOMES),
    tuple(Rule(each.code, "last_activity", 6, from_year_end=False) for each in OUTCOMES),
)


def by_replaying(db: Session, schedule: Schedule, until: date) -> dict[str, date]:
    """When each case falls due that does by a day, worked out from all that happened to it."""
    found = {}
    for token in db.execute(select(Case.token)).scalars().all():
        events = events_of(db, token)
        kept = standings_by_kind(items_in(events))
        case = ended(case_standing(events), kept)
        disposals = kept.get("disposal", ())
        is_in_hand = any(each.state != "refused" for each in disposals)
        rule = rule_for(case.outcome, schedule) if case and not is_in_hand else None
        if case and rule:
            decided = [each.values["keep_until"] + ONE_DAY for each in disposals]
            found[token] = max(due_on(case, rule), *decided, date.min)
    return {token: day for token, day in found.items() if day <= until}


def office(db: Session) -> tuple[Person, str]:
    """Cases of every sort; who may not see the last of them, and one that is held."""
    factories.case(db, on=LONG_AGO)
    told, corrected, again, undone, busy, held, kept, barred = (
        retention_factory.ended(db) for _ in range(8)
    )
    for days in (9, 400):
        factories.move(db, told.reference, "notify", LONG_AGO + days * ONE_DAY)
    earlier = {**WRONG, "effective_on": LONG_AGO + 300 * ONE_DAY}
    factories.move(db, corrected.reference, "correct", None, earlier, target=corrected.seq)
    factories.move(db, again.reference, "notify", LONG_AGO)
    factories.move(db, again.reference, "reopen", LONG_AGO + ONE_DAY, RETRACTED, by=CHIEF)
    factories.move(db, again.reference, "withdraw", date(2020, 2, 29), WITHDRAWN)
    factories.move(db, undone.reference, "annul", None, WRONG, target=undone.seq)
    said: dict[str, Any] = {"candidate_on": LONG_AGO, "says": "applicant"}
    factories.item(db, busy.case, "outcome_day", on=date(2019, 7, 1), **said)
    factories.item(db, held.case, "hold", kind="inquiry", review_on=clock.today() + ONE_DAY)
    disposal = retention_factory.proposed(db, kept.case)
    until = {"reason": "Wanted.", "keep_until": clock.today() + 40 * ONE_DAY}
    factories.move_item(db, disposal.item, "refuse_erasure", clock.today(), until, by=CHIEF)
    retention_factory.proposed(db, retention_factory.ended(db).case)
    retention_factory.erased(db, retention_factory.ended(db).case)
    person = factories.person(db, "supervisor")
    factories.item(db, barred.case, "conflict", by=person, person=person.token, why="A cousin.")
    return person, held.case


def test_what_falls_due_is_what_replaying_every_case_finds(db: Session) -> None:
    kept_out, held = office(db)
    everybody, today = factories.person(db, "supervisor").token, clock.today()
    for schedule in SCHEDULES:
        for until in (date(2023, 4, 1), date(2025, 7, 1), date(2026, 3, 1), today + 400 * ONE_DAY):
            found = falling_due(db, schedule, until, everybody)
            slow = by_replaying(db, schedule, until)
            assert {each.token: each.due_on for each in found} == slow
            assert list(found) == sorted(found)
            assert [each.token for each in found if each.is_held] == [held] * (held in slow)
            assert some_are_due(db, schedule, until, everybody) == bool(slow)
    assert len(found) == 6, (
        "what last happened, which the last schedule counts from, keeps one of them"
    )
    found = falling_due(db, SCHEDULES[0], until, everybody)
    assert len(found) == 7
    assert len(falling_due(db, SCHEDULES[0], until, kept_out.token)) == 6
    months = by_month(found, today)
    assert (len(months), sum(months.values())) == (13, 1)
