"""The only place that remembers what a restore adds beside the database, until there is an office.

Files and keys come into folders that may hold others already. So a restore first writes down what is
not there yet; whatever ends it, those are deleted by the next one, and nothing else is.
"""

from collections.abc import Iterable
from pathlib import Path
from shutil import rmtree

import orjson

from casework.backups.refusal import BackupRefused
from casework.checkpoints.keys import OWNER_ALONE, next_of
from casework.files.store import Store
from casework.files.whole import flush_folder, write_whole
from config import Settings

MARKER = "restore.unfinished"
"""A file in the data folder that lists what is new, from before anything is until all is in place."""
ENDED = (
    "A restore was ended before there was an office, or is still at work. Run it again: casework "
    "restore. docs/backup.md tells more."
)


def is_left(settings: Settings) -> bool:
    """Whether a restore began in this data folder and came to no end."""
    return _marker(settings).exists()


def begin(settings: Settings) -> None:
    """Write down what is not there yet and a restore may add."""
    place = settings.signing_key
    beside = (Store.of(settings).folder, *_both(place), *_both(key_beside(place)))
    new = [str(path) for path in beside if not path.exists()]
    write_whole(_marker(settings), orjson.dumps(new), OWNER_ALONE)


def end(settings: Settings) -> None:
    """Forget it, since the office is in place."""
    _marker(settings).unlink(missing_ok=True)


def clear(settings: Settings) -> None:
    """Delete what a restore added that came to no office."""
    if is_left(settings):
        _delete(Path(each) for each in orjson.loads(_marker(settings).read_bytes()))
        end(settings)


def key_beside(path: Path) -> Path:
    """Where the signing key lies until the office is in place; no command looks for it there."""
    return path.with_name(f"{path.name}.restoring")


def refuse_other_keys(path: Path) -> None:
    """Raise BackupRefused where another key lies already where a restored one is to be."""
    for beside, place in _moves(path):
        if place.exists() and place.read_bytes() != beside.read_bytes():
            raise BackupRefused(
                f"There is another signing key at {place}, and it was left as it is. Move it away, or "
                "name another place with CASEWORK_SIGNING_KEY."
            )


def put_keys_in_place(path: Path) -> None:
    """Let the restored keys be where commands look for them. BackupRefused where others are."""
    refuse_other_keys(path)
    for beside, place in _moves(path):
        beside.replace(place)
        flush_folder(place.parent)


def _moves(path: Path) -> tuple[tuple[Path, Path], ...]:
    both = zip(_both(key_beside(path)), _both(path), strict=True)
    return tuple((beside, place) for beside, place in both if beside.exists())


def _both(path: Path) -> tuple[Path, Path]:
    return path, next_of(path)


def _marker(settings: Settings) -> Path:
    return settings.data_dir / MARKER


def _delete(paths: Iterable[Path]) -> None:
    for path in paths:
        if path.is_dir():
            rmtree(path)
        else:
            path.unlink(missing_ok=True)
