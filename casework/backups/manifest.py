"""The only place that says what a backup tells of itself: its manifest, and the names of its members.

A backup is a tar archive. Tables come first, in an order in which they can be loaded, then the
files of the store, the signing key, `SHA256SUMS` over all members before it, and the manifest.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import orjson

from casework.backups.refusal import NotWhole
from casework.backups.rows import KINDS

FORMAT = "casework-backup/1"
README, SUMS, MANIFEST = "README.txt", "SHA256SUMS", "manifest.json"
PIECE = re.compile(r"tables/([a-z_]+)/[0-9]{6}\.jsonl\.gz")
"""Some rows of a table, a line of JSON each."""
FILE = re.compile(r"files/([0-9a-f]{2})/(\1[0-9a-f]{62})(\.txt)?")
"""A file of the store, or the words of one."""
KEY = re.compile(r"signing_key(\.next)?")
LARGEST = 64_000_000
"""Bytes of a manifest; each file that is missing takes some seventy."""


@dataclass(frozen=True)
class TableRows:
    """A table: the kind of each column (`rows.kinds_of`) by its name, and how many rows there are."""

    name: str
    columns: Mapping[str, str]
    rows: int


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `log_size` and `log_root` (hexadecimal) are the log's at that moment.

    `schema` is the revision of the database, `software` the version that made the backup,
    `checkpoint` the newest signed note. `missing` are files (SHA-256) that the database names and
    the store did not have, or not unaltered. `sums` is the SHA-256 of `SHA256SUMS`.
    """

    made_at: datetime
    software: str
    schema: str
    log_size: int
    log_root: str
    checkpoint: str | None
    tables: tuple[TableRows, ...]
    files: int
    missing: tuple[str, ...]
    sums: str

    def written(self) -> bytes:
        """The manifest as JSON for people and machines."""
        return orjson.dumps({"format": FORMAT, **asdict(self)}, option=orjson.OPT_INDENT_2) + b"\n"

    @classmethod
    def read(cls, content: bytes) -> "Manifest":
        """What `written` wrote. NotWhole where it is no manifest, or one of a later format."""
        try:
            told: dict[str, Any] = dict(orjson.loads(content))
            if told.pop("format") != FORMAT:
                raise NotWhole("It is of a later format. Restore it with the release that made it.")
            told["made_at"] = datetime.fromisoformat(told["made_at"])
            told["tables"] = tuple(TableRows(**each) for each in told["tables"])
            read = cls(**{**told, "missing": tuple(told["missing"])})
            read._check()
            return read
        except (AttributeError, KeyError, TypeError, ValueError):
            raise NotWhole("Its manifest cannot be read. Take another one.") from None

    def _check(self) -> None:
        """Raise TypeError or ValueError unless each thing is of the kind that it should be."""
        words = (self.software, self.schema, self.log_root, self.sums, self.checkpoint or "")
        names = (
            *self.missing,
            *(name for each in self.tables for name in (each.name, *each.columns)),
        )
        counts = (self.log_size, self.files, *(each.rows for each in self.tables))
        kinds = {kind for each in self.tables for kind in each.columns.values()}
        if not all(isinstance(each, str) for each in (*words, *names)) or not kinds <= KINDS:
            raise TypeError(names)
        if not all(type(each) is int and each >= 0 for each in counts):
            raise ValueError(counts)
        if self.made_at.tzinfo is None:
            raise ValueError(self.made_at)
