"""The only place that makes the folder of an export: whole under its name, or not there at all."""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from casework.files.whole import flush_folder


class FolderTaken(Exception):
    """Something is there already; nothing was written."""


class Folder:
    """A folder being written: files of rows, a JSON object on each line, and others."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.files: dict[str, dict[str, Any]] = {}
        """Each file of rows: how many (`rows`), and the SHA-256 of its bytes in hexadecimal."""

    def rows(self, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write a file of rows, one after another as they are read."""
        digest, count = sha256(), 0
        with (self._path / f"{name}.jsonl").open("xb") as file:
            for row in rows:
                line = orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
                digest.update(line)
                file.write(line)
                count += 1
            _flush(file)
        self.files[f"{name}.jsonl"] = {"rows": count, "sha256": digest.hexdigest()}

    def file(self, name: str, content: bytes) -> None:
        """Write a file whole."""
        with (self._path / name).open("xb") as file:
            file.write(content)
            _flush(file)


@contextmanager
def new_folder(path: Path) -> Iterator[Folder]:
    """A folder beside `path`, for this user alone, that takes its name once all of it is written.

    Raises FolderTaken unless `path` is free or an empty folder, OSError where nothing can be written.
    """
    require_free(path)
    try:
        unfinished = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    except OSError as error:
        error.filename = str(path)  # the name that the user knows
        raise
    try:
        yield Folder(unfinished)
        flush_folder(unfinished)
        require_free(path)
        unfinished.replace(path)  # an empty folder is replaced
        flush_folder(path.parent)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def require_free(path: Path) -> None:
    """Raise FolderTaken unless there is nothing at `path`, or an empty folder."""
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        raise FolderTaken(f"{path} is no folder. Nothing was exported; name a new folder.")
    if path.is_dir() and any(path.iterdir()):
        raise FolderTaken(f"{path} is not empty. Nothing was exported; name a new folder.")
    if not path.parent.is_dir():
        raise FolderTaken(
            f"There is no folder {path.parent} to make {path.name} in. Make it first."
        )


def _flush(file: Any) -> None:
    file.flush()
    os.fsync(file.fileno())
