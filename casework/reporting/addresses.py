"""The only place that makes the addresses of reports, so that one can be opened again for ever."""

from collections.abc import Callable
from typing import Any

from flask import url_for

from casework.counts.lives import Period
from casework.counts.report import Report
from casework.documents.tables import Cell


def address_of_period(period: Period) -> str:
    """The report of a period as it stands when it is opened."""
    return url_for("reporting.period", **_days(period))


def fixed_address(report: Report, **more: Any) -> str:
    """This very report, whatever is recorded after it."""
    if report.year:
        return url_for("reporting.annual", year=report.year.label, **_fixed(report), **more)
    return url_for("reporting.period", **_days(report.whole.period), **_fixed(report), **more)


def opener(report: Report) -> Callable[[Cell], str]:
    """Gives a number its address: the list of what it counts, the same for ever."""

    def link(cell: Cell) -> str:
        asked = {**_days(cell.period), **_fixed(report), "measure": cell.figure}
        return url_for("reporting.figure", **asked)

    return link


def _days(period: Period) -> dict[str, Any]:
    return {"from": period.from_on.isoformat(), "to": period.to_on.isoformat()}


def _fixed(report: Report) -> dict[str, Any]:
    return {"status_on": report.status_on.isoformat(), "log_size": report.log_size}
