"""The only place for `casework search`: whether all words can be found, and making it so."""

import click

from casework.cli.installation import open_office
from casework.cli.program import DONE, WRONG
from casework.database import at_one_moment, begin_write
from casework.files.store import Store
from casework.index import checking
from config import Settings

MOST_NAMED = 20


@click.group(short_help="The index of the search: check it, make it anew.")
def search() -> None:
    """The index of the search: check it, make it anew."""


@search.command(short_help="Check the index.", epilog="Example: casework search check")
def check() -> int:
    """Check that what can be found is what the log and the files hold; exit code 1 when not."""
    settings = Settings.from_environment()
    with open_office(settings) as session:
        at_one_moment(session)  # or an office at work would look altered
        different = list(checking.differences(session, Store.of(settings).text))
    if not different:
        click.echo("What can be found is what the log and the files hold.")
        return DONE
    named = ", ".join(different[:MOST_NAMED])
    click.echo(
        f"Of {len(different):,} cases it is not what the log and the files hold: {named}. "
        "Run: casework search rebuild"
    )
    return WRONG


@search.command(short_help="Make the index anew.", epilog="Example: casework search rebuild")
def rebuild() -> None:
    """Make the index anew from the log and the files; nobody can record anything meanwhile."""
    settings = Settings.from_environment()
    with open_office(settings) as session:
        begin_write(session)
        entries = checking.rebuild(session, Store.of(settings).text)
        session.commit()
    click.echo(f"{entries:,} entries can be found.")
