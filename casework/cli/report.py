"""The only place for `casework report`: a year's or a period's figures, printed or kept."""

import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from casework.cli.installation import open_office
from casework.cli.loading import LazyGroup
from casework.cli.output import write_whole
from casework.cli.program import Refused
from casework.counts.editions import EDITIONS, LATEST, Edition, edition
from casework.counts.report import Report, ReportRefused, annual_report, period_report
from casework.documents.formats import FORMATS, Format
from casework.letters.rendering import PdfRefused
from config import Settings
from workflows.calendar import FinancialYear


class Day(click.ParamType[date]):
    """A day as YYYY-MM-DD."""

    name = "day"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        """The day, or a sentence about what to write."""
        if isinstance(value, date):
            return value
        with suppress(ValueError):
            if len(value) == len("2026-04-03"):
                return date.fromisoformat(value)
        return self.fail(f"{value!r} is not a day. Write it as 2026-04-03.", param, ctx)


@dataclass(frozen=True)
class Asked:
    """What the options of every report say: what fixes it, and what becomes of it."""

    status_on: date | None
    log_size: int | None
    edition: int | None
    form: str
    output: Path | None

    @property
    def measures(self) -> Edition:
        """The edition of the measures. Raises Refused when this release has none of that number."""
        if self.edition is None:
            return LATEST
        try:
            return edition(self.edition)
        except KeyError:
            known = ", ".join(str(each.number) for each in EDITIONS)
            raise Refused(
                f"This release has no edition {self.edition} of the measures. Choose from: {known}."
            ) from None


def report_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that every report takes."""
    for option in (
        click.option("--output", type=click.Path(path_type=Path), help="A file to write it to."),
        click.option(
            "--format", "form", type=click.Choice(tuple(FORMATS)), default="text", show_default=True
        ),
        click.option(
            "--edition",
            type=click.IntRange(min=1),
            help="By this edition of the measures; the latest if left out.",
        ),
        click.option(
            "--log-size",
            type=click.IntRange(min=0),
            help="As the log was at this size; now if left out.",
        ),
        click.option(
            "--status-on",
            type=Day(),
            help="The day to stand on; the last day of the period, or today, if left out.",
        ),
    ):
        command = option(command)
    return command


@click.group(
    cls=LazyGroup,
    places={
        "proof": "published:proof",
        "published": "published:published",
        "recount": "published:recount",
    },
    short_help="The figures of a year or a period.",
    epilog="Example: casework report annual --year 2022-23 --format pdf --output report.pdf",
)
def report() -> None:
    """Print the figures of a year or a period, counted from the audit log."""


@report.command(
    short_help="A financial year.",
    epilog="Example: casework report annual --year 2022-23 --status-on 2023-07-06 --format json",
)
@click.option("--year", required=True, help="The financial year, as 2022-23.")
@click.option(
    "--without-breaks",
    is_flag=True,
    help="Without breaks by personal characteristics, which are published of a year once.",
)
@report_options
def annual(year: str, without_breaks: bool, **options: Any) -> None:
    """Report a financial year with its quarters and year-to-date columns.

    What is fixed by --status-on, --log-size and --edition comes out the same for ever. The
    canonical format is the bytes of which a published report carries the hash.
    """
    asked = Asked(**options)
    try:
        of = FinancialYear.parse(year)
    except ValueError as fault:
        raise Refused(str(fault)) from None
    measures = asked.measures.without_breaks if without_breaks else asked.measures
    fixed = (asked.status_on, asked.log_size, measures)
    _report(lambda session: annual_report(session, of, *fixed), asked)


@report.command(
    short_help="Any whole days.",
    epilog="Example: casework report period --from 2026-01-01 --to 2026-03-31",
)
@click.option("--from", "from_", type=Day(), required=True, help="The first day.")
@click.option("--to", type=Day(), required=True, help="The last day, included.")
@report_options
def period(from_: date, to: date, **options: Any) -> None:
    """Report any period of whole days."""
    asked = Asked(**options)
    fixed = (asked.status_on, asked.log_size, asked.measures)
    _report(lambda session: period_report(session, from_, to, *fixed), asked)


def _report(made: Callable[[Session], Report], asked: Asked) -> None:
    settings = Settings.from_environment()
    with open_office(settings) as session:
        try:
            report = made(session)
        except ReportRefused as refused:
            raise Refused(str(refused)) from None
    _give(report, FORMATS[asked.form], asked.output)


def _give(report: Report, form: Format, output: Path | None) -> None:
    if not form.is_text and output is None and sys.stdout.isatty():
        raise Refused(
            f"A {form.suffix} file is nothing to read here. Name it: --output report.{form.suffix}"
        )
    try:
        written = form.write(report)
    except PdfRefused as refused:
        raise Refused(str(refused)) from None
    if output is not None:
        write_whole(output, written)
        return
    sys.stdout.buffer.write(written)
    sys.stdout.buffer.flush()
