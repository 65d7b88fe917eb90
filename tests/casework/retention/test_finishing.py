"""What follows an erasure: taken up again wherever it was ended, refused where it may not be, replayed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import items
from casework.audit import record
from casework.audit.events import events_of
from casework.audit.items import items_in, standings_by_kind
from casework.audit.record import Origin
from casework.audit.verify import verify_log
from casework.backups.manifest import Manifest
from casework.backups.reviving import revive
from casework.cli import erasing as command
from casework.database import begin_write
from casework.models import AuditDetail, Case, ListCheck, ListFinding, RegisterRow
from casework.office_settings import settings_at
from casework.progress import case_ref, move_case
from casework.reconciliation import findings
from casework.reconciliation.ours import Period
from casework.retention import erasing, erasure_list, finishing, residue
from casework.web.files import files
from config import Settings
from tests import factories, retention_factory
from tests.casework.audit.tampering import execute, failed, past_the_triggers
from tests.casework.cli.conftest import Console
from tests.casework.retention.spent import AGREED_AT, LOGGED_AT, age_files, agree, spent_case
from tests.factories import LOGGED_ON
from tests.list_factory import checked, csv_list, findings_of
from workflows.attempt import Attempt, StepRefused
from workflows.definition import Actor
from workflows.disposal import fell_due

pytestmark = pytest.mark.one_database
BY_COMMAND = Actor("system", frozenset({"system"}))
NAME = "Zephyrine Quillfeather"


class Killed(BaseException):
    """Stands for the end of a process: nothing catches it."""


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with time_machine.travel(AGREED_AT):
        yield


@pytest.fixture
def casework(environment: dict[str, str], tmp_path: Path) -> Console:
    outside = tmp_path / "outside"
    outside.mkdir()
    return Console({**environment, "CASEWORK_CHECKPOINT_DIR": str(outside)})


def words_of(db: Session, case: str) -> list[bytes]:
    seqs = [event.seq for event in events_of(db, case)]
    return list(db.scalars(select(AuditDetail.body).where(AuditDetail.seq.in_(seqs))))


def intact(db: Session) -> bool:
    db.rollback()
    return all(finding.holds for finding in verify_log(db))


STAGES = (
    (erasure_list, "add_missing"),
    (finishing, "delete_files"),
    (residue, "merge_words"),
    (residue, "write_anew"),
    (finishing, "finish"),
)


def test_a_run_that_is_ended_before_any_stage_is_finished_by_the_next(
    db: Session, settings: Settings, casework: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = [settings.data_dir / "erasures.jsonl", settings.data_dir / "outside/erasures.jsonl"]
    for module, name in STAGES:
        case = spent_case(db, complainant_name=NAME)
        digest = agreed_with_paper(db, case.case, name.encode())
        age_files(settings.data_dir / "files")
        db.rollback()
        with monkeypatch.context() as patched:
            patched.setattr(module, name, killed)
            with pytest.raises(Killed):
                casework("retention", "erase")
        again = casework.json("retention", "erase")
        assert (again["erased"], again["left"]) == ([], 0)
        assert words_of(db, case.case) == []
        assert not any(path.exists() for path in files().paths(digest))
        assert [erasure_list.read(path)[-1].case for path in lists] == [case.case] * 2
        db.rollback()
    assert len(erasure_list.read(lists[0])) == len(erasure_list.read(lists[1])) == len(STAGES)
    assert intact(db)


def agreed_with_paper(db: Session, case: str, content: bytes) -> str:
    """Put a paper on a case of long ago and have its erasure agreed to; the file's SHA-256."""
    with time_machine.travel(LOGGED_AT):
        paper = factories.paper(db, case, b"%PDF-1.7 " + content, on=LOGGED_AT.date())
    agree(db, [case])
    (event,) = (event for event in events_of(db, case) if event.seq == paper.seq)
    return str(event.stat["file"])


def killed(*_: Any) -> None:
    raise Killed


def test_a_case_held_since_is_not_erased_and_the_others_are(db: Session, casework: Console) -> None:
    held, free = (spent_case(db, complainant_name=NAME) for _ in range(2))
    kept, _ = agree(db, [held.case, free.case])
    review_on = AGREED_AT.date().replace(year=2027)
    today = AGREED_AT.date()
    factories.item(db, held.case, "hold", on=today, kind="inquiry", review_on=review_on)
    before = words_of(db, held.case)
    db.rollback()
    done = casework.json("retention", "erase", code=1)
    assert done["erased"] == [free.case]
    assert [each["disposal"] for each in done["refused"]] == [kept]
    assert "held" in done["refused"][0]["why"]
    assert words_of(db, held.case) == before != []
    assert intact(db)


