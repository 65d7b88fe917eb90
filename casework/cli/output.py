"""The only place that writes what commands print: JSON, and the files that they were asked for."""

import os
import sys
from pathlib import Path
from typing import Any

import orjson

from casework.cli.program import Refused
from casework.files import whole


def print_json(value: Any, *, is_one_line: bool = False) -> None:
    """Print a value as JSON in UTF-8, and at once, so that a reader at the end of a pipe sees it."""
    option = 0 if is_one_line else orjson.OPT_INDENT_2
    stream = sys.stdout.buffer
    stream.write(orjson.dumps(value, option=option) + b"\n")
    stream.flush()


def counted(count: int, one: str) -> str:
    """So many of a thing whose plural ends in s: "1 file", "1,204 files"."""
    return f"{count:,} {one}" if count == 1 else f"{count:,} {one}s"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under another name and move it into place: whole, or not at all."""
    if path.is_dir():
        raise Refused(f"{path} is a folder. Give the name of a file in it.")
    if not path.parent.is_dir():
        raise Refused(f"There is no folder {path.parent} to keep {path.name} in. Make it first.")
    whole.write_whole(path, content, 0o666 & ~_umask())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
