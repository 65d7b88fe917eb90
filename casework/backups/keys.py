"""The only place that says whom a backup is encrypted for, and with which key it is opened.

Both are age's own (age-encryption.org/v1, X25519), so that the `age` tool opens a backup as well.
"""

from dataclasses import dataclass
from pathlib import Path

from pyrage import IdentityError, RecipientError
from pyrage.x25519 import Identity, Recipient

from casework.backups.refusal import BackupRefused
from casework.files.whole import write_whole
from config import Settings

OWNER_ALONE = 0o600
_SECRET = "AGE-SECRET-KEY-"


@dataclass(frozen=True)
class Recipients:
    """Whom backups are encrypted for. `kept_in` is the key that opens them, where it is kept here."""

    keys: tuple[Recipient, ...]
    kept_in: Path | None


def recipients_of(settings: Settings) -> Recipients:
    """The recipients that the settings name, else the holder of the backup key, made now if need be.

    Raises BackupRefused where a setting is no recipient or the key cannot be read.
    """
    if settings.backup_recipients:
        return Recipients(tuple(map(_recipient, settings.backup_recipients)), None)
    path = settings.backup_key
    if not path.exists():
        write_whole(path, _written(Identity.generate()), OWNER_ALONE)
    return Recipients((identity(path).to_public(),), path)


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
