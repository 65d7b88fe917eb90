"""Importing, people, workflows, the audit: what each command does and prints."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
import xlsxwriter
from sqlalchemy import text
from sqlalchemy.orm import Session

from casework import clock
from casework.accounts import links, people
from tests.casework.cli.conftest import Console
from tests.casework.imports.registers import DECIDED, PLAIN, VALID, Cells, register


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "register.csv"


def written(path: Path, *rows: Cells) -> str:
    path.write_bytes(register(*rows))
    return str(path)


def test_an_import_counts_what_it_did(casework: Console, file: Path) -> None:
    name = written(file, DECIDED, PLAIN | {"reference": "CR/2", "route": ""})
    done = casework("import", name)
    assert done.stdout == "2 rows: 2 imported, 0 unchanged, 1 warning.\n"
    assert done.stderr.startswith("Warning: row 3, route: ")
    assert casework.json("import", name) == {
        "rows": 2,
        "imported": 0,
        "unchanged": 2,
        "warnings": [],
        "errors": [],
    }


def test_an_import_with_an_error_names_it_and_keeps_nothing(casework: Console, file: Path) -> None:
    name = written(file, VALID, DECIDED | {"reference": "CR/2", "decided_on": ""})
    done = casework("import", name, code=2)
    assert done.stdout == ""
    assert done.stderr.splitlines()[0].startswith("Error: row 3, decided_on: ")
    assert done.stderr.splitlines()[-1] == "Nothing was imported: 1 error."
    told = casework.json("import", name, code=2)
    assert (told["imported"], told["errors"][0]["row"]) == (0, 3)
    assert told["errors"][0].keys() == {"row", "column", "message"}
    casework("case", "show", "CR/1", code=2)


def test_a_dry_run_says_what_would_be(casework: Console, file: Path) -> None:
    assert "1 would be imported" in casework("import", written(file, VALID), "--dry-run").stdout
    casework("case", "show", "CR/1", code=2)


@pytest.mark.one_database
def test_a_register_may_come_from_a_pipe(casework: Console) -> None:
    assert "1 imported" in casework("import", "-", stdin=register(VALID)).stdout


@pytest.mark.one_database
def test_an_import_shows_a_terminal_how_far_it_is_and_no_pipe(
    casework: Console, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = written(file, VALID, PLAIN | {"reference": "CR/2"})
    assert "Checking" not in casework("import", name, "--dry-run").output
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True, raising=False)
    done = casework("import", name)
    assert done.stdout == "2 rows: 2 imported, 0 unchanged, 0 warnings.\n"
    assert ["Checking" in done.stderr, "Importing" in done.stderr] == [True, True]
    assert done.stderr.count("100%") == 2


@pytest.mark.one_database
def test_a_workbook_is_imported_and_what_is_none_is_refused(casework: Console, file: Path) -> None:
    book = file.with_suffix(".xlsx")
    with xlsxwriter.Workbook(book) as written_book:
        sheet = written_book.add_worksheet()
        sheet.write_row(0, 0, ("reference", "received_on", "route"))
        sheet.write_row(1, 0, (1001, "2022-05-03", "otherwise"))
    assert "1 row: 1 imported" in casework("import", str(book)).stdout
    assert casework.json("case", "show", "1001")["state"] == "received"
    book.write_bytes(book.read_bytes()[:-90])
    told = casework.json("import", str(book), code=2)
    assert (told["rows"], told["errors"][0]["row"], told["imported"]) == (0, 1, 0)


def test_a_person_gets_a_link_of_their_own(casework: Console, db: Session) -> None:
    done = casework(
        "user",
        "add",
        "A@Office.example",
        "--name",
        "A",
        "--role",
        "reviewer",
        "--role",
        "panel",
        "--url",
        "https://cases.example/",
    )
    link = done.stdout.split()[-1]
    assert link.startswith("https://cases.example/set-password/")
    person = links.person_of_link(db, link.rsplit("/", 1)[1])
    assert person is not None
    assert (person.email, person.role_names) == (
        "a@office.example",
        frozenset({"reviewer", "panel"}),
    )
    again = casework("user", "add", "a@office.example", "--name", "A", "--role", "panel", code=2)
    assert "there already" in again.stderr


def test_a_password_may_be_given_instead(casework: Console, db: Session) -> None:
    arguments = (
        "user",
        "add",
        "a@office.example",
        "--name",
        "A",
        "--role",
        "panel",
        "--password-stdin",
    )
    assert "12 characters" in casework(*arguments, stdin="short\n", code=2).stderr
    done = casework(*arguments, stdin="a lamp beside the harbour\n")
    assert "set-password" not in done.stdout
    assert people.verify(db, "a@office.example", "a lamp beside the harbour")


@pytest.mark.one_database
def test_workflows_are_listed_checked_and_drawn(casework: Console) -> None:
    listed, *items = casework.json("workflow", "list")
    assert (listed["name"], len(listed["hash"])) == ("complaint_review", 64)
    assert "find_valid" in listed["steps"]
    assert "recommendation" in [each["name"] for each in items]
    assert casework("workflow", "list").stdout.startswith("complaint_review")
    found = casework("workflow", "check").stdout.splitlines()
    assert [line.partition(": ")[2] for line in found] == ["sound"] * (len(items) + 2)
    assert casework.json("workflow", "check", "complaint_review") == {"complaint_review": []}
    assert casework("workflow", "diagram", "complaint_review").stdout.startswith("stateDiagram-v2")


@pytest.mark.one_database
def test_an_unsound_workflow_is_wrong(casework: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casework.cli.workflow.faults_of", lambda _: ("A state has no label.",))
    done = casework("workflow", "check", code=1)
    assert "  A state has no label." in done.stdout


def test_an_untouched_log_is_intact(casework: Console, file: Path) -> None:
    casework("import", written(file, DECIDED))
    done = casework("audit", "verify")
    assert "WRONG" not in done.stdout
    told = casework.json("audit", "verify")
    assert (told["is_intact"], told["log_size"], told["exit"]) == (True, 5, 0)
    assert "milestones" in [check["check"] for check in told["checks"]]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE \"case\" SET state = 'upheld'",
        "UPDATE milestone SET from_on = '2022-05-10' WHERE kind = 'received'",
        "DELETE FROM milestone",
        "DELETE FROM audit_detail",
        "INSERT INTO milestone (case_token, item, kind, code, from_on, is_estimated, since_seq) "
        "VALUES ('c_', '', 'received', '', '2022-05-10', false, 0)",
    ],
)
def test_what_was_altered_is_wrong(casework: Console, file: Path, db: Session, change: str) -> None:
    casework("import", written(file, DECIDED))
    db.rollback()
    db.connection(execution_options={"writes": True})
    db.execute(text(change))
    db.commit()
    assert "WRONG" in casework("audit", "verify", code=1).stdout
    assert casework.json("audit", "verify", code=1)["is_intact"] is False


@pytest.mark.one_database
def test_bytes_that_cannot_be_read_are_altered(casework: Console, file: Path) -> None:
    casework("import", written(file, DECIDED))
    path = Path(casework.environment["CASEWORK_DATABASE_URL"].removeprefix("sqlite:///"))
    path.write_bytes(b"x" * 4096 + path.read_bytes()[4096:])
    assert "damaged" in casework("audit", "verify", code=1).stdout


def test_an_old_log_that_no_checkpoint_covers_is_3(casework: Console, file: Path) -> None:
    casework("import", written(file, DECIDED))
    for days, code in ((6, 0), (8, 3)):
        with time_machine.travel(clock.now() + timedelta(days=days)):
            done = casework("audit", "verify", code=code)
        assert "No checkpoint is held outside yet" in done.stdout


@pytest.mark.one_database
def test_json_is_all_there_is_on_stdout(casework: Console, file: Path) -> None:
    name = written(file, PLAIN | {"route": ""})
    assert json.loads(casework("import", name, "--json").stdout)["warnings"][0]["column"] == "route"
