"""The only place for `casework status`: how the installation is."""

from dataclasses import asdict

import click

from casework.cli.installation import open_office
from casework.cli.output import print_json
from casework.cli.program import DONE, WRONG
from casework.status.checking import lines
from config import Settings


@click.command(short_help="Say how the installation is.", epilog="Example: casework status --json")
@click.option("--json", "is_json", is_flag=True, help="Print JSON only.")
def status(is_json: bool) -> int:
    """Say how the database, the log, its checkpoints, mail, backups and the disk are.

    Exit code 1 when something is to be mended. Nothing of a case or a person is printed.
    """
    settings = Settings.from_environment()
    with open_office(settings) as session:
        found = lines(session, settings)
    if is_json:
        print_json([asdict(line) for line in found])
    else:
        for line in found:
            click.echo(f"{line.state:5}  {line.name}: {line.sentence}")
    return WRONG if any(line.state == "wrong" for line in found) else DONE
