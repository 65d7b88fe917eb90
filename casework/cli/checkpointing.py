"""The only place for `casework audit checkpoint` and `casework audit key`: signing, handing on, keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit.notes import SigningKey, VerifierKey, code_of
from casework.audit.words import entries_counted
from casework.checkpoints import folder, keys, queries, service
from casework.checkpoints.changes import KeyChange, change_key, key_changes
from casework.checkpoints.checks import Held
from casework.checkpoints.forks import LogForked
from casework.checkpoints.keys import KeyMissing, KeyRefused
from casework.checkpoints.outside import readable_in
from casework.checkpoints.reads import digest_finished_days
from casework.cli.installation import open_office, private_files
from casework.cli.output import print_json
from casework.cli.program import DONE, WRONG, Refused, sentence_of_file
from casework.database import begin_write
from casework.models import Checkpoint
from casework.outbox.checkpoint_mail import put_checkpoint
from casework.outbox.mail import MailRefused, address
from config import Settings

HAND_ON = "casework audit checkpoint"
NOWHERE = (
    "No copy leaves this machine, so whoever can write to it can still rewrite the log. Set "
    "CASEWORK_CHECKPOINT_DIR or CASEWORK_CHECKPOINT_MAIL."
)
GONE = (
    "Some checkpoints that had been left in {} were no longer there, {:,} in all, and were left again. "
    "Find out who took them away."
)
OTHER = (
    "{0} holds something else than the log’s own checkpoint: two logs were signed, or somebody changed "
    "the file. It was left as it is. Keep it safe, and run: casework audit verify --checkpoint {0}"
)
UNVOUCHED = (
    "The key before it was lost, or somebody else may have it, so nothing vouches for this one: tell "
    "whoever checks the log of it in another way."
)
NO_SERVER = "The checkpoint was not put with the mail: set CASEWORK_SMTP_HOST."


@dataclass(frozen=True)
class _HandedOn:
    """What became of the copies: newly mailed ones, and a sentence for each thing that went wrong."""

    mails: int = 0
    faults: tuple[str, ...] = ()


@click.command(
    short_help="Sign the log and hand the checkpoint on.",
    epilog="Example: casework audit checkpoint",
)
@click.option("--json", "is_json", is_flag=True, help="Print JSON only.")
def checkpoint(is_json: bool) -> int:
    """Sign the log as it stands, and leave copies outside this machine; to be run every day.

    Each finished day's reads of cases are sealed first. Copies go into CASEWORK_CHECKPOINT_DIR and,
    with the office's mail, to CASEWORK_CHECKPOINT_MAIL. Running it again does what was left undone.
    Exit code 1 when the log no longer begins as it was signed, or a copy could not be left; 2 when
    it cannot be signed.
    """
    settings = Settings.from_environment()
    recipients = _recipients(settings)
    left = readable_in(settings.checkpoint_dir)
    with open_office(settings) as session:
        begin_write(session)
        try:
            key = keys.current(session, settings.signing_key)
            digest_finished_days(session)
            signed = service.sign(session, (key,), left)
        except KeyRefused as refused:
            raise Refused(str(refused)) from None
        except LogForked as forked:
            click.echo(f"casework: {forked}", err=True)
            return WRONG
        session.commit()
        keys.settle(settings.signing_key, key.verifier)
        handed_on = _hand_on(session, settings, recipients, signed)
        _tell(settings, signed, handed_on, is_json=is_json)
    return WRONG if handed_on.faults else DONE


def _hand_on(
    session: Session, settings: Settings, recipients: tuple[str, ...], signed: Checkpoint
) -> _HandedOn:
    faults = []
    if settings.checkpoint_dir is not None:
        try:
            faults += _leave_in_folder(session, settings.checkpoint_dir)
        except OSError as fault:
            faults.append(
                f"No copy was left in the folder for checkpoints. {sentence_of_file(fault)}"
            )
    if not recipients:
        return _HandedOn(0, tuple(faults))
    if not settings.may_mail:
        return _HandedOn(0, (*faults, NO_SERVER))
    begin_write(session)
    server = settings.mail_server
    mails = put_checkpoint(session, signed, recipients, server.sender if server else None)
    session.commit()
    return _HandedOn(mails, tuple(faults))


def _leave_in_folder(session: Session, place: Path) -> list[str]:
    """Leave every checkpoint that is not in the folder, and write down that it is.

    A sentence for each that lies there with other bytes.
    """
    every = session.scalars(select(Checkpoint).order_by(Checkpoint.size)).all()
    left = folder.leave(place, every)
    begin_write(session)
    new = queries.not_left(session, queries.FOLDER, str(place))
    for size in set(new).difference(left.differing):
        service.note_copy(session, size, queries.FOLDER, str(place))
    session.commit()
    again = len(left.written.difference(new))
    if again:
        click.echo(f"casework: {GONE.format(place, again)}", err=True)
    return [OTHER.format(folder.file_of(place, size)) for size in left.differing]


def _tell(settings: Settings, signed: Checkpoint, handed_on: _HandedOn, *, is_json: bool) -> None:
    for fault in handed_on.faults:
        click.echo(f"casework: {fault}", err=True)
    if settings.checkpoint_dir is None and not settings.checkpoint_mail:
        click.echo(f"casework: {NOWHERE}", err=True)
    if is_json:
        told = {"size": signed.size, "root": signed.root.hex(), "note": signed.note}
        made = {"check_code": code_of(signed.note), "signed_at": signed.signed_at}
        print_json({**told, **made, "mails": handed_on.mails, "faults": handed_on.faults})
        return
    click.echo(f"{entries_counted(signed.size)} signed. Check code {code_of(signed.note)}.")
    if settings.checkpoint_dir is not None and not handed_on.faults:
        click.echo(f"It is in {settings.checkpoint_dir}.")
    if handed_on.mails:
        waits = "mail waits" if handed_on.mails == 1 else "mails wait"
        click.echo(f"{handed_on.mails} {waits} to be sent.")


@click.group(short_help="The key that signs checkpoints.")
def key() -> None:
    """Show or change the key that signs checkpoints."""


@key.command(short_help="Show it, and those before it.", epilog="Example: casework audit key show")
@click.option("--json", "is_json", is_flag=True, help="Print JSON only.")
def show(is_json: bool) -> int:
    """Show the public key that the log names, and every one before it.

    Exit code 1 when the private key to it is missing or cannot be used.
    """
    settings = Settings.from_environment()
    with open_office(settings) as session:
        changes = key_changes(session)
    if not changes:
        raise Refused(keys.NONE_YET)
    fault = _fault_of_key(settings.signing_key, changes[-1].key)
    if is_json:
        print_json({"keys": [_said(each) for each in changes], "fault": fault})
        return WRONG if fault else DONE
    for each in changes:
        click.echo(f"From entry {each.seq:,} on: {each.key.fingerprint}\n  {each.key.encoded}")
        if each.is_lost:
            click.echo(f"  {UNVOUCHED}")
    click.echo(fault or f"The private key is in {settings.signing_key}.")
    return WRONG if fault else DONE


@key.command(short_help="Sign with a new one.", epilog="Example: casework audit key rotate")
@click.option("--lost", is_flag=True, help="The key is lost, or somebody else may have it.")
def rotate(lost: bool) -> None:
    """Make a new key, put that on the log, and sign a checkpoint with the new key and the old.

    The old key so vouches for the new one, and is then destroyed. A lost key cannot vouch: whoever
    checks the log has to be told of the new key in another way.
    """
    settings = Settings.from_environment()
    left = readable_in(settings.checkpoint_dir)
    with open_office(settings) as session, private_files():
        begin_write(session)
        try:
            signed, new = _rotate(session, settings.signing_key, left, is_lost=lost)
        except (KeyRefused, LogForked) as refused:
            raise Refused(str(refused)) from None
        session.commit()
        keys.settle(settings.signing_key, new)
        click.echo(f"The log is signed by {new.fingerprint} from here on.")
        click.echo(f"{entries_counted(signed.size)} signed. Hand the checkpoint on with: {HAND_ON}")


def _rotate(
    session: Session, path: Path, left: Sequence[Held], *, is_lost: bool
) -> tuple[Checkpoint, VerifierKey]:
    changes = key_changes(session)
    if not changes:
        raise KeyMissing(keys.NONE_YET)
    before = changes[-1].key
    keys.settle(path, before)
    vouching = () if is_lost else (keys.of_log(path, before),)
    new = keys.made(keys.next_of(path), lambda: SigningKey.new(before.name))
    change_key(session, new.verifier, before, is_lost=is_lost)
    return service.sign(session, (new, *vouching), left), new.verifier


def _fault_of_key(path: Path, named: VerifierKey) -> str | None:
    try:
        keys.of_log(path, named)
    except KeyRefused as refused:
        return str(refused)
    return None


def _recipients(settings: Settings) -> tuple[str, ...]:
    try:
        return tuple(address(each) for each in settings.checkpoint_mail)
    except MailRefused:
        raise Refused(
            "CASEWORK_CHECKPOINT_MAIL holds something that is no e-mail address. Nothing was signed."
        ) from None


def _said(change: KeyChange) -> dict[str, object]:
    return {
        "from_entry": change.seq,
        "at": change.at,
        "public_key": change.key.encoded,
        "fingerprint": change.key.fingerprint,
        "is_lost": change.is_lost,
    }
