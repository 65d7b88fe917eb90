"""What an office’s machine runs: units, roles and settings that go together, and that are told."""

import re
import secrets
import subprocess
from collections.abc import Iterator
from configparser import RawConfigParser
from pathlib import Path

import pytest
from click import Command, Context, Group
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from casework.audit.notes import SigningKey
from casework.checkpoints.changes import change_key
from casework.checkpoints.service import note_copy, sign
from casework.cli import main
from casework.database import begin_write
from tests import factories
from tests.databases import name_in, postgres
from tests.factories import LOGGED_ON

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
UNITS = DEPLOY / "systemd"
TIMERS = sorted(UNITS.glob("*.timer"))
GUIDE = (ROOT / "docs" / "operations.md").read_text()


def unit(path: Path) -> RawConfigParser:
    """A unit of systemd’s; of what is said several times the last."""
    read = RawConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read(path)
    return read


def test_what_is_started_is_there() -> None:
    wanted = set(
        re.findall(r"casework-\w+\.(?:service|timer)", (UNITS / "casework.target").read_text())
    )
    timed = {path.name for path in TIMERS}
    assert wanted == timed | {"casework-web.service"}
    for path in TIMERS:
        assert path.with_suffix(".service").exists()
        assert unit(path)["Unit"]["PartOf"] == "casework.target"


@pytest.mark.parametrize(
    "path", sorted(UNITS.glob("casework-*.service")), ids=lambda path: path.stem
)
def test_every_service_runs_a_command_that_there_is(path: Path) -> None:
    program, *words = unit(path)["Service"]["ExecStart"].split()
    assert program == "/opt/casework/current/bin/casework"
    command: Command | None = main
    context = Context(main)
    for word in words:
        if isinstance(command, Group):
            command = command.get_command(context, word)
        assert command is not None, words


def test_s40_only_what_leaves_copies_may_write_where_they_go() -> None:
    """What is served could otherwise take away what proves that it was taken over."""
    files = [path for path in UNITS.rglob("*.*") if "Service" in unit(path)]
    folders = {path.name: unit(path)["Service"].get("ReadWritePaths") for path in files}
    assert {name: folder for name, folder in folders.items() if folder} == {
        "casework-backup.service": "-/mnt/backups",
        "casework-checkpoint.service": "-/mnt/checkpoints",
        "casework-erase.service": "-/mnt/checkpoints",
    }
    compose = (DEPLOY / "container" / "compose.yaml").read_text()
    served, at_night = compose.partition("  night:\n")[::2]
    assert re.findall(r"- (/mnt\S*)", served) == ["/mnt/checkpoints:/mnt/checkpoints:ro"]
    assert at_night.count("- /mnt/") == 2


def test_s40_what_is_served_reads_no_password_of_the_tables_owner() -> None:
    """The same user reads the environment of a process in /proc, but not of another namespace."""
    assert unit(UNITS / "casework-.service.d" / "office.conf")["Service"]["PrivateUsers"] == "yes"
    for path in UNITS.glob("casework-*.service"):
        assert "PrivateUsers" not in unit(path)["Service"], path.name
    files = [path for path in UNITS.rglob("*.*") if "Service" in unit(path)]
    given = {path.name: unit(path)["Service"].get("EnvironmentFile", "") for path in files}
    assert [name for name, file in given.items() if "owner" in file] == ["casework-erase.service"]


def test_s40_in_containers_what_is_served_is_neither_owner_nor_superuser() -> None:
    compose = (DEPLOY / "container" / "compose.yaml").read_text()
    served, rest = compose.partition("  night:\n")[::2]
    at_night, database = rest.partition("  database:\n")[::2]
    assert re.findall(r"psycopg://(\w*)@", served) == ["casework"]
    assert re.findall(r"psycopg://(\w*)@", at_night) == ["casework_owner"]
    assert "owner.env" not in served and "owner.env" in at_night
    assert "socket:/var/run/postgresql:ro\n" in served  # or it could lay one of its own there
    assert "POSTGRES_USER" not in compose and "hba_file=/etc/pg_hba.conf" in database
    let_in = (DEPLOY / "container" / "pg_hba.conf").read_text().splitlines()
    assert [line.split()[1:] for line in let_in if not line.startswith("#")] == [
        ["all", "postgres", "peer"],
        ["casework", "casework", "trust"],
        ["casework", "casework_owner", "scram-sha-256"],
        ["all", "all", "127.0.0.1/32", "scram-sha-256"],
    ]


def test_s29_the_servers_in_front_hand_on_a_form_once_it_is_all_there() -> None:
    """Each that is handed on holds one of a few threads until it ends."""
    caddy = (DEPLOY / "caddy" / "Caddyfile").read_text()
    assert re.search(r"buffer_requests\s+max_buffer_size 1MiB", caddy)
    assert re.search(r"timeouts \{\s+read_header \w+\s+read_body \w+", caddy)
    compose = (DEPLOY / "container" / "compose.yaml").read_text()
    assert "CASEWORK_BUFFERS: request_buffers 1MiB" in compose  # a Caddy that has no other words
    nginx = (DEPLOY / "nginx" / "casework.conf").read_text()
    assert "proxy_request_buffering on;" in nginx and "client_body_timeout" in nginx


