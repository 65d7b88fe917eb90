"""Whatever is not a whole backup is never taken for one, and says why in a sentence."""

import errno
import os
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyrage.x25519 import Identity
from sqlalchemy.orm import Session

from casework import clock
from casework.backups.archive import Archive
from casework.backups.keys import identity
from casework.backups.manifest import MANIFEST, SUMS
from casework.backups.placing import new_file
from casework.backups.reading import checked, members
from casework.backups.refusal import BackupRefused, NotWhole, OtherKey
from casework.backups.sealing import sealed
from tests import factories
from tests.casework.backups.conftest import Machine, folder_of
from tests.casework.cli.conftest import Console

pytestmark = pytest.mark.one_database


@pytest.fixture
def office(db: Session, casework: Console, tmp_path: Path) -> Path:
    """The backup of a small office, in a folder of its own."""
    factories.paper(db, factories.case(db, complainant_name="Jo Wren").case)
    db.rollback()
    folder = tmp_path / "backups"
    folder.mkdir()
    casework("backup", str(folder / "office.age"))
    return folder / "office.age"


def test_a_cut_or_altered_one_is_not_whole(office: Path, tmp_path: Path) -> None:
    content, key, changed = office.read_bytes(), identity(tmp_path / "backup_key"), tmp_path / "c"

    @given(st.integers(0, len(content) - 1), st.integers(0, 255))
    @settings(max_examples=60)
    def must_be_found_out(at: int, instead: int) -> None:
        cut = instead == content[at]
        changed.write_bytes(content[:at] + b"" if cut else _with(content, at, instead))
        with pytest.raises((NotWhole, OtherKey)):  # whom it is for stands at its beginning
            checked(changed, key)

    must_be_found_out()
    changed.write_bytes(content + b"more")
    with pytest.raises(NotWhole):
        checked(changed, key)
    changed.write_bytes(content)
    assert checked(changed, key).files == 1


def _with(content: bytes, at: int, instead: int) -> bytes:
    return content[:at] + bytes([instead]) + content[at + 1 :]


def forged(path: Path, key: Identity, change: dict[str, tuple[str, bytes]]) -> None:
    """A backup encrypted for the same key with some members changed, as whoever knows it could make.

    A member's name is changed as well, and is no member any more where it has none.
    """
    made = BytesIO()
    with members(path, key) as found:
        held = [(member.name, member.content.read()) for member in found]
    with sealed(made, [key.to_public()]) as plain:
        archive = Archive(plain, BytesIO(), clock.now())
        for name, content in held:
            if (now := change.get(name, (name, content)))[0]:
                archive.add(*now)
        archive.end()
    path.write_bytes(made.getvalue())


def test_s32_members_other_than_those_listed_are_found_out(office: Path, tmp_path: Path) -> None:
    key, content = identity(tmp_path / "backup_key"), office.read_bytes()
    for name, instead in (
        ("README.txt", ("README.txt", b"other words")),
        ("README.txt", ("../README.txt", b"other words")),
        ("README.txt", ("", b"")),
        (SUMS, ("", b"")),
        (MANIFEST, ("", b"")),
        (MANIFEST, (MANIFEST, b'{"format": "casework-backup/2"}')),
        (MANIFEST, (MANIFEST, b'{"format": "casework-backup/1", "tables": 7}')),
    ):
        office.write_bytes(content)
        forged(office, key, {name: instead})
        with pytest.raises(NotWhole):
            checked(office, key)


def test_the_list_says_which_are_whole(office: Path, casework: Console, tmp_path: Path) -> None:
    (office.parent / "cut.age").write_bytes(office.read_bytes()[:-1])
    (office.parent / ".casework-backup-1").write_bytes(office.read_bytes()[:-1])
    cut, whole = casework.json("backups", str(office.parent), code=1)
    assert (cut["is_whole"], whole["is_whole"]) == (False, True)
    assert (whole["log_size"], whole["files"], whole["missing"]) == (2, 1, [])
    said = casework("backups", str(office.parent), code=1).stdout
    assert "NOT WHOLE  cut.age" in said and "1 of 2 are whole." in said
    assert "kB" in said and not any(line.endswith(" ") for line in said.splitlines())
    (office.parent / "cut.age").unlink()
    casework("backup", str(office.parent))  # a folder: it names the file itself, and sweeps
    casework("backups", str(office.parent))
    assert len(list(office.parent.iterdir())) == 2


