"""The production server as a process: it serves pages and assets, and stops when told."""

import json
import os
import signal
import socket
import subprocess
import sysconfig
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy.orm import Session

from casework.cli import unsafe
from casework.cli.demonstration.people import COLLEAGUES
from casework.cli.program import Refused
from casework.cli.serving import application
from casework.web import headers
from config import Settings
from tests import factories
from tests.casework.cli.conftest import Console

pytestmark = [pytest.mark.one_database, pytest.mark.slow]
PROGRAM = Path(sysconfig.get_path("scripts")) / "casework"


@pytest.fixture
def address(
    environment: dict[str, str], tmp_path: Path
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with subprocess.Popen(
        [PROGRAM, "serve", "--port", str(port), "--workers", "1"],
        env={**environment, "PATH": os.environ["PATH"]},
        cwd=tmp_path,
        stderr=subprocess.PIPE,
    ) as server:
        yield server, f"http://127.0.0.1:{port}"
        server.kill()


def fetched(url: str, server: subprocess.Popen[bytes]) -> tuple[int, str]:
    """A page, once the server listens; its kernel queue holds the request until a worker is up."""
    while server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=60) as answer:
                return answer.status, answer.headers["Content-Type"]
        except ConnectionRefusedError:
            continue
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError):
                raise
    raise AssertionError(server.stderr.read() if server.stderr else "")


def test_s11_s12_s29_it_serves_until_it_is_told_to_stop_and_says_nothing_of_who_asked(
    address: tuple[subprocess.Popen[bytes], str],
) -> None:
    server, url = address
    assert fetched(f"{url}/sign-in", server) == (200, "text/html; charset=utf-8")
    status, kind = fetched(f"{url}/static/vendor/govuk-frontend.min.css", server)
    assert (status, kind.split(";")[0]) == (200, "text/css")
    with urllib.request.urlopen(f"{url}/static/app.css", timeout=60) as answer:
        assert headers.FIXED.items() <= dict(answer.headers).items()
        assert "Access-Control-Allow-Origin" not in answer.headers
    host, _, port = url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as line:
        line.sendall(b"CANARY words\r\n\r\n")
        assert b"400" in line.recv(1000)
    server.send_signal(signal.SIGTERM)
    _, said = server.communicate(timeout=30)
    assert server.returncode == 0
    assert b"Invalid request" in said and b"CANARY" not in said and b"127.0.0.1" not in said


def test_a_port_that_is_taken_is_named(casework: Console) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert port in casework("serve", "--port", port, code=2).stderr


@pytest.fixture
def real(environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Console:
    """A console on an office that could be served: whatever a test changes is all that is unsafe."""
    monkeypatch.chdir(tmp_path)
    tmp_path.chmod(0o700)
    Path(environment["CASEWORK_DATABASE_URL"].removeprefix("sqlite:///")).chmod(0o600)
    return Console(
        {
            **environment,
            "CASEWORK_ENV": "production",
            "CASEWORK_URL": "https://reviews.office.example",
            "CASEWORK_SECRET_KEY": "4d1c7f9b2e8a60355b7e91c0d2f4a6b8",
        }
    )


def open_for_all(path: Path) -> str:
    path.write_text("x")
    path.chmod(0o644)
    return str(path)


UNSAFE: list[tuple[dict[str, str], str]] = [
    ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
    ({"CASEWORK_SECRET_KEY": ""}, "CASEWORK_SECRET_KEY must"),
    ({"CASEWORK_SECRET_KEY": "8f2c" * 7}, "CASEWORK_SECRET_KEY must"),
    ({"CASEWORK_SECRET_KEY": "abc" * 20}, "can be guessed"),
    ({"CASEWORK_SECRET_KEY": "Change-Me-Please-0123456789-abcdef"}, "can be guessed"),
    ({"CASEWORK_URL": ""}, "CASEWORK_URL"),
    ({"CASEWORK_URL": "http://reviews.office.example"}, "CASEWORK_URL"),
    ({"CASEWORK_HOSTS": "*"}, "CASEWORK_HOSTS"),
    ({"CASEWORK_HOSTS": ".office.example,.org"}, "CASEWORK_HOSTS"),
    ({"CASEWORK_ENV": "demo"}, "CASEWORK_ENV is demo"),
    (
        {"CASEWORK_DATABASE_URL": "postgresql+psycopg://casework@192.0.2.1/c?connect_timeout=1"},
        "need not be encrypted",
    ),
]


def test_s40_what_is_unsafe_is_named(real: Console) -> None:
    for told, sentence in UNSAFE:
        found = casework_check(real, **told)
        assert any(sentence in each for each in found), told
        is_elsewhere = "CASEWORK_DATABASE_URL" in told
        assert len(found) == 1 + is_elsewhere  # where nothing answers


IN_THE_CLEAR: list[tuple[str, dict[str, str], str | None]] = [
    ("localhost/c?host=db.example", {}, "on db.example "),
    ("localhost/c?hostaddr=192.0.2.1", {}, "on 192.0.2.1 "),
    ("/c?host=localhost:5432&host=a.example:5433", {}, "on a.example "),
    ("/c?host=a.example,127.0.0.1,b.example", {}, "on a.example and b.example "),
    ("/c?host=a.example&sslmode=prefer", {"PGSSLMODE": "require"}, "on a.example "),
    ("/c?host=a.example&sslmode=disable&sslmode=require", {}, "on a.example "),
    ("localhost/c?service=far", {"PGSSLMODE": "require"}, "of the service far "),
    ("/c", {"PGHOST": "c.example"}, "on c.example "),
    ("/c", {"PGSERVICE": "far"}, "of the service far "),
    ("localhost/c", {"PGHOST": "c.example"}, None),
    ("/c?host=a.example", {"PGSSLMODE": "require"}, None),
    ("/c?host=a.example,b.example&sslmode=verify-full", {}, None),
    ("/c?service=far&sslmode=require", {}, None),
    ("/c?host=/run/postgresql", {}, None),
    ("/c", {}, None),
    ("[::1],127.0.0.1/c", {}, None),
]
"""Where a database is, what libpq adds of its environment, and what is said."""


def test_s40_a_database_that_is_reached_in_the_clear_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_settings: Settings) -> NoReturn:
        raise Refused("It is away.")

    monkeypatch.setattr(unsafe, "open_office", away)
    for name in [each for each in os.environ if each.startswith("PG")]:
        monkeypatch.delenv(name)
    office = {"CASEWORK_DATA_DIR": str(tmp_path / "data"), "CASEWORK_SECRET_KEY": "k" * 40}
    for url, own, named in IN_THE_CLEAR:
        told = {"CASEWORK_DATABASE_URL": f"postgresql+psycopg://casework@{url}"}
        with monkeypatch.context() as around:
            for name, value in own.items():
                around.setenv(name, value)
            found = unsafe.all_that_is_unsafe(Settings.from_environment(office | told), "::1")
        said = [each for each in found if "encrypted" in each]
        assert [named in each for each in said] == [True] if named else not said, (url, said)


