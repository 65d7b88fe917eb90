"""The only place for `casework restore`: an office made again from a backup, verified before it is one."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from casework.audit.words import entries_counted
from casework.backups import unfinished
from casework.backups.evidence import Compared, compare
from casework.backups.keys import identity
from casework.backups.loading import Backup, load
from casework.backups.reading import checked
from casework.backups.refusal import BackupRefused, NotWhole
from casework.backups.reviving import Revived, revive
from casework.backups.site import LOCK, Site, site_of
from casework.checkpoints.changes import key_changes
from casework.checkpoints.checks import Held, each_once, in_file
from casework.checkpoints.outside import InFolder, in_folder
from casework.cli.backing_up import KEY
from casework.cli.erasing import finish
from casework.cli.installation import make_folders, open_office, private_files
from casework.cli.installing import prepare_database
from casework.cli.output import counted
from casework.cli.program import DONE, WRONG, Refused, sentence_of_file
from casework.cli.verifying import Verdict, judged
from casework.database import begin_write, known_revisions, prepare, upgrade
from casework.files.alone import alone
from casework.files.store import FileMissing, Store
from casework.index import checking
from casework.retention import erasure_list
from casework.retention.erasing import Listed
from config import Settings

GIVEN_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(
    short_help="Make the office again from a backup.",
    epilog="Example: casework restore casework-20261122T023000Z.age --key /media/usb/backup_key",
)
@click.argument("file", type=GIVEN_FILE, metavar="FILE")
@KEY
@click.option(
    "--erasures",
    "lists",
    multiple=True,
    type=GIVEN_FILE,
    help="A list of what was erased, kept elsewhere; besides those of the settings.",
)
@click.option(
    "--checkpoint",
    "given",
    multiple=True,
    type=GIVEN_FILE,
    help="A checkpoint that was kept elsewhere; as many as you have.",
)
@click.option(
    "--even-if-altered",
    is_flag=True,
    help="Keep the office though its log does not verify, to find out what happened.",
)
def restore(
    file: Path,
    key_file: Path | None,
    lists: tuple[Path, ...],
    given: tuple[Path, ...],
    even_if_altered: bool,
) -> int:
    """Make the office again from a backup, into the empty database that the settings name.

    The backup is read through first. The office is then built beside its place: what was erased
    since is erased again, and the whole log is verified. Only then is the office put in its place;
    whatever ends the command before leaves none. A backup of SQLite can be restored into PostgreSQL,
    and the other way.

    Compare what it prints of the log with what is known elsewhere, or name a checkpoint.

    Exit code 1 when the log does not verify, or a checkpoint in CASEWORK_CHECKPOINT_DIR or given is
    not of this log: then nothing is kept.
    """
    settings = Settings.from_environment()
    try:
        with _ground(settings) as site:
            backup = _whole(file, key_file or settings.backup_key)
            outside = _outside(settings, given)
            verdict = _built(settings, site.url, backup, _erased(settings, lists), outside)
            if not (verdict.is_intact or even_if_altered):
                click.echo("Nothing was kept. Take an earlier backup, or see --even-if-altered.")
                return WRONG
            unfinished.put_keys_in_place(settings.signing_key)
            site.put_in_place()
    except BackupRefused as refused:
        raise Refused(f"{refused} Nothing was restored.") from None
    click.echo("The office is restored. Everybody signs in anew.")
    _tell_of_newer(outside, backup)
    return DONE if verdict.is_intact else WRONG


@contextmanager
def _ground(settings: Settings) -> Iterator[Site]:
    """Where to build, while nobody else does; what is left there in the end is deleted."""
    make_folders(settings)
    site = site_of(settings)
    with alone(settings.data_dir / LOCK) as is_alone, private_files():
        if not is_alone:
            raise BackupRefused("Another restore is at work.")
        if site.is_taken():
            raise BackupRefused(
                "There is a database already where the office is to be, and it was left as it is. "
                "Move it away, or name an empty one with CASEWORK_DATABASE_URL."
            )
        unfinished.clear(settings)
        unfinished.begin(settings)
        site.begin()
        try:
            yield site
        finally:
            site.clear()
            if site.is_taken():
                unfinished.end(settings)
            else:
                unfinished.clear(settings)


def _whole(path: Path, key_file: Path) -> Backup:
    """The backup, once it was read through and is one that this release can restore."""
    key = identity(key_file)
    manifest = checked(path, key)
    if manifest.schema not in known_revisions():
        raise BackupRefused(
            f"The backup was made by a newer release of Casework, {manifest.software}. Install that "
            "release."
        )
    click.echo(
        f"The backup is whole: made {manifest.made_at:%Y-%m-%d %H:%M} UTC, "
        f"{entries_counted(manifest.log_size)} of the log, {counted(manifest.files, 'file')}."
    )
    if manifest.missing:
        click.echo(
            f"WARNING  {counted(len(manifest.missing), 'file')} missing or altered when it was made: "
            f"{', '.join(manifest.missing)}."
        )
    return Backup(path, key, manifest)


def _erased(settings: Settings, lists: Sequence[Path]) -> list[Listed]:
    """What was erased, by every list there is."""
    try:
        paths = (*erasure_list.lists_of(settings), *lists)
        return [line for path in paths for line in erasure_list.read(path)]
    except ValueError as fault:
        raise BackupRefused(str(fault)) from None


def _built(
    settings: Settings, url: str, backup: Backup, erased: Sequence[Listed], outside: Sequence[Held]
) -> Verdict:
    """Build the office beside its place, all of it; what its log came to."""
    key = unfinished.key_beside(settings.signing_key)
    built = replace(settings, database_url=url, signing_key=key)
    with _fitting():
        _load(built, backup)
        unfinished.refuse_other_keys(settings.signing_key)
        prepare_database(built)
        return _finished(built, backup, erased, outside)


@contextmanager
def _fitting() -> Iterator[None]:
    """Whatever comes of rows that no office has is NotWhole, as anybody may have written the file."""
    try:
        yield
    except OperationalError:
        raise
    except (AttributeError, LookupError, SQLAlchemyError, TypeError, ValueError) as fault:
        if os.environ.get("CASEWORK_DEBUG") == "1":
            raise
        raise NotWhole(
            f"What it holds does not fit together ({type(fault).__name__}). Take another one."
        ) from None


def _load(built: Settings, backup: Backup) -> None:
    """Load the backup in one transaction, into a database of the schema that it was made of."""
    upgrade(built.database_url, backup.manifest.schema)
    engine = prepare(create_engine(built.database_url))
    try:
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            load(connection, backup, Store.of(built), built.signing_key)
    except FileMissing as missing:
        raise NotWhole(f"The file {missing} in it has other bytes than its name says.") from None
    finally:
        engine.dispose()


def _finished(
    built: Settings, backup: Backup, erased: Sequence[Listed], outside: Sequence[Held]
) -> Verdict:
    """Make anew what follows from the log, erase again what was erased since, verify all of it."""
    with open_office(built) as session:
        begin_write(session)
        checking.rebuild(session, Store.of(built).text)
        revived = revive(session, backup.manifest, erased)
        session.commit()
        left = finish(session, built)
        _tell_of_revived(revived, left.why)
        click.echo("Verifying the whole log.")
        verdict = judged(session, replace(built, checkpoint_dir=None))
        compared = compare(session, backup.manifest, outside)
        verdict = replace(verdict, findings=(*verdict.findings, *compared.findings))
        for finding in verdict.findings:
            if not finding.holds:
                click.echo(f"WRONG  {finding.check}: {finding.sentence}")
        beside = str(built.signing_key)
        for warning in (*verdict.warnings, *compared.odd):
            click.echo(f"WARNING  {warning.replace(beside, beside.removesuffix('.restoring'))}")
        _tell_whose(session, backup, compared)
    return verdict


def _tell_whose(session: Session, backup: Backup, compared: Compared) -> None:
    """Say which log it is, by which people know whether it is theirs."""
    told, changes = backup.manifest, key_changes(session)
    if changes:
        key = changes[-1].key
        click.echo(f"The log is {key.name}, its signing key {key.fingerprint}.")
    click.echo(f"The backup has {entries_counted(told.log_size)}, root {told.log_root}.")
    if compared.size:
        click.echo(f"It agrees with a checkpoint over {entries_counted(compared.size)}.")
    else:
        click.echo(
            "WARNING  No checkpoint was compared: anybody who knows the public key could have made "
            "this file. Compare the lines above with what was noted elsewhere, or name a checkpoint "
            "with --checkpoint."
        )


def _tell_of_revived(revived: Revived, why_left: str) -> None:
    doubted, again = revived.doubted, revived.again
    if doubted:
        click.echo(
            f"{counted(doubted, 'mail')} may have been sent since: see the page “Mail to send”."
        )
    if again.erased:
        said = f"{counted(again.erased, 'case')} erased since the backup: erased again. {why_left}"
        click.echo(said.rstrip())
    for case, why in again.refused.items():
        click.echo(
            f"WARNING  Case {case} is on a list of erasures and was not erased again. {why} "
            "docs/backup.md tells what to do."
        )


def _outside(settings: Settings, given: Sequence[Path]) -> tuple[Held, ...]:
    """The checkpoints given, and those in the folder for them."""
    try:
        named = tuple(map(in_file, given))
    except OSError as fault:
        raise BackupRefused(sentence_of_file(fault)) from None
    try:
        found = in_folder(settings.checkpoint_dir) if settings.checkpoint_dir else InFolder()
    except OSError as fault:
        said = f"The folder for checkpoints was not compared. {sentence_of_file(fault)}"
        found = InFolder(unread=(said,))
    for each in found.unread:
        click.echo(f"WARNING  {each}")
    return each_once((*named, *found.held))


def _tell_of_newer(outside: Sequence[Held], backup: Backup) -> None:
    size = backup.manifest.log_size
    newest = max((each.size or 0 for each in outside), default=0)
    if newest > size:
        click.echo(
            f"WARNING  The newest checkpoint outside covers {entries_counted(newest)} and the backup has "
            f"{size:,}: the {newest - size:,} after it are lost, and verification will say so. "
            "docs/backup.md tells what to do."
        )
