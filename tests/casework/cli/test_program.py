"""Whatever goes wrong in a command, its user gets one sentence, the right code and no traceback."""

import os
import shutil
import sqlite3
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from casework.cli import main
from casework.cli.database_words import sentence_of
from casework.cli.program import sentence_of_file
from tests.casework.cli.conftest import TRACEBACK, Console
from tests.casework.imports.registers import DECIDED, PLAIN, register

pytestmark = pytest.mark.one_database
PROGRAM = Path(sysconfig.get_path("scripts")) / "casework"


def every_command(group: click.Group = main, *path: str) -> Iterator[tuple[str, ...]]:
    yield path
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from every_command(command, *path, name)
        else:
            yield (*path, name)


def leaves() -> list[tuple[str, ...]]:
    paths = list(every_command())
    return [path for path in paths if not any(p[: len(path)] == path and p != path for p in paths)]


@pytest.mark.parametrize("path", leaves(), ids=" ".join)
def test_every_command_explains_itself_with_an_example(path: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(main, [*path, "--help"])
    assert shown.exit_code == 0
    assert "Example:" in shown.output
    assert f"casework {' '.join(path)}" in shown.output.split("Example:")[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("bogus",), "No such command 'bogus'."),
        (("import",), "Missing argument 'FILE'."),
        (("import", "--wrong"), "No such option"),
        (("import", "nowhere.csv"), "There is no file nowhere.csv."),
        (("case", "show", "CR/1"), "There is no case 'CR/1'."),
        (("case", "steps", "CR/1", "--as", "nobody@office.example"), "Nobody signs in"),
        (("case", "apply", "nowhere.jsonl"), "nowhere.jsonl"),
        (
            ("user", "add", "x", "--name", "X", "--role", "reviewer"),
            "email address in the correct format",
        ),
        (("user", "add", "x@office.example", "--name", "X", "--role", "king"), "'king'"),
        (("user", "add", "x@office.example", "--name", " ", "--role", "panel"), "name"),
        (("workflow", "diagram", "bogus"), "There is no workflow 'bogus'."),
        (("workflow", "check", "bogus"), "There is no workflow 'bogus'."),
        (("serve", "--port", "0"), "'--port'"),
    ],
)
def test_a_usage_that_cannot_be_is_refused_in_one_line(
    casework: Console, arguments: tuple[str, ...], said: str
) -> None:
    done = casework(*arguments, code=2)
    assert done.stdout == ""
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_group_alone_lists_its_commands(casework: Console) -> None:
    done = casework.__class__(casework.environment)
    shown = CliRunner().invoke(main, ["case"], env=done.environment)
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert "apply" in shown.stderr


COMMANDS = [
    ("import", __file__),
    ("case", "show", "CR/1"),
    ("case", "apply", "-"),
    ("audit", "verify"),
    ("serve",),
    ("user", "add", "x@office.example", "--name", "X", "--role", "panel"),
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda a: a[0])
def test_a_database_that_is_not_there_is_named(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    office = Console({"CASEWORK_ENV": "test", "CASEWORK_DATA_DIR": str(tmp_path / "none")})
    done = office(*arguments, code=2)
    assert "casework init" in done.stderr
    assert not (tmp_path / "none").exists()


def test_a_database_without_an_office_asks_for_init(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "empty.sqlite3").execute("CREATE TABLE t (x)").connection.close()
    url = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    office = Console({"CASEWORK_ENV": "test", "CASEWORK_DATABASE_URL": url})
    assert "casework init" in office("audit", "verify", code=2).stderr


def file_of(console: Console) -> Path:
    return Path(console.environment["CASEWORK_DATABASE_URL"].removeprefix("sqlite:///"))


@pytest.mark.parametrize("arguments", [("init",), ("audit", "verify")], ids=lambda a: a[0])
def test_a_database_of_a_newer_release_is_left_alone(
    casework: Console, arguments: tuple[str, ...]
) -> None:
    with sqlite3.connect(file_of(casework)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = file_of(casework).read_bytes()
    assert "newer release" in casework(*arguments, code=2).stderr
    assert file_of(casework).read_bytes() == before


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("not a url", "CASEWORK_DATABASE_URL"),
        ("mysql://user:secret@host/name", "CASEWORK_DATABASE_URL"),
        ("postgresql+nodriver://user:secret@host/name", "postgresql+psycopg"),
        ("postgresql+psycopg://user:secret@127.0.0.1:1/name", "cannot be reached"),
        ("postgresql+psycopg://user:secret@host:port/name", "CASEWORK_DATABASE_URL"),
    ],
)
@pytest.mark.parametrize("command", [("init",), ("audit", "verify")], ids=lambda a: a[0])
def test_a_wrong_database_address_is_said_to_be_wrong(
    tmp_path: Path, command: tuple[str, ...], url: str, said: str
) -> None:
    environment = {"CASEWORK_DATABASE_URL": url, "CASEWORK_DATA_DIR": str(tmp_path)}
    done = Console({"CASEWORK_ENV": "test", **environment})(*command, code=2)
    assert said in done.stderr
    assert "secret" not in done.stderr


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    office = Console({"CASEWORK_ENV": "test", "CASEWORK_DATA_DIR": str(tmp_path / "file" / "var")})
    assert "file" in office("init", code=2).stderr


