"""The only place where files are written to disk and read from it, each under its own hash.

The folder is `files` in the installation's data folder, readable by its owner alone and never
served. A file is written beside its place, flushed, and put there in one step; so whatever has
a name is whole. The same bytes given again take their own place.
"""

import errno
import os
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import file_digest, sha256
from io import BytesIO
from pathlib import Path
from shutil import disk_usage
from typing import IO, BinaryIO

from sqlalchemy.orm import Session

from casework import clock
from casework.files import names, scan
from casework.files.kinds import KINDS, Kind
from casework.files.looking import FileRefused, look_inside
from casework.models import StoredFile
from config import MEGABYTE, Settings

CHUNK = 1024 * 1024
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


class FileTooLarge(FileRefused):
    """The file is larger than the installation takes."""


class StoreFull(FileRefused):
    """There is no room left for the file, or none that may be written to."""


class FileMissing(Exception):
    """The bytes that a hash names are not there, or are no longer those that were kept."""


@dataclass(frozen=True)
class Kept:
    """A file that is in the store: its SHA-256 in hexadecimal, its bytes' number, what it is."""

    sha256: str
    size: int
    kind: Kind
    scan: scan.Verdict


@dataclass(frozen=True)
class Store:
    """The files of one installation. `largest` is in bytes; `clamd` where its scanner listens.

    What is given leaves at least `spare` bytes of the disk free.
    """

    folder: Path
    largest: int
    clamd: str | None = None
    spare: int = 0

    @classmethod
    def of(cls, settings: Settings) -> "Store":
        """The store of an installation."""
        return cls(settings.data_dir / "files", settings.largest_file, settings.clamd)

    def keep(self, stream: IO[bytes], name: str, only: Collection[Kind] = KINDS) -> Kept:
        """Keep a file that somebody gave, once it was looked into and scanned.

        Raises FileRefused, whose sentences say what is wrong and what to do; then nothing stays.
        """
        incoming = self._new_path()
        try:
            if disk_usage(self.folder).free < self.spare:
                raise OSError(errno.ENOSPC, "no room is left that others do not need")
            digest, size = self._write(stream, incoming)
            with incoming.open("rb") as file:
                seen = look_inside(file, names.safe_name(name), only)
                verdict = self._scanned(file)
            self._keep_text(digest, seen.text)
            self._place(incoming, self._path(digest))
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
            raise StoreFull(
                "It could not be stored, as the server’s disk is full or cannot be written to. "
                "Tell whoever looks after the server, then try again."
            ) from None
        finally:
            incoming.unlink(missing_ok=True)
        return Kept(digest, size, seen.kind, verdict)

    def _keep_text(self, digest: str, text: str) -> None:
        incoming = self._new_path()
        try:
            self._write(BytesIO(text.encode()), incoming)
            self._place(incoming, self._path(digest, ".txt"))
        finally:
            incoming.unlink(missing_ok=True)

    def keep_made(self, content: bytes, kind: Kind, text: str = "") -> Kept:
        """Keep bytes that Casework itself wrote, with the words that the search finds them by."""
        incoming = self._new_path()
        try:
            digest, size = self._write(BytesIO(content), incoming)
            if text:
                self._keep_text(digest, text)
            self._place(incoming, self._path(digest))
        finally:
            incoming.unlink(missing_ok=True)
        return Kept(digest, size, kind, "not_scanned")

    def bring_back(self, digest: str, stream: IO[bytes], *, is_text: bool) -> None:
        """Keep again what a backup held: the file with this hash, or the words of it.

        It is as old as can be, since no open form is about to name it. Raises FileMissing, and keeps
        nothing, where a file's bytes have another hash.
        """
        incoming = self._new_path()
        try:
            found, _ = self._write(stream, incoming, is_bounded=False)
            if found != digest and not is_text:
                raise FileMissing(digest)
            os.utime(incoming, (0, 0))
            self._place(incoming, self._path(digest, ".txt" if is_text else ""))
        finally:
            incoming.unlink(missing_ok=True)

    def open(self, digest: str) -> BinaryIO:
        """The file with this hash, from its beginning; FileMissing unless its bytes still have it."""
        try:
            file = self._path(digest).open("rb")
        except FileNotFoundError:
            raise FileMissing(digest) from None
        if file_digest(file, "sha256").hexdigest() != digest:
            file.close()
            raise FileMissing(digest)
        file.seek(0)
        return file

    def text(self, digest: str) -> str:
        """The words of a file, for the search; empty where it has none, as a picture."""
        try:
            return self._path(digest, ".txt").read_text("utf-8")
        except FileNotFoundError:
            return ""

    def paths(self, digest: str) -> tuple[Path, Path]:
        """Where a file of this hash is, and where its words are."""
        return self._path(digest), self._path(digest, ".txt")

    def _path(self, digest: str, suffix: str = "") -> Path:
        return self.folder / digest[:2] / f"{digest}{suffix}"

    def _new_path(self) -> Path:
        incoming = self.folder / "incoming"
        for folder in (self.folder, incoming):  # "parents" would open the outer one to others
            folder.mkdir(mode=0o700, exist_ok=True)
        return incoming / secrets.token_hex(16)

    def _write(self, stream: IO[bytes], path: Path, *, is_bounded: bool = True) -> tuple[str, int]:
        """Write a stream, hashed on the way; its digest and size. FileTooLarge as soon as it is."""
        hashed, size = sha256(), 0
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if is_bounded and size > self.largest:
                    raise FileTooLarge(
                        f"It is larger than {self.largest / MEGABYTE:g} MB, the most that is taken "
                        "here. Save it smaller, or in parts, and choose it again."
                    )
                hashed.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        return hashed.hexdigest(), size

    def _place(self, path: Path, place: Path) -> None:
        """Put a written file where its hash says; the folder's entry is flushed too."""
        place.parent.mkdir(mode=0o700, exist_ok=True)
        path.rename(place)
        descriptor = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _scanned(self, file: BinaryIO) -> scan.Verdict:
        try:
            return scan.scan(file, self.clamd)
        except scan.Infected as found:
            raise FileRefused(
                f"It holds what the virus scanner calls “{found}”. Do not open it. Tell whoever "
                "looks after your computers."
            ) from None
        except scan.ScannerSilent:
            raise FileRefused(
                "It could not be scanned for viruses, as the scanner does not answer. Try again "
                "later, or tell whoever looks after the server."
            ) from None


def note(session: Session, kept: Kept) -> None:
    """Enter a kept file in its table, within the caller's write transaction."""
    row = session.get(StoredFile, kept.sha256)
    if row is None:
        row = StoredFile(
            sha256=kept.sha256,
            size=kept.size,
            media_type=kept.kind.media_type,
            stored_at=clock.now(),
            scan=kept.scan,
        )
        session.add(row)
    elif kept.scan == scan.CLEAN:
        row.scan = kept.scan
    session.flush()
