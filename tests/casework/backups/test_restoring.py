"""What a restore makes sure of before there is an office, and what it leaves when there is none."""

import gzip
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
import pytest
import time_machine
from pyrage.x25519 import Identity
from sqlalchemy import MetaData, create_engine, inspect, select, text
from sqlalchemy.orm import Session

from casework.audit.record import log_size
from casework.backups import site, unfinished
from casework.backups.archive import Archive
from casework.backups.keys import identity
from casework.backups.manifest import MANIFEST, PIECE, SUMS
from casework.backups.reading import checked, members
from casework.backups.sealing import sealed
from casework.database import upgrade
from casework.models import AuditDetail, Case, Item, StoredFile
from casework.models.base import table_of
from tests import factories
from tests.casework.backups.conftest import Machine, folder_of, session_at
from tests.casework.cli.conftest import Console
from tests.casework.retention.canaries import Nest, found_under
from tests.factories import LOGGED_ON

EARLIER = "0013"
"""The revision before the days that retention counts from stood with each case."""
AGREED_AT = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)


def altered(console: Console, statement: str) -> None:
    """Run a statement past Casework."""
    engine = create_engine(console.environment["CASEWORK_DATABASE_URL"])
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def is_empty(console: Console) -> bool:
    """Whether nothing of an office is left in a database, nor of one half built."""
    engine = create_engine(console.environment["CASEWORK_DATABASE_URL"])
    found = inspect(engine)
    left = found.get_table_names(), found.get_schema_names()
    engine.dispose()
    return left == ([], ["information_schema", "public"])


@pytest.mark.one_database
@pytest.mark.postgres
def test_an_altered_log_is_not_restored_unless_that_is_asked_for(
    db: Session, casework: Console, machine: Machine, tmp_path: Path
) -> None:
    factories.paper(db, factories.case(db, grounds="Nobody rang").case)
    db.rollback()
    altered(casework, "UPDATE \"case\" SET grounds = 'All was well'")
    casework("backup", str(tmp_path / "office.age"))
    empty = machine("postgres")
    restore = ("restore", str(tmp_path / "office.age"), "--key", str(tmp_path / "backup_key"))
    said = empty(*restore, code=1).stdout
    assert "WRONG  cases" in said and "Nothing was kept." in said
    assert is_empty(empty)
    assert [path.name for path in folder_of(empty).iterdir()] == ["restoring.lock"]
    empty(*restore, "--even-if-altered", code=1)
    with session_at(empty) as session:
        assert session.query(Case.grounds).all() == [("All was well",)]
    before = sorted(path.name for path in folder_of(empty).rglob("*"))
    assert "already" in empty(*restore, code=2).stderr
    assert sorted(path.name for path in folder_of(empty).rglob("*")) == before


