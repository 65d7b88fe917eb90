"""The production server as a process: it serves pages and assets, and stops when told."""

import os
import signal
import socket
import subprocess
import sysconfig
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

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


def test_it_serves_pages_and_assets_until_it_is_told_to_stop(
    address: tuple[subprocess.Popen[bytes], str],
) -> None:
    server, url = address
    assert fetched(f"{url}/sign-in", server) == (200, "text/html; charset=utf-8")
    status, kind = fetched(f"{url}/static/vendor/govuk-frontend.min.css", server)
    assert (status, kind.split(";")[0]) == (200, "text/css")
    server.send_signal(signal.SIGTERM)
    assert server.wait(30) == 0


def test_a_port_that_is_taken_is_named(casework: Console) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert port in casework("serve", "--port", port, code=2).stderr


def test_production_needs_a_secret_key(casework: Console) -> None:
    done = casework("serve", code=2, CASEWORK_ENV="production", CASEWORK_SECRET_KEY="")
    assert "CASEWORK_SECRET_KEY" in done.stderr
