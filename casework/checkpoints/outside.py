"""The only place that finds checkpoints in the folder for them, whatever else lies there."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from casework.checkpoints.checks import Held, in_file
from casework.checkpoints.folder import file_of, named_in


@dataclass(frozen=True)
class InFolder:
    """What lies in the folder: its checkpoints, and a sentence for each thing that is no file to read."""

    held: tuple[Held, ...] = ()
    unread: tuple[str, ...] = ()


def in_folder(folder: Path, sizes: Collection[int] = ()) -> InFolder:
    """What is in the folder, `sizes` being those of the checkpoints that the database has.

    A file that has neither the name of one of these nor that of the checkpoint it holds may be
    anything that somebody put there. Raises OSError where the folder cannot be read.
    """
    held, unread = [], []
    names = {file_of(folder, size).name for size in sizes}
    for path in named_in(folder):
        try:
            found, left_at = in_file(path), datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except OSError as fault:
            unread.append(f"{path} was not compared: {(fault.strerror or str(fault)).lower()}.")
            continue
        its_own = file_of(folder, found.size).name if found.size is not None else None
        is_bound = path.name in names or path.name == its_own
        held.append(replace(found, is_bound=is_bound, left_at=left_at))
    return InFolder(tuple(held), tuple(unread))


def readable_in(folder: Path | None) -> tuple[Held, ...]:
    """The checkpoints that can be read in the folder; none where it cannot, which leaving them tells."""
    try:
        return in_folder(folder).held if folder is not None else ()
    except OSError:
        return ()
