"""The only place that writes a backup: every table, every file it names, the signing key, the manifest."""

import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

from alembic.migration import MigrationContext
from sqlalchemy import Table, select, union
from sqlalchemy.orm import Session

import casework
from casework import clock
from casework.audit.record import log_root, log_size
from casework.backups.archive import Archive
from casework.backups.manifest import MANIFEST, README, Manifest, TableRows
from casework.backups.rows import LEFT_OUT, kinds_of, written
from casework.checkpoints import queries as checkpoints
from casework.checkpoints.keys import next_of
from casework.files.store import FileMissing, Store
from casework.models import Base, StoredFile, WaitingFile

PIECE_BYTES = 1_000_000
"""About how much of a table is one member: no more than that of it is ever in memory."""
_FAST = 3
"""gzip's level; a higher one takes three times as long for a twentieth less."""
_AT_ONCE = 1000
_README = """This is a backup of an office that works with Casework, all of it.

tables/      each table in pieces, compressed with gzip; a row is a line of JSON
files/       the files of the office, each under the SHA-256 of its bytes; .txt are words found in it
signing_key  signs the checkpoints of the log
SHA256SUMS   the SHA-256 of all of these; check them with: sha256sum --check SHA256SUMS
manifest.json  when it was made, of which log, how many rows

To have an office again: casework restore FILE
"""


@dataclass(frozen=True)
class Contents:
    """What is to be kept: a session that sees one moment, the store, where the signing key is."""

    session: Session
    store: Store
    signing_key: Path


def write(stream: BinaryIO, contents: Contents) -> Manifest:
    """Write a whole backup, in the clear, to a stream; what it says of itself.

    Memory holds a piece of a table at a time, whatever the size of the office.
    """
    session, now = contents.session, clock.now()
    size = log_size(session)
    newest = checkpoints.newest(session)
    with TemporaryFile() as sums:
        archive = Archive(stream, sums, now)
        archive.add(README, _README.encode())
        tables = tuple(_add_table(archive, session, table) for table in kept_tables())
        files, missing = _add_files(archive, session, contents.store)
        for key in (contents.signing_key, next_of(contents.signing_key)):
            if key.exists():
                name = "signing_key" + key.name.removeprefix(contents.signing_key.name)
                archive.add(name, key.read_bytes())
        manifest = Manifest(
            made_at=now,
            software=casework.__version__,
            schema=str(MigrationContext.configure(session.connection()).get_current_revision()),
            log_size=size,
            log_root=log_root(session, size).hex(),
            checkpoint=newest.note if newest else None,
            tables=tables,
            files=files,
            missing=missing,
            sums=archive.add_sums(),
        )
        archive.add(MANIFEST, manifest.written())
        archive.end()
    return manifest


def kept_tables() -> tuple[Table, ...]:
    """The tables that are kept, each after those that it refers to."""
    return tuple(each for each in Base.metadata.sorted_tables if each.name not in LEFT_OUT)


def _add_table(archive: Archive, session: Session, table: Table) -> TableRows:
    rows = 0
    for number, (count, piece) in enumerate(_pieces(_lines(session, table)), start=1):
        content = gzip.compress(piece, _FAST, mtime=0)
        archive.add(f"tables/{table.name}/{number:06}.jsonl.gz", content)
        rows += count
    return TableRows(table.name, kinds_of(table), rows)


def _lines(session: Session, table: Table) -> Iterator[bytes]:
    query = select(table).order_by(*table.primary_key)
    names = [str(column.name) for column in table.columns]
    for row in session.execute(query.execution_options(yield_per=_AT_ONCE)):
        yield written(dict(zip(names, row, strict=True)))


def _pieces(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Lines put together up to about `PIECE_BYTES`, and how many they are."""
    waiting, length = [], 0
    for line in lines:
        waiting.append(line)
        length += len(line)
        if length >= PIECE_BYTES:
            yield len(waiting), b"".join(waiting)
            waiting, length = [], 0
    if waiting:
        yield len(waiting), b"".join(waiting)


def _add_files(archive: Archive, session: Session, store: Store) -> tuple[int, tuple[str, ...]]:
    """Add the files that the database names; how many, and which of them are not as they were kept."""
    count, missing = 0, []
    named = union(select(StoredFile.sha256), select(WaitingFile.sha256)).order_by("sha256")
    for digest in session.scalars(named.execution_options(yield_per=_AT_ONCE)):
        try:
            file = store.open(digest)
        except FileMissing:
            missing.append(digest)
            continue
        with file:
            archive.add_file(f"files/{digest[:2]}/{digest}", file, digest)
        if (words := store.paths(digest)[1]).exists():
            archive.add(f"files/{digest[:2]}/{words.name}", words.read_bytes())
        count += 1
    return count, tuple(missing)
