"""An export is whole or not there, has no word of any case in it, and holds while the office works."""

import json
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit import record
from casework.audit.notes import SigningKey
from casework.audit.record import Origin
from casework.checkpoints.changes import change_key
from casework.checkpoints.service import sign
from casework.database import begin_write
from casework.exporting import folder, rows
from casework.models import AuditEvent
from casework.office_settings import OfficeSettings, change_settings
from casework.verifier import verify_casework
from tests import factories, retention_factory
from tests.casework.cli.conftest import Console
from tests.casework.cli.conftest import casework as casework
from tests.casework.publishing import lives
from tests.casework.verifier.both import exported, strangers, wrong

DAY = date(2026, 4, 1)
CANARIES: dict[str, Any] = {
    "complainant_name": "Canary Nightingale",
    "complainant_email": "canary@nightingale.example",
    "complainant_telephone": "01632 960961",
    "complainant_address": "9 Canary Row",
    "force_reference": "CANARY/77",
    "grounds": "The canary sang",
}
WORDS = (*CANARIES.values(), "Canary note", "CR/CANARY", "Canary Keeper", "keeper@canary.example")


@pytest.fixture
def office(db: Session) -> Session:
    by = factories.person(db, "reviewer", name="Canary Keeper", email="keeper@canary.example")
    for number in range(4):
        reference = "CR/CANARY" if number == 2 else f"CR/{number}"
        factories.case(db, reference=reference, by=by, **CANARIES)
        factories.move(
            db, reference, "acknowledge", DAY + timedelta(1), {"note": "Canary note"}, by=by
        )
    return db


def contents(export: Path) -> str:
    return "".join(path.read_text() for path in export.iterdir() if path.name != "README.txt")


def last_event(session: Session) -> dict[str, Any]:
    session.rollback()
    body = session.scalars(select(AuditEvent.body).order_by(AuditEvent.seq.desc())).first()
    session.rollback()  # or the next command waits for this reader
    read: dict[str, Any] = json.loads(body or b"")
    return read


def test_it_has_no_word_of_any_case_unless_it_is_to_have_them(
    office: Session, tmp_path: Path
) -> None:
    without, with_words = (
        exported(office, tmp_path / str(has_words), has_words=has_words)
        for has_words in (False, True)
    )
    text = contents(without)
    assert [word for word in WORDS if word.casefold() in text.casefold()] == []
    text = contents(with_words)
    assert [word for word in WORDS[:-2] if word not in text] == []
    assert "PERSONAL DATA" in (with_words / "README.txt").read_text()
    for export in (without, with_words):
        assert wrong(strangers(export).findings) == {}
        assert export.stat().st_mode & 0o077 == 0


@pytest.mark.one_database
def test_the_command_records_that_the_log_was_exported_and_what_is_in_it(
    office: Session, casework: Console, tmp_path: Path
) -> None:
    size = record.log_size(office)
    office.rollback()
    told = casework.json("audit", "export", str(tmp_path / "out"))
    event = last_event(office)
    assert (event["action"], event["stat"]) == (
        "log_exported",
        {"log_size": size + 1, "has_words": False},
    )
    assert told == {"folder": str(tmp_path / "out"), "log_size": size + 1, "has_words": False}
    assert strangers(tmp_path / "out").size == size + 1
    (tmp_path / "empty").mkdir()
    casework("audit", "export", str(tmp_path / "empty"), "--log-size", "6", "--with-words")
    assert {each.stat().st_mode & 0o777 for each in (tmp_path / "empty").iterdir()} == {0o600}
    older = strangers(tmp_path / "empty")
    assert (older.size, wrong(older.findings)) == (6, {})
    assert any("which moved on" in said for said in older.not_judged)


@pytest.mark.one_database
def test_what_cannot_be_exported_is_refused_and_recorded_nowhere(
    office: Session, casework: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = record.log_size(office)
    office.rollback()
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "file").touch()
    (tmp_path / "file").touch()
    too_long = "n" * 250  # to be hidden under: a name has 255 bytes at most
    for named in ("taken", "file", "missing/out", too_long):
        casework("audit", "export", str(tmp_path / named), code=2)
    casework("audit", "export", str(tmp_path / "out"), "--log-size", str(size + 1), code=2)

    def full_disk(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(record, "append", full_disk)
    casework("audit", "export", str(tmp_path / "out"), code=2)
    assert record.log_size(office) == size
    assert not (tmp_path / "out").exists()


@pytest.mark.one_database
def test_what_was_interrupted_leaves_nothing(
    office: Session, casework: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = folder.Folder.rows

    def interrupted(self: folder.Folder, name: str, found: Iterable[Any]) -> None:
        if name == "milestones":
            raise KeyboardInterrupt
        write(self, name, found)

    monkeypatch.setattr(folder.Folder, "rows", interrupted)
    place = tmp_path / "place"
    place.mkdir()
    casework("audit", "export", str(place / "out"), code=130)
    assert list(place.iterdir()) == []
    assert last_event(office)["action"] == "log_exported"


def test_the_office_works_on_while_it_is_made(
    office: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before each file a case moves, another comes in, and a setting and a person are new."""
    monkeypatch.setattr(rows, "BATCH", 3)
    monkeypatch.setattr(rows, "BATCH_OF_WORDS", 2)
    size, write = record.log_size(office), folder.Folder.rows

    def meanwhile(self: folder.Folder, name: str, found: Iterable[Any]) -> None:
        factories.case(office, reference=f"CR/while/{name}")
        factories.move(office, "CR/1", "request_file", DAY + timedelta(2))
        factories.person(office, "supervisor")
        begin_write(office)
        changed = OfficeSettings(decide_target=30 + len(name))
        change_settings(office, changed, role="chief_executive", origin=Origin("command"))
        office.commit()
        write(self, name, found)

    monkeypatch.setattr(folder.Folder, "rows", meanwhile)
    export = exported(office, tmp_path / "out", log_size=size)
    outcome = strangers(export)
    assert (outcome.size, wrong(outcome.findings)) == (size, {})
    assert any("moved on" in said for said in outcome.not_judged)
    assert record.log_size(office) > size + 40


@pytest.mark.one_database
def test_what_came_after_an_older_size_accuses_nobody(office: Session, tmp_path: Path) -> None:
    """Not a checkpoint of more entries, by a key that was named since, nor words that were erased since."""
    sizes = [0, record.log_size(office)]
    sizes.append(lives.checkpointed(office).size)
    factories.case(office, reference="CR/between")
    begin_write(office)
    new = SigningKey(lives.KEY.name, bytes([1]) * 32)
    change_key(office, new.verifier, lives.KEY.verifier)
    sizes += [sizes[-1], sign(office, [new, lives.KEY]).size]
    office.commit()
    case = retention_factory.ended(office)
    sizes.append(record.log_size(office))
    retention_factory.erased(office, case.case)
    lives.checkpointed(office, new)
    for size in {*sizes, sizes[2] + 1, record.log_size(office)}:
        export = exported(office, tmp_path / str(size), has_words=size % 2 == 0, log_size=size)
        outcome = strangers(export)
        assert (outcome.size, wrong(outcome.findings)) == (size, {})
        assert outcome.code in (verify_casework.HOLDS, verify_casework.UNCOVERED)
        kept = (export / "checkpoints.jsonl").read_text().splitlines()
        assert all(json.loads(each)["size"] <= size for each in kept)
    assert kept
    assert any("erased after" in said for said in strangers(tmp_path / str(sizes[-1])).not_judged)
