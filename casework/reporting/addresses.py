"""The only place that makes the addresses of reports, so that one can be opened again for ever."""

from collections.abc import Callable
from typing import Any

from flask import url_for

from casework.counts.lives import Period
from casework.counts.report import Report
from casework.documents.cells import Cell


def address_of_period(period: Period) -> str:
    """The report of a period as it stands when it is opened."""
    return url_for("reporting.period", **_days(period))


def fixed_address(report: Report, **more: Any) -> str:
    """This very report, whatever is recorded after it."""
    fixed: dict[str, Any] = {"status_on": report.status_on.isoformat(), "log_size": report.log_size}
    if report.year:
        return url_for("reporting.annual", year=report.year.label, **fixed, **more)
    return url_for("reporting.period", **_days(report.whole.period), **fixed, **more)


def opener(report: Report) -> Callable[[Cell], str]:
    """Gives a number its address: the list of what it counts, the same for ever."""

    def link(cell: Cell) -> str:
        return url_for(
            "reporting.figure",
            **_days(cell.period),
            status_on=cell.status_on.isoformat(),
            log_size=report.log_size,
            measure=cell.figure,
        )

    return link


def meaning_in(report: Report) -> Callable[[str], str]:
    """Gives a measure's name the address of its definition, in the edition of the report."""
    page = url_for("definitions.edition", number=report.edition.number)
    return lambda measure: f"{page}#{measure}" if measure else page


def _days(period: Period) -> dict[str, Any]:
    return {"from": period.from_on.isoformat(), "to": period.to_on.isoformat()}
