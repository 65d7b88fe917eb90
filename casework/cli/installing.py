"""The only place for `casework init`: making or upgrading an installation's database, and its key."""

from contextlib import suppress
from pathlib import Path

import click
from sqlalchemy.orm import Session

from casework.arising import write_missing_rows
from casework.audit.canonical import canonical
from casework.audit.notes import check_name
from casework.backups.site import site_of
from casework.checkpoints import keys
from casework.checkpoints.changes import KeyChange, change_key, key_changes
from casework.checkpoints.keys import KeyRefused
from casework.checkpoints.service import new_log_name
from casework.cli.installation import (
    check_not_newer,
    database_url,
    make_folders,
    open_office,
    private_files,
    refuse_unfinished,
)
from casework.cli.program import Refused
from casework.counts import milestones
from casework.database import begin_write, upgrade
from casework.retention.filling import fill_days
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
        fill_days(session)
        session.commit()


def give_first_key(session: Session, path: Path, log_name: str | None = None) -> None:
    """Make the key that signs the log, unless the log ever had one, in the caller's transaction.

    Once that is committed, `keys.settle` puts it in its place. Raises KeyRefused where another lies
    there.
    """
    if not key_changes(session):
        name = log_name or new_log_name(session)
        change_key(session, keys.first(path, name).verifier, None)


@click.command(
    short_help="Create or upgrade the database.",
    epilog="Example: casework init --log-name reviews.office.example/log",
)
@click.option(
    "--log-name",
    metavar="NAME",
    help="What checkpoints call the log, for ever; text. Otherwise it is made of the office’s name.",
)
def init(log_name: str | None) -> None:
    """Create the database, or upgrade it to this release, and make the key that signs the log.

    Safe to repeat: nothing that was recorded is changed, and no second key is made.
    """
    settings = Settings.from_environment()
    if log_name is not None:
        _check(log_name)
    try:
        change = _initialised(settings, log_name)
    except KeyRefused as refused:
        raise Refused(str(refused)) from None
    if log_name not in (None, change.key.name):
        raise Refused(
            f"The log is called {change.key.name}, for ever, and was not given the name {log_name}. All "
            "else is ready."
        )
    click.echo(f"The database is ready: {database_url(settings).render_as_string()}")
    click.echo(f"The log is {change.key.name}, its signing key {change.key.fingerprint}.")


def _initialised(settings: Settings, log_name: str | None) -> KeyChange:
    """Make all of it; the newest change of the log's key. KeyRefused where another key lies there."""
    check_not_newer(settings)
    if not site_of(settings).is_taken():
        refuse_unfinished(settings)
        keys.refuse_another(settings.signing_key)
    prepare_database(settings)
    with open_office(settings) as session, private_files():
        begin_write(session)
        give_first_key(session, settings.signing_key, log_name)
        session.commit()
        (*_, change) = key_changes(session)
        with suppress(KeyRefused):  # of a key that cannot be used, verification tells
            keys.settle(settings.signing_key, change.key)
    return change


def _check(log_name: str) -> None:
    try:
        check_name(log_name)
        canonical(log_name)
    except ValueError:
        raise Refused(
            "The name of a log has no spaces and no +, such as reviews.office.example/log. Nothing "
            "was done."
        ) from None