def test_nothing_is_added_to_an_erased_case(db: Session, casework: Console) -> None:
    case = spent_case(db, complainant_name=NAME, reference="OLD/1")
    agree(db, [case.case])
    begin_write(db)
    db.add(RegisterRow(reference="OLD/1", digest="0" * 64))
    db.commit()
    casework("retention", "erase")
    ref = case_ref(db, "OLD/1")
    assert ref is not None
    reopen = Attempt("reopen", AGREED_AT.date(), {}, factories.SOMEBODY, is_import=True)
    begin_write(db)
    with pytest.raises(StepRefused, match="Log what came in as a new case"):
        move_case(db, ref, reopen, Origin("web"))
    db.rollback()
    with pytest.raises(StepRefused, match="erased"):
        factories.item(db, case.case, "party", kind="other", name=NAME)
    db.rollback()
    register = f"reference,received_on,complainant_name\nOLD/1,2019-05-07,{NAME}\n"
    path = Path(casework.environment["CASEWORK_DATA_DIR"]) / "register.csv"
    path.write_text(register)
    assert "OLD/1 was erased" in casework("import", str(path), code=2).output
    assert words_of(db, case.case) == []


def test_a_file_goes_with_the_last_case_that_names_it(
    db: Session, settings: Settings, casework: Console
) -> None:
    first, second = (spent_case(db) for _ in range(2))
    with time_machine.travel(LOGGED_AT):
        factories.paper(db, second.case, b"%PDF-1.7 sent to both", on=LOGGED_AT.date())
    digest = agreed_with_paper(db, first.case, b"sent to both")
    age_files(settings.data_dir / "files")
    db.rollback()
    casework("retention", "erase")
    assert files().paths(digest)[0].exists()
    agree(db, [second.case])
    db.rollback()
    casework("retention", "erase")
    assert not files().paths(digest)[0].exists()
    assert intact(db)


def test_a_neutral_reference_stands_for_one_that_names_somebody(
    db: Session, casework: Console
) -> None:
    case = spent_case(db, reference=f"{NAME} 2019")
    agree(db, [case.case], erase_reference=True)
    db.rollback()
    casework("retention", "erase")
    assert db.scalars(select(Case.reference)).one() == f"erased-{case.case[2:14]}"
    assert intact(db)


def test_what_an_older_backup_brings_back_is_erased_again(
    db: Session, settings: Settings, casework: Console
) -> None:
    case = spent_case(db, complainant_name=NAME)
    other = spent_case(db, complainant_name="Kept Person")
    db.rollback()
    file = Path(settings.database_url.removeprefix("sqlite:///"))
    backup = file.with_suffix(".backup")
    shutil.copyfile(file, backup)
    agree(db, [case.case])
    db.rollback()
    casework("retention", "erase")
    db.get_bind().engine.dispose()
    shutil.copyfile(backup, file)
    lines = erasure_list.read(settings.data_dir / "outside/erasures.jsonl")
    size = record.log_size(db)
    assert words_of(db, case.case) != []
    begin_write(db)
    assert revive(db, restored(db), (*lines, *lines)).again == erasing.Replayed(1, {})
    db.commit()
    assert command.finish(db, settings).finished == 1
    (event,) = events_of(db, case.case, since=size)
    assert event.action == "retention_erased_again"
    assert event.stat["first_seq"] == lines[0].seq
    assert words_of(db, case.case) == [] != words_of(db, other.case)
    db.rollback()
    assert NAME.encode() not in file.read_bytes()
    assert intact(db)


def test_a_list_erases_nothing_that_is_to_be_kept(db: Session) -> None:
    """No list is signed: a line of one may be anybody's."""
    due, held = spent_case(db), spent_case(db)
    review_on = AGREED_AT.date().replace(year=2027)
    factories.item(db, held.case, "hold", on=AGREED_AT.date(), kind="inquiry", review_on=review_on)
    early, begun = retention_factory.ended(db, on=LOGGED_ON), factories.case(db)
    cases = (due.case, held.case, early.case, begun.case)
    begin_write(db)
    lines = [erasing.Listed(case, 9, is_neutral=False) for case in (*cases, "c_unknown")]
    again = revive(db, restored(db), lines).again
    db.commit()
    whys = {held.case: "is held", early.case: "falls due", begun.case: "is open"}
    assert again.erased == 1
    assert again.refused.keys() == whys.keys()
    assert all(why in again.refused[case] for case, why in whys.items())
    assert [words_of(db, case) == [] for case in cases] == [True, False, False, False]
    assert intact(db)


def restored(db: Session) -> Manifest:
    """What the backup says of itself that an office as it stands was made again from."""
    size = record.log_size(db)
    root = record.log_root(db, size).hex()
    return Manifest(AGREED_AT, "1", "0001", size, root, None, (), 0, (), "")


