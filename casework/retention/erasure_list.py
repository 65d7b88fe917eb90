"""The only place for the list of erasures outside the database: tokens and days, a line for each.

Whoever restores an older backup erases again what is on it. It names nobody.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from pathlib import Path

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit.record import instant
from casework.files.whole import flush_folder
from casework.models import Case, Erasure
from casework.retention.erasing import Listed, neutral_reference
from config import Settings

NAME = "erasures.jsonl"


def lists_of(settings: Settings) -> tuple[Path, ...]:
    """Where the lists of an installation are: in its data folder, and with its checkpoints."""
    folders = (settings.data_dir, settings.checkpoint_dir)
    return tuple(folder / NAME for folder in folders if folder is not None)


def read(path: Path) -> tuple[Listed, ...]:
    """What a list tells; nothing where there is none yet.

    A last line that was cut off by a kill is left out, as its erasure is listed again. Raises
    ValueError, with a sentence, when any other line is not one of a list.
    """
    if not path.exists():
        return ()
    *whole, _ = path.read_bytes().split(b"\n")
    return tuple(_read(line, path) for line in whole if line)


def _read(line: bytes, path: Path) -> Listed:
    try:
        told = orjson.loads(line)
        listed = Listed(told["case"], told["seq"], told["is_neutral"])
        if [type(each) for each in astuple(listed)] != [str, int, bool]:
            raise TypeError(told)
        return listed
    except (KeyError, TypeError, ValueError):
        raise ValueError(
            f"{path} has a line that tells of no erasure. Nothing was erased by it. Compare it with "
            "the other copy of the list."
        ) from None


def add_missing(session: Session, path: Path) -> int:
    """Write at the end of a list what the database knows and it does not, and flush it; how many lines."""
    known = {(each.case, each.seq) for each in read(path)}
    lines = [line for key, line in _lines(session) if key not in known]
    if lines:
        _append(path, lines)
    return len(lines)


def _lines(session: Session) -> Iterator[tuple[tuple[str, int], bytes]]:
    query = select(Erasure, Case.reference).join(Case, Case.token == Erasure.case_token)
    for row, reference in session.execute(query.order_by(Erasure.seq)):
        told = {
            "case": row.case_token,
            "seq": row.seq,
            "due_on": row.due_on.isoformat(),
            "at": instant(row.erased_at),
            "is_neutral": reference == neutral_reference(row.case_token),
        }
        yield (row.case_token, row.seq), orjson.dumps(told)


def _append(path: Path, lines: Iterable[bytes]) -> None:
    """Put lines after the last whole one: what a kill cut off was never a line."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        file.truncate(file.read().rfind(b"\n") + 1)
        file.seek(0, os.SEEK_END)
        file.write(b"".join(line + b"\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())
    flush_folder(path.parent)
