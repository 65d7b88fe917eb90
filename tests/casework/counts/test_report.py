"""A report says what it was asked, refuses what has no answer, and never changes afterwards."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from casework import clock
from casework.audit import record
from casework.audit.record import Origin
from casework.counts.editions import LATEST
from casework.counts.plain import as_plain
from casework.counts.report import ReportRefused, annual_report, cases_behind, period_report
from casework.database import begin_write
from casework.office_settings import change_settings, settings_at
from tests import factories
from workflows.calendar import FinancialYear

OF_YEARS = ("year", "characteristics", "quarters", "year_to_date")
APRIL = (date(2026, 4, 1), date(2026, 4, 30))
KEYS = [
    *("report", "year", "period", "status_on", "log_size", "log_root", "edition", "office"),
    "clock_start",
    *(block.name for block in LATEST.blocks),
    *("previous", "quarters", "year_to_date", "measures", "narrative"),
]


def test_an_empty_log_has_a_report_of_nothing(db: Session) -> None:
    plain = as_plain(annual_report(db, FinancialYear(2022)))
    assert list(plain) == KEYS
    assert plain["log_size"] == 0
    assert plain["cohort"]["percent_upheld"] is None
    assert plain["timeliness"][0]["mean_working_days"] is None
    assert plain["by_category"] == {}


def test_a_period_has_no_quarters(db: Session) -> None:
    plain = as_plain(period_report(db, *APRIL))
    assert list(plain) == [key for key in KEYS if key not in OF_YEARS]


def test_a_report_at_a_log_size_stays_as_it_was(db: Session) -> None:
    moved = factories.case(db, on=date(2026, 4, 1), categories=["A1"])
    size = record.log_size(db)
    before = as_plain(period_report(db, *APRIL))
    factories.case(db, on=date(2026, 4, 2))
    change = {"effective_on": date(2026, 5, 1), "reason": "A slip"}
    factories.move(db, moved.reference, "correct", None, change, target=moved.seq)
    begin_write(db)
    named = replace(settings_at(db), office_name="Another Office")
    change_settings(db, named, role="administrator", origin=Origin("command"))
    db.commit()
    assert as_plain(period_report(db, *APRIL, log_size=size)) == before
    after = as_plain(period_report(db, *APRIL))
    assert (after["office"], after["cohort"]["received"]) == ("Another Office", 1)
    assert after["by_category"] == {"none": {"received": 1, "valid": 0, "upheld": 0}}


def test_a_report_stands_on_the_earlier_of_its_last_day_and_today(db: Session) -> None:
    today = clock.today()
    assert period_report(db, *APRIL).status_on == APRIL[1]
    assert period_report(db, today, today + timedelta(days=9)).status_on == today


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"from_on": date(2026, 5, 1), "to_on": date(2026, 4, 1)}, "Give the earlier day first"),
        ({"from_on": date(2999, 4, 1), "to_on": date(2999, 4, 2)}, "still to come"),
        ({"status_on": date(2999, 1, 1)}, "not known yet"),
        ({"log_size": 1}, "The log holds 0 recorded actions"),
        ({"log_size": -1}, "Give a number from 0 to 0"),
    ],
)
@pytest.mark.one_database
def test_what_has_no_answer_is_refused_in_a_sentence(
    db: Session, asked: dict[str, date | int], says: str
) -> None:
    with pytest.raises(ReportRefused, match=says):
        period_report(db, **{"from_on": APRIL[0], "to_on": APRIL[1], **asked})  # type: ignore[arg-type]


@pytest.mark.one_database
def test_a_year_to_come_is_refused(db: Session) -> None:
    with pytest.raises(ReportRefused, match="The year 2998-99 begins on 1 April 2998"):
        annual_report(db, FinancialYear(2998))


def test_every_figure_has_its_words_and_its_cases(db: Session) -> None:
    factories.case(db, on=APRIL[0], route="otherwise", categories=["A1", "B4"])
    report = period_report(db, *APRIL)
    for name in report.whole.figures:
        assert LATEST.words_of(name).definition
        assert len(cases_behind(report, name)) == report.whole.count(name)
    with pytest.raises(ReportRefused, match=r"no figure 'cohort\.lost'"):
        cases_behind(report, "cohort.lost")
