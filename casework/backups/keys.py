"""The only place that says whom a backup is encrypted for, and with which key it is opened.

Both are age's own (age-encryption.org/v1, X25519), so that the `age` tool opens a backup as well.
"""

from dataclasses import dataclass
from pathlib import Path
from stat import S_IMODE

from pyrage import IdentityError, RecipientError
from pyrage.x25519 import Identity, Recipient

from casework.backups.refusal import BackupRefused
from casework.checkpoints.keys import OTHERS, OWNER_ALONE
from casework.files.whole import write_whole
from config import Settings

_SECRET = "AGE-SECRET-KEY-"


@dataclass(frozen=True)
class Recipients:
    """Whom backups are encrypted for. `kept_in` is the key that opens them, where it is kept here.

    `is_new` when that key was made now, so that it opens no backup made before.
    """

    keys: tuple[Recipient, ...]
    kept_in: Path | None
    is_new: bool = False


def recipients_of(settings: Settings) -> Recipients:
    """The recipients that the settings name, else the holder of the backup key, made now if need be.

    Raises BackupRefused where a setting is no recipient or the key cannot be read.
    """
    if settings.backup_recipients:
        return Recipients(tuple(map(_recipient, settings.backup_recipients)), None)
    path = settings.backup_key
    if is_new := not path.exists():
        write_whole(path, _written(Identity.generate()), OWNER_ALONE)
    elif S_IMODE(path.stat().st_mode) & OTHERS:
        raise BackupRefused(
            f"Others on this machine may read the key that opens backups, {path}, so no backup was made. "
            f"Run: chmod 600 {path}, and if somebody may have read it, move it to where it is kept safe, "
            "so that the next backup makes a new one."
        )
    return Recipients((identity(path).to_public(),), path, is_new)


def _recipient(text: str) -> Recipient:
    try:
        return Recipient.from_str(text)
    except RecipientError:
        raise BackupRefused(
            f"CASEWORK_BACKUP_RECIPIENTS names {text!r}, which is no public key of age. Write keys as "
            "age-keygen prints them, beginning with age1, with commas between them."
        ) from None


def identity(path: Path) -> Identity:
    """The private key in a file, as age-keygen writes one. BackupRefused where there is none."""
    try:
        lines = path.read_text("utf-8").splitlines()
        return Identity.from_str(next(line for line in lines if line.startswith(_SECRET)).strip())
    except FileNotFoundError:
        raise BackupRefused(
            f"There is no key {path} to open a backup with. Name the file that it is kept in with "
            "--key."
        ) from None
    except (StopIteration, IdentityError, UnicodeDecodeError):
        raise BackupRefused(
            f"The file {path} holds no private key of age: a line that begins with {_SECRET}1. Name "
            "the file that it is kept in with --key."
        ) from None


def _written(key: Identity) -> bytes:
    return (
        "# Opens the backups of this office. Keep a copy of this file away from this machine:\n"
        "# without it no backup can be read by anybody.\n"
        f"# public key: {key.to_public()}\n{key}\n"
    ).encode()
