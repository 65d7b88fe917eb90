"""The only place that has a file scanned for viruses, by ClamAV's daemon where there is one.

The protocol is clamd's INSTREAM: the bytes in chunks, each after its length, ended by a length
of nothing; the answer is one line. `CASEWORK_CLAMD` is the path of its socket, or host:port.
"""

import socket
from contextlib import closing
from typing import BinaryIO, Literal

CHUNK = 64 * 1024
SECONDS = 60
CLEAN = "clean"
Verdict = Literal["clean", "not_scanned"]


class Infected(Exception):
    """The scanner found something; the message is what it calls it."""


class ScannerSilent(Exception):
    """The scanner that the installation names did not answer, or not in its own words."""


def scan(file: BinaryIO, clamd: str | None) -> Verdict:
    """What the scanner says of a file, read from its beginning; without a scanner, just that.

    Raises Infected, or ScannerSilent: where an office has a scanner, nothing passes without it.
    """
    if clamd is None:
        return "not_scanned"
    file.seek(0)
    try:
        with closing(_connected(clamd)) as daemon:
            said = _asked(daemon, file)
    except OSError as error:
        raise ScannerSilent(str(error)) from error
    if said.endswith(" FOUND"):
        raise Infected(said.removeprefix("stream: ").removesuffix(" FOUND"))
    if said != "stream: OK":
        raise ScannerSilent(said)
    return "clean"


def _connected(clamd: str) -> socket.socket:
    host, _, port = clamd.rpartition(":")
    if host and port.isdigit():
        return socket.create_connection((host, int(port)), timeout=SECONDS)
    daemon = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    daemon.settimeout(SECONDS)
    try:
        daemon.connect(clamd)
    except OSError:
        daemon.close()
        raise
    return daemon


def _asked(daemon: socket.socket, file: BinaryIO) -> str:
    daemon.sendall(b"zINSTREAM\0")
    while chunk := file.read(CHUNK):
        daemon.sendall(len(chunk).to_bytes(4, "big") + chunk)
    daemon.sendall(bytes(4))
    answer = b""
    while not answer.endswith(b"\0") and (more := daemon.recv(CHUNK)):
        answer += more
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")
