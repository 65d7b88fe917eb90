"""The only place for `casework audit export`: the log as strangers can verify it."""

from pathlib import Path

import click

from casework.audit import record
from casework.audit.record import Origin
from casework.cli.installation import open_office, private_files
from casework.cli.output import print_json
from casework.cli.program import Refused
from casework.database import begin_write
from casework.exporting.export import Asked, announce, write
from casework.exporting.folder import FolderTaken, new_folder


@click.command(
    short_help="Export the log, for others to verify.",
    epilog="Example: casework audit export /media/stick/log-2026-11",
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--log-size", type=click.IntRange(min=0), help="Only so many entries; all.")
@click.option("--with-words", is_flag=True, help="With all words, names and addresses of cases.")
@click.option("--json", "is_json", is_flag=True, help="Print JSON only.")
def export(folder: Path, log_size: int | None, with_words: bool, is_json: bool) -> None:
    """Write the log and all that follows from it into the new folder DIR, with a verifier.

    Without words it holds no personal data. The office can work meanwhile. That an export was begun is
    recorded before anything is written; the folder is whole once it is there.
    """
    try:
        with private_files(), new_folder(folder) as made, open_office() as session:
            begin_write(session)
            held = record.log_size(session)
            if log_size is not None and log_size > held:
                raise Refused(
                    f"The log holds {held:,} entries, not {log_size:,}. Give a size up to that."
                )
            older = Asked(log_size) if log_size is not None else None
            asked = announce(session, older, has_words=with_words, origin=Origin("command"))
            session.commit()
            write(session, made, asked)
    except FolderTaken as taken:
        raise Refused(str(taken)) from None
    if is_json:
        print_json({"folder": str(folder), "log_size": asked.log_size, "has_words": with_words})
        return
    click.echo(f"{asked.log_size:,} entries were exported to {folder}.")
    if with_words:
        click.echo("It holds personal data: keep it encrypted, and delete it when it was checked.")
    click.echo(f"To verify them: python3 -I {folder / 'verify_casework.py'} {folder}")