def test_a_new_key_is_said_to_open_nothing_made_before(
    office: Path, casework: Console, tmp_path: Path
) -> None:
    (tmp_path / "backup_key").rename(tmp_path / "moved")
    assert "WARNING  A new key was made" in casework("backup", str(office.parent / "b.age")).stdout
    said = casework("backups", str(office.parent), code=1).stdout
    assert "OTHER KEY  office.age" in said and "NOT WHOLE" not in said
    (tmp_path / "backup_key").unlink()
    assert casework.json("backup", str(tmp_path / "c.age"))["is_new_key"] is True
    assert casework.json("backup", str(tmp_path / "d.age"))["is_new_key"] is False


def test_a_file_that_is_lost_is_named_and_all_else_kept(
    office: Path, casework: Console, machine: Machine, tmp_path: Path
) -> None:
    (lost,) = tmp_path.glob("files/??/*")
    lost.write_bytes(b"other bytes")
    said = casework.json("backup", str(tmp_path / "new.age"), code=1)
    assert (said["files"], said["missing"]) == (0, [lost.name])
    empty = machine("sqlite")
    restore = ("restore", str(tmp_path / "new.age"), "--key", str(tmp_path / "backup_key"))
    assert lost.name in empty(*restore).stdout


def test_several_may_hold_a_key_and_then_none_is_kept_here(
    db: Session, casework: Console, tmp_path: Path
) -> None:
    keys = [Identity.generate() for _ in range(2)]
    named = ", ".join(str(key.to_public()) for key in keys)
    path = tmp_path / "office.age"
    said = casework("backup", str(path), CASEWORK_BACKUP_RECIPIENTS=named).stdout
    assert "Keep a copy" not in said and not (tmp_path / "backup_key").exists()
    assert checked(path, keys[0]) == checked(path, keys[1])


def test_what_is_refused(
    office: Path,
    casework: Console,
    machine: Machine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(console: Console, *arguments: str, **environment: str) -> str:
        return " ".join(console(*arguments, code=2, **environment).stderr.split())

    content, empty = office.read_bytes(), machine("sqlite")
    key, other = ("--key", str(tmp_path / "backup_key")), tmp_path / "other_key"
    other.write_text(str(Identity.generate()))
    assert "is a file" in refused(casework, "backup", str(office))
    assert "no folder" in refused(casework, "backup", str(tmp_path / "none" / "office.age"))
    assert "no folder" in refused(casework, "backup", f"{tmp_path}/none/")
    assert "no database" in refused(empty, "backup", str(tmp_path / "new.age"))
    assert not (folder_of(empty) / "backup_key").exists()
    (tmp_path / "backup_key").chmod(0o640)
    assert "chmod 600" in refused(casework, "backup", str(tmp_path / "new.age"))
    (tmp_path / "backup_key").chmod(0o600)
    named = {"CASEWORK_BACKUP_RECIPIENTS": "age1nobody"}
    assert "no public key" in refused(casework, "backup", str(tmp_path / "b"), **named)
    assert "another key" in refused(empty, "restore", str(office), "--key", str(other))
    assert "no key" in refused(empty, "restore", str(office))
    assert "no private key" in refused(empty, "restore", str(office), "--key", str(office))
    assert "no backup" in refused(empty, "restore", str(tmp_path / "backup_key"), *key)
    assert "a database already" in refused(casework, "restore", str(office), *key)
    monkeypatch.setattr(os, "fsync", _no_room)
    assert "The disk is full" in refused(casework, "backup", str(tmp_path / "new.age"))
    assert office.read_bytes() == content
    assert not list(tmp_path.glob("*.age")) and not list(tmp_path.glob(".casework-*"))
    assert not list(folder_of(empty).glob("casework.sqlite3*"))


def _no_room(_descriptor: int) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_disk_that_fills_up_under_the_archive_is_said_to_be_full() -> None:
    with Path("/dev/full").open("wb", 0) as target, pytest.raises(OSError, match="No space"):
        seal(target, bytes(10_000_000))


def seal(target: BinaryIO, content: bytes) -> None:
    with sealed(target, [Identity.generate().to_public()]) as plain:
        plain.write(content)


def test_a_name_that_is_taken_meanwhile_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "office.age"
    with pytest.raises(BackupRefused, match="already"):
        write(path, meanwhile=b"theirs")
    assert path.read_bytes() == b"theirs"
    assert list(tmp_path.iterdir()) == [path]


def write(path: Path, meanwhile: bytes) -> None:
    with new_file(path) as file:
        file.write(b"ours")
        path.write_bytes(meanwhile)
