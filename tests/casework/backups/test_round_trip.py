"""S57: an office that was backed up is the same on an empty machine, whichever its database is."""

import gzip
import subprocess
import tarfile
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
import pyrage
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit.record import log_root, log_size
from casework.backups.making import kept_tables
from casework.models import AuditEvent
from tests.casework.backups.conftest import Machine, folder_of, session_at
from tests.casework.cli.conftest import Console
from tests.casework.retention.canaries import Nest

OTHER = {"sqlite": "postgres", "postgres": "sqlite"}
LOG = {"audit_event", "audit_node", "audit_detail"}
Rows = dict[str, list[dict[str, Any]]]


def rows(session: Session) -> Rows:
    """Every row of every table that is kept, by the table's name."""
    found = {
        str(table.name): [
            {**row}
            for row in session.execute(select(table).order_by(*table.primary_key)).mappings()
        ]
        for table in kept_tables()
    }
    session.rollback()
    return found


def must_open_without_casework(folder: Path) -> None:
    """As anybody opens a backup who has age, tar, sha256sum, gunzip and the key."""
    identity = pyrage.x25519.Identity.from_str((folder / "backup_key").read_text().split("\n")[-2])
    content = pyrage.decrypt((folder / "office.age").read_bytes(), [identity])
    with tarfile.open(fileobj=BytesIO(content)) as archive:
        archive.extractall(folder / "opened", filter="data")
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"],
        cwd=folder / "opened",
        check=True,
        capture_output=True,
    )
    assert done.stderr == b""
    told = orjson.loads((folder / "opened" / "manifest.json").read_bytes())
    for table in told["tables"]:
        pieces = (folder / "opened" / "tables" / table["name"]).glob("*.gz")
        lines = [
            line for piece in pieces for line in gzip.decompress(piece.read_bytes()).splitlines()
        ]
        assert len(lines) == table["rows"]
        assert all(orjson.loads(line).keys() == table["columns"].keys() for line in lines)


def stored(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "files").glob("??/*")}


def must_be_the_same(before: Rows, after: Rows) -> None:
    """But for what is no longer so after a restore: mail that waits; the log goes on."""
    assert {name: after[name][: len(before[name])] for name in LOG - {"audit_node"}} == {
        name: before[name] for name in LOG - {"audit_node"}
    }
    assert [n for n in before["audit_node"] if n not in after["audit_node"]] == []
    assert {row["status"] for row in after["outbox_mail"]} == {"unsure"}
    same = before.keys() - LOG - {"outbox_mail"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert all(before[name] for name in ("stored_file", "draft", "publication", "checkpoint"))


@pytest.mark.postgres
def test_s57_an_office_is_the_same_on_the_other_database(
    db: Session,
    casework: Console,
    machine: Machine,
    nest: Nest,
    database_kind: str,
    tmp_path: Path,
) -> None:
    casework("init")  # gives the log its key
    casework("audit", "checkpoint")
    before, size = rows(db), log_size(db)
    root = log_root(db, size)
    db.rollback()
    said = casework.json("backup", str(tmp_path / "office.age"))
    must_open_without_casework(tmp_path)
    assert (said["log_size"], said["log_root"]) == (size, root.hex())
    elsewhere = machine(OTHER[database_kind])
    key = str(tmp_path / "backup_key")
    elsewhere("restore", str(tmp_path / "office.age"), "--key", key)
    with session_at(elsewhere) as restored:
        after = rows(restored)
        assert log_root(restored, size) == root
        (event,) = restored.scalars(
            select(AuditEvent).where(AuditEvent.action == "log_restored")
        ).all()
    stat = orjson.loads(event.body)["stat"]
    assert (event.seq, stat["size"], stat["root"]) == (size, size, root.hex())
    must_be_the_same(before, after)
    assert stored(folder_of(elsewhere)) == stored(tmp_path)
    signing = [folder / "signing_key" for folder in (folder_of(elsewhere), tmp_path)]
    assert signing[0].read_bytes() == signing[1].read_bytes()
    assert signing[0].stat().st_mode & 0o777 == 0o600
    elsewhere("search", "check")
    elsewhere("user", "add", "new@office.example", "--name", "New", "--role", "reviewer")
