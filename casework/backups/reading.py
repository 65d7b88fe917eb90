"""The only place that reads a backup: whether it is whole, and its members one after another."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tarfile import TarError, TarFile, TarInfo
from typing import BinaryIO

from pyrage.x25519 import Identity

from casework.backups.manifest import FILE, KEY, MANIFEST, PIECE, README, SUMS, Manifest
from casework.backups.refusal import NotWhole
from casework.backups.sealing import opened

_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Member:
    """A member of a backup; what it holds is read before the next member is asked for."""

    name: str
    content: BinaryIO


@contextmanager
def members(path: Path, key: Identity) -> Iterator[Iterator[Member]]:
    """The members of a backup, in their order, each of a name that a backup may have.

    Raises NotWhole where the file is none, was altered or cut off, or is encrypted for another key;
    of a cut that is known at the end alone.
    """
    with path.open("rb") as file, opened(file, key) as plain:
        yield _members(plain)


def _members(plain: BinaryIO) -> Iterator[Member]:
    try:
        archive = TarFile.open(fileobj=plain, mode="r|")
        for info in archive:
            content = archive.extractfile(info)
            if content is None or not _is_known(info):
                raise NotWhole(f"It holds {info.name!r}, which no backup does. Take another one.")
            yield Member(info.name, content)  # type: ignore[arg-type]
    except (TarError, EOFError):
        raise NotWhole("It is no backup of Casework, or is damaged. Take another one.") from None
    while plain.read(_CHUNK):
        pass


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
                manifest = member.content.read()
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
