"""The edges of what a report says beside its outcomes: waiting, lateness, reopening, learning."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from casework.counts.lives import Span, first_of
from casework.counts.plain import as_plain
from casework.counts.report import cases_behind, period_report
from tests.casework.counts.one_case import Office
from workflows.observation import OBSERVATION

pytestmark = pytest.mark.one_database
Q1 = (date(2022, 4, 1), date(2022, 6, 30))
POINT: dict[str, Any] = {"to": "office", "point": "Write sooner."}


def april(day: int) -> date:
    return date(2022, 4, day)


def counted(session: Session, **asked: Any) -> dict[str, Any]:
    return as_plain(period_report(session, *Q1, **asked))


def nonzero(counts: dict[str, Any]) -> dict[str, Any]:
    return {name: count for name, count in counts.items() if count}


def test_waiting_is_told_by_the_working_days_that_began_with_it(db: Session) -> None:
    """Easter is in between. A part of the file does not end the waiting for it, and a day on
    which the office waits for the file and has said that it waits for the force counts once."""
    office = Office(db, april(1))
    office.take("find_valid", april(4))
    office.take("request_file", april(4))
    office.take("receive_file", april(7), extent="part")
    office.take("wait", april(8), waiting_for="force")
    office.take("receive_file", april(11), extent="complete")
    office.take("wait", april(12), waiting_for="applicant")
    assert counted(db, status_on=april(11))["open_cases"]["waiting"]["force"] == 1
    assert nonzero(counted(db, status_on=april(12))["open_cases"]["waiting"]) == {"applicant": 1}
    office.take("resume", april(14))
    office.decide(april(20))
    found = {(each["from"], each["to"]): each for each in counted(db)["durations"]}
    whole, papers = found["received", "decided"], found["papers", "decided"]
    assert (whole["known"], whole["max_working_days"]) == (1, 11)
    assert whole["waiting"]["force"] == {"cases": 1, "mean_working_days": 6.0}
    assert whole["waiting"]["applicant"] == {"cases": 1, "mean_working_days": 2.0}
    assert (papers["known"], papers["max_working_days"]) == (1, 5)
    assert papers["waiting"]["force"] == {"cases": 1, "mean_working_days": 1.0}
    assert found["acknowledged", "decided"]["known"] == 0
    (waited,) = cases_behind(period_report(db, *Q1), "durations.received_decided.waiting_force")
    assert (waited.case, waited.days) == (office.logged.case, 6)


def test_an_office_that_goes_on_without_the_whole_file_waits_for_it_no_more(db: Session) -> None:
    office = Office(db, april(1))
    office.take("find_valid", april(4))
    office.take("request_file", april(4))
    office.take("write_review", april(6))
    office.take("uphold", april(12))
    whole = counted(db)["durations"][0]
    assert (whole["max_working_days"], whole["waiting"]["force"]["mean_working_days"]) == (7, 2.0)


def test_what_was_closed_and_reopened_in_one_period_is_reopened(db: Session) -> None:
    office = Office(db, april(1))
    office.take("forward", april(8))
    office.take("reopen", april(25), reason="returned_by_iopc")
    office.take("find_invalid", april(26), reason="incomplete")
    office.take("reopen", april(27), reason="own_error")
    counts = counted(db)
    assert counts["activity"]["reopened"] == 0
    assert counts["reopenings"] == {
        "reopened": 2,
        "returned_by_iopc": 1,
        "by_reason": {"own_error": 1, "returned_by_iopc": 1},
    }


def test_a_late_application_is_accepted_while_it_is_valid_by_extended_time(db: Session) -> None:
    office = Office(db, april(1))
    office.take("decide_time", april(5), extra_time="extended")
    assert nonzero(counted(db)["late"]) == {}
    valid = office.take("find_valid", april(6))
    Office(db, april(1)).take("find_valid", april(6), time_extended=True)
    refused = Office(db, april(1))
    refused.take("decide_time", april(5), extra_time="refused")
    refused.take("find_invalid", april(6), reason="out_of_time")
    assert counted(db)["late"] == {"accepted": 2, "refused": 1}
    office.amend("annul", valid.seq)
    refused.take("reopen", april(7), reason="own_error")
    assert counted(db)["late"] == {"accepted": 1, "refused": 0}


def test_a_learning_point_counts_by_its_themes_and_by_how_its_case_stands(db: Session) -> None:
    office = Office(db, april(1))
    office.keep(OBSERVATION, "observe", april(4), themes=["rights", "other"], **POINT)
    office.on_item(0, "feed_back", april(20))
    office.take("find_invalid", april(12), reason="incomplete")
    known = counted(db, status_on=april(11))["learning"]
    assert (known["noted"], known["fed_back"], known["by_outcome"]["open"]) == (1, 0, 1)
    then = counted(db)["learning"]
    assert (then["fed_back"], nonzero(then["by_outcome"])) == (1, {"other": 1})
    assert then["by_theme"] == {"other": 1, "rights": 1}


def test_what_was_kept_on_an_application_entered_in_error_is_not_counted(db: Session) -> None:
    office = Office(db, april(1))
    office.keep(OBSERVATION, "observe", april(4), **POINT)
    office.amend("annul", office.logged.seq)
    assert counted(db)["learning"]["noted"] == 0


def test_the_year_before_stands_a_year_before_also_in_a_leap_year(db: Session) -> None:
    Office(db, date(2023, 2, 27)).take("find_valid", date(2023, 3, 1))
    february = period_report(db, date(2024, 2, 1), date(2024, 2, 29), date(2024, 2, 29))
    before = as_plain(february)["previous"]
    assert before["period"] == {"from": "2023-02-01", "to": "2023-02-28"}
    assert before["status_on"] == "2023-02-28"
    assert (before["cohort"]["received"], before["cohort"]["undetermined"]) == (1, 1)


def test_a_february_is_set_beside_the_whole_one_of_a_leap_year(db: Session) -> None:
    for day in (date(2024, 2, 28), date(2024, 2, 29)):
        Office(db, day)
    for status_on, stood_on in (
        (date(2025, 2, 28), "2024-02-29"),
        (date(2025, 3, 3), "2024-03-03"),
    ):
        february = period_report(db, date(2025, 2, 1), date(2025, 2, 28), status_on)
        before = as_plain(february)["previous"]
        assert before["period"] == {"from": "2024-02-01", "to": "2024-02-29"}
        assert (before["status_on"], before["cohort"]["received"]) == (stood_on, 2)


def test_a_guess_does_not_hide_what_is_known_to_have_begun_on_the_same_day() -> None:
    guess, known = (Span(name, "", april(1), None, name == "guess") for name in ("guess", "known"))
    assert first_of([guess, known]) is known
    assert first_of([known, guess]) is known
    assert first_of([]) is None
