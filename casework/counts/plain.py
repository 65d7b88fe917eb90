"""The only place for the report's published shape: plain values under stable names."""

from typing import Any

from casework.counts import arithmetic
from casework.counts.figures import RECOMMENDATIONS, ROUTES
from casework.counts.measures import ACTIVITY, COHORT
from casework.counts.narrative import narrative
from casework.counts.report import Part, Report

Plain = dict[str, Any]


def as_plain(report: Report) -> Plain:
    """The report as others rely on it: names are only ever added. Days are ISO texts."""
    part, year = report.whole, report.year
    return {
        "report": report.kind,
        **({"year": year.label} if year else {}),
        "period": _days(part),
        "status_on": report.status_on.isoformat(),
        "log_size": report.log_size,
        "log_root": report.log_root,
        "office": report.settings.office_name,
        "clock_start": report.settings.clock_start,
        "cohort": cohort(part),
        "activity": activity(part),
        "timeliness": [
            timeliness(part, "decided", report.settings.decide_target),
            timeliness(part, "notified", None),
        ],
        "by_route": by_route(part),
        "by_category": {letter: _category(part, letter) for letter in part.codes("by_category")},
        "recommendations": recommendations(part),
        **(_columns(report) if year else {}),
        "narrative": narrative(report),
    }


def _days(part: Part) -> dict[str, str]:
    return {"from": part.period.from_on.isoformat(), "to": part.period.to_on.isoformat()}


def _columns(report: Report) -> Plain:
    return {
        "quarters": [
            {
                "quarter": part.label,
                **_days(part),
                "cohort": cohort(part),
                "activity": activity(part),
            }
            for part in report.quarters
        ],
        "year_to_date": [
            {"to": part.period.to_on.isoformat(), "activity": activity(part)}
            for part in report.year_to_date
        ],
    }


def cohort(part: Part) -> Plain:
    """The cases received in the period, by how they stood on the status day."""
    reasons = "cohort.invalid_by_reason"
    return {
        **{measure.name: part.count(f"cohort.{measure.name}") for measure in COHORT},
        "percent_upheld": percent_upheld(part, "cohort"),
        "invalid_by_reason": {
            code: part.count(f"{reasons}.{code}") for code in part.codes(reasons)
        },
    }


def activity(part: Part) -> Plain:
    """What happened in the period."""
    return {
        **{measure.name: part.count(f"activity.{measure.name}") for measure in ACTIVITY},
        "percent_upheld": percent_upheld(part, "activity"),
    }


def percent_upheld(part: Part, section: str) -> float | None:
    """Upheld of those decided, in `cohort` or `activity`; None when nothing was decided."""
    upheld = part.count(f"{section}.upheld")
    return arithmetic.percent(upheld, upheld + part.count(f"{section}.not_upheld"))


def timeliness(part: Part, end: str, target: int | None) -> Plain:
    """Working days from received to `decided` or `notified`; a target is set for deciding only."""
    name = f"timeliness.{end}"
    days = [counted.days or 0 for counted in part.figures[f"{name}.known"]]
    return {
        "from": "received",
        "to": end,
        "decided": part.count(f"{name}.decided"),
        "known": len(days),
        "mean_working_days": arithmetic.mean(days),
        "median_working_days": arithmetic.median(days),
        "p90_working_days": arithmetic.percentile_90(days),
        "max_working_days": max(days, default=None),
        "within_target": None if target is None else part.count(f"{name}.within_target"),
        "target_working_days": target,
    }


def by_route(part: Part) -> Plain:
    """The decisions that count as completed, by route; every route is there, also with none."""
    found: Plain = {}
    for route in ROUTES:
        completed = part.count(f"by_route.{route}.completed")
        upheld = part.count(f"by_route.{route}.upheld")
        percent = arithmetic.percent(upheld, completed)
        found[route] = {"completed": completed, "upheld": upheld, "percent_upheld": percent}
    return found


def _category(part: Part, letter: str) -> Plain:
    return {
        name: part.count(f"by_category.{letter}.{name}") for name in ("received", "valid", "upheld")
    }


def recommendations(part: Part) -> Plain:
    """Recommendations made, by kind and by response; learning points are counted beside them."""
    kinds = "recommendations.by_kind"
    return {
        **{name: part.count(f"recommendations.{name}") for name in RECOMMENDATIONS},
        "by_kind": {kind: part.count(f"{kinds}.{kind}") for kind in part.codes(kinds)},
    }
