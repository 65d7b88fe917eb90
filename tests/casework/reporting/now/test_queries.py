"""The office today is what the reports say of the same days, for lives made at random."""

from datetime import date, timedelta
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from casework.counts.report import Report, period_report
from casework.database import begin_write
from casework.documents import charts
from casework.reporting.now.queries import MONTHS, OfficeNow, office_now
from tests.casework.counts import random_lives
from workflows.calendar import in_words

NOBODY = "u_" + "0" * 32
EXAMPLES = {"sqlite": 5, "postgres": 1}


def assert_as_reported(office: OfficeNow, report: Report) -> None:
    part = report.whole
    known = part.figures["timeliness.decided.known"]
    assert sorted(office.days) == sorted(counted.days or 0 for counted in known)
    assert tuple(office.categories) == part.codes("by_category")
    for letter, each in office.categories.items():
        assert [each.received, each.valid, each.upheld] == [
            part.count(f"by_category.{letter}.{name}") for name in ("received", "valid", "upheld")
        ]
    assert office.open.count("open_cases.open") == part.count("activity.carried_forward")
    assert office.months[-1].open == part.count("activity.carried_forward")
    drawn = charts.months_of(report)
    assert len(drawn) == len(office.months) == MONTHS
    for mine, theirs in zip(office.months, drawn, strict=True):
        assert (mine.first_on, mine.received, mine.open) == (
            theirs.first_on,
            theirs.received,
            theirs.open,
        )
    assert sum(month.decided for month in drawn) == part.count("activity.completed")
    printed = charts.charts_of(report)
    assert [chart.name for chart in printed] == PRINTED
    assert f"still stood on {in_words(report.status_on)}." in printed[0].description


PRINTED = [
    *("chart-received-and-decided", "chart-backlog", "chart-ageing", "chart-time-to-decide"),
    *("chart-where-time-went", "chart-by-category"),
]


def test_the_office_today_is_what_reports_say(db: Session, database_kind: str) -> None:
    @settings(max_examples=EXAMPLES[database_kind], suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.lists(st.sampled_from(random_lives.RECEIVED), min_size=2, max_size=5),
        st.binary(min_size=8, max_size=8),
        st.integers(0, 500),
    )
    def check(received: list[date], seed: bytes, later: int) -> None:
        today = date(2022, 6, 20) + timedelta(days=later)
        begin_write(db)
        try:
            random_lives.live(db, received, random_lives.acts(repr((seed, received)), 60))
            office = office_now(db, NOBODY, today)
            assert_as_reported(office, period_report(db, office.period.from_on, today))
            flows = [(flow.period, flow.received, flow.decided) for flow in office.flows]
            flows += [
                (month, shown.received, shown.decided)
                for month, shown in zip(
                    charts.months_between(office.period.from_on, today), office.months, strict=True
                )
            ]
            for period, came, decided in Random(seed).sample(flows, 5):
                part = period_report(db, period.from_on, min(period.to_on, today)).whole
                assert came == part.count("activity.received")
                assert decided == part.count("activity.completed")
        finally:
            db.rollback()

    check()
