"""`casework audit checkpoint` and `key`: signed, handed on, done again, and held against the log."""

import os
import re
from codecs import BOM_UTF8
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import text
from sqlalchemy.orm import Session

from casework import clock
from casework.audit import notes
from casework.audit.checks_erasures import RESTORED
from casework.audit.notes import TreeHead
from casework.audit.record import SYSTEM, NewEvent, Origin, append
from casework.checkpoints import keys, queries
from casework.checkpoints.changes import key_changes
from casework.database import begin_write
from casework.models import Checkpoint
from tests import factories
from tests.casework.audit.tampering import past_the_triggers
from tests.casework.cli.conftest import Console


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder that another machine lends."""
    (tmp_path / "outside").mkdir()
    return tmp_path / "outside"


@pytest.fixture
def office(environment: dict[str, str], outside: Path, db: Session) -> Console:
    """A console on an office with a key, a case, and a folder for its checkpoints."""
    made = Console({**environment, "CASEWORK_CHECKPOINT_DIR": str(outside)})
    made("init", "--log-name", "office.example/log")
    factories.case(db)
    db.rollback()
    return made


def key_file(office: Console) -> Path:
    return Path(office.environment["CASEWORK_DATA_DIR"]) / "signing_key"


def work(db: Session) -> None:
    factories.case(db)
    db.rollback()


def test_a_log_gets_one_key_and_a_checkpoint_that_is_left_outside_once(
    office: Console, outside: Path, db: Session
) -> None:
    before = key_file(office).read_bytes()
    assert "for ever" in office("init", "--log-name", "another", code=2).stderr
    assert key_file(office).read_bytes() == before
    (change,) = key_changes(db)
    db.rollback()
    assert "No checkpoint is held outside yet" in office("audit", "verify").stdout
    told = office.json("audit", "checkpoint")
    (left,) = outside.iterdir()
    note = notes.read(left.read_bytes())
    assert notes.signers(note, [change.key]) == (change.key,)
    head = TreeHead.read(note.text)
    assert (head.origin, head.size, head.root.hex()) == ("office.example/log", 2, told["root"])
    again = office.json("audit", "checkpoint")
    assert again == told
    assert "covers the whole log, 2 entries" in office("audit", "verify").stdout
    work(db)
    with time_machine.travel(clock.now().replace(year=clock.now().year + 1)):
        late = office("audit", "verify", code=3).stdout
    assert "1 entry is newer than the newest checkpoint outside" in late
    left.unlink()
    office("audit", "checkpoint")
    assert len(list(outside.iterdir())) == 2


@pytest.mark.one_database
def test_what_is_in_the_folder_already_is_never_overwritten(office: Console, outside: Path) -> None:
    other = outside / "checkpoint-000000000002.txt"
    other.write_text("another past")
    assert "two logs were signed" in office("audit", "checkpoint", code=1).stderr
    assert other.read_text() == "another past"
    assert "WRONG  checkpoints" in office("audit", "verify", code=1).stdout


@pytest.mark.one_database
def test_copies_that_could_not_be_left_are_left_the_next_time(
    office: Console, outside: Path, db: Session
) -> None:
    outside.rename(outside.with_name("away"))
    assert "No copy was left" in office("audit", "checkpoint", code=1).stderr
    missing = office("audit", "verify", code=3).stdout
    assert "The folder for checkpoints was not compared" in missing
    work(db)
    outside.with_name("away").rename(outside)
    office("audit", "checkpoint")
    assert [each.name[-7:] for each in sorted(outside.iterdir())] == ["002.txt", "003.txt"]
    assert "covers the whole log, 3 entries" in office("audit", "verify").stdout


@pytest.mark.one_database
def test_without_its_key_the_office_works_on_and_is_told(office: Console, db: Session) -> None:
    office("audit", "checkpoint")
    key_file(office).rename(key_file(office).with_name("lost"))
    keys.made(key_file(office), lambda: notes.SigningKey.new("another.example/log"))
    told = office("audit", "key", "show", code=1).stdout
    assert ("The key file holds the key" in told, "was signed" in told) == (True, False)
    key_file(office).unlink()
    work(db)
    assert "signing key is missing" in office("audit", "checkpoint", code=2).stderr
    assert "signing key is missing" in office("audit", "key", "rotate", code=2).stderr
    assert "WARNING  The signing key is missing" in office("audit", "verify", code=3).stdout
    assert office.json("audit", "key", "show", code=1)["fault"]
    office("audit", "key", "rotate", "--lost")
    assert office("audit", "key", "show").stdout.count("nothing vouches for this one") == 1
    office("audit", "checkpoint")
    office("audit", "verify")
    assert [change.is_lost for change in key_changes(db)] == [False, True]


@pytest.mark.one_database
def test_a_new_key_is_vouched_for_by_the_old_which_is_then_gone(
    office: Console, outside: Path, db: Session
) -> None:
    office("audit", "checkpoint")
    old = key_file(office).read_text()
    office("audit", "key", "rotate")
    assert "nothing vouches" not in office("audit", "key", "show").stdout
    assert key_file(office).read_text() != old
    assert not list(key_file(office).parent.glob("signing_key?*"))
    office("audit", "checkpoint")
    first, second = key_changes(db)
    newest = queries.newest(db)
    assert newest is not None
    signed = notes.signers(notes.read(newest.note.encode()), [first.key, second.key])
    assert set(signed) == {first.key, second.key}
    assert [each["from_entry"] for each in office.json("audit", "key", "show")["keys"]] == [0, 2]
    office("audit", "verify")


def test_a_log_that_was_cut_off_and_works_on_is_found_by_what_is_outside(
    office: Console, outside: Path, db: Session, database_url: str
) -> None:
    """And signs no second past over the entries that it signed before."""
    for _ in range(2):
        work(db)
        office("audit", "checkpoint")
    kept = max(outside.iterdir())
    with past_the_triggers(database_url) as connection:
        for table in ("audit_detail", "audit_event"):
            connection.execute(text(f"DELETE FROM {table} WHERE seq >= 3"))
        connection.execute(text("DELETE FROM audit_node WHERE (position + 1) << level > 3"))
    told = office("audit", "verify", "--checkpoint", str(kept), code=1).stdout
    assert f"{kept} is signed and covers 4 entries, and the log has only 3" in told
    assert "its end was cut off: entry 3." in told
    assert "no longer begins" in office("audit", "checkpoint", code=1).stderr
    assert db.query(Checkpoint).count() == 2


def enter(db: Session, action: str, **stat: str | int) -> None:
    begin_write(db)
    append(db, NewEvent(action, SYSTEM, stat=stat), Origin("command"))
    db.commit()


def put_back(database_url: str, size: int) -> None:
    """Let the database know nothing of what was entered and signed after so many entries."""
    with past_the_triggers(database_url) as connection:
        for table in ("audit_detail", "audit_event"):
            connection.execute(text(f"DELETE FROM {table} WHERE seq >= {size}"))
        connection.execute(text(f"DELETE FROM audit_node WHERE (position + 1) << level > {size}"))
        for table in ("checkpoint_copy", "checkpoint"):
            connection.execute(text(f"DELETE FROM {table} WHERE size > {size}"))


def test_an_old_database_put_back_signs_no_second_past_unless_the_log_tells_of_its_restore(
    office: Console, outside: Path, db: Session, database_url: str
) -> None:
    for _ in range(2):
        office("audit", "checkpoint")
        work(db)
    office("audit", "checkpoint")
    lost = max(outside.iterdir())
    put_back(database_url, 3)
    for _ in range(2):
        enter(db, "sign_in_locked", failures=5, person="u_1")
        told = office("audit", "checkpoint", code=1).stderr
        assert f"{lost} is signed" in told
        assert "Nothing was signed" in told
    office("audit", "key", "rotate", code=2)
    assert db.query(Checkpoint).count() == 2
    db.rollback()
    put_back(database_url, 3)
    enter(db, RESTORED, size=3, root="0" * 64, made_at="2026-11-22T00:00:00.000000Z")
    enter(db, "sign_in_locked", failures=5, person="u_1")
    office("audit", "checkpoint")
    enter(db, "sign_in_locked", failures=6, person="u_1")
    assert "by its entry 3 it was restored" in office("audit", "verify", code=1).stdout
    later = clock.now().timestamp() + 60
    os.utime(lost, (later, later))  # so it was signed after the restore
    assert "Nothing was signed" in office("audit", "checkpoint", code=1).stderr
    lost.unlink()
    office("audit", "checkpoint")


@pytest.mark.one_database
def test_copies_that_were_taken_away_count_for_nothing(
    office: Console, outside: Path, db: Session
) -> None:
    office("audit", "checkpoint")
    (left,) = outside.iterdir()
    left.unlink()
    told = office("audit", "verify", code=3).stdout
    assert "no longer in" in told
    assert "over so many entries: 2." in told
    assert "No checkpoint is held outside yet" in told
    assert "were no longer there, 1 in all" in office("audit", "checkpoint").stderr
    assert "covers the whole log" in office("audit", "verify").stdout


@pytest.mark.one_database
def test_whatever_lies_in_the_folder_is_told_and_passed_over(
    office: Console, outside: Path, db: Session
) -> None:
    """Unless it has the name of a checkpoint that was left there."""
    office("audit", "checkpoint")
    (left,) = outside.iterdir()
    (outside / "checkpoint-a.txt").mkdir()
    os.mkfifo(outside / "checkpoint-b.txt")
    (outside / "checkpoint-c.txt").symlink_to("nowhere")
    (outside / "checkpoint-d.txt").write_bytes(b"\xff\0")
    (outside / "checkpoint-e.txt").write_bytes(left.read_bytes().replace(b"office", b"theirs"))
    told = office("audit", "verify", code=3).stdout
    for name in "abcde":
        assert len(re.findall(f"WARNING .*/checkpoint-{name}.txt [iw]", told)) == 1
    assert "covers the whole log" in told
    work(db)
    office("audit", "checkpoint")
    left.write_text("garbage")
    told = office("audit", "verify", code=1).stdout
    assert f"WRONG  checkpoints: The checkpoint in {left} cannot be read" in told
    assert told.splitlines()[-1].startswith("Not every checkpoint agrees")


@pytest.mark.one_database
def test_a_checkpoint_is_taken_out_of_the_mail_that_brought_it(
    office: Console, tmp_path: Path
) -> None:
    office("audit", "checkpoint")
    given = tmp_path / "kept.txt"
    note = office.json("audit", "checkpoint")["note"]
    for words in (note, f"Dear all,\n\nplease keep this.\n\n{note}\nThe office"):
        given.write_bytes(BOM_UTF8 + words.replace("\n", "\r\n").encode())
        office("audit", "verify", "--checkpoint", str(given))
    given.write_bytes(note.replace("\n2\n", "\n3\n").encode())
    assert "is forged" in office("audit", "verify", "--checkpoint", str(given), code=1).stdout
    given.write_bytes(b"a" * 9_000_000)
    told = office("audit", "verify", "--checkpoint", str(given), code=1).stdout
    assert "more than 1,000,000 bytes" in told
    assert "not an ordinary file" in (
        office("audit", "verify", "--checkpoint", "/dev/zero", code=2).stderr
    )


@pytest.mark.one_database
def test_what_is_no_address_or_name_is_refused_before_anything_is_done(
    environment: dict[str, str],
) -> None:
    casework = Console(environment)
    assert "no spaces" in casework("init", "--log-name", "our log", code=2).stderr
    assert "casework init" in casework("audit", "checkpoint", code=2).stderr
    assert "casework init" in casework("audit", "key", "show", code=2).stderr
    casework("init")
    told = casework("audit", "checkpoint", code=2, CASEWORK_CHECKPOINT_MAIL="nobody").stderr
    assert "Nothing was signed" in told
    assert "No copy leaves this machine" in casework("audit", "checkpoint").stderr
