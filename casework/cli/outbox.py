"""The only place for `casework outbox`: the office's mail, sent on a timer, and what waits."""

from dataclasses import dataclass
from typing import Any

import click
from sqlalchemy.orm import Session

from casework.cli.installation import open_office
from casework.cli.output import print_json
from casework.cli.program import DONE, WRONG, Refused
from casework.database import begin_write
from casework.files.alone import alone
from casework.files.store import FileMissing, Store
from casework.models import OutboxMail
from casework.outbox import queries, queue
from casework.outbox.mail import written
from casework.outbox.sending import Outcome, deliver, without_words
from casework.web.filters import moment
from config import MailServer, Settings

LOCK = "outbox.lock"
"""A file in the data folder that is locked while mail is sent."""
NO_SERVER = (
    "No mail server is set up, so nothing was sent. Set CASEWORK_SMTP_HOST and "
    "CASEWORK_SMTP_FROM; the page on running Casework tells how."
)


@click.group(short_help="The office's mail: send it, list what waits.")
def outbox() -> None:
    """Send the letters that wait to be sent by the office's mail, and list them.

    Of what a mail server says only its codes are told; its words are on the page “Mail to send”.
    """


@dataclass(frozen=True)
class Fate:
    """What became of one mail in this run; `said` about it, without a server's words."""

    token: str
    letter: str
    status: str
    said: str


@outbox.command(short_help="Send what waits.", epilog="Example: casework outbox send --dry-run")
@click.option("--dry-run", is_flag=True, help="Say what would be sent, and send nothing.")
@click.option("--json", "is_json", is_flag=True, help="Print JSON only.")
def send(dry_run: bool, is_json: bool) -> int:
    """Send each letter that is due, once; to be run on a timer.

    Exit code 0 when all is well, 1 when a mail needs somebody: it failed, or it may have been
    sent by a run that was interrupted. Those wait on the page “Mail to send”.
    """
    settings = Settings.from_environment()
    if settings.mail_server is None:
        raise Refused(NO_SERVER)
    with open_office(settings) as session, alone(settings.data_dir / LOCK) as is_alone:
        if not is_alone:
            click.echo("Another run is sending already; this one did nothing.", err=True)
            return DONE
        fates = _would_send(session) if dry_run else _send(session, settings, settings.mail_server)
        unwell = [each for each in queries.all_not_sent(session) if each.needs_somebody]
    if is_json:
        print_json({"mails": [vars(fate) for fate in fates], "need_somebody": len(unwell)})
    else:
        _tell(fates, len(unwell), dry_run=dry_run)
    return WRONG if unwell else DONE


@outbox.command("list", short_help="What is not sent.", epilog="Example: casework outbox list")
@click.option("--json", "is_json", is_flag=True, help="Print JSON only.")
def list_(is_json: bool) -> None:
    """List the mail that waits, failed, or may have been sent, without addresses or a mail server's words."""
    with open_office() as session:
        found = [_shown(each) for each in queries.all_not_sent(session)]
    if is_json:
        print_json(found)
        return
    for each in found:
        click.echo(f"{each['status']:8} {each['letter']}  {each['said'] or ''}".rstrip())
    click.echo(f"{len(found)} not sent.")


def _shown(listed: queries.Listed) -> dict[str, Any]:
    mail = listed.mail
    return {
        "token": mail.token,
        "letter": listed.title,
        "status": mail.status,
        "attempts": mail.attempts,
        "queued_at": mail.queued_at,
        "tried_at": mail.tried_at,
        "next_try_at": mail.next_try_at if mail.status == queue.QUEUED else None,
        "said": mail.last_error and without_words(mail.last_error),
    }


def _would_send(session: Session) -> list[Fate]:
    titles = _titles(session)
    return [Fate(token, titles[token], queue.QUEUED, "") for token in queue.due(session)]


def _send(session: Session, settings: Settings, server: MailServer) -> list[Fate]:
    titles, store = _titles(session), Store.of(settings)
    begin_write(session)
    fates = [
        Fate(row.token, titles[row.token], row.status, _interrupted(row))
        for row in queue.mark_interrupted(session)
    ]
    session.commit()
    for token in queue.due(session):
        status, outcome = _send_one(session, store, server, token)
        fates.append(Fate(token, titles[token], status, without_words(outcome.said)))
        if outcome.fate == "unreachable":
            break
    return fates


def _send_one(
    session: Session, store: Store, server: MailServer, token: str
) -> tuple[str, Outcome]:
    """Claim one mail, hand it over, and write down what became of it, each in its own commit."""
    begin_write(session)
    claimed = queue.claim(session, token)
    session.commit()
    if claimed is None:
        return queue.CANCELLED, Outcome("cancelled", "It is not to be sent any more.")
    outcome = _handed_over(store, server, claimed)
    begin_write(session)
    status = queue.settle(session, token, outcome)
    session.commit()
    return status, outcome


def _handed_over(store: Store, server: MailServer, claimed: queue.Claimed) -> Outcome:
    mail = claimed.mail
    try:
        files = [_read(store, attachment.sha256) for attachment in mail.attachments]
    except FileMissing as missing:
        return Outcome("unreadable", f"The stored file {missing} is not there or was altered.")
    content = written(mail, claimed.message_id, server.sender, claimed.at, files)
    return deliver(server, mail.recipient, content)


def _read(store: Store, digest: str) -> bytes:
    with store.open(digest) as file:
        return file.read()


def _titles(session: Session) -> dict[str, str]:
    return {each.mail.token: each.title for each in queries.all_not_sent(session)}


def _interrupted(row: OutboxMail) -> str:
    at = f" at {moment(row.tried_at)}" if row.tried_at else ""
    return f"It may have been sent{at}: that run was interrupted. It was not sent again."


def _tell(fates: list[Fate], unwell: int, *, dry_run: bool) -> None:
    for fate in fates:
        click.echo(f"{fate.status:8} {fate.letter}  {fate.said}".rstrip())
    sent = sum(fate.status in (queue.DONE, queue.QUEUED if dry_run else "") for fate in fates)
    click.echo(f"{sent} would be sent." if dry_run else f"{sent} sent.")
    if unwell:
        click.echo(f"{unwell} need somebody: see the page “Mail to send”.", err=True)
