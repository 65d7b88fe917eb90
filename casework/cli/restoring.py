"""The only place for `casework restore`: an office made again from a backup, verified before it is one."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from casework.audit.findings import Finding
from casework.audit.record import log_root
from casework.backups import unfinished
from casework.backups.keys import identity
from casework.backups.loading import Backup, load
from casework.backups.reading import checked
from casework.backups.refusal import BackupRefused, NotWhole
from casework.backups.reviving import Revived, revive
from casework.backups.site import LOCK, Site, site_of
from casework.checkpoints.checks import in_file
from casework.checkpoints.folder import files_in
from casework.cli.backing_up import KEY
from casework.cli.erasing import finish
from casework.cli.installation import known_revisions, make_folders, open_office, private_files
from casework.cli.installing import prepare_database
from casework.cli.program import DONE, WRONG, Refused
from casework.cli.verifying import Verdict, judged
from casework.database import begin_write, prepare, upgrade
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
    "--even-if-altered",
    is_flag=True,
    help="Keep the office though its log does not verify, to find out what happened.",
)
def restore(
    file: Path, key_file: Path | None, lists: tuple[Path, ...], even_if_altered: bool
) -> int:
    """Make the office again from a backup, into the empty database that the settings name.

    The backup is read through first. The office is then built beside its place: what was erased
    since is erased again, and the whole log is verified. Only then is the office put in its place;
    whatever ends the command before leaves none. A backup of SQLite can be restored into PostgreSQL,
    and the other way.

    Exit code 1 when the log does not verify: then nothing is kept.
    """
    settings = Settings.from_environment()
    try:
        with _ground(settings) as site:
            backup = _whole(file, key_file or settings.backup_key)
            erased = _erased(settings, lists)
            place = settings.signing_key
            key = unfinished.key_beside(place)
            built = replace(settings, database_url=site.url, signing_key=key)
            _load(built, backup)
            unfinished.refuse_other_keys(place)
            prepare_database(built)
            verdict = _finished(built, backup, erased)
            if not (verdict.is_intact or even_if_altered):
                click.echo("Nothing was kept. Take an earlier backup, or see --even-if-altered.")
                return WRONG
            unfinished.put_keys_in_place(place)
            site.put_in_place()
    except BackupRefused as refused:
        raise Refused(f"{refused} Nothing was restored.") from None
    click.echo("The office is restored. Everybody signs in anew.")
    _tell_of_newer(settings, backup)
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
        f"{manifest.log_size:,} entries of the log, {manifest.files:,} files."
    )
    if manifest.missing:
        click.echo(
            f"WARNING  {len(manifest.missing):,} files were missing or altered when it was made: "
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


def _finished(built: Settings, backup: Backup, erased: Sequence[Listed]) -> Verdict:
    """Make anew what follows from the log, erase again what was erased since, verify all of it."""
    with open_office(built) as session:
        begin_write(session)
        checking.rebuild(session, Store.of(built).text)
        revived = revive(session, backup.manifest, erased)
        session.commit()
        left = finish(session, built)
        _tell_of_revived(revived, left.why)
        click.echo("Verifying the whole log.")
        verdict = _judged(session, built, backup)
    for finding in verdict.findings:
        if not finding.holds:
            click.echo(f"WRONG  {finding.check}: {finding.sentence}")
    return verdict


def _tell_of_revived(revived: Revived, why_left: str) -> None:
    doubted, again = revived.doubted, revived.again
    if doubted:
        click.echo(f"{doubted:,} mails may have been sent since: see the page “Mail to send”.")
    if again.erased:
        click.echo(
            f"{again.erased:,} cases that had been erased since were erased again. {why_left}"
        )
    for case, why in again.refused.items():
        click.echo(
            f"WARNING  Case {case} is on a list of erasures and was not erased again. {why} "
            "docs/backup.md tells what to do."
        )


def _judged(session: Session, built: Settings, backup: Backup) -> Verdict:
    """The verdict on the log as restored, with the checkpoints outside that are not newer."""
    told = backup.manifest
    older = [path for path, size in _outside(built) if size <= told.log_size]
    verdict = judged(session, replace(built, checkpoint_dir=None), older)
    if log_root(session, told.log_size).hex() == told.log_root:
        return verdict
    other = Finding("backup", False, "The log is not the one that the backup’s manifest names.")
    return replace(verdict, findings=(*verdict.findings, other))


def _outside(settings: Settings) -> list[tuple[Path, int]]:
    """The checkpoints in the folder for them that can be read, and how many entries each covers."""
    folder = settings.checkpoint_dir
    paths = files_in(folder) if folder is not None and folder.is_dir() else ()
    sizes = ((path, in_file(path).size) for path in paths)
    return [(path, size) for path, size in sizes if size is not None]


def _tell_of_newer(settings: Settings, backup: Backup) -> None:
    size = backup.manifest.log_size
    newest = max((each for _, each in _outside(settings)), default=0)
    if newest > size:
        click.echo(
            f"WARNING  The newest checkpoint outside covers {newest:,} entries and the backup has "
            f"{size:,}: the {newest - size:,} after it are lost, and verification will say so. "
            "docs/backup.md tells what to do."
        )
