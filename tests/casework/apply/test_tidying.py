"""What `casework tidy` deletes, and what it leaves: files somebody names, or is about to name."""

import os
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import clock
from casework.accounts import attempts
from casework.database import begin_write
from casework.files import tidying
from casework.files.kinds import PDF
from casework.files.store import Store
from casework.imports.waiting import REGISTERS
from casework.models import LimitedUse, SignInAttempt, StoredFile, WaitingApplication
from casework.reconciliation.holding import LISTS
from config import Settings
from tests import factories
from tests.applicant import Applicant, place
from tests.casework.cli.conftest import Console
from tests.factories import picture

DAYS = timedelta(days=3)
NOTHING = dict.fromkeys(("applications", "lists", "registers", "files", "counts"), 0)


@pytest.fixture
def store(settings: Settings) -> Store:
    return Store.of(settings)


@pytest.fixture
def kept(store: Store) -> Callable[[str], str]:
    """Keeps a file with these words; its SHA-256."""
    return lambda words: store.keep_made(b"%PDF-1.7 " + words.encode(), PDF, words).sha256


def age(store: Store, by: timedelta = DAYS) -> None:
    """Make every file of the store as old as if it had been kept so long ago."""
    then = (clock.now() - by).timestamp()
    for path in store.folder.glob("*/*"):
        os.utime(path, (then, then))


def left(store: Store) -> set[str]:
    return {path.name for path in store.folder.glob("*/*")}


def test_what_waits_no_longer_goes_with_its_files_and_all_else_stays(
    environment: dict[str, str],
    applicant: Applicant,
    db: Session,
    store: Store,
    kept: Callable[[str], str],
) -> None:
    case = factories.case(db)
    factories.paper(db, case.case)
    named = set(db.scalars(select(StoredFile.sha256)))
    kept("left behind")
    half = store.folder / "incoming" / "half"
    half.write_bytes(b"half")
    applicant.ready(db)
    applicant.post("papers", file=picture())
    age(store)
    new = kept("kept a moment ago")
    begin_write(db)
    for shelf in (LISTS, REGISTERS):
        shelf.hold(db, {}, "u_1", b"A list", {})
    db.commit()
    console = Console(environment)
    # A day has gone by for what lies on the disk, and not for the application.
    assert console.json("tidy") == {**NOTHING, "files": 2}
    waits = {name for name in left(store) if not name.startswith(tuple({*named, new}))}
    assert len(waits) == 2, "the picture and its words"
    assert {*named, new, f"{new}.txt"} <= left(store)
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        age(store)
        assert (
            "Deleted: 1 applications not sent, 1 lists not checked, 1 registers not imported, 2 files"
            in console("tidy").stdout
        )
        assert left(store) == named
    assert db.scalars(select(WaitingApplication)).all() == []
    db.rollback()


@pytest.mark.one_database
def test_who_guessed_and_who_asked_is_forgotten_though_nobody_does_again(
    environment: dict[str, str], db: Session
) -> None:
    begin_write(db)
    attempts.begin(db, "of somebody")
    within = clock.now() + timedelta(hours=1)
    db.add(LimitedUse(whose_hash="of a network", what="begin", until=within, times=1))
    db.commit()
    assert Console(environment).json("tidy") == NOTHING
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        assert Console(environment).json("tidy") == {**NOTHING, "counts": 2}
    assert [db.scalars(select(each)).all() for each in (SignInAttempt, LimitedUse)] == [[], []]
    db.rollback()


@pytest.mark.one_database
def test_a_file_of_two_applications_waits_for_the_second_and_is_sent_with_it(
    environment: dict[str, str], applicant: Applicant, db: Session, store: Store
) -> None:
    other = Applicant(applicant.client.application.test_client())
    for each in (applicant, other):
        each.ready(db)
        each.post("papers", file=picture())
    applicant.post("forget")
    age(store)
    db.rollback()
    assert Console(environment).json("tidy")["files"] == 0
    assert place(other.post("check", version=other.version())) == "sent"
    age(store)
    assert Console(environment).json("tidy")["files"] == 0


@pytest.mark.one_database
def test_a_file_kept_again_while_it_is_being_deleted_stays(
    app: object, store: Store, kept: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = kept("twice")
    age(store)
    rename = Path.rename

    def kept_meanwhile(path: Path, target: Path) -> Path:
        """Somebody keeps the same bytes just before the file is taken out of its place."""
        if path.name == digest and target.parent.name == "incoming":
            monkeypatch.setattr(Path, "rename", rename)
            store.keep_made(b"%PDF-1.7 twice", PDF, "twice")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", kept_meanwhile)
    assert tidying.left_behind(store, clock.now()) == [digest]
    assert not tidying.delete(store, digest, clock.now())
    with store.open(digest) as file:
        assert file.read() == b"%PDF-1.7 twice"
    assert store.text(digest) == "twice"
    age(store)
    assert tidying.delete(store, digest, clock.now())
    assert left(store) == set()
    assert not tidying.delete(store, digest, clock.now())


@pytest.mark.one_database
def test_the_same_bytes_are_looked_into_again_and_kept_anew(app: object, store: Store) -> None:
    """By the age of what lies there, a file that is kept again is known as new."""
    first = store.keep(BytesIO(factories.PICTURE), "gate.png")
    age(store)
    assert store.keep(BytesIO(factories.PICTURE), "gate.png") == first
    assert tidying.left_behind(store, clock.now()) == []
