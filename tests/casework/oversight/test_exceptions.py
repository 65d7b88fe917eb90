"""What is out of the ordinary in a month: each section lists exactly what its rule says, and no more."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
import time_machine
from sqlalchemy.orm import Session

from casework.audit import record
from casework.audit.record import NewEvent, Origin
from casework.database import begin_write
from casework.imports.service import import_register
from casework.models import AccessRead, Person
from casework.office_settings import OfficeSettings, change_settings
from casework.oversight.month import Month
from casework.oversight.queries import Exceptions, exceptions
from casework.oversight.section import Section
from casework.progress import Moved
from tests import factories
from tests.casework.imports.registers import UPHELD, register
from workflows.calendar import midnight

OCTOBER = Month(date(2026, 10, 1))
"""It begins in summer time and ends in winter time."""
MINUTE = timedelta(minutes=1)
Found = list[tuple[Any, ...]]


@pytest.fixture
def people(db: Session) -> dict[str, Person]:
    """An office in which a reviewer may decide alone, entered before October."""
    with at(datetime(2026, 9, 1, 9, tzinfo=UTC)):
        begin_write(db)
        change_settings(
            db, OfficeSettings(sign_off="sole"), role="system", origin=Origin("command")
        )
        db.commit()
        roles = {
            "ada": "reviewer",
            "bo": "reviewer",
            "sam": "supervisor",
            "chris": "chief_executive",
        }
        return {name: factories.person(db, role, name=name) for name, role in roles.items()}


def at(moment: datetime) -> Any:
    return time_machine.travel(moment, tick=False)


def noon(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 12, tzinfo=UTC)


def look(db: Session, reader: Person, size: int | None = None) -> Exceptions:
    held = record.log_size(db) if size is None else size
    with at(noon(11, 20)):
        return exceptions(db, OCTOBER, held, reader.token)


def section(found: Exceptions, name: str) -> Section:
    return next(each for each in found.sections if each.topic.name == name)


def listed(found: Exceptions, name: str) -> Found:
    return [(each.seq, *each.told) for each in section(found, name).listed]


def recorded(db: Session, action: str, moment: datetime, **stat: Any) -> int:
    with at(moment):
        begin_write(db)
        event = record.append(db, NewEvent(action, "reviewer", stat=stat), Origin("web"))
        db.commit()
    return event.seq


def test_an_entry_belongs_to_the_london_month_in_which_it_was_recorded(
    db: Session, people: dict[str, Person]
) -> None:
    first, after = midnight(date(2026, 10, 1)), midnight(date(2026, 11, 1))
    tick = timedelta(microseconds=1)
    _, opening, closing, _ = (
        recorded(db, "sign_in_locked", moment, person=people["ada"].token, failures=10)
        for moment in (first - tick, first, after - tick, after)
    )
    found = look(db, people["chris"])
    assert [seq for seq, *_ in listed(found, "locked")] == [closing, opening]
    assert listed(found, "locked")[0][1] == "Failed attempts: 10; Person: ada"
    assert section(found, "taken").total == 0
    assert section(look(db, people["chris"], size=closing), "locked").total == 1


def test_what_was_entered_more_than_five_working_days_late_is_listed_and_who_is_how_late(
    db: Session, people: dict[str, Person]
) -> None:
    ada, bo = people["ada"], people["bo"]
    with at(noon(10, 1)):
        case = factories.case(db, on=date(2026, 10, 1), by=ada)
    entered = []
    for day, who in ((2, ada), (5, ada), (8, ada), (9, bo)):  # 1, 2, 5 and 6 working days
        with at(noon(10, day)):
            facts = {"assignee": ada.token}
            moved = factories.move(db, case.reference, "assign", date(2026, 10, 1), facts, by=who)
            entered.append(moved.seq)
    late = section(look(db, people["chris"]), "late")
    assert [(each.seq, each.who, each.told) for each in late.listed] == [
        (entered[3], bo.token, ("Assigned", "1 Oct 2026", "6"))
    ]
    assert late.shares is not None
    assert dict(late.shares.lines) == {
        ada.token: ("4", "2", "3.5", "5"),
        bo.token: ("1", "1", "6", "6"),
    }
    assert "Of 5 entries" in late.summary
    assert "3 were made more than 1 working day after it" in late.summary
    assert "median is 5 working days, and the worst 6" in late.summary


def test_what_a_register_brought_is_no_exception(db: Session, people: dict[str, Person]) -> None:
    content, origin = register(UPHELD), Origin("import")
    with at(noon(10, 5)):
        begin_write(db)
        imported = import_register(db, BytesIO(content), origin)
        event = imported.event(sha256(content).hexdigest(), "supervisor")
        record.append(db, event, Origin("web", people["sam"].token, origin.req))
        db.commit()
    found = look(db, people["chris"])
    assert {each.topic.name: each.total for each in found.sections if each.total} == {}
    assert "Of 0 entries" in section(found, "late").summary


def test_corrections_and_reopenings_tell_what_changed_and_why(
    db: Session, people: dict[str, Person]
) -> None:
    ada = people["ada"]
    with at(noon(9, 29)):
        case = factories.case(db, on=date(2026, 9, 29), by=ada, route="otherwise")
        gone = {"withdrawal_of": "application"}
        left = factories.move(db, case.reference, "withdraw", date(2026, 9, 29), gone, by=ada)
        early = {"route": "investigation", "reason": "in September"}
        factories.move(db, case.reference, "correct", None, early, target=case.seq, by=ada)
    with at(noon(10, 2)):
        change = {"effective_on": "2026-09-28", "reason": "Misread the stamp"}
        fix = factories.move(db, case.reference, "correct", None, change, target=case.seq, by=ada)
        why = {"reason": "withdrawal_retracted", "explanation": "She wrote again"}
        again = factories.move(db, case.reference, "reopen", date(2026, 10, 2), why, by=ada)
        undo = {"reason": "Another case"}
        taken = factories.move(db, case.reference, "annul", None, undo, target=again.seq, by=ada)
    with at(noon(11, 2)):
        factories.move(db, case.reference, "annul", None, undo, target=fix.seq, by=ada)
    found = look(db, people["chris"])
    changed = (
        "Day the application reached this office: “29 September 2026” became “28 September 2026”"
    )
    assert listed(found, "amended") == [
        (taken.seq, "Annulled: Reopened", "Counts as if it had never been entered", "Another case"),
        (fix.seq, "Corrected: Application received", changed, "Misread the stamp"),
    ]
    assert listed(found, "reopened") == [
        (again.seq, "The withdrawal was taken back", "She wrote again")
    ]
    assert left.seq not in {seq for seq, *_ in listed(found, "reopened")}


def decided(
    db: Session,
    by: Person,
    writer: Person,
    *,
    filed_on: date | None = date(2026, 10, 1),
    after: timedelta = timedelta(minutes=10),
    decided_at: datetime = datetime(2026, 10, 20, 12, tzinfo=UTC),
) -> int:
    """A case decided so long after its review was entered; the position of the decision."""
    decided_on = decided_at.date()
    valid = {"outcome_provided_on": "2026-09-20", "review_body": "lpb", "route": "otherwise"}
    with at(noon(10, 1)):
        case = factories.case(db, on=date(2026, 10, 1), by=writer).reference
        valid["reasons"] = "In time"
        factories.move(db, case, "find_valid", date(2026, 10, 1), valid, by=writer)
    with at(decided_at - after):
        if filed_on is not None:
            whole = {"extent": "complete"}
            factories.move(db, case, "receive_file", filed_on, whole, by=writer)
        review = {"finding": "reasonable", "reasons": "Fair"}
        factories.move(db, case, "write_review", decided_on, review, by=writer)
    with at(decided_at):
        agreed = {"reasons": "Agreed"}
        return factories.move(db, case, "not_uphold", decided_on, agreed, by=by).seq


def test_a_decision_is_fast_by_the_file_or_by_the_minutes_and_alone_by_its_writer(
    db: Session, people: dict[str, Person]
) -> None:
    ada, sam = people["ada"], people["sam"]
    decided(db, sam, ada)  # ten minutes after the review, weeks after the file
    decided(db, sam, ada, filed_on=date(2026, 10, 15))  # three working days
    hasty = decided(db, sam, ada, filed_on=date(2026, 10, 16))  # two: a weekend lies between
    blind = decided(db, sam, ada, filed_on=None)
    signed = decided(db, sam, ada, after=10 * MINUTE - timedelta(seconds=1))
    alone = decided(db, ada, ada, after=MINUTE)
    decided(db, ada, ada, filed_on=None, decided_at=datetime(2026, 11, 2, 12, tzinfo=UTC))
    found = look(db, people["chris"])
    assert listed(found, "fast") == [
        (signed, "Not upheld", "20 Oct 2026", "Signed off 9 minutes after the review was entered"),
        (blind, "Not upheld", "20 Oct 2026", "No file is recorded as received"),
        (hasty, "Not upheld", "20 Oct 2026", "2 working days after the file"),
    ]
    assert listed(found, "alone") == [
        (alone, "Not upheld", "20 Oct 2026", "The reviewer may decide alone")
    ]
    assert section(found, "fast").summary == "6 decisions were recorded in the month."


def test_extensions_conflicts_and_lists_taken_away(db: Session, people: dict[str, Person]) -> None:
    ada, sam = people["ada"], people["sam"]
    late = {"outcome_provided_on": "2026-08-01", "review_body_letter": "lpb"}
    body = {"review_body": "lpb", "review_body_psd": "lpb", "review_body_letter": "lpb"}
    given = []
    with at(noon(10, 6)):
        for answer in ("extended", "refused"):
            case = factories.case(db, on=date(2026, 10, 6), by=ada, **late)
            factories.move(db, case.reference, "find_review_body", date(2026, 10, 6), body, by=ada)
            facts = {"extra_time": answer, "special_circumstances": f"Reasons: {answer}"}
            moved = factories.move(
                db, case.reference, "decide_time", date(2026, 10, 6), facts, by=sam
            )
            given.append(moved.seq)
        mine = {"person": people["bo"].token, "why": "A neighbour"}
        conflict = factories.item(db, case.case, "conflict", on=date(2026, 10, 6), by=sam, **mine)
    sent = recorded(db, "list_exported", noon(10, 6), rows=7, format="csv")
    found = look(db, people["chris"])
    assert [(seq, words) for seq, _, _, words in listed(found, "extended")] == [
        (given[0], "Reasons: extended")
    ]
    assert listed(found, "conflicts") == [(conflict.seq, "bo", "A neighbour")]
    assert listed(found, "taken") == [
        (sent, "List of cases exported", "Format: csv; Cases in it: 7")
    ]


def test_over_target_is_as_of_the_last_day_of_the_month(
    db: Session, people: dict[str, Person]
) -> None:
    ada = people["ada"]
    received = (date(2026, 9, 21), date(2026, 9, 22))  # 29 and 28 working days open
    with at(noon(9, 24)):
        first, *_ = (factories.case(db, on=day, by=ada) for day in received)
        shut = factories.case(db, on=received[0], by=ada)
        gone = {"withdrawal_of": "application"}
        factories.move(db, shut.reference, "withdraw", date(2026, 9, 24), gone, by=ada)
    with at(noon(11, 3)):
        factories.move(db, first.reference, "withdraw", date(2026, 11, 3), gone, by=ada)
    over = section(look(db, people["chris"]), "overdue")
    assert [(each.case, each.told) for each in over.listed] == [(first.case, ("21 Sep 2026", "29"))]
    assert over.summary == "On 31 October 2026 the target was 28 working days."


def read_by(db: Session, who: Person, case: str, *moments: datetime) -> None:
    begin_write(db)
    db.add_all(
        AccessRead(person_token=who.token, case_token=case, began_at=moment) for moment in moments
    )
    db.commit()


def plain_flagged_and_lifted(db: Session, by: Person) -> tuple[Moved, Moved, Moved]:
    """Three cases: never restricted, with a risk, and with one until noon on 9 October."""
    logged_on, over_on = date(2026, 9, 20), date(2026, 10, 9)
    risk = {"at_risk": "child", "risk": "Threats at school"}
    with at(noon(9, 20)):
        plain, flagged, lifted = (factories.case(db, on=logged_on, by=by) for _ in range(3))
        factories.item(db, flagged.case, "safeguarding", on=logged_on, by=by, **risk)
        over = factories.item(db, lifted.case, "safeguarding", on=logged_on, by=by, **risk)
        factories.paper(db, plain.case, marks=("third_party",), by=by)
    with at(noon(10, 9)):
        factories.move_item(db, over.item, "end_risk", over_on, {"why_ended": "Safe"}, by=by)
    return plain, flagged, lifted


def test_who_reads_a_restricted_file_without_a_part_in_it_is_listed(
    db: Session, people: dict[str, Person]
) -> None:
    ada, bo, sam = people["ada"], people["bo"], people["sam"]
    first, after = midnight(date(2026, 10, 1)), midnight(date(2026, 11, 1))
    plain, flagged, lifted = plain_flagged_and_lifted(db, ada)
    read_by(db, bo, plain.case, noon(10, 5))  # no mark that restricts
    read_by(db, ada, flagged.case, noon(10, 5))  # who logged it is on the case
    read_by(db, bo, flagged.case, first - 30 * MINUTE, first, after - 30 * MINUTE, after)
    read_by(db, sam, lifted.case, noon(10, 9) - 30 * MINUTE, noon(10, 9) + 30 * MINUTE)
    with at(first + 5 * MINUTE):
        begin_write(db)
        opened = NewEvent("paper_downloaded", "reviewer", case=flagged.case)
        record.append(db, opened, Origin("web", bo.token))
        db.commit()
    given = {"assignee": bo.token}
    with at(noon(11, 2)):  # too late for October
        factories.move(db, flagged.reference, "assign", date(2026, 10, 1), given, by=sam)
    found = section(look(db, people["chris"]), "reads")
    assert [(each.who, each.case, each.told) for each in found.listed] == [
        (
            bo.token,
            flagged.case,
            ("Safeguarding", "2 half hours", "1 October 2026 at 12:00am", "1"),
        ),
        (sam.token, lifted.case, ("Safeguarding", "1 half hour", "9 October 2026 at 12:30pm", "0")),
    ]
    with at(noon(10, 30)):
        factories.move(db, flagged.reference, "assign", date(2026, 10, 30), given, by=sam)
        mine = {"person": sam.token, "why": "A cousin"}  # declaring it is no part in the case
        factories.item(db, lifted.case, "conflict", on=date(2026, 10, 30), by=sam, **mine)
    left = section(look(db, people["chris"]), "reads")
    assert [each.who for each in left.listed] == [sam.token]


@pytest.mark.parametrize(
    ("kind", "facts", "why"),
    [
        ("pre_action", {"from": "solicitor"}, "Legal claim"),
        ("conflict", {"person": "sam", "why": "A cousin"}, "Declared conflict"),
        ("paper", {"marks": ("privileged", "third_party")}, "Paper marked legally privileged"),
        ("contact_plan", {"whom": "complainant"}, ""),
    ],
)
@pytest.mark.one_database
def test_what_makes_a_file_a_restricted_one(
    db: Session, people: dict[str, Person], kind: str, facts: dict[str, Any], why: str
) -> None:
    with at(noon(10, 1)):
        case = factories.case(db, on=date(2026, 10, 1), by=people["ada"])
        given = {**facts, **({"person": people["sam"].token} if "person" in facts else {})}
        if kind == "paper":
            factories.paper(db, case.case, **given)
        else:
            factories.item(db, case.case, kind, on=date(2026, 10, 1), by=people["sam"], **given)
        contractor = factories.person(db, "contractor")
        factories.instruction(db, case.case, contractor)
    read_by(db, people["bo"], case.case, noon(10, 5))
    read_by(db, contractor, case.case, noon(10, 5))  # who is instructed is on the case
    found = section(look(db, people["chris"]), "reads")
    assert [each.told[0] for each in found.listed] == ([why] if why else [])


@pytest.mark.one_database
def test_nobody_is_on_a_case_by_naming_themselves(db: Session, people: dict[str, Person]) -> None:
    sam, bo = people["sam"], people["bo"]
    named = [sam.token, bo.token, people["chris"].token]
    with at(noon(10, 1)):
        case = factories.case(db, on=date(2026, 10, 1), by=people["ada"])
        facts = {"people": named, "why": "Well known"}
        factories.item(db, case.case, "restriction", on=date(2026, 10, 1), by=sam, **facts)
    for who in (sam, bo):
        read_by(db, who, case.case, noon(10, 5))
    found = section(look(db, people["chris"]), "reads")
    assert [each.who for each in found.listed] == [sam.token]


@pytest.mark.one_database
def test_who_has_a_conflict_with_a_case_reads_nothing_of_it_here(
    db: Session, people: dict[str, Person]
) -> None:
    with at(noon(10, 20)):
        case = factories.case(db, on=date(2026, 9, 1), by=people["ada"])
    assert section(look(db, people["chris"]), "late").total == 1
    mine = {"person": people["chris"].token, "why": "A friend"}
    with at(noon(10, 21)):
        factories.item(db, case.case, "conflict", on=date(2026, 10, 21), by=people["chris"], **mine)
    read_by(db, people["bo"], case.case, noon(10, 22))
    found = look(db, people["chris"])
    assert {each.topic.name: each.total for each in found.sections if each.total} == {}
    assert section(look(db, people["sam"]), "reads").total == 1
