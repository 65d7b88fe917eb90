"""The edges that definitions name: days that are equal, decisions set aside, days put right."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from casework.arising import write_missing_rows
from casework.audit import record
from casework.audit.verify import verify_log
from casework.counts.plain import as_plain
from casework.counts.report import annual_report, period_report
from casework.database import begin_write
from casework.models import Item
from tests.casework.counts.one_case import Office
from workflows.attempt import StepRefused
from workflows.calendar import FinancialYear

pytestmark = pytest.mark.one_database
Q1 = (date(2022, 4, 1), date(2022, 6, 30))
Q2 = (date(2022, 7, 1), date(2022, 9, 30))
LATER = date(2023, 7, 6)
OWN_ERROR: dict[str, Any] = {"reason": "own_error"}


def decided_case(session: Session) -> Office:
    """Received and valid in April, upheld on 16 May, the letter sent on 18 May."""
    office = Office(session, date(2022, 4, 1))
    office.take("find_valid", date(2022, 4, 8))
    office.decide(date(2022, 5, 16))
    office.take("notify", date(2022, 5, 18))
    return office


def activity(session: Session, days: tuple[date, date], **asked: Any) -> dict[str, Any]:
    counted = as_plain(period_report(session, *days, **asked))["activity"]
    return {name: count for name, count in counted.items() if count not in (0, None)}


def test_decided_in_one_period_and_reopened_in_the_next(db: Session) -> None:
    office = decided_case(db)
    office.take("reopen", date(2022, 7, 4), **OWN_ERROR)
    assert activity(db, Q1)["completed"] == 1
    assert activity(db, Q2) == {"reopened": 1, "carried_forward": 1}
    office.decide(date(2022, 8, 1), "not_uphold")
    again = activity(db, Q2)
    assert (again["reopened"], again["completed"], again["not_upheld"]) == (1, 1, 1)
    year = as_plain(annual_report(db, FinancialYear(2022), LATER))
    assert (year["activity"]["completed"], year["activity"]["reopened"]) == (1, 0)
    assert [quarter["activity"]["completed"] for quarter in year["quarters"]] == [1, 1, 0, 0]


def test_what_begins_and_ends_on_one_day_never_stood(db: Session) -> None:
    office = Office(db, date(2022, 4, 1))
    office.take("find_invalid", date(2022, 4, 8), reason="incomplete")
    office.take("reopen", date(2022, 4, 8), **OWN_ERROR)
    assert activity(db, Q1) == {"received": 1, "carried_forward": 1}


def test_a_letter_about_the_second_decision_is_not_one_about_the_first(db: Session) -> None:
    office = Office(db, date(2022, 4, 1))
    office.take("find_valid", date(2022, 4, 8))
    office.decide(date(2022, 5, 16))
    office.take("reopen", date(2022, 7, 4), **OWN_ERROR)
    office.decide(date(2022, 7, 4))
    office.take("notify", date(2022, 7, 4))
    first = as_plain(period_report(db, *Q1, status_on=LATER))["timeliness"][1]
    second = as_plain(period_report(db, *Q2, status_on=LATER))["timeliness"][1]
    assert (first["decided"], first["known"]) == (1, 0)
    assert (second["decided"], second["known"]) == (1, 1)


def test_a_letter_counts_although_the_decision_was_set_aside_since(db: Session) -> None:
    office = decided_case(db)
    office.take("reopen", date(2022, 7, 4), **OWN_ERROR)
    spread = as_plain(period_report(db, *Q1, status_on=LATER))["timeliness"][1]
    assert (spread["known"], spread["max_working_days"]) == (1, 30)


def test_a_letter_not_yet_sent_on_the_status_day_is_not_known(db: Session) -> None:
    decided_case(db)
    before, on = date(2022, 5, 17), date(2022, 5, 18)
    for status_on, known in ((before, 0), (on, 1)):
        report = as_plain(period_report(db, *Q1, status_on=status_on))
        assert report["timeliness"][1]["known"] == known


def test_a_guess_is_left_out_until_it_is_put_right(db: Session) -> None:
    office = Office(db, date(2022, 4, 1), is_guess=True)
    office.take("find_valid", date(2022, 4, 8))
    decided = office.decide(date(2022, 5, 16))
    spread = as_plain(period_report(db, *Q1))["timeliness"][0]
    assert (spread["decided"], spread["known"], spread["mean_working_days"]) == (1, 0, None)
    office.amend("correct", office.logged.seq, effective_on="2022-04-04")
    spread = as_plain(period_report(db, *Q1))["timeliness"][0]
    assert (spread["known"], spread["mean_working_days"]) == (1, 27.0)
    office.amend("annul", decided.seq)
    assert as_plain(period_report(db, *Q1))["timeliness"][0]["decided"] == 0


def test_a_response_is_overdue_from_the_day_after_it_was_due(db: Session) -> None:
    office = Office(db, date(2022, 4, 1))
    office.take("find_valid", date(2022, 4, 8), route="otherwise")
    office.take("write_review", date(2022, 5, 16))
    made = ("apology", "return_property")
    office.take("uphold", date(2022, 5, 16), recommendations=made, responses=("accepted",))
    for status_on, overdue in ((date(2022, 6, 13), 0), (date(2022, 6, 14), 1)):
        counted = as_plain(period_report(db, *Q1, status_on=status_on))["recommendations"]
        assert (counted["made"], counted["accepted"], counted["awaiting"]) == (2, 1, 1)
        assert counted["overdue"] == overdue


def upheld_with(session: Session, *kinds: str) -> Office:
    """Received in April 2022 and upheld on 16 May: a response is due on 13 June."""
    office = Office(session, date(2022, 4, 1))
    office.take("find_valid", date(2022, 4, 8), route="investigation")
    office.decide(date(2022, 5, 16), recommendations=kinds)
    return office


def recommendations(
    session: Session, status_on: date, days: tuple[date, date] = Q1
) -> dict[str, Any]:
    counted = as_plain(period_report(session, *days, status_on=status_on))["recommendations"]
    del counted["by_kind"]
    return {name: count for name, count in counted.items() if count}


def test_a_late_response_was_overdue_until_the_day_it_came(db: Session) -> None:
    office = upheld_with(db, "apology", "return_property")
    office.on_item(0, "respond", date(2022, 6, 20), response="accepted")
    office.on_item(1, "respond", date(2022, 6, 13), response="rejected")
    waiting, answered = {"made": 2, "awaiting": 1}, {"made": 2, "rejected": 1}
    assert recommendations(db, date(2022, 6, 12)) == {"made": 2, "awaiting": 2}
    assert recommendations(db, date(2022, 6, 13)) == {**waiting, "rejected": 1}
    for day in (date(2022, 6, 14), date(2022, 6, 19)):
        assert recommendations(db, day) == {**waiting, "rejected": 1, "overdue": 1}
    late = {**answered, "accepted": 1, "responded_late": 1}
    assert recommendations(db, date(2022, 6, 20)) == late


def test_more_time_counts_from_the_day_it_was_given(db: Session) -> None:
    office = upheld_with(db, "apology")
    known = record.log_size(db)
    more = {"respond_by": "2022-07-01", "reason": "Asked."}
    office.on_item(0, "extend", date(2022, 6, 16), **more)
    overdue, extended = {"made": 1, "awaiting": 1, "overdue": 1}, {"made": 1, "extended": 1}
    assert recommendations(db, date(2022, 6, 15)) == overdue
    assert recommendations(db, date(2022, 7, 1)) == {**extended, "awaiting": 1}
    assert recommendations(db, date(2022, 7, 2)) == {**overdue, "extended": 1}
    office.on_item(0, "respond", date(2022, 7, 1), response="accepted")
    office.on_item(0, "implement", date(2022, 7, 4))
    done = {**extended, "accepted": 1}
    assert recommendations(db, date(2022, 7, 3)) == done
    assert recommendations(db, LATER) == {**done, "implemented": 1}
    then = as_plain(period_report(db, *Q1, status_on=LATER, log_size=known))
    assert then["recommendations"]["overdue"] == 1


def test_a_duty_is_never_overdue_and_what_ends_unanswered_awaits_nothing(db: Session) -> None:
    office = upheld_with(db, "notify_dpp", "apology")
    assert recommendations(db, LATER) == {"made": 2, "awaiting": 2, "overdue": 1}
    office.on_item(0, "implement", date(2022, 6, 1))
    office.on_item(1, "lapse", date(2022, 6, 1), reason="The officer has left.")
    ended = {"implemented": 1, "lapsed": 1}
    assert recommendations(db, LATER) == {"made": 2, "unknown": 2, **ended}


def test_what_is_recommended_later_counts_in_its_own_period(db: Session) -> None:
    office = upheld_with(db)
    office.recommend(date(2022, 7, 4))
    assert recommendations(db, LATER) == {}
    assert recommendations(db, date(2022, 8, 1), Q2) == {"made": 1, "awaiting": 1}
    assert recommendations(db, date(2022, 8, 2), Q2)["overdue"] == 1
    with pytest.raises(StepRefused, match="does not allow"):
        office.amend("correct", office.logged.seq + 1, route="otherwise")
    db.rollback()
    office.take("reopen", date(2022, 9, 1), **OWN_ERROR)
    assert recommendations(db, date(2022, 8, 31), Q2)["made"] == 1
    assert recommendations(db, date(2022, 9, 1), Q2) == {}


def test_what_the_case_says_of_a_recommendation_cannot_drift_from_what_was_recorded_of_it(
    db: Session,
) -> None:
    office = upheld_with(db, "apology", "return_property")
    decision = office.logged.seq + 3
    office.on_item(1, "respond", date(2022, 6, 1), response="accepted")
    for change, says in (
        ({"recommendations": ["return_property"]}, "about another one or about none"),
        ({"recommendations": ["return_property", "apology"]}, "about another one or about none"),
        ({"effective_on": "2022-06-02"}, "could then not have happened"),
    ):
        with pytest.raises(StepRefused, match=says):
            office.amend("correct", decision, **change)
        db.rollback()
    office.amend("correct", decision, recommendations=["other_remedy", "return_property"])
    counted = as_plain(period_report(db, *Q1))["recommendations"]
    assert counted["by_kind"] == {"other_remedy": 1, "return_property": 1}
    office.amend("annul", decision)
    assert recommendations(db, LATER) == {}
    office.amend("annul", decision + 3)
    assert recommendations(db, LATER)["accepted"] == 1
    assert all(finding.holds for finding in verify_log(db))


def test_an_office_from_before_recommendations_had_lives_gets_their_rows(db: Session) -> None:
    upheld_with(db, "apology", "return_property").take("reopen", date(2022, 7, 4), **OWN_ERROR)
    begin_write(db)
    db.execute(delete(Item))
    db.commit()
    assert not all(finding.holds for finding in verify_log(db))
    for _ in range(2):
        begin_write(db)
        write_missing_rows(db)
        db.commit()
    assert all(finding.holds for finding in verify_log(db))


def test_a_report_before_its_period_has_no_flows(db: Session) -> None:
    Office(db, date(2022, 4, 1))
    asked = activity(db, Q2, status_on=date(2022, 5, 1))
    assert asked == {"brought_forward": 1, "carried_forward": 1}


def test_an_application_entered_in_error_is_never_counted(db: Session) -> None:
    office = Office(db, date(2022, 4, 1))
    office.amend("annul", office.logged.seq)
    report = as_plain(period_report(db, *Q1))
    assert report["cohort"]["received"] == 0
    assert report["activity"]["carried_forward"] == 0
    assert report["by_category"] == {}