def test_a_wrong_environment_says_what_to_set(tmp_path: Path) -> None:
    done = Console({"CASEWORK_ENV": "live", "CASEWORK_DATA_DIR": str(tmp_path)})("init", code=2)
    assert "production, demo, test" in done.stderr


def test_a_database_in_use_is_waited_for_and_then_said_to_be(
    casework: Console, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("casework.database.BUSY_SECONDS", 0)
    path = tmp_path / "register.csv"
    path.write_bytes(register(PLAIN))
    other = sqlite3.connect(file_of(casework), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    done = casework("import", str(path), code=2)
    other.close()
    assert "try again" in done.stderr
    assert casework("import", str(path)).stdout.startswith("1 row: 1 imported")


def test_init_is_safe_to_repeat(tmp_path: Path) -> None:
    office = Console({"CASEWORK_ENV": "test", "CASEWORK_DATA_DIR": str(tmp_path / "var")})
    assert office("init").stdout == office("init").stdout
    office("audit", "verify")
    assert (tmp_path / "var").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "var" / "casework.sqlite3").stat().st_mode & 0o777 == 0o600


def test_what_nobody_foresaw_is_a_sentence_too(
    casework: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise LookupError("a secret")

    monkeypatch.setattr("casework.cli.workflow.mermaid", broken)
    done = casework("workflow", "diagram", "complaint_review", code=2)
    assert "LookupError" in done.stderr
    assert "a secret" not in done.stderr
    with pytest.raises(LookupError):
        main.main(["workflow", "diagram", "complaint_review"], **debug(monkeypatch))


def debug(monkeypatch: pytest.MonkeyPatch) -> dict[str, bool]:
    monkeypatch.setenv("CASEWORK_DEBUG", "1")
    return {}


def run(environment: dict[str, str], command: str) -> subprocess.CompletedProcess[str]:
    """A command line as a shell runs it."""
    path = f"{PROGRAM.parent}:{os.environ['PATH']}"
    return subprocess.run(
        ["/bin/bash", "-c", command],
        env={**environment, "PATH": path},
        cwd=environment["CASEWORK_DATA_DIR"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_reader_may_leave_early(environment: dict[str, str]) -> None:
    long = "for i in {1..3000}; do echo '{}'; done | casework case apply - | head -n 1"
    done = run(environment, long)
    assert done.stdout.startswith('{"line":1,"ok":false')
    assert done.stderr == ""


def test_a_full_disk_under_the_output_is_said_to_be(environment: dict[str, str]) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this machine has no /dev/full")
    done = run(environment, "casework workflow list > /dev/full")
    assert done.returncode == 2
    assert "disk is full" in done.stderr
    assert TRACEBACK not in done.stderr


def test_a_full_disk_under_the_database_keeps_nothing(
    environment: dict[str, str], tmp_path: Path
) -> None:
    rows = (DECIDED | {"reference": f"CR/{number}", "grounds": "x" * 9_000} for number in range(99))
    (tmp_path / "register.csv").write_bytes(register(*rows))
    kilobytes = file_of(Console(environment)).stat().st_size // 1024 + 200
    done = run(environment, f"ulimit -f {kilobytes}; casework import register.csv")
    assert (done.returncode, done.stdout) == (2, "")
    assert "disk is full" in done.stderr
    assert Console(environment).json("audit", "verify")["log_size"] == 0


def test_the_program_starts_from_any_folder(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "config.py").write_text("raise SystemExit(9)")
    assert run(environment, "casework audit verify").returncode == 0
    assert shutil.which("casework", path=str(PROGRAM.parent))


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("database is locked", "try again"),
        ("database or disk is full", "disk is full"),
        ("attempt to write a readonly database", "permissions"),
        ("no such table: case", "casework init"),
        ("database disk image is malformed", "damaged"),
        ("something else", "CASEWORK_DEBUG"),
    ],
)
def test_what_a_database_says_is_put_in_words(said: str, answer: str) -> None:
    from sqlalchemy.exc import OperationalError

    error = OperationalError("SELECT secret", {}, sqlite3.OperationalError(said))
    assert answer in sentence_of(error)
    assert "secret" not in sentence_of(error)


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        (28, "disk is full"),
        (13, "permission"),
        (30, "permission"),
        (2, "no file"),
        (20, "no folder"),
        (5, "refused"),
    ],
)
def test_what_the_system_says_of_a_file_is_put_in_words(number: int, answer: str) -> None:
    sentence = sentence_of_file(OSError(number, os.strerror(number), "register.csv"))
    assert answer in sentence
    assert "register.csv" in sentence


def test_a_folder_that_is_missing_is_named_and_no_hidden_file_in_it(tmp_path: Path) -> None:
    hidden = tmp_path / "missing" / ".hidden-1x"
    sentence = sentence_of_file(FileNotFoundError(2, os.strerror(2), str(hidden)))
    assert sentence == f"There is no folder {tmp_path}/missing. Check the name."
