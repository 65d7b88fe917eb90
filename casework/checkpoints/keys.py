"""The only place that keeps the signing key: a file outside the database, for its owner alone.

It holds one line, the private key as Go's `sumdb/note` writes it. While a key is changed, the new
one lies beside it until the log names it; whatever is interrupted then leaves the log's key in one
of the two files.
"""

import os
from collections.abc import Callable
from pathlib import Path
from stat import S_IMODE

from sqlalchemy.orm import Session

from casework.audit.notes import NoteRefused, SigningKey, VerifierKey
from casework.checkpoints.changes import key_changes
from casework.files.whole import flush_folder, write_whole

NONE_YET = "The log has no signing key yet. Run: casework init"
OWNER_ALONE = 0o600
OTHERS = 0o077


class KeyRefused(Exception):
    """The signing key cannot be used; the message says why, and what to do."""


class KeyMissing(KeyRefused):
    """There is no file where the signing key is kept."""


def read(path: Path) -> SigningKey:
    """The key in a file. KeyMissing, or KeyRefused where others may read it or it holds no key."""
    try:
        with path.open("rb") as file:
            mode = S_IMODE(os.fstat(file.fileno()).st_mode)
            written = file.read()
    except FileNotFoundError:
        raise KeyMissing(
            f"The signing key is missing: there is no file {path}, so no checkpoint can be signed. "
            "Bring it back from where it is kept safe, or, if it is lost for good, run: casework "
            "audit key rotate --lost"
        ) from None
    if mode & OTHERS:
        raise KeyRefused(
            f"Others on this machine may read the signing key, so it was not used. Run: chmod 600 "
            f"{path}, and if somebody may have read it: casework audit key rotate --lost"
        )
    try:
        return SigningKey.read(written.decode("ascii").removesuffix("\n"))
    except (UnicodeDecodeError, NoteRefused):
        raise KeyRefused(
            f"The file {path} holds no signing key. Bring it back from where it is kept safe."
        ) from None


def made(path: Path, new: Callable[[], SigningKey]) -> SigningKey:
    """The key in a file, made now if there is none."""
    if path.exists():
        return read(path)
    key = new()
    write_whole(path, f"{key.encoded}\n".encode(), OWNER_ALONE)
    return key


def first(path: Path, name: str) -> SigningKey:
    """A new key for a log that never had one, where a key waits that takes over; `settle` then.

    Raises KeyRefused where a key lies already, which is another log's.
    """
    refuse_another(path)
    key = SigningKey.new(name)
    write_whole(next_of(path), f"{key.encoded}\n".encode(), OWNER_ALONE)
    return key


def refuse_another(path: Path) -> None:
    """Raise KeyRefused where a key lies although the log of this office never had one."""
    if path.exists():
        raise KeyRefused(
            f"There is a signing key at {path} already, and the log of this office never had one: it "
            "is the key of another office, whose history it must not sign anew. Move it to where it is "
            "kept safe, or bring that office back with casework restore."
        )


def next_of(path: Path) -> Path:
    """Where the new key lies while it takes over from the one at `path`."""
    return path.with_name(f"{path.name}.next")


def current(session: Session, path: Path) -> SigningKey:
    """The key that signs the log now. Raises KeyMissing or KeyRefused."""
    changes = key_changes(session)
    if not changes:
        raise KeyMissing(NONE_YET)
    return of_log(path, changes[-1].key)


def of_log(path: Path, named: VerifierKey) -> SigningKey:
    """The private key to the one that the log names.

    Raises KeyMissing, or KeyRefused also where the file holds a key that the log does not name.
    """
    coming = next_of(path)
    if coming.exists() and (new := read(coming)).verifier == named:
        return new
    key = read(path)
    if key.verifier != named:
        raise KeyRefused(
            f"The key file holds the key {key.verifier.fingerprint}, but by the log checkpoints "
            f"are signed by {named.fingerprint}, so nothing can be signed with it. Bring that key "
            "back from where it is kept safe."
        )
    return key


def settle(path: Path, named: VerifierKey) -> None:
    """Let a new key take the place of the one before, once the log names it."""
    coming = next_of(path)
    if coming.exists() and read(coming).verifier == named:
        coming.replace(path)
        flush_folder(path.parent)
