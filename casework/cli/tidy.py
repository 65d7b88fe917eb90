"""The only place for `casework tidy`: what waits no longer is deleted, on a timer."""

import click
from sqlalchemy.orm import Session

from casework import clock
from casework.accounts import attempts
from casework.apply import waiting
from casework.apply.service import let_be_found
from casework.backups import unfinished
from casework.backups.site import LOCK as RESTORING
from casework.backups.site import site_of
from casework.cli.installation import open_office
from casework.cli.output import print_json
from casework.database import begin_write
from casework.files import tidying
from casework.files.alone import alone
from casework.files.store import Store
from casework.imports.waiting import REGISTERS
from casework.reconciliation.holding import LISTS
from casework.web import limits
from config import Settings


@click.command(short_help="Delete what waits no longer.", epilog="Example: casework tidy")
@click.option("--json", "is_json", is_flag=True, help="Print JSON only.")
def tidy(is_json: bool) -> None:
    """Delete applications not sent and registers not imported within a day, lists not checked
    within an hour, files that nothing names, and what was counted of who guesses or asks too often.

    To be run on a timer; it may run while people work. A file is deleted once it has lain for a
    day and neither a case nor a waiting application names it. Papers that were sent and cannot be
    found yet are given to the search. What a restore built that was ended is deleted too.
    """
    settings = Settings.from_environment()
    with open_office(settings) as session:
        _delete_half_restored(settings)
        for each in waiting.to_be_found(session):
            begin_write(session)
            let_be_found(session, each, Store.of(settings).text)
            session.commit()
        begin_write(session)
        applications = waiting.forget_expired(session)
        lists = LISTS.forget_expired(session)
        registers = REGISTERS.forget_expired(session)
        counts = attempts.forget_old(session) + limits.forget_past(session)
        session.commit()
        files = _delete_files(session, Store.of(settings))
    if is_json:
        print_json(
            {
                "applications": applications,
                "lists": lists,
                "registers": registers,
                "files": files,
                "counts": counts,
            }
        )
        return
    click.echo(
        f"Deleted: {applications} applications not sent, {lists} lists not checked, "
        f"{registers} registers not imported, {files} files nothing names, "
        f"{counts} counts of guesses and requests."
    )


def _delete_half_restored(settings: Settings) -> None:
    with alone(settings.data_dir / RESTORING) as is_alone:
        if is_alone:
            site_of(settings).clear()
            unfinished.end(settings)


def _delete_files(session: Session, store: Store) -> int:
    """Delete the files that nothing names; how many. Each while nobody else can name it."""
    now = clock.now()
    old = tidying.left_behind(store, now)
    named = tidying.named_among(session, old)
    deleted = tidying.delete_unfinished(store, now)
    for digest in (each for each in old if each not in named):
        begin_write(session)
        if not tidying.named_among(session, [digest]):
            deleted += tidying.delete(store, digest, now)
        session.rollback()
    return deleted
