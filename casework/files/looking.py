"""The only place that has a file looked into: by a process of its own, which may die of it.

Whatever is wrong with a file, a bomb of any make, only that process meets it: it has the file
and nothing else, and bounds on time and memory that it sets itself before it reads a byte
(`casework.files.inside`). What it says first is the verdict; all after that are the file's words.
"""

import json
import subprocess  # nosec B404
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import casework
from casework.files import names
from casework.files.kinds import KINDS, KINDS_BY_CODE, Kind
from casework.files.sniff import HEAD, sniff

WALL_SECONDS = 120
"""Never reached: the process ends itself long before. It is for when even that fails."""
TOO_MUCH = (
    "It takes more time or memory to open than a file of its size should. It may be damaged, or "
    "made to do harm. Ask whoever sent it for another copy, or print it to a PDF."
)
_INSIDE = [sys.executable, "-m", "casework.files.inside"]


class FileRefused(Exception):
    """A file is not taken. The message are sentences that begin with "It": why, and what to do."""


@dataclass(frozen=True)
class Seen:
    """What a file is, and its words."""

    kind: Kind
    text: str


def look_inside(file: BinaryIO, name: str, only: Collection[Kind] = KINDS) -> Seen:
    """What an open file under a safe name is; FileRefused when it is not taken.

    What it is, its bytes say; its name must not say anything else.
    """
    file.seek(0)
    kinds = sniff(file.read(HEAD))
    _require(any(kind in only for kind in kinds), "It is of a kind that is not taken.", only)
    hidden = names.disguise_of(name)
    _require(hidden is None, f"Its name has “{hidden}” in it.", only)
    verdict, text = _asked(file, kinds)
    if "refused" in verdict:
        raise FileRefused(verdict["refused"])
    kind = KINDS_BY_CODE[verdict["kind"]]
    _require(kind in only, f"It is of the kind “{kind.label}”.", only)
    _check_name(name, kind)
    return Seen(kind, text)


def _require(holds: bool, why_not: str, only: Collection[Kind]) -> None:
    if not holds:
        taken = ", ".join(kind.label for kind in only)
        raise FileRefused(f"{why_not} Taken are: {taken}. Save it as one of these.")


def _asked(file: BinaryIO, kinds: Collection[Kind]) -> tuple[dict[str, str], str]:
    """What the process says of a file that may be of these kinds: its verdict, then the words."""
    try:
        child = subprocess.run(  # nosec B603
            [*_INSIDE, *(kind.code for kind in kinds)],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path(casework.__file__).parent.parent,
            env={"PYTHONUTF8": "1"},
            timeout=WALL_SECONDS,
            check=False,
        )
        written = child.stdout
    except subprocess.TimeoutExpired as late:
        written = late.stdout or b""
    said, _, words = written.partition(b"\n")
    verdict = json.loads(said) if said else {"refused": TOO_MUCH}
    return verdict, words.decode("utf-8", "replace")


def _check_name(name: str, kind: Kind) -> None:
    """FileRefused when the name says that the file is of another kind than it is."""
    suffix = names.suffixes_of(name)[-1:]
    named = [other for other in KINDS if suffix and suffix[0] in other.suffixes]
    if named and kind not in named:
        raise FileRefused(
            f"It is of the kind “{kind.label}”, but its name says “{named[0].label}”. If that is "
            f"right, save it under a name that ends in {kind.suffix}, and choose it again."
        )
