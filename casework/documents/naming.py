"""The only place that names a report: its heading, what fixes its figures, how to count them again."""

from casework.counts.report import Report
from workflows.calendar import in_words


def heading(report: Report) -> str:
    """What a report is called: "Complaint reviews 2022-23", or by its days."""
    if report.year:
        return f"Complaint reviews {report.year.label}"
    period = report.whole.period
    return f"Complaint reviews, {in_words(period.from_on)} to {in_words(period.to_on)}"


def short_name(report: Report) -> str:
    """What stands above its column: "2022-23", or "1 Apr to 30 Jun 2022".

    "2022-23 to 6 Jul 2022" when cases were looked at before the year was over.
    """
    first = report.whole.period.from_on
    last = report.whole.period.last_day(report.status_on)
    if report.year:
        is_over = last == report.whole.period.to_on
        return report.year.label + ("" if is_over else f" to {last.day} {last:%b} {last.year}")
    begins = f"{first.day} {first:%b}" + ("" if first.year == last.year else f" {first.year}")
    return f"{begins} to {last.day} {last:%b} {last.year}"


def proof(report: Report) -> str:
    """What fixes the figures for ever, as one sentence."""
    actions = "action" if report.log_size == 1 else "actions"
    return (
        f"As at {in_words(report.status_on)}, counted from the {report.log_size:,} recorded "
        f"{actions} that the audit log held; their root is {report.log_root}."
    )


def command(report: Report) -> str:
    """The command that gives the same figures again."""
    period = report.whole.period
    asked = (
        f"annual --year {report.year.label}"
        if report.year
        else f"period --from {period.from_on.isoformat()} --to {period.to_on.isoformat()}"
    )
    fixed = (
        f"--status-on {report.status_on.isoformat()} --log-size {report.log_size} "
        f"--edition {report.edition.number}"
    )
    breaks = "" if report.has_breaks or not report.year else " --without-breaks"
    return f"casework report {asked} {fixed}{breaks}"
