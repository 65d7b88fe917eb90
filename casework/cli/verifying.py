"""The only place for `casework audit verify`: the log and all that follows from it, judged together."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from casework import clock
from casework.audit import record
from casework.audit.checks_tables import UNREADABLE
from casework.audit.reading import ALONE, Progress, Reading, read_by
from casework.audit.verify import Finding, RootsAt, verify_log
from casework.audit.words import entries_counted
from casework.checkpoints import keys, queries
from casework.checkpoints.changes import KeyChange, key_changes
from casework.checkpoints.checks import (
    CHECK,
    Held,
    Log,
    Restoring,
    each_once,
    in_file,
    judge,
    stored,
)
from casework.checkpoints.forks import restorings
from casework.checkpoints.keys import KeyRefused
from casework.checkpoints.outside import InFolder, in_folder
from casework.checkpoints.reads import check_reads
from casework.cli.installation import open_office
from casework.cli.output import print_json
from casework.cli.program import DONE, WRONG, Refused, sentence_of_file
from casework.counts import milestones
from casework.database import at_one_moment
from casework.files.store import Store
from casework.office_settings import OfficeSettings, settings_at
from casework.publishing import recounting
from config import Settings
from workflows import WORKFLOWS

UNCOVERED = 3
MOST_PROCESSES = 64
MOST_NAMED = 20
_DAMAGED = ("malformed", "not a database")


@dataclass(frozen=True)
class Verdict:
    """What the verification came to.

    `covered` is how many entries the newest good checkpoint outside covers, `since` when the oldest
    of the others was entered, `days` how long the office lets one be. `warnings` are sentences about
    what stands in the way of checkpoints or of reading them.
    """

    size: int
    findings: tuple[Finding, ...]
    covered: int = 0
    since: datetime | None = None
    days: int = OfficeSettings.checkpoint_days
    warnings: tuple[str, ...] = ()

    @property
    def is_intact(self) -> bool:
        """Whether nothing was altered."""
        return all(finding.holds for finding in self.findings)

    @property
    def is_overdue(self) -> bool:
        """Whether an entry goes without a checkpoint outside for longer than the office lets it."""
        return self.since is not None and clock.now() - self.since > timedelta(days=self.days)

    @property
    def code(self) -> int:
        """The exit code."""
        if not self.is_intact:
            return WRONG
        return UNCOVERED if self.is_overdue or self.warnings else DONE


@click.command(short_help="Verify the audit log.", epilog="Example: casework audit verify --json")
@click.option(
    "--checkpoint",
    "given",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A checkpoint that was kept elsewhere; as many as you have.",
)
@click.option(
    "--processes",
    type=click.IntRange(1, MOST_PROCESSES),
    default=1,
    show_default=True,
    help="How many processes read the log; more are quicker where it is long.",
)
@click.option("--json", "is_json", is_flag=True, help="Print JSON only.")
def verify(given: tuple[Path, ...], processes: int, is_json: bool) -> int:
    """Check every entry of the log, that cases and counts follow from it, and every checkpoint.

    Checkpoints are those in the database, in CASEWORK_CHECKPOINT_DIR, and those given. Exit code 0
    when all is intact, 1 when something was altered, 2 when there is no database to read, 3 when it
    is intact but the oldest entry without a checkpoint outside is older than the office allows (7
    days), the signing key is missing, or the folder is not as it was left.
    """
    with _progress() as told:
        verdict = _verdict(Settings.from_environment(), given, processes, told)
    if is_json:
        print_json(_as_json(verdict))
        return verdict.code
    for finding in verdict.findings:
        click.echo(f"{'holds' if finding.holds else 'WRONG'}  {finding.check}: {finding.sentence}")
    for warning in verdict.warnings:
        click.echo(f"WARNING  {warning}")
    click.echo(_about_cover(verdict))
    return verdict.code


@contextmanager
def _progress() -> Iterator[Progress]:
    """Tells on a terminal what is being read and how far it is, in one line that is then gone."""
    if not sys.stderr.isatty():
        yield ALONE.told
        return

    def tell(what: str, done: int, of: int) -> None:
        click.echo(f"\r\033[KReading {what}: {done:,} of {of:,}", nl=False, err=True)

    yield tell
    click.echo("\r\033[K", nl=False, err=True)


def _verdict(settings: Settings, given: Sequence[Path], processes: int, told: Progress) -> Verdict:
    try:
        with open_office(settings) as session, read_by(session, processes, told) as reading:
            return judged(session, settings, given, reading)
    except DBAPIError as error:
        if not any(sign in str(error.orig) for sign in _DAMAGED):
            raise
        damaged = Finding("database", False, "The database file is damaged or is none.")
        return Verdict(0, (damaged,))


def judged(
    session: Session,
    settings: Settings,
    given: Sequence[Path] = (),
    reading: Reading = ALONE,
) -> Verdict:
    """Judge the log and all that follows from it, with the checkpoints that there are.

    Ends the session's transaction, more than once. Raises what the database raises when it is
    damaged as a whole.
    """
    kept, of_kept = _stored(session, settings)  # first: an office at work only makes the log longer
    found = _in_folder(settings.checkpoint_dir, kept)
    held = each_once((*kept, *map(_in_file, given), *found.held))
    size = record.log_size(session)
    roots = RootsAt(frozenset(each.size for each in held if each.size is not None))
    findings = verify_log(session, size, roots, reading)
    changes, of_keys = _key_changes(session)
    checkpoints = judge(held, Log(size, changes, roots.found, _restorings(session)))
    findings += (*of_keys, *of_kept, *checkpoints.findings, *_reads(session))
    findings += (_milestones(session, size, reading.told), _published(session))
    warnings = (*found.unread, *checkpoints.odd)
    verdict = Verdict(size, findings, checkpoints.covered, warnings=warnings)
    if not verdict.is_intact:
        return verdict
    session.rollback()
    missing = _missing_key(settings, changes)
    return replace(
        verdict,
        since=queries.entered_at(session, checkpoints.covered),
        days=settings_at(session).checkpoint_days,
        warnings=(*missing, *warnings),
    )


def _in_file(path: Path) -> Held:
    """The checkpoint in a file that was given."""
    try:
        return in_file(path)
    except OSError as fault:
        raise Refused(f"Nothing was verified. {sentence_of_file(fault)}") from None


def _in_folder(folder: Path | None, kept: Sequence[Held]) -> InFolder:
    """The checkpoints in the folder, and a sentence for each thing that is not as it was left there."""
    if folder is None:
        return InFolder()
    try:
        found = in_folder(folder, [each.stored[0] for each in kept if each.stored])
    except OSError as fault:
        said = f"The folder for checkpoints was not compared. {sentence_of_file(fault)}"
        return InFolder(unread=(said,))
    there = {each.content for each in found.held}
    gone = [each.size for each in kept if each.is_in_folder and each.content not in there]
    return replace(found, unread=(*found.unread, *_missing(folder, gone)))


def _missing(folder: Path, sizes: Sequence[int | None]) -> Iterator[str]:
    if sizes:
        named = ", ".join(str(size) for size in sizes[:MOST_NAMED])
        yield (
            f"Some checkpoints are no longer in {folder} as they were left, and count for nothing; they "
            f"are over so many entries: {named}{' and more' if len(sizes) > MOST_NAMED else ''}."
        )


def _stored(session: Session, settings: Settings) -> tuple[tuple[Held, ...], tuple[Finding, ...]]:
    try:
        return stored(session, settings.checkpoint_dir), ()
    except (DBAPIError, TypeError, ValueError) as fault:
        unread = f"Those that are stored cannot be read ({type(fault).__name__})."
        return (), (Finding(CHECK, False, unread),)
    finally:
        session.rollback()


def _key_changes(session: Session) -> tuple[tuple[KeyChange, ...], tuple[Finding, ...]]:
    try:
        return key_changes(session), ()
    except (DBAPIError, LookupError, TypeError, ValueError) as fault:
        unread = f"The entries that name keys cannot be read ({type(fault).__name__})."
        return (), (Finding("signing keys", False, unread),)
    finally:
        session.rollback()


def _restorings(session: Session) -> tuple[Restoring, ...]:
    """The restores that the log tells of; none where it cannot be read, as others find that."""
    try:
        return restorings(session)
    except (DBAPIError, LookupError, TypeError, ValueError):
        return ()
    finally:
        session.rollback()


def _reads(session: Session) -> tuple[Finding, ...]:
    at_one_moment(session)
    try:
        return check_reads(session)
    except (DBAPIError, LookupError, TypeError, ValueError) as fault:
        return (Finding("reads", False, f"They cannot be read ({type(fault).__name__})."),)
    finally:
        session.rollback()


def _missing_key(settings: Settings, changes: Sequence[KeyChange]) -> tuple[str, ...]:
    """Why no checkpoint can be signed, where the log has a key."""
    try:
        if changes:
            keys.of_log(settings.signing_key, changes[-1].key)
    except KeyRefused as refused:
        return (str(refused),)
    return ()


def _as_json(verdict: Verdict) -> dict[str, object]:
    return {
        "log_size": verdict.size,
        "is_intact": verdict.is_intact,
        "covered": verdict.covered,
        "uncovered": verdict.size - verdict.covered,
        "uncovered_since": verdict.since,
        "warnings": list(verdict.warnings),
        "exit": verdict.code,
        "checks": [asdict(finding) for finding in verdict.findings],
    }


def _about_cover(verdict: Verdict) -> str:
    if any(finding.check == CHECK and not finding.holds for finding in verdict.findings):
        return "Not every checkpoint agrees with the log, so none is said to cover it."
    newer = verdict.size - verdict.covered
    if verdict.covered and not newer:
        return (
            f"The newest checkpoint outside covers the whole log, {entries_counted(verdict.size)}."
        )
    is_or_are = "is" if newer == 1 else "are"
    said, oldest = "No checkpoint is held outside yet", f"the oldest of {entries_counted(newer)}"
    if verdict.covered:
        said = f"{entries_counted(newer)} {is_or_are} newer than the newest checkpoint outside"
        oldest = "the oldest"
    if verdict.since is None:
        return f"{said}."
    said += f"; {oldest} is of {record.instant(verdict.since)}"
    if not verdict.is_overdue:
        return f"{said}."
    return (
        f"WARNING  {said}, more than {verdict.days} days ago. Whoever can write to the database "
        "could rewrite that."
    )


def _published(session: Session) -> Finding:
    """Whether every published report counts again to what was published."""
    at_one_moment(session)
    try:
        return recounting.verify(session, Store.of(Settings.from_environment()))
    finally:
        session.rollback()


def _milestones(session: Session, size: int, told: Progress) -> Finding:
    """Whether the rows that figures count are those that the first `size` entries give."""

    def done(read: int) -> None:
        session.rollback()
        told("milestones of entries", read, size)

    try:
        different = sorted(milestones.differences(session, WORKFLOWS, size, done))
    except (DBAPIError, *UNREADABLE) as fault:
        return Finding("milestones", False, f"They cannot be recounted ({type(fault).__name__}).")
    finally:
        session.rollback()
    if not different:
        return Finding("milestones", True, "Every milestone is as the log gives it.")
    named = ", ".join(different[:MOST_NAMED])
    return Finding(
        "milestones", False, f"Of {len(different):,} cases they are not as the log gives: {named}."
    )
