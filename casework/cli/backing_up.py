"""The only place for `casework backup` and `backups`: the whole office as one file, and the files there are."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from casework import clock
from casework.audit.words import entries_counted
from casework.backups import making, moment, placing, sealing
from casework.backups.keys import Recipients, identity, recipients_of
from casework.backups.manifest import Manifest
from casework.backups.reading import checked
from casework.backups.refusal import BackupRefused, NotWhole, OtherKey
from casework.cli.installation import open_office
from casework.cli.output import counted, print_json
from casework.cli.program import DONE, WRONG, Refused
from casework.files.store import Store
from casework.files.whole import write_whole
from casework.status.checking import LAST_BACKUP
from config import MEGABYTE, Settings

KEY = click.option(
    "--key",
    "key_file",
    type=click.Path(path_type=Path),
    help="The file of the key that opens the backup; else the office’s own.",
)


@click.command(
    short_help="Back up the office into one file.",
    epilog="Example: casework backup /mnt/backups/",
)
@click.argument("file", type=click.Path(), metavar="FILE")
@click.option("--json", "is_json", is_flag=True, help="Print JSON only.")
def backup(file: str, is_json: bool) -> int:
    """Write the whole office into one encrypted file: database, files, signing key.

    FILE must not be there yet; given a folder, the backup gets a name in it with the time. People
    can work meanwhile. FILE is there once it is whole, and not before.

    Exit code 1 when the backup was made, but files that the office names are missing or altered.
    """
    settings = Settings.from_environment()
    path = _place(file)
    with open_office(settings):  # or a key would be made for the backups of no office
        pass
    try:
        recipients = recipients_of(settings)
        manifest = _write(settings, recipients, path)
    except BackupRefused as refused:
        raise Refused(str(refused)) from None
    made_at = clock.now().isoformat().encode()
    with suppress(OSError):  # the backup is made, wherever that cannot be noted
        write_whole(settings.data_dir / LAST_BACKUP, made_at, mode=0o600)
    if is_json:
        said = {"file": str(path), "bytes": path.stat().st_size, "is_new_key": recipients.is_new}
        print_json({**said, **_said(manifest)})
    else:
        _tell(path, manifest, recipients)
    return WRONG if manifest.missing else DONE


def _place(file: str) -> Path:
    """Where the backup is to be. What ends in a stroke is a folder, or a missing one would be a file."""
    path = Path(file)
    if file.endswith("/") and not path.is_dir():
        raise Refused(f"There is no folder {file} to keep a backup in. Make it first.")
    return path / clock.now().strftime("casework-%Y%m%dT%H%M%SZ.age") if path.is_dir() else path


def _write(settings: Settings, recipients: Recipients, path: Path) -> Manifest:
    with (
        placing.new_file(path) as file,
        open_office(settings) as session,
        moment.held(session) as still,
        sealing.sealed(file, recipients.keys) as plain,
    ):
        return making.write(plain, making.Contents(still, Store.of(settings), settings.signing_key))


def _tell(path: Path, manifest: Manifest, recipients: Recipients) -> None:
    click.echo(
        f"Backed up into {path}: {_size(path)}, {entries_counted(manifest.log_size)} of the log, "
        f"{counted(manifest.files, 'file')}."
    )
    if manifest.missing:
        click.echo(
            f"WARNING  {len(manifest.missing):,} files that the office names are missing or altered, "
            f"and are not in it: {', '.join(manifest.missing)}."
        )
    if recipients.is_new:
        click.echo(
            f"WARNING  A new key was made in {recipients.kept_in}. It opens no backup that was made "
            "before. If there are any, put back the key that opens them, and back up again."
        )
    if recipients.kept_in is not None:
        click.echo(
            f"Only the key in {recipients.kept_in} opens it. Keep a copy of that key away from this "
            "machine: if it is lost with the machine, so is every backup."
        )


@dataclass(frozen=True)
class Listed:
    """A backup in a folder: what it says of itself, or why it is not whole or cannot be read."""

    path: Path
    manifest: Manifest | None
    why_not: str | None
    is_other_key: bool = False


@click.command(
    short_help="List backups, each read through.", epilog="Example: casework backups /mnt/backups/"
)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@KEY
@click.option("--json", "is_json", is_flag=True, help="Print JSON only.")
def backups(folder: Path, key_file: Path | None, is_json: bool) -> int:
    """List the backups in a folder and say which are whole: each is decrypted and read through.

    Exit code 1 when any is not whole, or is encrypted for another key.
    """
    found = [
        _listed(path, key_file or Settings.from_environment().backup_key)
        for path in sorted(folder.glob(f"*{placing.ENDING}"))
    ]
    if is_json:
        print_json([_row(each) for each in found])
    else:
        for each in found:
            click.echo(_line(each))
        click.echo(f"{sum(e.manifest is not None for e in found)} of {len(found)} are whole.")
    return DONE if all(each.manifest for each in found) else WRONG


def _listed(path: Path, key_file: Path) -> Listed:
    try:
        return Listed(path, checked(path, identity(key_file)), None)
    except OtherKey as fault:
        return Listed(path, None, str(fault), is_other_key=True)
    except NotWhole as fault:
        return Listed(path, None, str(fault))
    except BackupRefused as refused:
        raise Refused(str(refused)) from None


def _line(each: Listed) -> str:
    size = _size(each.path)
    if each.manifest is None:
        what = "OTHER KEY" if each.is_other_key else "NOT WHOLE"
        return f"{what}  {each.path.name}  {size}  {each.why_not}"
    told = _said(each.manifest)
    return (
        f"whole      {each.path.name}  {size}  made {told['made_at']}, "
        f"{entries_counted(each.manifest.log_size)} of the log, root {told['log_root']}"
    )


def _size(path: Path) -> str:
    """How large a file is, in kB where it is small."""
    size = path.stat().st_size
    return f"{size / MEGABYTE:,.1f} MB" if size >= MEGABYTE else f"{size / 1000:,.1f} kB"


def _row(each: Listed) -> dict[str, Any]:
    told = (
        _said(each.manifest)
        if each.manifest
        else {"why_not": each.why_not, "is_other_key": each.is_other_key}
    )
    size = each.path.stat().st_size
    return {"file": str(each.path), "bytes": size, "is_whole": each.manifest is not None, **told}


def _said(manifest: Manifest) -> dict[str, Any]:
    return {
        "made_at": manifest.made_at.isoformat(timespec="seconds"),
        "log_size": manifest.log_size,
        "log_root": manifest.log_root,
        "schema": manifest.schema,
        "software": manifest.software,
        "files": manifest.files,
        "missing": list(manifest.missing),
    }
