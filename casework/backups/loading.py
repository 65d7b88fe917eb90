"""The only place that brings an office back from a backup: rows into an empty database, files, keys.

It writes rows as they were, those of the log too, past the doors that wrote them once: what stands
then is believed because the whole log is verified before anybody is served, and for no other reason.
"""

import gzip
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from gzip import BadGzipFile
from pathlib import Path
from typing import BinaryIO

from pyrage.x25519 import Identity
from sqlalchemy import Connection, MetaData, Table, cast, func, insert, select
from sqlalchemy.dialects.postgresql import REGCLASS
from sqlalchemy.exc import OperationalError, StatementError

from casework.backups import rows
from casework.backups.making import PIECE_BYTES, kept_tables
from casework.backups.manifest import FILE, KEY, PIECE, Manifest
from casework.backups.reading import members, whole
from casework.backups.refusal import NotWhole
from casework.checkpoints.keys import OWNER_ALONE
from casework.files.store import Store
from casework.files.whole import write_whole

LARGEST_KEY = 10_000
"""Bytes of a signing key, which is one line."""
LONGEST = 32_000_000
"""Bytes of a row as a line, which is what a piece may be longer than it should."""
_AT_ONCE = 1000
_TOO_LONG = "A part of it is longer than in any backup. Take another one."


@dataclass(frozen=True)
class Backup:
    """A backup that was read through and found whole, and the key that opens it."""

    path: Path
    key: Identity
    manifest: Manifest


def load(connection: Connection, backup: Backup, store: Store, signing_key: Path) -> None:
    """Load all of a backup, within the caller's transaction; files and keys stay whatever it does.

    The database has the schema that the backup was made of, and no rows, and there is no file
    `signing_key`. Raises NotWhole where a table has not the rows that it should.
    """
    tables = _Tables(connection, backup.manifest)
    with members(backup.path, backup.key) as found:
        for member in found:
            if piece := PIECE.fullmatch(member.name):
                tables.add(piece[1], member.content)
            elif file := FILE.fullmatch(member.name):
                store.bring_back(file[2], member.content, is_text=bool(file[3]))
            elif key := KEY.fullmatch(member.name):
                place = signing_key.with_name(f"{signing_key.name}{key[1] or ''}")
                write_whole(place, whole(member.content, LARGEST_KEY), OWNER_ALONE)
    tables.end()


class _Tables:
    """The tables of an empty database, as they are there, and how many rows came into each."""

    def __init__(self, connection: Connection, manifest: Manifest) -> None:
        self._connection = connection
        self._told = {each.name: each for each in manifest.tables}
        self._there = MetaData()
        self._there.reflect(connection)
        kept = {each.name for each in kept_tables()}
        for name, each in self._told.items():
            there = self._there.tables.get(name) if name in kept else None
            if there is None or each.columns.keys() - there.columns.keys():
                raise NotWhole(
                    f"It has a table {name!r} that its schema has not. Take another one."
                )
        self._rows: Counter[str] = Counter()

    def add(self, name: str, piece: BinaryIO) -> None:
        """Add the rows of a piece of a table."""
        if name not in self._told:
            raise NotWhole(f"It holds rows of {name}, which its manifest does not list.")
        kinds, statement = self._told[name].columns, insert(self._there.tables[name])
        try:
            for lines in _lines(piece):
                self._rows[name] += len(lines)
                if self._rows[name] <= self._told[name].rows:  # `end` refuses what is more
                    self._connection.execute(statement, [rows.read(each, kinds) for each in lines])
        except OperationalError:
            raise
        except (OverflowError, StatementError, ValueError):
            raise NotWhole(f"It holds rows of {name} that are none. Take another one.") from None

    def end(self) -> None:
        """See that no row is missing, and let numbers that the database gives go on from here."""
        for name, told in self._told.items():
            if self._rows[name] != told.rows:
                raise NotWhole(f"It has not as many rows of {name} as its manifest says.")
        if self._connection.dialect.name == "postgresql":
            for name in self._told:
                _go_on(self._connection, self._there.tables[name])


def _lines(piece: BinaryIO) -> Iterator[list[bytes]]:
    """The lines of a piece, some at a time. NotWhole where it cannot be read or is too long."""
    waiting: list[bytes] = []
    left, length = PIECE_BYTES + LONGEST, 0
    try:
        with gzip.open(piece) as unpacked:
            while line := unpacked.readline(left + 1):
                left -= len(line)
                length += len(line)
                if left < 0:
                    raise NotWhole(_TOO_LONG)
                waiting.append(line)
                if len(waiting) == _AT_ONCE or length > PIECE_BYTES:
                    yield waiting
                    waiting, length = [], 0
    except (BadGzipFile, EOFError, zlib.error):
        raise NotWhole("A part of it cannot be unpacked. Take another one.") from None
    if waiting:
        yield waiting


def _go_on(connection: Connection, table: Table) -> None:
    """Let what numbers a table's rows, where anything does, go on after the highest number."""
    if (number := table.autoincrement_column) is not None:
        named = connection.dialect.identifier_preparer.quote(table.name)
        sequence = cast(func.pg_get_serial_sequence(named, number.name), REGCLASS)
        connection.execute(select(func.setval(sequence, func.max(number))))
