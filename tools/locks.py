"""The only place that reads requirements/: what is locked, and the hashes it is held to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements"


@dataclass(frozen=True)
class Locked:
    """A release that may be installed: its canonical name, its version, and its files’ SHA-256, hex.

    A release may be locked for some machines alone; `requirement` says for which.
    """

    name: str
    version: str
    hashes: tuple[str, ...]
    requirement: Requirement


def locked(lock: str) -> tuple[Locked, ...]:
    """What the lock of this name holds, such as `runtime`, in its order."""
    return tuple(_releases((REQUIREMENTS / f"{lock}.txt").read_text("utf-8")))


def _releases(text: str) -> Iterator[Locked]:
    """ValueError for a line that is neither a comment nor a release at one version."""
    whole_lines = text.replace("\\\n", " ").splitlines()
    for line in (each for each in whole_lines if not each.startswith("#")):
        wanted, *hashes = re.split(r"\s+--hash=sha256:", line.strip())
        requirement = Requirement(wanted)
        pinned = re.fullmatch(r"==([^*,]+)", str(requirement.specifier))
        if not pinned:
            raise ValueError(f"{wanted} is not locked at one version.")
        name = canonicalize_name(requirement.name)
        yield Locked(name, pinned[1], tuple(hashes), requirement)