@pytest.mark.one_database
def test_of_a_restore_that_was_killed_no_key_is_taken_for_a_new_office_and_nothing_stays(
    db: Session,
    casework: Console,
    machine: Machine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    factories.paper(db, factories.case(db).case)
    db.rollback()
    casework("init")
    casework("backup", str(tmp_path / "office.age"))
    empty = machine("sqlite")
    restore = ("restore", str(tmp_path / "office.age"), "--key", str(tmp_path / "backup_key"))
    with monkeypatch.context() as killed:
        killed.setattr(site._FileBeside, "put_in_place", _killed)
        killed.setattr(site._FileBeside, "clear", lambda _: None)
        killed.setattr(unfinished, "clear", lambda _: None)
        empty(*restore, code=130)
    left = {path.name for path in folder_of(empty).iterdir()}
    assert left >= {"signing_key", "files", "casework.sqlite3.restoring"}
    for command in (("init",), ("audit", "verify"), ("audit", "checkpoint")):
        assert "casework restore" in empty(*command, code=2).stderr
    (tmp_path / "damaged.age").write_bytes(b"none")
    empty("restore", str(tmp_path / "damaged.age"), *restore[2:], code=2)
    assert [path.name for path in folder_of(empty).iterdir()] == ["restoring.lock"]
    (folder_of(empty) / "signing_key").write_bytes((tmp_path / "signing_key").read_bytes())
    assert "another office" in empty("init", code=2).stderr
    empty(*restore)
    left = {path.name for path in folder_of(empty).iterdir()}
    assert left >= {"signing_key", "files"} and not [name for name in left if "unfin" in name]
    empty("init")


@pytest.mark.one_database
def test_an_office_that_checkpoints_outside_do_not_know_is_not_restored(
    db: Session, casework: Console, machine: Machine, tmp_path: Path
) -> None:
    (outside := tmp_path / "outside").mkdir()
    (key := tmp_path / "key").write_text(str(opens := Identity.generate()))
    key.chmod(0o600)
    known: dict[str, Any] = {"CASEWORK_BACKUP_RECIPIENTS": str(opens.to_public())}
    restore = ("--key", str(key))
    folder: dict[str, Any] = {"CASEWORK_CHECKPOINT_DIR": str(outside)}
    stranger = machine("sqlite")
    stranger("init")
    stranger("backup", str(tmp_path / "strange.age"), **known)
    casework("init", "--log-name", "office.example/log")
    casework("audit", "checkpoint", **folder)
    (older := tmp_path / "older.txt").write_bytes(next(outside.iterdir()).read_bytes())
    casework("backup", str(tmp_path / "office.age"), **known)
    casework("audit", "key", "rotate")
    casework("audit", "checkpoint", **folder)
    factories.paper(db, factories.case(db).case)
    db.commit()
    casework("audit", "checkpoint", **folder)  # by the new key alone
    older_one, *_, newest = sorted(outside.iterdir())
    older_one.unlink()
    empty = machine("sqlite")
    said = empty("restore", str(tmp_path / "strange.age"), *restore, code=1, **folder).stdout
    assert f"WRONG  checkpoints: The checkpoint in {newest}" in said and "Nothing was kept" in said
    said = empty("restore", str(tmp_path / "strange.age"), *restore).stdout
    assert "No checkpoint was compared: anybody who knows the public key" in said
    own, path = machine("sqlite"), str(tmp_path / "office.age")
    said = own("restore", path, *restore, "--checkpoint", str(older), **folder).stdout
    assert "The log is office.example/log, its signing key" in said
    assert "It agrees with a checkpoint over 1 entry." in said
    assert "No checkpoint was compared" not in said and "are lost" in said


@pytest.mark.one_database
def test_a_restore_says_that_the_signing_key_is_missing(
    casework: Console, machine: Machine, tmp_path: Path
) -> None:
    casework("init")
    (tmp_path / "signing_key").unlink()
    casework("backup", str(tmp_path / "office.age"))
    empty = machine("sqlite")
    key = ("--key", str(tmp_path / "backup_key"))
    said = empty("restore", str(tmp_path / "office.age"), *key).stdout
    assert f"there is no file {folder_of(empty)}/signing_key, so" in said


@pytest.mark.one_database
def test_an_archive_that_opens_and_is_odd_is_not_whole(
    db: Session, casework: Console, machine: Machine, tmp_path: Path
) -> None:
    factories.person(db, "reviewer")
    db.rollback()
    path, key = tmp_path / "office.age", tmp_path / "backup_key"
    casework("backup", str(path))
    content, empty = path.read_bytes(), machine("sqlite")
    with members(path, identity(key)) as found:
        held = {member.name: member.content.read() for member in found}
    for change in odd_members(held):
        path.write_bytes(content)
        remade(path, identity(key), {**held, **change})
        said = " ".join(empty("restore", str(path), "--key", str(key), code=2).stderr.split())
        assert "Take another one. Nothing was restored." in said, (change.keys(), said)
        assert [each.name for each in folder_of(empty).iterdir()] == ["restoring.lock"]
    path.write_bytes(content)
    told = {**orjson.loads(held[MANIFEST]), "log_size": 10**9}
    remade(path, identity(key), {**held, MANIFEST: orjson.dumps(told)})
    said = empty("restore", str(path), "--key", str(key), code=1).stdout
    assert "not the one that the backup’s manifest names" in said


def odd_members(held: dict[str, bytes]) -> list[dict[str, bytes]]:
    """Members that are not as any backup's are, to stand for those of a whole one."""
    odd, people = dict[str, bytes], "tables/person/000001.jsonl.gz"
    told, rows = orjson.loads(held[MANIFEST]), gzip.decompress(held[people])
    of_versions = {"name": "alembic_version", "columns": {"version_num": "plain"}, "rows": 1}
    return [
        odd({MANIFEST: b'"x"'}),
        odd({MANIFEST: b"5"}),
        odd({MANIFEST: orjson.dumps({**told, "log_size": "many"})}),
        odd({MANIFEST: orjson.dumps({**told, "schema": None})}),
        odd({MANIFEST: orjson.dumps({**told, "made_at": "2026-11-22T10:00:00"})}),
        odd({MANIFEST: orjson.dumps({**told, "schema": "0001"})}),
        odd(
            {
                MANIFEST: orjson.dumps({**told, "tables": [*told["tables"], of_versions]}),
                "tables/alembic_version/000001.jsonl.gz": gzip.compress(b'{"version_num":"9"}'),
            }
        ),
        odd({people: gzip.compress(b"nonsense\n")}),
        odd({people: b"no gzip"}),
        odd({people: gzip.compress(b'"' + b" " * 40_000_000)}),
        odd({people: gzip.compress(rows.replace(b'"email"', b'"emailx"'))}),
        odd({people: gzip.compress(rows + rows)}),
        odd({"signing_key": b"k" * 20_000}),
    ]


def remade(path: Path, key: Identity, held: dict[str, bytes]) -> None:
    """A backup of these members for the same key, with sums that are theirs."""
    made = BytesIO()
    with sealed(made, [key.to_public()]) as plain, BytesIO() as sums:
        archive = Archive(plain, sums, AGREED_AT)
        for name, content in held.items():
            if name not in (SUMS, MANIFEST):
                archive.add(name, content)
        listed, told = archive.add_sums(), orjson.loads(held[MANIFEST])
        whole = {**told, "sums": listed} if isinstance(told, dict) else told
        archive.add(MANIFEST, orjson.dumps(whole))
        archive.end()
    path.write_bytes(made.getvalue())


def _killed(_site: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.one_database
def test_what_was_erased_since_is_erased_again_and_what_was_entered_since_is_said_to_be_lost(
    db: Session, casework: Console, machine: Machine, nest: Nest, tmp_path: Path
) -> None:
    (outside := tmp_path / "outside").mkdir()
    with time_machine.travel(AGREED_AT):
        casework("init")
        casework("backup", str(tmp_path / "office.age"))
        size = log_size(db)
        agree(db, nest.made[0].token)
        casework(
            "retention", "erase", code=1, CASEWORK_CHECKPOINT_DIR=str(outside)
        )  # its files were kept this very day
        casework("audit", "checkpoint", CASEWORK_CHECKPOINT_DIR=str(outside))
        lost = log_size(db) - size
        db.rollback()
        empty = machine("sqlite")
        restore = ("restore", str(tmp_path / "office.age"), "--key", str(tmp_path / "backup_key"))
        said = empty(*restore, CASEWORK_CHECKPOINT_DIR=str(outside)).stdout
    assert "1 case erased since the backup: erased again." in said
    assert f"the {lost} after it are lost" in " ".join(said.split())
    assert found_under([folder_of(empty)]) == {}
    with session_at(empty) as session:
        assert session.scalars(select(Case.erased_on)).all() == [AGREED_AT.date()]


def agree(db: Session, case: str) -> None:
    """Have the erasure of a case agreed to by two people."""
    supervisor, boss = factories.person(db, "supervisor"), factories.person(db, "chief_executive")
    today = AGREED_AT.date()
    moved = factories.item(db, case, "disposal", on=today, by=supervisor)
    factories.move_item(db, moved.item, "approve_erasure", today, by=boss)
    db.rollback()


@pytest.mark.one_database
def test_s57_a_backup_of_an_earlier_schema_becomes_an_office_of_this_one(
    db: Session, casework: Console, machine: Machine, tmp_path: Path
) -> None:
    path, key = tmp_path / "office.age", tmp_path / "backup_key"
    factories.paper(db, factories.case(db, complainant_name="Jo Wren").case)
    assert db.scalars(select(Case.active_on)).all() == [LOGGED_ON]  # came since
    before = rows(db)
    casework("backup", str(path))
    put_back(path, identity(key), tmp_path)
    empty = machine("sqlite")
    empty("restore", str(path), "--key", str(key))
    with session_at(empty) as session:
        assert rows(session) == before


def rows(session: Session) -> list[list[tuple[Any, ...]]]:
    kept = (table_of(model) for model in (Case, Item, AuditDetail, StoredFile))
    return [
        [tuple(row) for row in session.execute(select(each).order_by(*each.primary_key))]
        for each in kept
    ]


def put_back(path: Path, key: Identity, folder: Path) -> None:
    """Make a backup one of an earlier revision: without the tables and columns that came since."""
    upgrade(url := f"sqlite:///{folder / 'earlier.sqlite3'}", EARLIER)
    then = MetaData()
    then.reflect(engine := create_engine(url))
    engine.dispose()
    told = checked(path, key)
    tables = tuple(
        replace(each, columns={c: kind for c, kind in each.columns.items() if c in known.c})
        for each in told.tables
        if (known := then.tables.get(each.name)) is not None
    )
    assert tables != told.tables
    columns = {each.name: each.columns for each in tables}
    made = BytesIO()
    with members(path, key) as found, sealed(made, [key.to_public()]) as plain, BytesIO() as sums:
        archive = Archive(plain, sums, told.made_at)
        for member in found:
            piece = PIECE.fullmatch(member.name)
            if piece and piece[1] in columns:
                archive.add(member.name, narrowed(member.content.read(), columns[piece[1]]))
            elif not piece and member.name not in (SUMS, MANIFEST):
                archive.add(member.name, member.content.read())
        manifest = replace(told, schema=EARLIER, tables=tables, sums=archive.add_sums())
        archive.add(MANIFEST, manifest.written())
        archive.end()
    path.write_bytes(made.getvalue())


def narrowed(piece: bytes, columns: Collection[str]) -> bytes:
    lines = [orjson.loads(line) for line in gzip.decompress(piece).splitlines()]
    kept = [{name: line[name] for name in columns} for line in lines]
    return gzip.compress(b"".join(orjson.dumps(each) + b"\n" for each in kept))