def test_what_came_after_the_approval_is_erased_only_once_it_is_approved_too(
    db: Session, casework: Console
) -> None:
    case = spent_case(db)
    (disposal,) = agree(db, [case.case])
    factories.paper(db, case.case, name=NAME)
    db.rollback()
    (refused,) = casework.json("retention", "erase", code=1)["refused"]
    assert "since its erasure was approved" in refused["why"]
    boss, today = factories.person(db, "chief_executive"), AGREED_AT.date()
    seq = events_of(db, case.case)[-2].seq
    factories.move_item(db, disposal, "annul", None, {"reason": "More came."}, by=boss, target=seq)
    factories.move_item(db, disposal, "approve_erasure", today, by=boss)
    db.rollback()
    assert casework.json("retention", "erase", code=1)["erased"] == [case.case]  # its file is new
    assert intact(db)


def test_one_person_alone_erases_nothing_even_past_the_rules(
    db: Session, casework: Console
) -> None:
    case, today = spent_case(db), AGREED_AT.date()
    boss = factories.person(db, "supervisor", "chief_executive")
    actor = Actor(boss.token, frozenset({"chief_executive"}))
    disposal = factories.item(db, case.case, "disposal", on=today, by=boss).item
    attempt = Attempt("approve_erasure", today, {}, actor, is_import=True)
    begin_write(db)
    ref = items.item_ref(db, disposal)
    assert ref is not None
    items.move_item(db, ref, attempt, Origin("web", boss.token))
    db.commit()
    (refused,) = casework.json("retention", "erase", code=1)["refused"]
    assert "by one person" in refused["why"]
    step = Attempt("erase_case", today, erased_facts(db, case.case), BY_COMMAND, is_import=True)
    begin_write(db)
    ref = items.item_ref(db, disposal)
    assert ref is not None
    seq = items.move_item(db, ref, step, Origin("command")).seq
    db.commit()
    wrong = [f for f in verify_log(db) if not f.holds]
    assert [(each.check, each.first_seq) for each in wrong] == [("erasures", seq)]
    assert "by one person" in wrong[0].sentence


def erased_facts(db: Session, case: str) -> dict[str, Any]:
    """What the last step of a disposal says of a case, and rightly."""
    events = events_of(db, case)
    kept = standings_by_kind(items_in(events))
    said = fell_due(items.case_standing(events), kept, settings_at(db).schedule)
    return {**said, "details": 1, "files": 0}


def test_words_that_are_back_on_what_was_kept_on_an_erased_case_are_named(
    db: Session, database_url: str, casework: Console
) -> None:
    case = spent_case(db)
    factories.paper(db, case.case, name=NAME)
    agree(db, [case.case])
    db.rollback()
    casework("retention", "erase", code=1)  # its file was kept this very day
    with past_the_triggers(database_url) as connection:
        words = json.dumps({"name": NAME})
        execute(connection, "UPDATE item SET words = :words WHERE workflow = 'paper'", words=words)
        execute(connection, "DELETE FROM erasure")
    assert failed(db).keys() == {"items", "erasure table"}


def test_a_list_that_was_cut_off_is_made_whole(
    db: Session, settings: Settings, casework: Console
) -> None:
    first, second = spent_case(db), spent_case(db)
    agree(db, [first.case])
    db.rollback()
    casework("retention", "erase")
    path = settings.data_dir / "erasures.jsonl"
    path.write_bytes(path.read_bytes()[:-9])
    assert erasure_list.read(path) == ()
    agree(db, [second.case])
    db.rollback()
    casework("retention", "erase")
    assert [each.case for each in erasure_list.read(path)] == [first.case, second.case]
    path.write_text("no line\n")
    with pytest.raises(ValueError, match="tells of no erasure"):
        erasure_list.read(path)


def test_a_finding_about_several_cases_goes_with_the_last_of_them(
    db: Session, casework: Console
) -> None:
    """The force's list has one complaint once, and two people applied about it."""
    cases = [spent_case(db, force_reference="CO/77/19") for _ in range(2)]
    with time_machine.travel(LOGGED_AT):
        month = Period(LOGGED_AT.date().replace(day=1), LOGGED_AT.date())
        check = checked(db, csv_list([["CO/77/19"]]), month)
        (finding,) = findings_of(db, check.token)
        begin_write(db)
        row = db.get_one(ListFinding, finding.token)
        said = (db, row, "several_applied", f"{NAME} and her son", None)
        findings.settle(*said, role="reviewer", origin=Origin("web"))
        db.commit()
    assert finding.kind == "uneven"
    seq = db.scalars(select(ListFinding.settled_seq)).one()
    for case, is_there in zip(cases, (True, False), strict=True):
        agree(db, [case.case])
        db.rollback()
        casework("retention", "erase")
        row = db.scalars(select(ListFinding)).one()
        assert (row.listed[0]["reference"] == "CO/77/19") is is_there
        assert (db.get(AuditDetail, seq) is not None) is is_there
        assert intact(db)
    assert db.scalars(select(ListCheck.counts)).one()["uneven"] == 1
