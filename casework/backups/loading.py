"""The only place that brings an office back from a backup: rows into an empty database, files, keys.

It writes rows as they were, those of the log too, past the doors that wrote them once: what stands
then is believed because the whole log is verified before anybody is served, and for no other reason.
"""

import gzip
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from pyrage.x25519 import Identity
from sqlalchemy import Connection, MetaData, Table, cast, func, insert, select
from sqlalchemy.dialects.postgresql import REGCLASS

from casework.backups import rows
from casework.backups.manifest import FILE, KEY, PIECE, Manifest
from casework.backups.reading import members
from casework.backups.refusal import NotWhole
from casework.checkpoints.keys import OWNER_ALONE
from casework.files.store import Store
from casework.files.whole import write_whole

_AT_ONCE = 1000


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
                write_whole(place, member.content.read(), OWNER_ALONE)
    tables.end()


class _Tables:
    """The tables of an empty database, as they are there, and how many rows came into each."""

    def __init__(self, connection: Connection, manifest: Manifest) -> None:
        self._connection = connection
        self._told = {each.name: each for each in manifest.tables}
        self._there = MetaData()
        self._there.reflect(connection, only=list(self._told))
        self._rows: Counter[str] = Counter()

    def add(self, name: str, piece: BinaryIO) -> None:
        """Add the rows of a piece of a table."""
        if name not in self._told:
            raise NotWhole(f"It holds rows of {name}, which its manifest does not list.")
        kinds, statement = self._told[name].columns, insert(self._there.tables[name])
        with gzip.open(piece) as lines:
            told = (rows.read(line, kinds) for line in lines)
            while several := list(islice(told, _AT_ONCE)):
                self._connection.execute(statement, several)
                self._rows[name] += len(several)

    def end(self) -> None:
        """See that no row is missing, and let numbers that the database gives go on from here."""
        for name, told in self._told.items():
            if self._rows[name] != told.rows:
                raise NotWhole(f"It has not as many rows of {name} as its manifest says.")
        if self._connection.dialect.name == "postgresql":
            for table in self._there.tables.values():
                _go_on(self._connection, table)


def _go_on(connection: Connection, table: Table) -> None:
    """Let what numbers a table's rows, where anything does, go on after the highest number."""
    if (number := table.autoincrement_column) is not None:
        named = connection.dialect.identifier_preparer.quote(table.name)
        sequence = cast(func.pg_get_serial_sequence(named, number.name), REGCLASS)
        connection.execute(select(func.setval(sequence, func.max(number))))
