"""The only place for the report's published shape: plain values under stable names."""

import rfc8785

from casework.counts.block import Block, Plain
from casework.counts.figures import Part
from casework.counts.narrative import narrative
from casework.counts.report import Report


def canonical(report: Report) -> bytes:
    """The report as the bytes whose hash a published one carries: RFC 8785, UTF-8.

    The same report gives the same bytes on every machine, database and day.
    """
    return rfc8785.dumps(as_plain(report))


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
        "edition": report.edition.number,
        "office": report.settings.office_name,
        "clock_start": report.settings.clock_start,
        **_blocks(report, report.blocks, part),
        **({"previous": _previous(report.previous)} if report.previous else {}),
        **(_columns(report) if year else {}),
        "measures": report.edition.versions(),
        "narrative": narrative(report),
    }


def _days(part: Part) -> dict[str, str]:
    return {"from": part.period.from_on.isoformat(), "to": part.period.to_on.isoformat()}


def _blocks(report: Report, blocks: tuple[Block, ...], part: Part) -> Plain:
    return {block.name: block.plain(part, report.settings) for block in blocks}


def _previous(report: Report) -> Plain:
    """The period a year earlier, like for like."""
    return {
        **({"year": report.year.label} if report.year else {}),
        "period": _days(report.whole),
        "status_on": report.status_on.isoformat(),
        **_blocks(report, report.blocks, report.whole),
    }


def _columns(report: Report) -> Plain:
    columns = report.edition.columns
    activity = report.edition.block("activity")
    return {
        "quarters": [
            {"quarter": part.label, **_days(part), **_blocks(report, columns, part)}
            for part in report.quarters
        ],
        "year_to_date": [
            {"to": part.period.to_on.isoformat(), **_blocks(report, (activity,), part)}
            for part in report.year_to_date
        ],
    }
