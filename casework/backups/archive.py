"""The only place that puts members into the archive that a backup is: a tar, and sums over all of it."""

from datetime import datetime
from hashlib import sha256
from io import BytesIO
from shutil import copyfileobj
from tarfile import BLOCKSIZE, PAX_FORMAT, TarInfo
from typing import BinaryIO

from casework.backups.manifest import SUMS


class Archive:
    """A tar archive under way, and the sums of its members so far."""

    def __init__(self, stream: BinaryIO, sums: BinaryIO, made_at: datetime) -> None:
        self._stream, self._sums, self._made_at = stream, sums, int(made_at.timestamp())

    def add(self, name: str, content: bytes) -> None:
        """Add a member."""
        self.add_file(name, BytesIO(content), sha256(content).hexdigest())

    def add_file(self, name: str, file: BinaryIO, digest: str) -> None:
        """Add what a file holds from its beginning, whose SHA-256 is known, in hexadecimal."""
        self._sums.write(f"{digest}  {name}\n".encode())
        self._write(name, file)

    def add_sums(self) -> str:
        """Add the sums of all members so far; their own SHA-256 in hexadecimal."""
        self._sums.seek(0)
        hashed = sha256()
        for line in self._sums:
            hashed.update(line)
        self._write(SUMS, self._sums)
        return hashed.hexdigest()

    def end(self) -> None:
        """Write what ends an archive: two empty blocks."""
        self._stream.write(bytes(2 * BLOCKSIZE))

    def _write(self, name: str, file: BinaryIO) -> None:
        info = TarInfo(name)
        info.size, info.mtime, info.mode = file.seek(0, 2), self._made_at, 0o600
        file.seek(0)
        self._stream.write(info.tobuf(PAX_FORMAT))
        copyfileobj(file, self._stream)
        self._stream.write(bytes(-info.size % BLOCKSIZE))