def test_the_image_is_made_of_a_release_alone() -> None:
    container = DEPLOY / "container"
    dockerfile = (container / "Dockerfile").read_text()
    taken = re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE)
    let_through = (container / "Dockerfile.dockerignore").read_text().split("!")[1:]
    assert [name.strip() for name in let_through] == " ".join(taken).split()
    packed = (ROOT / "tools" / "release").read_text()
    assert taken == ["runtime.txt casework-*.whl"]
    assert "requirements/runtime.txt" in packed and "dist/*.whl" in packed


def test_s29_the_servers_in_front_log_no_secret_of_a_link() -> None:
    nginx = (DEPLOY / "nginx" / "casework.conf").read_text()
    *refusing, passing = nginx.split("\nserver {")[1:]
    assert "proxy_pass" in passing and len(refusing) == 2
    for server in refusing:
        assert "access_log off;" in server and re.search(r"error_log \S+ crit;", server)
    own, *places = passing.split("    location ")
    assert re.search(r"access_log \S+ casework;", own) and re.search(r"error_log \S+ crit;", own)
    (link,) = (each for each in places if each.startswith("/set-password/ {"))
    assert "access_log off;" in link and "error_log /dev/null crit;" in link
    caddy = (DEPLOY / "caddy" / "Caddyfile").read_text()
    assert "exclude http.log http.handlers" in caddy


@pytest.mark.parametrize("path", TIMERS, ids=lambda path: path.stem)
def test_every_timer_is_told_with_its_hour(path: Path) -> None:
    (row,) = re.findall(rf"^\| `{path.name}` \|([^|]*)\|", GUIDE, re.MULTILINE)
    clock = re.search(r"\d\d:\d\d", unit(path)["Timer"]["OnCalendar"])
    assert clock is None or clock[0] in row


def test_every_setting_of_the_example_is_one() -> None:
    told = re.findall(
        r"^#?(CASEWORK_\w+)=", (DEPLOY / "casework.env.example").read_text(), re.MULTILINE
    )
    readme = (ROOT / "README.md").read_text()
    assert told
    for name in told:
        assert f"`{name}`" in readme, name


@pytest.fixture
def database_url() -> Iterator[str]:
    """A database as its serving role reaches it, which may do what deploy/ says and no more."""
    server = postgres()
    url, serving = server.new_database(), f"serving_{secrets.token_hex(4)}"
    database = name_in(url)
    server.execute(f"CREATE ROLE {serving} LOGIN")
    told = {"host": server.folder, "username": "casework", "dbname": database}
    where = [f"--{name}={value}" for name, value in told.items()]
    names = ["--set=owner=casework", f"--set=serving={serving}"]
    grants = DEPLOY / "postgresql" / "grants.sql"
    subprocess.run(["psql", "--quiet", *where, *names, f"--file={grants}"], check=True)
    yield url.replace("casework@", f"{serving}@")
    server.drop_database(url)
    server.execute(f"DROP ROLE {serving}")


FORBIDDEN = (
    "UPDATE audit_event SET action = 'nothing'",
    "DELETE FROM audit_event",
    "TRUNCATE audit_event CASCADE",
    "UPDATE audit_node SET level = 9",
    "DELETE FROM audit_detail",
    "UPDATE checkpoint SET note = 'nothing'",
    "DELETE FROM checkpoint",
    "UPDATE checkpoint_copy SET place = 'nowhere'",
    "DELETE FROM checkpoint_copy",
    "ALTER TABLE audit_event DISABLE TRIGGER ALL",
    "DROP TRIGGER audit_event_append_only ON audit_event",
    "UPDATE alembic_version SET version_num = 'nothing'",
    "CREATE TABLE mine (number integer)",
)


@pytest.mark.thorough
@pytest.mark.postgres
def test_the_serving_role_works_on_cases_and_only_adds_to_the_log(
    db: Session, client: FlaskClient
) -> None:
    reviewer = factories.person(db)
    moved = factories.case(db, by=reviewer)
    visitor = factories.sign_in(client, reviewer)
    page = f"/cases/{moved.case}"
    day = {f"effective_on-{part}": getattr(LOGGED_ON, part) for part in ("day", "month", "year")}
    taken = factories.post(visitor, f"{page}/steps/acknowledge", version=1, **day)
    assert taken.status_code == 302, taken.text
    assert visitor.get(page).status_code == 200
    begin_write(db)
    key = SigningKey.new("office/log")
    change_key(db, key.verifier, None)
    note_copy(db, sign(db, (key,)).size, "folder", "/mnt/checkpoints")
    db.commit()
    for statement in FORBIDDEN:
        begin_write(db)
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
            db.execute(text(statement))
        db.rollback()
