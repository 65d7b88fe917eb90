"""The only place that makes the name of a file safe to keep, to show and to save under."""

import re
import unicodedata
from pathlib import PurePosixPath

from casework.files.kinds import PAGES, PROGRAMS, Kind

LONGEST = 120
NAMELESS = "file"
# What no file system takes, and what Windows reads as a drive, a stream or a pattern.
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)
_LONGEST_SUFFIX = 10


def safe_name(given: str) -> str:
    """A name without folders, controls or marks that turn the reading direction; never empty.

    Control and format characters (general categories Cc, Cf, Cs, Co, Cn; line and paragraph
    separators) are left out: a right-to-left mark makes "gpj.exe" read as "exe.jpg". What is
    safe already comes back unchanged.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    visible = "".join(" " if char.isspace() else char for char in last if _is_visible(char))
    plain = " ".join(_NOT_IN_NAMES.sub("-", visible).split()).strip(". ")
    stem, suffix = _parted(plain)
    if _RESERVED.fullmatch(plain.split(".")[0].strip()):
        stem = f"{NAMELESS} {stem}"
    return f"{stem[: LONGEST - len(suffix)].rstrip('. ')}{suffix}" or NAMELESS


def _is_visible(char: str) -> bool:
    return char in "\t\n\r" or unicodedata.category(char) not in {
        *("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"),
    }


def _parted(name: str) -> tuple[str, str]:
    suffix = PurePosixPath(name).suffix
    return (name.removesuffix(suffix), suffix) if 1 < len(suffix) <= _LONGEST_SUFFIX else (name, "")


def suffixes_of(name: str) -> list[str]:
    """Every ".part" of a safe name but what it begins with, in small letters."""
    return [f".{part.strip().lower()}" for part in name.split(".")[1:]]


def stem_of(name: str) -> str:
    """A safe name without the suffix that says its kind: what people call the paper."""
    return _parted(name)[0]


def disguise_of(name: str) -> str | None:
    """The part of a name that a computer or browser would run, None where there is none."""
    return next((each for each in suffixes_of(name) if each in PROGRAMS | PAGES), None)


def name_for(stem: str, kind: Kind) -> str:
    """The name to save a file of this kind under."""
    safe = safe_name(stem)
    is_said = safe.lower().endswith(kind.suffixes)
    return safe if is_said else safe_name(f"{safe[: LONGEST - len(kind.suffix)]}{kind.suffix}")
