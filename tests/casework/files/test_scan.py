"""The virus scanner, spoken to as ClamAV's daemon is: what it says counts, and so does its silence."""

import socketserver
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from casework.files.looking import FileRefused
from casework.files.scan import ScannerSilent, scan
from casework.files.store import Store
from tests.casework.files import documents

BAD = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


class Daemon(socketserver.StreamRequestHandler):
    """Answers INSTREAM as clamd does."""

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := int.from_bytes(self.rfile.read(4), "big"):
            content += self.rfile.read(size)
        said = b"Eicar-Test-Signature FOUND" if BAD in content else b"OK"
        if b"confuse" in content:
            self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
        else:
            self.wfile.write(b"stream: " + said + b"\0")


@pytest.fixture(params=["socket", "port"])
def clamd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    path = str(tmp_path / "clamd")
    if request.param == "socket":
        server: socketserver.BaseServer = socketserver.UnixStreamServer(path, Daemon)
    else:
        server = socketserver.TCPServer(("127.0.0.1", 0), Daemon)
        path = f"127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.01,)).start()
    yield path
    server.shutdown()
    server.server_close()


def test_what_the_scanner_says_of_a_file_counts(clamd: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "files", 1_000_000, clamd)
    assert store.keep(BytesIO(documents.PNG), "gate.png").scan == "clean"
    with pytest.raises(FileRefused, match="virus scanner calls “Eicar-Test-Signature”"):
        store.keep(BytesIO(documents.eml(BAD.decode())), "letter.eml")
    with pytest.raises(FileRefused, match="does not answer"):
        store.keep(BytesIO(documents.eml("confuse")), "letter.eml")
    assert len(list((tmp_path / "files").rglob("*.txt"))) == 1


def test_without_a_scanner_a_file_is_not_scanned_and_with_a_silent_one_it_is_not_taken(
    tmp_path: Path,
) -> None:
    assert scan(BytesIO(BAD), None) == "not_scanned"
    for nowhere in (str(tmp_path / "nothing"), "127.0.0.1:1"):
        with pytest.raises(ScannerSilent):
            scan(BytesIO(BAD), nowhere)
