"""The only place that encrypts and decrypts a backup, as a stream that never lies in the clear.

age pulls what it encrypts and pushes what it decrypts, so a thread stands between it and whoever
writes or reads, with a pipe of the system's: memory holds a pipe's worth, however long the stream.
"""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import BinaryIO

import pyrage
from pyrage.x25519 import Identity, Recipient

from casework.backups.refusal import NotWhole, OtherKey

_NO_KEY = "No matching keys found"


class _Target:
    """Where age writes to; it remembers why that failed, of which age keeps only the words."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.fault: OSError | None = None

    def write(self, content: bytes) -> int:
        """Write all of it."""
        try:
            return self._file.write(content)
        except OSError as fault:
            self.fault = fault
            raise

    def flush(self) -> None:
        """Hand on what was written."""
        self._file.flush()


@contextmanager
def sealed(target: BinaryIO, recipients: Sequence[Recipient]) -> Iterator[BinaryIO]:
    """What is written to the stream given arrives encrypted at `target` by the end of the block.

    Raises what writing to `target` raises.
    """
    out = _Target(target)
    read_end, write_end = os.pipe()
    with ThreadPoolExecutor(1) as beside:
        done = beside.submit(_seal, read_end, out, recipients)
        try:
            with os.fdopen(write_end, "wb") as plain:
                yield plain
        except BrokenPipeError:
            done.result()  # says why nobody reads any more
            raise
        done.result()


def _seal(read_end: int, out: _Target, recipients: Sequence[Recipient]) -> None:
    with os.fdopen(read_end, "rb") as plain:
        try:
            pyrage.encrypt_io(plain, out, recipients)
        except pyrage.EncryptError:
            raise out.fault or OSError("The backup could not be encrypted.") from None


@contextmanager
def opened(archive: BinaryIO, key: Identity) -> Iterator[BinaryIO]:
    """The plain stream of an encrypted one. To be read to its end, where a cut shows.

    Raises NotWhole, whatever was made of the stream until then, when it was altered or cut off, and
    OtherKey when it is encrypted for another key.
    """
    read_end, write_end = os.pipe()
    with ThreadPoolExecutor(1) as beside:
        done = beside.submit(_open, archive, write_end, key)
        try:
            with os.fdopen(read_end, "rb") as plain:
                yield plain
        finally:
            done.result()


def _open(archive: BinaryIO, write_end: int, key: Identity) -> None:
    with os.fdopen(write_end, "wb") as plain:
        out = _Target(plain)
        try:
            pyrage.decrypt_io(archive, out, [key])
        except (pyrage.DecryptError, OSError) as fault:
            if str(fault) == _NO_KEY:
                raise OtherKey(
                    "It is encrypted for another key, or its beginning is damaged. Name the file of "
                    "the right key with --key."
                ) from None
            if out.fault is None:  # else who reads has had enough, and knows why
                raise NotWhole(_why(fault)) from None


def _why(fault: Exception) -> str:
    if isinstance(fault, pyrage.DecryptError):
        return "It is no backup of Casework, or its beginning is damaged. Take another one."
    return "It is damaged, or was cut off. Take another one."
