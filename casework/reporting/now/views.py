"""The only place for the page of the office today."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import render_template, url_for

from casework import clock, permissions
from casework.counts.editions import LATEST
from casework.counts.lives import Period
from casework.counts.waiting import PARTIES
from casework.documents import charts
from casework.documents.charts import Chart
from casework.extensions import db
from casework.reporting import blueprint
from casework.reporting.now import queries
from casework.reporting.now.queries import OfficeNow
from casework.targets import last_start
from casework.web.identity import me, requires

_DAY = timedelta(days=1)
Link = Callable[[int, int], str | None]
MEASURES = {
    "open_cases.open": "Open",
    "open_cases.over_target": "Over target (from receipt)",
    "open_cases.oldest": "The oldest",
    "open_cases.waiting": "Waiting",
    "recommendations.overdue": "Recommendations overdue",
    "activity.received": "Received",
    "activity.completed": "Decided",
}
"""The figures of the page, each of which it defines, by what they are called there."""


@blueprint.get("/now")
@requires(permissions.SEE_REPORTS)
def now() -> str:
    office = queries.office_now(db.session, me().token, clock.today())
    return render_template(
        "reporting/now.html",
        office=office,
        address=_address,
        parties=PARTIES,
        definitions=[(name, title, LATEST.words_of(name)) for name, title in MEASURES.items()],
        charts=_charts(office),
    )


def _address(measure: str, period: Period) -> str:
    """The list of what a figure counts in a period."""
    days: dict[str, Any] = {"from": period.from_on.isoformat(), "to": period.to_on.isoformat()}
    return url_for("reporting.figure", **days, measure=measure)


def _charts(office: OfficeNow) -> list[tuple[Chart, Link | None]]:
    """The charts with what gives their numbers addresses."""
    target = office.settings.decide_target
    ages = [counted.days for counted in office.open.figures["open_cases.known"]]
    unknown = office.open.count("open_cases.open") - len(ages)
    categories = office.categories
    return [
        (
            charts.received_and_decided(
                office.months, "Decisions are those that still stood at the end of their month."
            ),
            _of_months(office, ("activity.received", "activity.completed")),
        ),
        (
            charts.ageing([days or 0 for days in ages], target, unknown),
            None if unknown else _of_bands(office),
        ),
        (charts.backlog(office.months), _of_months(office, ("activity.carried_forward",))),
        (charts.time_to_decide(office.days, target), None),
        (charts.by_category(tuple(categories.values())), _of_categories(office)),
    ]


def _of_months(office: OfficeNow, measures: tuple[str, ...]) -> Link:
    months = list(charts.months_between(office.period.from_on, office.period.to_on))
    return lambda row, column: _address(measures[column], months[row])


def _of_bands(office: OfficeNow) -> Link:
    """The register's open cases of each age; it knows of no days that are not known."""
    bands, today = charts.bands(office.settings.decide_target), office.period.to_on
    calendar = office.settings.calendar

    def link(row: int, _column: int) -> str:
        band = bands[row]
        past = None if band.last is None else last_start(calendar, band.last + 1, today)
        return url_for(
            "desk.register",
            state="open",
            received_from=past + _DAY if past else "",
            received_to=last_start(calendar, band.first, today),
            sort="received_on",
        )

    return link


def _of_categories(office: OfficeNow) -> Link:
    letters = list(office.categories)
    names = ("received", "valid", "upheld")
    return lambda row, column: _address(
        f"by_category.{letters[row]}.{names[column]}", office.period
    )
