"""What the store keeps is whole, its own to read, and handed out only as it was kept."""

import hashlib
import os
import stat
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.database import begin_write
from casework.files.kinds import DOCX, PDF
from casework.files.looking import FileRefused
from casework.files.store import FileMissing, FileTooLarge, Kept, Store, note
from casework.models import StoredFile
from config import Settings, SettingsError
from tests.casework.files import documents


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "files", largest=100_000)


def on_disk(store: Store) -> list[Path]:
    return sorted(path for path in store.folder.rglob("*") if path.is_file())


@pytest.fixture
def open_handed() -> Iterator[None]:
    """A process that leaves whatever it makes open to everybody."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_handed")
def test_a_file_is_kept_under_its_hash_with_its_words_for_its_owner_alone(store: Store) -> None:
    content = documents.docx("The gate was open.")
    kept = store.keep(BytesIO(content), "Report.docx")
    digest = hashlib.sha256(content).hexdigest()
    assert kept == Kept(digest, len(content), DOCX, "not_scanned")
    with store.open(digest) as file:
        assert file.read() == content
    assert store.text(digest) == "The gate was open.\n"
    assert [path.name for path in on_disk(store)] == [digest, f"{digest}.txt"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in on_disk(store)} == {0o600}
    folders = [store.folder, *(path for path in store.folder.iterdir() if path.is_dir())]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}


def test_the_same_bytes_are_kept_once_whatever_they_are_called(store: Store) -> None:
    first = store.keep(BytesIO(documents.PNG), "gate.png")
    again = store.keep(BytesIO(documents.PNG), "../../other.png")
    assert first == again
    assert len(on_disk(store)) == 2


@pytest.mark.parametrize("content", [b"<html>", documents.pdf()[:200]])
def test_of_a_file_that_is_refused_nothing_stays(store: Store, content: bytes) -> None:
    with pytest.raises(FileRefused):
        store.keep(BytesIO(content), "letter.pdf")
    assert on_disk(store) == []


class Endless:
    """A stream that never ends; `given` is how many bytes were taken from it."""

    given = 0

    def read(self, size: int) -> bytes:
        self.given += size
        return b"%PDF-" + bytes(size - 5)


def test_s35_a_file_that_is_too_large_is_refused_as_soon_as_it_is(store: Store) -> None:
    """S35"""
    stream = Endless()
    with pytest.raises(FileTooLarge, match=r"larger than 0\.1 MB"):
        store.keep(stream, "letter.pdf")  # type: ignore[arg-type]
    assert stream.given <= 1024 * 1024
    assert on_disk(store) == []


def test_a_file_altered_or_gone_is_not_handed_out_and_comes_back_when_given_again(
    store: Store,
) -> None:
    kept = store.keep_made(b"%PDF-1.7", PDF)
    (path,) = on_disk(store)
    path.write_bytes(b"%PDF-1.8")
    with pytest.raises(FileMissing):
        store.open(kept.sha256)
    path.unlink()
    with pytest.raises(FileMissing):
        store.open(kept.sha256)
    assert store.text(kept.sha256) == ""
    store.keep_made(b"%PDF-1.7", PDF)
    store.open(kept.sha256).close()


def test_a_full_disk_is_told_and_leaves_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(FileRefused, match="disk is full"):
        store.keep(BytesIO(documents.PNG), "gate.png")
    assert on_disk(store) == []


def test_a_row_says_what_is_known_of_a_file_and_learns_that_it_was_scanned(db: Session) -> None:
    kept = Kept("a" * 64, 3, PDF, "not_scanned")
    for each in (kept, Kept("a" * 64, 3, PDF, "clean"), kept):
        begin_write(db)
        note(db, each)
        db.commit()
    row = db.scalars(select(StoredFile)).one()
    assert (row.sha256, row.size, row.media_type, row.scan) == (
        "a" * 64,
        3,
        PDF.media_type,
        "clean",
    )


def test_the_largest_file_is_a_setting_of_the_installation(tmp_path: Path) -> None:
    there = {"CASEWORK_ENV": "test", "CASEWORK_DATA_DIR": str(tmp_path)}
    assert Store.of(Settings.from_environment(there)).largest == 50_000_000
    set_to = Settings.from_environment({**there, "CASEWORK_LARGEST_FILE": "8"})
    assert Store.of(set_to) == Store(tmp_path / "files", 8_000_000, None)
    for wrong in ("0", "a lot", "-1", "1.5"):
        with pytest.raises(SettingsError, match="number of megabytes"):
            Settings.from_environment({**there, "CASEWORK_LARGEST_FILE": wrong})