def test_s12_style_sheets_too_are_for_https_alone_in_production(settings: Settings) -> None:
    app = application(replace(settings, environment="production", secret_key="k" * 40))
    for path in ("/static/app.css", "/sign-in"):
        with app.test_client().get(path) as answer:
            assert answer.status_code == 200
            assert answer.headers.get("Strict-Transport-Security") == headers.HSTS, path


def casework_check(real: Console, *options: str, **told: str) -> list[str]:
    """What `casework serve --check` finds to mend."""
    done = real("serve", "--check", "--json", *options, code=1, **told)
    found = json.loads(done.stdout)
    assert found["is_safe"] is False
    return list(found["to_mend"])


def test_s40_a_safe_installation_is_safe_and_all_that_is_not_is_told_at_once(
    real: Console, tmp_path: Path, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert real.json("serve", "--check") == {"is_safe": True, "to_mend": []}
    for name in ("signing_key", "backup_key", ".env"):
        open_for_all(tmp_path / name)
    tmp_path.chmod(0o755)
    factories.person(db, "reviewer", email=COLLEAGUES[0].email)
    db.commit()
    mounts = tmp_path / "mounts"
    mounts.write_text("server:/x / nfs4 rw 0 0\nproc /proc proc rw 0 0\n")
    monkeypatch.setattr(unsafe, "MOUNTS", mounts)
    secret = open_for_all(tmp_path / "secret")
    told = {"CASEWORK_SECRET_KEY_FILE": secret, "CASEWORK_SECRET_KEY": "", "CASEWORK_URL": ""}
    found = casework_check(real, "--host", "0.0.0.0", **told)
    named = ("SECRET_KEY", "CASEWORK_URL", "CASEWORK_PROXIES", "signing_key", "backup_key", ".env")
    more = ("/secret.", f"chmod 700 {tmp_path}", "disk of the network", "demonstration")
    for each in (*named, *more[1:]):
        assert any(each in sentence for sentence in found), each
    assert len(found) == len(named) + len(more)
    refused = real("serve", "--host", "0.0.0.0", code=2, **told)
    assert all(sentence in refused.stderr for sentence in found)


def test_s40_secrets_may_be_in_files(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "key").write_text("k" * 40 + "\n")
    (tmp_path / "url").write_text("sqlite:////elsewhere/office.sqlite3\n")
    named = {
        "CASEWORK_SECRET_KEY_FILE": str(tmp_path / "key"),
        "CASEWORK_DATABASE_URL_FILE": str(tmp_path / "url"),
    }
    settings = Settings.from_environment({"CASEWORK_ENV": "test", **named})
    assert settings.secret_key == "k" * 40
    assert settings.database_url == "sqlite:////elsewhere/office.sqlite3"
    assert "kkkk" not in repr(settings) and "elsewhere" not in repr(settings)
