"""The only place for `casework init`: making or upgrading an installation's database."""

import click

from casework.arising import write_missing_rows
from casework.cli.installation import (
    check_not_newer,
    database_url,
    make_folders,
    open_office,
    private_files,
)
from casework.counts import milestones
from casework.database import begin_write, upgrade
from config import Settings
from workflows import WORKFLOWS


def prepare_database(settings: Settings) -> None:
    """Make the folders and bring the database to this release; safe to repeat."""
    make_folders(settings)
    check_not_newer(settings)
    with private_files():
        upgrade(settings.database_url)
    with open_office(settings) as session:
        begin_write(session)
        milestones.bring_up_to_date(session, WORKFLOWS)
        write_missing_rows(session)
        session.commit()


@click.command(
    short_help="Create or upgrade the database.",
    epilog="Example: casework init",
)
def init() -> None:
    """Create the database, or upgrade it to this release.

    Safe to repeat: nothing that was recorded is changed.
    """
    settings = Settings.from_environment()
    prepare_database(settings)
    click.echo(f"The database is ready: {database_url(settings).render_as_string()}")
