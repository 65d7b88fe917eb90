"""The only place that bounds the process which looks into a file: what it may take, how long.

Called with the codes of the kinds that the file on standard input may be. Writes one line of
JSON, the verdict, and then the file's words, piece by piece, so that those written count even
when time runs out over the rest.
"""

import json
import os
import sys
from importlib import import_module
from typing import Any, BinaryIO

from casework.files.inside.bounds import bound_memory, bound_time
from casework.files.inside.refusal import DAMAGED, Refused

MEMORY = 200_000_000
CHECK_SECONDS = 2
WORDS_SECONDS = 15
FACTOR = 4
"""A large file may take this many times its size more."""
BYTES_A_SECOND = 5_000_000
MOST_WORDS = 1_000_000
"""Characters of text that are kept for the search."""
_MODULES = {
    "pdf": "pdf",
    "docx": "packages",
    "odt": "packages",
    "jpeg": "pictures",
    "png": "pictures",
    "eml": "mail",
    "msg": "mail",
}


def main(kinds: list[str]) -> None:
    """Look into the file on standard input."""
    file = sys.stdin.buffer
    size = os.fstat(file.fileno()).st_size
    seconds = CHECK_SECONDS + size // BYTES_A_SECOND
    bound_memory(MEMORY + FACTOR * size)
    bound_time(seconds)
    try:
        kind = checked(file, kinds)
    except Refused as refused:
        _say(json.dumps({"refused": str(refused)}) + "\n")
        return
    _say(json.dumps({"kind": kind}) + "\n")
    bound_time(seconds + WORDS_SECONDS)
    _write_words(file, kind)


def checked(file: BinaryIO, kinds: list[str]) -> str:
    """The kind that the file is; Refused when it is none of them or not fit to be kept."""
    file.seek(0)
    try:
        return str(_module(kinds[0]).check(file))
    except (Refused, MemoryError):
        raise
    except Exception:  # noqa: BLE001  # whatever a library stumbles over in it, the file is at fault
        raise DAMAGED from None


def _write_words(file: BinaryIO, kind: str) -> None:
    left = MOST_WORDS
    for piece in _module(kind).words(file, kind):
        _say(piece[:left])
        left -= len(piece)
        if left <= 0:
            return


def _module(kind: str) -> Any:
    return import_module(f"casework.files.inside.{_MODULES[kind]}")


def _say(text: str) -> None:
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
