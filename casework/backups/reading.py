"""The only place that reads a backup: whether it is whole, and its members one after another."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from io import RawIOBase
from pathlib import Path
from tarfile import BLOCKSIZE, TarError, TarInfo
from typing import Any, BinaryIO

from pyrage.x25519 import Identity

from casework.backups.manifest import FILE, KEY, LARGEST, MANIFEST, PIECE, README, SUMS, Manifest
from casework.backups.refusal import NotWhole
from casework.backups.sealing import opened

_CHUNK = 1024 * 1024
_DAMAGED = "It is no backup of Casework, or is damaged. Take another one."


@dataclass(frozen=True)
class Member:
    """A member of a backup; what it holds is read before the next member is asked for."""

    name: str
    content: BinaryIO


@contextmanager
def members(path: Path, key: Identity) -> Iterator[Iterator[Member]]:
    """The members of a backup, in their order, each of a name that a backup may have.

    Raises OtherKey where it is encrypted for another key, and NotWhole where the file is none, was
    altered or cut off; of a cut that is known at the end alone.
    """
    with path.open("rb") as file, opened(file, key) as plain:
        yield _members(plain)


class _Content(RawIOBase):
    """What a member holds, as a stream that ends where it does."""

    def __init__(self, plain: BinaryIO, size: int) -> None:
        self._plain, self._left = plain, size

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read on. Raises NotWhole where the archive ends before."""
        content = self._plain.read(min(len(buffer), self._left))
        if self._left and len(buffer) and not content:
            raise NotWhole(_DAMAGED)
        buffer[: len(content)] = content
        self._left -= len(content)
        return len(content)


def _members(plain: BinaryIO) -> Iterator[Member]:
    """As `TarFile` does, which would hold headers of any length in memory; ours are a block each."""
    while (block := plain.read(BLOCKSIZE)) and any(block):
        try:
            info = TarInfo.frombuf(block, "utf-8", "strict")
        except (TarError, ValueError):
            raise NotWhole(_DAMAGED) from None
        if not info.isreg() or info.size < 0 or not _is_known(info):
            raise NotWhole(f"It holds {info.name!r}, which no backup does. Take another one.")
        content = _Content(plain, info.size)
        yield Member(info.name, content)  # type: ignore[arg-type]
        while content.read(_CHUNK):
            pass
        plain.read(-info.size % BLOCKSIZE)
    while plain.read(_CHUNK):
        pass


def whole(content: BinaryIO, largest: int) -> bytes:
    """All of a small member. NotWhole, without more of it in memory, where it is larger."""
    found = content.read(largest + 1)
    if len(found) > largest:
        raise NotWhole("A part of it is larger than in any backup. Take another one.")
    return found


def _is_known(info: TarInfo) -> bool:
    fixed = (README, SUMS, MANIFEST)
    patterns = (PIECE, FILE, KEY)
    return info.name in fixed or any(each.fullmatch(info.name) for each in patterns)


def checked(path: Path, key: Identity) -> Manifest:
    """Read a backup through; what it says of itself. NotWhole unless every member has its hash."""
    sums, listed, manifest = sha256(), "", b""
    with members(path, key) as found:
        for member in found:
            if member.name == MANIFEST:
                manifest = whole(member.content, LARGEST)
            elif member.name == SUMS:
                listed = _digest(member.content)
            else:
                sums.update(f"{_digest(member.content)}  {member.name}\n".encode())
    told = Manifest.read(manifest)
    if not sums.hexdigest() == listed == told.sums:
        raise NotWhole("Its members are not those that it lists. Take another one.")
    return told


def _digest(content: BinaryIO) -> str:
    hashed = sha256()
    while chunk := content.read(_CHUNK):
        hashed.update(chunk)
    return hashed.hexdigest()
