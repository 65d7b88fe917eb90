"""The only place for `casework audit`: the log and all that follows from it, judged together."""

from dataclasses import asdict
from datetime import timedelta

import click
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from casework import clock
from casework.audit import record
from casework.audit.events import Event, all_events
from casework.audit.verify import Finding, verify_log
from casework.cli.installation import open_office
from casework.cli.output import print_json
from casework.cli.program import DONE, WRONG
from casework.counts import milestones
from casework.files.store import Store
from casework.publishing import recounting
from config import Settings
from workflows import WORKFLOWS

UNCOVERED = 3
UNCOVERED_FOR = timedelta(days=7)
"""How long an event may go without a checkpoint held outside."""
MOST_NAMED = 20
_DAMAGED = ("malformed", "not a database")


@click.group(short_help="Verify the audit log.")
def audit() -> None:
    """Verify the audit log and all that follows from it."""


@audit.command(short_help="Verify the audit log.", epilog="Example: casework audit verify --json")
@click.option("--json", "is_json", is_flag=True, help="Print JSON only.")
def verify(is_json: bool) -> int:
    """Check every entry of the log, and that cases and counts follow from it.

    Exit code 0 when it is intact, 1 when something was altered, 2 when there is no database to
    read, 3 when it is intact but its oldest entry without an outside checkpoint is older than
    7 days.
    """
    size, findings, oldest = _judged()
    is_intact = _holds(findings)
    is_overdue = oldest is not None and clock.now() - oldest.at > UNCOVERED_FOR
    code = WRONG if not is_intact else UNCOVERED if is_overdue else DONE
    if is_json:
        print_json(
            {
                "log_size": size,
                "is_intact": is_intact,
                "uncovered_since": oldest.at if oldest else None,
                "exit": code,
                "checks": [asdict(finding) for finding in findings],
            }
        )
        return code
    for finding in findings:
        click.echo(f"{'holds' if finding.holds else 'WRONG'}  {finding.check}: {finding.sentence}")
    click.echo(_about_cover(size, oldest, is_overdue=is_overdue))
    return code


def _judged() -> tuple[int, tuple[Finding, ...], Event | None]:
    """The size of the log, what each check found, and the oldest entry that nothing outside covers."""
    try:
        with open_office() as session:
            size = record.log_size(session)
            findings = (*verify_log(session, size), _milestones(session), _published(session))
            oldest = next(all_events(session, min(size, 1)), None) if _holds(findings) else None
            return size, findings, oldest
    except DBAPIError as error:
        if not any(sign in str(error.orig) for sign in _DAMAGED):
            raise
        return 0, (Finding("database", False, "The database file is damaged or is none."),), None


def _holds(findings: tuple[Finding, ...]) -> bool:
    return all(finding.holds for finding in findings)


def _about_cover(size: int, oldest: Event | None, *, is_overdue: bool) -> str:
    if oldest is None:
        return "No checkpoint is held outside yet."
    since = f"the oldest of {size:,} entries is of {record.instant(oldest.at)}"
    if is_overdue:
        return (
            f"WARNING  No checkpoint is held outside yet; {since}, more than "
            f"{UNCOVERED_FOR.days} days ago. Whoever can write to the database could rewrite it."
        )
    return f"No checkpoint is held outside yet; {since}."


def _at_one_moment(session: Session) -> None:
    """Let the statements that follow see the same log, or an office at work would look altered."""
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _published(session: Session) -> Finding:
    """Whether every published report counts again to what was published."""
    _at_one_moment(session)
    try:
        return recounting.verify(session, Store.of(Settings.from_environment()))
    finally:
        session.rollback()


def _milestones(session: Session) -> Finding:
    """Whether the rows that figures count are those that the log gives, as of one moment."""
    _at_one_moment(session)
    size = record.log_size(session)
    try:
        different = sorted(milestones.differences(session, WORKFLOWS, size))
    except (DBAPIError, KeyError, TypeError, ValueError, AttributeError) as fault:
        return Finding("milestones", False, f"They cannot be recounted ({type(fault).__name__}).")
    finally:
        session.rollback()
    if not different:
        return Finding("milestones", True, "Every milestone is as the log gives it.")
    named = ", ".join(different[:MOST_NAMED])
    return Finding(
        "milestones", False, f"Of {len(different):,} cases they are not as the log gives: {named}."
    )
