#!/usr/bin/env python3
"""Verifies a log of Casework, or the pack of a published report, with none of Casework's own code.

    python3 -I verify_casework.py EXPORT-FOLDER-OR-PACK.zip [--checkpoint FILE] [--key KEY] [--json]

With -I, Python takes no module from the folder that this file lies in.

One file for Python 3.9 or later with nothing installed. It reads only what it is given, writes
nothing, and needs no network. Exit codes: 0 everything holds; 1 something was altered; 2 what was
given cannot be read; 3 everything holds, but entries older than 7 days are in no checkpoint that is
kept outside the office, or of a pack: its key was not given, or a checkpoint not compared. What each file holds and each check asks is in `export-format.md`.

In this order: findings; reading what may be hostile; signatures (Ed25519); signed notes; the tree;
the entries one by one; the rules of cases; erasures; the tables; published reports; checkpoints; report packs.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import os
import re
import sqlite3
import stat as file_kinds
import sys
import zipfile
import zlib
from base64 import b64decode, b64encode
from bisect import bisect_right
from calendar import isleap
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from operator import itemgetter
from typing import Any, BinaryIO, Iterable, Iterator, NamedTuple, Sequence
from unicodedata import is_normalized

HOLDS, ALTERED, UNREADABLE, UNCOVERED = 0, 1, 2, 3
UNCOVERED_FOR = 7  # days, unless the office has set others
MOST_DAYS = 31  # that it may set
MOST_NAMED = 20  # ranges that one check names
LONGEST_LINE = 32_000_000  # bytes of one line of a file
DEEPEST = 16  # levels to which an entry may nest
LARGEST_FILE = 1_000_000  # bytes of a note, a list of keys, a manifest
LARGEST_UNPACKED = 500_000_000  # bytes of all the files in an archive
EXPORT, PACK = "casework-export/v1", "casework-report-pack/v1"
FAULTS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What working with values that were tampered with may raise."""
BROKEN = (
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    sqlite3.Error,
    zipfile.BadZipFile,
    zlib.error,
)
"""What reading a damaged folder or archive may raise, or a disk without room for the scratch file."""


# --- Findings ---------------------------------------------------------------------------------


class Refused(Exception):
    """What was given cannot be read; the message says what and why."""


class Finding(NamedTuple):
    """What one check says of the entries from `first_seq` to `last_seq`, None when of none."""

    check: str
    holds: bool
    sentence: str
    first_seq: int | None = None
    last_seq: int | None = None


class Check:
    """One check as it runs: what does not hold, neighbouring entries as one range."""

    def __init__(self, name: str) -> None:
        self.name, self.unnamed = name, 0
        self.faults: list[tuple[str, int | None, int | None]] = []

    def fault(self, what: str, first: int | None = None, last: int | None = None) -> None:
        """Something does not hold, of the entries from `first` to `last` (one, if not given)."""
        last = first if last is None else last
        before = self.faults[-1] if self.faults else None
        if before and before[0] == what and before[2] is not None and first == before[2] + 1:
            self.faults[-1] = (what, before[1], last)
        elif len(self.faults) < MOST_NAMED:
            self.faults.append((what, first, last))
        else:
            self.unnamed += 1

    def findings(self, otherwise: str) -> list[Finding]:
        """The faults, or the one sentence that says what holds."""
        if not self.faults:
            return [Finding(self.name, True, otherwise)]
        found = [
            Finding(self.name, False, f"{printable(what)}{where(first, last)}.", first, last)
            for what, first, last in self.faults
        ]
        if self.unnamed:
            found.append(Finding(self.name, False, f"And {self.unnamed:,} more like these."))
        return found


def where(first: int | None, last: int | None) -> str:
    """A range of entries as the end of a sentence."""
    if first is None:
        return ""
    return f": entry {first}" if last == first else f": entries {first} to {last}"


def printable(text: object) -> str:
    """A text without what could steer a terminal, and not without end."""
    return "".join(sign if sign.isprintable() else "?" for sign in str(text)[:500])


# --- Reading what may be hostile --------------------------------------------------------------


class Source:
    """A folder, or an archive that is read without being unpacked, of files by their names alone."""

    def __init__(self, path: str) -> None:
        self.path, self.archive = path, None
        try:
            if os.path.isdir(path):
                return
            self.archive = zipfile.ZipFile(path)
        except (OSError, ValueError, zipfile.BadZipFile) as fault:
            raise Refused(
                f"{printable(path)} is neither a folder nor a ZIP file that can be read "
                f"({type(fault).__name__}). Give the folder of an export, or a report pack."
            ) from None
        infos = self.archive.infolist()
        names = [info.filename for info in infos]
        if len(infos) > 100 or len(set(names)) < len(names):
            raise Refused("The archive has too many files, or two of one name. It was not read.")
        if sum(info.file_size for info in infos) > LARGEST_UNPACKED:
            raise Refused(
                f"The archive would unpack to more than {LARGEST_UNPACKED:,} bytes. It was not read; "
                "unpack it yourself if you trust it, and give the folder."
            )

    def has(self, name: str) -> bool:
        """Whether there is a file of this name, a plain one and no link."""
        if self.archive is not None:
            return name in self.archive.NameToInfo
        try:
            return file_kinds.S_ISREG(os.lstat(os.path.join(self.path, name)).st_mode)
        except OSError:
            return False

    def besides(self, known: Iterable[str]) -> list[str]:
        """That there are others than these files, as a sentence, if there are."""
        there = os.listdir(self.path) if self.archive is None else self.archive.namelist()
        others = sorted(set(there) - {*known, "README.txt", "verify_casework.py"})
        named = ", ".join(map(printable, others[:MOST_NAMED]))
        more = f" and {len(others) - MOST_NAMED:,} more" if len(others) > MOST_NAMED else ""
        return [f"Files that do not belong to it: {named}{more}."] * bool(others)

    def open(self, name: str) -> BinaryIO:
        """A file by its name; Refused when it is not there."""
        if not self.has(name):
            raise Refused(f"There is no file {name} in {printable(self.path)}, or it is a link.")
        if self.archive is not None:
            return self.archive.open(name)  # type: ignore[return-value]
        return open(os.path.join(self.path, name), "rb")

    def read(self, name: str, largest: int = LARGEST_FILE) -> bytes:
        """A small file as a whole."""
        with self.open(name) as file:
            content = file.read(largest + 1)
        if len(content) > largest:
            raise Refused(f"{name} has more than {largest:,} bytes, which no such file has.")
        return content


class Listed:
    """The rows of one file of an export, a JSON object on each line, as they are read."""

    def __init__(self, source: Source, name: str) -> None:
        self.source, self.name = source, f"{name}.jsonl"
        self.digest, self.count = hashlib.sha256(), 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        with self.source.open(self.name) as file:
            while line := file.readline(LONGEST_LINE + 1):
                self.digest.update(line)
                self.count += 1
                yield self._row(line)

    def _row(self, line: bytes) -> dict[str, Any]:
        try:
            if len(line) > LONGEST_LINE:
                raise ValueError("too long")
            row = parsed(line.decode())
            if b"\\u" in line:
                json.dumps(row, ensure_ascii=False).encode()  # half characters are none
        except ValueError:
            row = None
        if not isinstance(row, dict):
            raise Refused(f"Line {self.count:,} of {self.name} is not as the format has it.")
        return row


def parsed(text: str, *, with_decimals: bool = False) -> Any:
    """JSON, with every name once and no number that computers hold differently. ValueError."""
    try:
        return (_WITH_DECIMALS if with_decimals else _WHOLE_NUMBERS).decode(text)
    except RecursionError:
        raise ValueError("nested without end") from None


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name twice")
    return found


def _whole(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) >= 2**53:
        raise ValueError("a number of 2 to the 53 or more")
    return int(digits)


def _refuse(number: str) -> float:
    raise ValueError(f"{number[:20]} is no whole number")


def _reader(number: Any) -> json.JSONDecoder:
    return json.JSONDecoder(
        object_pairs_hook=_each_once, parse_int=_whole, parse_float=number, parse_constant=_refuse
    )


_WHOLE_NUMBERS, _WITH_DECIMALS = _reader(_refuse), _reader(float)
_WRITER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def is_canonical(value: Any, written: bytes) -> bool:
    """Whether a value that was read is written in the one way that there is (RFC 8785)."""
    deepest = written.count(b"{") + written.count(b"[")
    if not written.isascii() or b"\\" in written or deepest > DEEPEST:
        _check_plain(value, 0)
    return _WRITER.encode(value).encode() == written


def _check_plain(value: Any, depth: int) -> None:
    if depth > DEEPEST or (isinstance(value, str) and not _is_plain(value)):
        raise ValueError("a text or a depth that the log does not have")
    if isinstance(value, list):
        for held in value:
            _check_plain(held, depth + 1)
    elif isinstance(value, dict):
        for name, held in value.items():
            if not name.isascii() or "\0" in name:
                raise ValueError("a name that is not ASCII")
            _check_plain(held, depth + 1)


def _is_plain(text: str) -> bool:
    return "\0" not in text and (text.isascii() or is_normalized("NFC", text))


def stored_bytes(value: Any) -> bytes | None:
    """Bytes as an export writes them: UTF-8 as text, others in hexadecimal; None when none."""
    try:
        if isinstance(value, str):
            return value.encode()
        return bytes.fromhex(value["hex"]) if isinstance(value, dict) else None
    except (KeyError, TypeError, ValueError):
        return None


def stored_hash(value: Any) -> bytes | None:
    """A hash as an export writes it, in hexadecimal; None when it is none."""
    try:
        return bytes.fromhex(value)
    except (TypeError, ValueError):
        return None


# --- Signatures: Ed25519 (RFC 8032, section 5.1.7) --------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
Point = tuple[int, int, int, int]  # (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z
NEUTRAL = (0, 1, 1, 0)


def _add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(number: int, point: Point) -> Point:
    total = NEUTRAL
    while number:
        if number & 1:
            total = _add(total, point)
        point, number = _add(point, point), number >> 1
    return total


def _is_same(p: Point, q: Point) -> bool:
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


def _encoded(point: Point) -> bytes:
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _decoded(encoded: bytes) -> Point | None:
    """The point, None where 32 bytes are none or are not the one way of writing it."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


BASE = _decoded((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")) or NEUTRAL


@lru_cache(maxsize=10_000)
def has_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature is this key's. Keys of small order, which sign anything, never are."""
    key = _decoded(public) if len(public) == 32 and len(signature) == 64 else None
    s = int.from_bytes(signature[32:], "little")
    if key is None or s >= ORDER or _is_same(_times(8, key), NEUTRAL):
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    minus = (P - key[0], key[1], 1, P - key[3])
    return _encoded(_add(_times(s, BASE), _times(h, minus))) == signature[:32]


# --- Signed notes and checkpoints (https://c2sp.org/signed-note, /tlog-checkpoint) ------------

SIGNATURE = re.compile("\N{EM DASH} ([^ ]+) ([^ ]+)")
SIZE = re.compile("0|[1-9][0-9]{0,14}")
FINGERPRINT = re.compile("[0-9A-F]{4}(-[0-9A-F]{4}){3}")
IN_WORDS = re.compile(
    rb"^[^\n]+\n[0-9]+\n[A-Za-z0-9+/]+=\n\n(?:\xe2\x80\x94 [^\n]+\n)+", re.MULTILINE
)
MARK = b"\xef\xbb\xbf"  # of UTF-8, as some editors begin a file


class Key(NamedTuple):
    """A public key and its name, and between which sizes of the log it signs."""

    name: str
    public: bytes
    from_seq: int = -1
    until_seq: int | None = None
    is_lost: bool = False  # the one before, so that it could not vouch for this one

    @property
    def key_id(self) -> bytes:
        """The four bytes by which a signature names it."""
        return hashlib.sha256(self.name.encode() + b"\n\x01" + self.public).digest()[:4]

    @property
    def fingerprint(self) -> str:
        """The digits by which people compare keys; those that were given, of a key known by no more."""
        if not self.public:
            return self.name
        digits = hashlib.sha256(self.encoded.encode()).hexdigest()[:16].upper()
        return "-".join(digits[at : at + 4] for at in range(0, 16, 4))

    @property
    def encoded(self) -> str:
        """The key in one line."""
        written = b64encode(b"\x01" + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{written}"

    def covers(self, size: int) -> bool:
        """Whether it signs checkpoints of so many entries."""
        return size > self.from_seq and (self.until_seq is None or size <= self.until_seq)


class Checkpoint(NamedTuple):
    """The head of a log's tree, and whose signature of it these are said to be."""

    origin: str
    size: int
    root: bytes
    text: bytes
    signatures: list[tuple[str, bytes, bytes]]


def read_key(written: Any) -> Key:
    """A key as `NAME+ID+BASE64`. ValueError when it is none, or its ID is not its own."""
    name, _, rest = str(written).partition("+")
    content = _from_base64(rest.partition("+")[2])
    if not name or " " in name or len(content) != 33 or content[0] != 1:
        raise ValueError("not a key")
    key = Key(name, content[1:])
    if key.encoded != written:
        raise ValueError("not the ID of this key")
    return key


def asked_key(written: str) -> Key:
    """A key as it is given, whole or by its fingerprint alone. ValueError when it is neither."""
    digits = written.strip().upper()
    return Key(digits, b"") if FINGERPRINT.fullmatch(digits) else read_key(written.strip())


def found_among(named: Sequence[Key], given: Iterable[Key]) -> list[Key]:
    """The keys that were given; one given by its fingerprint as that key, if it is among `named`."""
    known = {key.fingerprint: key for key in reversed(named)}
    return [key if key.public else known.get(key.fingerprint, key) for key in given]


def read_checkpoint(content: bytes) -> Checkpoint:
    """A checkpoint from its exact bytes. ValueError when it is none."""
    above, between, below = content.decode().rpartition("\n\n")
    origin, size, root, *more = above.split("\n")
    if not between or not below.endswith("\n") or more or not origin or not SIZE.fullmatch(size):
        raise ValueError("not a checkpoint")
    signatures = []
    for line in below[:-1].split("\n"):
        found = SIGNATURE.fullmatch(line)
        signed = _from_base64(found[2]) if found else b""
        if found is None or len(signed) <= 4:
            raise ValueError("not a line of a signature")
        signatures.append((found[1], signed[:4], signed[4:]))
    if len(_from_base64(root)) != 32:
        raise ValueError("not a root")
    return Checkpoint(origin, int(size), _from_base64(root), f"{above}\n".encode(), signatures)


def as_signed(content: bytes) -> bytes:
    """The bytes of a note in a file, where an editor or a mail has marked them or ended lines its way.

    No note has either (signed-note allows no control character but the newline).
    """
    return content[3 if content.startswith(MARK) else 0 :].replace(b"\r\n", b"\n")


def taken_from(content: bytes) -> bytes:
    """The checkpoint in the words of a mail that brought it; all of them where none is to be seen."""
    lines = as_signed(content)
    found = IN_WORDS.search(lines)
    return found[0] if found else lines


def signers(checkpoint: Checkpoint, keys: Iterable[Key]) -> list[Key]:
    """Which of these keys signed it. ValueError when a line bears one's name and is not its own."""
    found = []
    for key in keys:
        for name, key_id, signature in checkpoint.signatures:
            if (name, key_id) == (key.name, key.key_id):
                if not has_signed(key.public, checkpoint.text, signature):
                    raise ValueError("a signature that its key never made")
                found.append(key)
    return found


def _from_base64(written: str) -> bytes:
    content = b64decode(written, validate=True)
    if b64encode(content).decode() != written:
        raise ValueError("not the one way of writing this in base 64")
    return content


# --- The tree (RFC 6962, section 2; proofs as RFC 9162, section 2.1, judges them) -------------


def leaf_hash(body: bytes) -> bytes:
    """The hash of an entry from its exact bytes."""
    return hashlib.sha256(b"\x00casework-event/v1\n" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a subtree from those of its halves."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def peaks(size: int) -> list[tuple[int, int]]:
    """The (level, position) of the largest whole subtrees that make up so many leaves."""
    found, covered = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            found.append((level, covered >> level))
            covered += 1 << level
    return found


def joined(hashes: list[bytes]) -> bytes:
    """The root over subtrees, from the left, the largest first."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    root = hashes[-1]
    for other in reversed(hashes[:-1]):
        root = node_hash(other, root)
    return root


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether `path` leads from a leaf to the root over `size` leaves (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, hash_ = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            hash_ = node_hash(sibling, hash_)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            hash_ = node_hash(hash_, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and hash_ == root


def is_consistent(
    old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]
) -> bool:
    """Whether the log of `new` entries begins with that of `old` (RFC 9162, 2.1.4.2)."""
    if not 0 < old < new or not path:
        return 0 < old == new and not path and old_root == new_root
    hashes = [old_root, *path] if old & (old - 1) == 0 else list(path)
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    earlier = later = hashes[0]
    for other in hashes[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            earlier, later = node_hash(other, earlier), node_hash(other, later)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            later = node_hash(later, other)
        at, last = at >> 1, last >> 1
    return last == 0 and earlier == old_root and later == new_root


# --- The entries, one by one ------------------------------------------------------------------

TEXT, NUMBER, NONE = str, int, type(None)
FIELDS: dict[str, tuple[type, ...]] = {
    "v": (NUMBER,),
    "seq": (NUMBER,),
    "id": (TEXT,),
    "at": (TEXT,),
    "prev": (TEXT,),
    "actor": (TEXT,),
    "role": (TEXT,),
    "action": (TEXT,),
    "case": (TEXT, NONE),
    "ver": (NUMBER, NONE),
    "state": (TEXT, NONE),
    "req": (TEXT,),
    "part": (NUMBER,),
    "via": (TEXT,),
    "effective_on": (TEXT, NONE),
    "target": (NUMBER, NONE),
    "stat": (dict,),
    "detail_commit": (TEXT, NONE),
    "build": (TEXT,),
}
COLUMNS = {"case_token": "case"} | {
    name: name for name in ("seq", "id", "at", "actor", "action", "req", "part")
}
"""Each column that is stored beside the bytes, and the field that it repeats."""


def read_event(body: bytes) -> dict[str, Any] | None:
    """An entry from its bytes; None unless it is of the schema and in its one form."""
    try:
        read = parsed(body.decode())
        if not isinstance(read, dict) or not is_canonical(read, body):
            return None
    except ValueError:
        return None
    is_typed = read.keys() == FIELDS.keys() and all(
        isinstance(read[name], types) and not isinstance(read[name], bool)
        for name, types in FIELDS.items()
    )
    return read if is_typed and read["v"] == 1 else None


class Log:
    """The entries of an export, judged as they are read and kept in a scratch file on the disk."""

    def __init__(self, source: Source, size: int, *, has_words: bool) -> None:
        self.source, self.size, self.has_words = source, size, has_words
        self.scratch = sqlite3.connect("")  # private, on disk, gone with this process
        self.scratch.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-16000;"
            "CREATE TABLE entry "
            "(seq INTEGER, of_case, action, req, part, leaf, body, commits, has_words, words);"
            "CREATE TABLE node (level, position, hash, built, PRIMARY KEY (level, position));"
            "CREATE TABLE kept (of_case, name, token, row);"
        )
        names = ("sequence", "links", "bytes", "columns", "hashes", "tree", "stray words")
        self.checks = {name: Check(name) for name in names}
        self.files: list[Listed] = []
        self.expected = self.built = self.regressions = 0
        self.before: bytes | None = b""
        self.newest_leaf = b""  # of the last entry that was built on
        self.latest_at, self.oldest = "", None
        self.worst = -1
        self.is_whole = True
        self.stored_last: bytes | None = None

    def listed(self, name: str) -> Listed:
        """One of the export's files of rows, remembered so that its hash can be compared."""
        self.files.append(Listed(self.source, name))
        return self.files[-1]

    def read(self) -> None:
        """Judge every entry in order; afterwards `scratch` has what the other checks ask for."""
        rows = ((r.get("level"), r.get("position"), r.get("hash")) for r in self.listed("nodes"))
        plain = (tuple(map(as_column, row)) for row in rows)
        self.scratch.executemany("INSERT OR IGNORE INTO node VALUES (?, ?, ?, NULL)", plain)
        beside = iter(self.listed("words"))
        words = next(beside, None)
        for row in self.listed("events"):
            seq = row.get("seq")
            if not isinstance(seq, int):
                raise Refused("A line of events.jsonl has no whole number as its seq.")
            while words is not None and place_of(words) < seq:
                self._stray(words)
                words = next(beside, None)
            is_beside = words is not None and place_of(words) == seq
            self._take(seq, row, words if is_beside else None)
            words = next(beside, None) if is_beside else words
            if seq % 5000 == 0:
                progress(f"{seq:,} of {self.size:,} entries read")
        while words is not None:
            self._stray(words)
            words = next(beside, None)
        if self.expected < self.size:
            self.checks["sequence"].fault("Entries are missing", self.expected, self.size - 1)
        self.scratch.executescript(
            "CREATE INDEX entry_seq ON entry (seq); CREATE INDEX entry_case ON entry (of_case, seq);"
            "CREATE INDEX entry_req ON entry (req); CREATE INDEX entry_action ON entry (action, seq);"
        )

    def _stray(self, words: dict[str, Any]) -> None:
        what = "Words stand beside an entry that is not in the log"
        self.checks["stray words"].fault(what, place_of(words))

    def _take(self, seq: int, row: dict[str, Any], words: dict[str, Any] | None) -> None:
        is_stray = seq < self.expected
        if is_stray:
            what = "An entry stands before the beginning of the log, or after a later one"
            self.checks["sequence"].fault(what, seq)
        elif seq > self.expected:
            self.checks["sequence"].fault("Entries are missing", self.expected, seq - 1)
        before = self.before
        self.before = before if seq == self.expected else None
        self.expected = max(seq + 1, self.expected)
        body = stored_bytes(row.get("body"))
        leaf = leaf_hash(body) if body is not None else None
        read = self._judge(seq, row, body) if body is not None else None
        if body is None:
            self.checks["bytes"].fault("The stored bytes cannot be read", seq)
        if not is_stray:
            self._grow(seq, leaf)
            self.stored_last = stored_hash(row.get("leaf_hash"))
        self.before = before if is_stray else leaf
        columns = [as_column(row.get(name)) for name in ("case_token", "action", "req", "part")]
        beside = stored_bytes(words.get("body")) if words and self.has_words else None
        salt = stored_hash(words.get("salt")) if words and self.has_words else None
        self.scratch.execute(
            "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(seq, *columns, leaf, body, read and (read["detail_commit"] or "")),
                *(words is not None, beside and (salt or b"") + beside),
            ),
        )

    def _judge(self, seq: int, row: dict[str, Any], body: bytes) -> dict[str, Any] | None:
        if stored_hash(row.get("leaf_hash")) != leaf_hash(body):
            self.checks["hashes"].fault("The stored hash is not the hash of the stored bytes", seq)
        read = read_event(body)
        if read is None:
            self.checks["bytes"].fault("The stored bytes are not an event in canonical form", seq)
            return None
        wrong = [name for name, field in COLUMNS.items() if not is_same(row.get(name), read[field])]
        if wrong:
            what = f"Columns do not say what the stored bytes say ({', '.join(wrong)})"
            self.checks["columns"].fault(what, seq)
        if self.before is not None and read["prev"] != self.before.hex():
            what = "The entry does not follow from the bytes of the one before it"
            self.checks["links"].fault(what, seq)
        self.regressions += read["at"] < self.latest_at
        self.latest_at = max(read["at"], self.latest_at)
        return read

    def _grow(self, seq: int, leaf: bytes | None) -> None:
        """Build the subtrees that this entry completes, and compare them with those stored."""
        if not self.is_whole or leaf is None or seq != self.built:
            self.is_whole = False
            return
        level, index, hash_ = 0, seq, leaf
        while index & 1:
            sibling = self._built(level, index - 1)
            hash_, level, index = node_hash(sibling, hash_), level + 1, index >> 1
            self._compare(level, index, hash_)
        self.built, self.newest_leaf = seq + 1, leaf

    def _compare(self, level: int, index: int, hash_: bytes) -> None:
        place = (level, index)
        query = "SELECT hash FROM node WHERE level = ? AND position = ?"
        stored = self.scratch.execute(query, place).fetchone()
        first, last = index << level, ((index + 1) << level) - 1
        if stored is None:
            self.checks["tree"].fault("The stored hash of a subtree is missing", first, last)
            self.scratch.execute("INSERT INTO node VALUES (?, ?, NULL, ?)", (*place, hash_))
        else:
            update = "UPDATE node SET built = ? WHERE level = ? AND position = ?"
            self.scratch.execute(update, (hash_, *place))
        if stored is not None and stored_hash(stored[0]) != hash_ and first > self.worst:
            what = "The stored hash of a subtree is not that of its entries"
            self.checks["tree"].fault(what, first, last)
        if stored is None or stored_hash(stored[0]) != hash_:
            self.worst = max(first, self.worst)  # every subtree above a wrong one is wrong too

    def _built(self, level: int, index: int) -> bytes:
        """The hash of a subtree, or of an entry, as its entries give it."""
        if level == 0 and index == self.built - 1:
            return self.newest_leaf  # while entries are read, those before have no index
        query = "SELECT leaf FROM entry WHERE seq = ? + ?"
        if level:
            query = "SELECT built FROM node WHERE level = ? AND position = ?"
        found: bytes = self.scratch.execute(query, (level, index)).fetchone()[0]
        return found

    def root(self, size: int) -> bytes | None:
        """The root over the first entries, None where too few of them can be built on."""
        if size > self.built:
            return None
        return joined([self._built(level, index) for level, index in peaks(size)])

    def findings(self, erasures: Erasures) -> list[Finding]:
        """What was found of the entries themselves, and of the tree over them."""
        back = self.regressions
        clock = (
            f"{back:,} entries bear an earlier time than one before them"
            if back
            else "Time never goes back"
        )
        said = {
            "sequence": f"The sequence is without a gap: {self.size:,} entries.",
            "links": "Every entry names the hash of the one before it.",
            "bytes": "Every entry’s stored bytes are in canonical form.",
            "columns": "Every column says what the stored bytes say.",
            "hashes": "Every stored hash is the hash of the stored bytes.",
            "stray words": "No words stand beside entries that are not there.",
        }
        found = [each for name, says in said.items() for each in self.checks[name].findings(says)]
        found += check_details(self, erasures)
        found.append(Finding("clock", True, f"{clock}; the order is that of positions."))
        return [*found, *self._tree(), *check_requests(self)]

    def _tree(self) -> list[Finding]:
        check, root = self.checks["tree"], Check("root")
        query = "SELECT DISTINCT level FROM node WHERE built IS NULL ORDER BY 1"
        for (level,) in self.scratch.execute(query):
            if self.is_whole and self.built == self.size:
                check.fault(f"Hashes of subtrees that cannot be are stored (level {level})")
        found = check.findings(
            "The stored subtrees are those of the entries, and there are no others."
        )
        if not self.is_whole or self.built != self.size:
            root.fault(f"The root cannot be built beyond entry {self.built - 1}")
            return [*found, *root.findings("")]
        built = self.root(self.size)
        if self._stored_root() != built:
            root.fault("The root from the stored hashes is not that of the entries")
        said = f"The root over {self.size:,} entries is {built.hex() if built else ''}."
        return [*found, *root.findings(said)]

    def _stored_root(self) -> bytes | None:
        hashes = []
        for level, index in peaks(self.size):
            query = "SELECT hash FROM node WHERE level = ? AND position = ?"
            row = self.scratch.execute(query, (level, index)).fetchone() if level else None
            hashes.append(stored_hash(row[0]) if row else None if level else self.stored_last)
        known = [hash_ for hash_ in hashes if hash_ is not None]
        return joined(known) if len(known) == len(hashes) else None

    def called(self, *actions: str) -> Iterator[dict[str, Any]]:
        """The readable entries of some actions, in log order."""
        for _, _, body in self.stored(*actions):
            read = loosely(body)
            if read is not None:
                yield read

    def stored(self, *actions: str) -> list[tuple[int, str, Any]]:
        """Position, action and bytes of the entries of some actions, in log order."""
        query = "SELECT seq, action, body FROM entry WHERE action = ?"
        found = [row for action in actions for row in self.scratch.execute(query, (action,))]
        return sorted(found, key=itemgetter(0))


def place_of(words: dict[str, Any]) -> int:
    """The position of the entry that words stand beside."""
    seq = words.get("seq")
    if not isinstance(seq, int):
        raise Refused("A line of words.jsonl has no whole number as its seq.")
    return seq


def as_column(value: Any) -> Any:
    """A value as the scratch file holds it, whatever an export has in its place."""
    return value if isinstance(value, (str, int, type(None))) else json.dumps(value)


def is_same(stored: Any, said: Any) -> bool:
    """Whether a stored value is the one that the log says; 1 is not the same as true."""
    return type(stored) is type(said) and stored == said


def loosely(body: bytes | None) -> dict[str, Any] | None:
    """An entry that may have been tampered with, as far as it is one; `bytes` says what is wrong."""
    try:
        read = parsed(body.decode(), with_decimals=True) if body is not None else None
    except ValueError:
        return None
    if not isinstance(read, dict) or not isinstance(read.get("stat"), dict):
        return None
    return read if isinstance(read.get("seq"), int) else None


def check_requests(log: Log) -> list[Finding]:
    """Whether the entries of each request are numbered from 0 without a gap or a repetition.

    Its key is 32 hexadecimal digits: free text could never be erased from there.
    """
    check = Check("requests")
    query = (
        "SELECT min(seq), max(seq) FROM entry GROUP BY req HAVING count(*) != count(DISTINCT part) "
        "OR count(*) != max(part) + 1 ORDER BY min(seq)"
    )
    for first, last in log.scratch.execute(query):
        check.fault("The entries of one request are not numbered from 0 on", first, last)
    query = (
        "SELECT seq FROM entry WHERE length(req) != 32 OR ltrim(req, '0123456789abcdef') != '' "
        "ORDER BY seq"
    )
    for (seq,) in log.scratch.execute(query):
        check.fault("The request of an entry is not 32 hexadecimal digits", seq)
    return check.findings("The entries of every request are numbered from 0 on, each once.")


def check_details(log: Log, erasures: Erasures) -> list[Finding]:
    """Whether words are there where entries commit to some, and are those they commit to."""
    check = Check("details")
    query = (
        "SELECT seq, body, commits, has_words, words FROM entry "
        "WHERE commits IS NOT NULL AND (commits != '' OR has_words) ORDER BY seq"
    )
    for seq, body, commits, has_words, words in log.scratch.execute(query):
        is_right = is_committed(words, commits) if log.has_words else True
        what = wrong_words(commits, bool(has_words), is_right, erasures.covers(body))
        if what is not None and (has_words or not erasures.covers_later(seq, body)):
            check.fault(what, seq)
    if log.has_words:
        return check.findings("The words beside the entries are those they commit to.")
    return check.findings(
        "Words are there where entries commit to some; they are not in this export."
    )


def wrong_words(commits: str, has_words: bool, is_right: bool, is_erased: bool) -> str | None:
    """What is wrong with the words beside an entry, None when nothing is."""
    if not commits:
        return "Words stand beside an entry that was made without any" if has_words else None
    if not has_words:
        return None if is_erased else "Words are missing without an erasure event"
    if not is_right:
        return "Words are not those that the entry commits to"
    return "Words that were erased stand beside the entry again" if is_erased else None


def is_committed(salted: bytes | None, commits: str) -> bool:
    """Whether salt (32 bytes) and words are those of a commitment (HMAC-SHA256)."""
    if salted is None:
        return False
    return hmac.new(salted[:32], salted[32:], "sha256").hexdigest() == commits


def london_day(at: str) -> str:
    """The day in London of an instant in UTC: an hour ahead from the last Sunday of March to October's."""
    moment = datetime.strptime(at, "%Y-%m-%dT%H:%M:%S.%fZ")  # noqa: DTZ007
    begins, ends = (_last_sunday(moment.year, month) for month in ("03", "10"))
    is_summer = begins <= at[:13] < ends
    return (moment + timedelta(hours=is_summer)).date().isoformat()


def _last_sunday(year: int, month: str) -> str:
    """One o’clock on the last Sunday of a month of 31 days."""
    last = date.fromisoformat(f"{year:04}-{month}-31")
    return f"{last - timedelta(days=last.isoweekday() % 7)}T01"


def progress(text: str) -> None:
    """How far it is, for whoever waits at a terminal."""
    if sys.stderr.isatty():
        print(f"\r{text:<70}", end="", file=sys.stderr, flush=True)


# --- The rules of cases: what each action moves and counts (export-format.md, “The rules”) ------

RULES = """
= complaint_review annulled upheld not_upheld invalid forwarded withdrawn
logged | annulled>received | received open |  | force route categories
application_completed | received,valid,reviewed>= |  |  | force route categories
acknowledged | received,valid,reviewed>= | acknowledged |  |
file_requested | received,valid,reviewed>= | file_requested |  |
file_chased | received,valid,reviewed>= |  |  |
file_escalated | received,valid,reviewed>= |  |  |
file_received | received,valid,reviewed>= | file_received |  | extent
waiting_began | received,valid,reviewed>= |  |  | waiting_for
waiting_ended | received,valid,reviewed>= |  | waiting_for |
assigned | received,valid,reviewed>= |  |  |
outcome_day_found | received,valid,reviewed>= |  |  |
review_body_found | received,valid,reviewed>= |  |  |
extra_time_decided | received,valid>= |  |  | extra_time
found_valid | received>valid | validity:valid |  | route categories time_extended
found_invalid | received,valid>invalid | closure:invalid | open validity waiting_for | invalid_reason route
forwarded | received,valid,reviewed>forwarded | closure:forwarded | open validity reviewed waiting_for |
review_written | valid>reviewed | reviewed |  | route
review_returned | reviewed>valid |  | reviewed |
upheld | reviewed>upheld | closure:upheld | open reviewed waiting_for | observations
not_upheld | reviewed>not_upheld | closure:not_upheld | open reviewed waiting_for | observations
decision_notified | invalid,forwarded,withdrawn,upheld,not_upheld>= | notified |  |
withdrawn | received,valid,reviewed>withdrawn | closure:withdrawn | open waiting_for |
reopened | invalid,forwarded>received upheld,not_upheld>valid withdrawn>< | open | closure invalid_reason recommendations responses observations notified | reopen_reason
= publication not_begun published dropped
report_drafted | not_begun,approved>draft draft>= |  |  |
report_approved | draft>approved |  |  |
report_returned | draft>= approved>draft |  |  |
report_published | approved>published |  |  |
report_countersigned | published>= |  |  |
report_dropped | draft,approved>dropped |  |  |
= safeguarding annulled ended
risk_raised | annulled>raised |  |  |
risk_told | raised,ended>= |  |  |
risk_reassessed | raised>= |  |  |
risk_ended | raised>ended |  |  |
= party annulled left
party_added | annulled>in_case |  |  |
party_changed | in_case>= |  |  |
party_left | in_case>left |  |  |
= contact_plan annulled ended
contact_planned | annulled>kept |  |  |
contact_plan_changed | kept,restricted>= |  |  |
contact_restricted | kept>restricted restricted>= |  |  |
contact_unrestricted | restricted>kept |  |  |
contact_plan_ended | kept>ended |  |  |
= outcome_day annulled set_aside
outcome_day_named | annulled>candidate |  |  |
outcome_day_dropped | candidate>set_aside |  |  |
= paper annulled on_file elsewhere
paper_added | annulled>on_file |  |  |
paper_held_elsewhere | annulled>elsewhere |  |  |
paper_version_added | on_file>= elsewhere>on_file |  |  |
paper_described | on_file,elsewhere>= |  | marks |
paper_viewed | elsewhere>= |  |  |
= correspondence annulled filed
correspondence_kept | annulled>?next:filed,reply_owed,reply_awaited |  |  |
correspondence_answered | reply_owed,reply_awaited>filed |  |  |
answer_chased | reply_awaited>= |  |  |
left_unanswered | reply_owed,reply_awaited>filed |  |  |
= information_request annulled answered refused
request_received | annulled>open |  |  |
request_extended | open>= |  |  |
request_answered | open>answered |  |  |
request_refused | open>refused |  |  |
= pre_action annulled over
pre_action_received | annulled>received |  |  |
pre_action_replied | received>replied |  |  |
claim_issued | received,replied>issued |  |  |
claim_noted | received,replied,issued>= |  |  |
hold_ended | received,replied,issued>over |  |  |
= no_further_reply annulled ended
no_reply_decided | annulled>in_force |  |  |
no_reply_ended | in_force>ended |  |  |
= link annulled ended
case_linked | annulled>linked |  |  |
case_unlinked | linked>ended |  |  |
= passed_part annulled told
part_passed | annulled>passed |  |  |
applicant_told_of_part | passed>told |  |  |
part_answered | passed,told>= |  |  |
= allegation annulled dropped
allegation_recorded | annulled>kept |  |  |
allegation_revised | kept>= |  |  |
allegation_dropped | kept>dropped |  |  |
= recommendation annulled implemented lapsed set_aside
recommendation_made | annulled>made |  |  | recommendations
recommendation_taken_over | annulled>?responses:accepted,partly_accepted,rejected,unknown |  |  | recommendations responses
response_received | made,accepted,partly_accepted,rejected,unknown>?responses:accepted,partly_accepted,rejected |  |  | responses
response_chased | made>= |  |  |
response_time_extended | made>= |  |  | response_due
recommendation_copied | made,accepted,partly_accepted,rejected,unknown,implemented,lapsed>= |  |  |
recommendation_implemented | made,accepted,partly_accepted,rejected,unknown>implemented | implemented |  |
recommendation_described | made,accepted,partly_accepted,rejected,unknown,implemented,lapsed>= |  |  |
recommendation_lapsed | made,accepted,partly_accepted,rejected,unknown>lapsed | lapsed |  |
recommendation_set_aside | made,accepted,partly_accepted,rejected,unknown,implemented,lapsed>set_aside |  | recommendations responses response_due implemented lapsed |
= observation annulled fed_back
learning_point_noted | annulled>noted | learning_point |  | themes
learning_point_reworded | noted>= |  |  |
learning_point_fed_back | noted>fed_back | learning_point_fed_back |  |
learning_point_answered | fed_back>= |  |  |
= letter annulled sent replaced
letter_issued | annulled>issued |  |  |
letter_queued | issued,sent>= |  |  |
letter_sent | issued>sent sent,replaced>= |  |  |
mail_failed | issued,sent,replaced>= |  |  |
letter_replaced | issued,sent>replaced |  |  |
= telling annulled told via_psd not_told
telling_recorded | annulled>?how:told,via_psd,not_told |  |  |
told_later | not_told>told |  |  |
= conflict annulled ended
conflict_declared | annulled>declared |  |  |
conflict_ended | declared>ended |  |  |
= restriction annulled lifted
case_restricted | annulled>restricted |  |  |
readers_named | restricted>= |  |  |
case_restriction_lifted | restricted>lifted |  |  |
= instruction annulled accepted cancelled
contractor_instructed | annulled>instructed |  |  |
contractor_reminded | instructed>= |  |  |
work_returned | instructed>returned |  |  |
work_accepted | returned>accepted |  |  |
work_sent_back | returned>instructed |  |  |
instruction_cancelled | instructed,returned>cancelled |  |  |
= hold annulled lifted
hold_placed | annulled>held |  |  |
hold_reviewed | held>= |  |  |
hold_lifted | held>lifted |  |  |
= disposal annulled erased refused
erasure_proposed | annulled>proposed |  |  |
erasure_approved | proposed>approved |  |  |
retention_erased | approved>erased |  |  |
erasure_refused | proposed,approved>refused |  |  |
"""


class Rule(NamedTuple):
    """What one action does: from which state to which, what it begins and ends, what it counts."""

    moves: dict[str, str]
    begins: list[tuple[str, str]]
    ends: set[str]
    counts: list[str]


class Kind(NamedTuple):
    """The rules of one kind of case, or of what is kept on cases."""

    name: str
    initial: str
    closed: set[str]
    rules: dict[str, Rule]


class Entry(NamedTuple):
    """One thing that happened, as the log has it."""

    seq: int
    action: str
    on: str
    facts: dict[str, Any]
    actor: str
    token: str
    target: int | None
    estimated: frozenset[str]


class Standing(NamedTuple):
    """How something stands after the entries so far."""

    state: str
    entries: tuple[Entry, ...] = ()
    values: dict[str, Any] = {}  # noqa: RUF012  # never changed
    closure: Entry | None = None
    came_from: str | None = None

    def last(self, *actions: str) -> Entry | None:
        """The newest entry of any of these actions."""
        return next((e for e in reversed(self.entries) if e.action in actions), None)

    def first_on(self, action: str) -> str | None:
        """The first day of an action."""
        return next((e.on for e in self.entries if e.action == action), None)


def _kinds(table: str) -> dict[str, Kind]:
    kinds: dict[str, Kind] = {}
    for line in table.split("\n"):
        if line.startswith("= "):
            name, initial, *closed = line[2:].split()
            kind = kinds[name] = Kind(name, initial, set(closed), {})
        elif line:
            action, moved, begun, ended, counted = (part.strip() for part in line.split("|"))
            moves = {
                source: dest
                for sources, _, dest in (move.partition(">") for move in moved.split())
                for source in sources.split(",")
            }
            begins = [(kind_, code) for kind_, _, code in (b.partition(":") for b in begun.split())]
            kind.rules[action] = Rule(moves, begins, set(ended.split()), counted.split())
    return kinds


KINDS = _kinds(RULES)
CASE, REPORT = KINDS["complaint_review"], KINDS["publication"]
CORRECTED, ANNULLED = "corrected", "annulled"
PINNED = ("workflow", "workflow_version", "workflow_hash")
ABOUT_ITEM = {"item", "item_state", "item_ver", *PINNED}


def entry_of(kind: Kind, event: dict[str, Any], *, of_item: bool = False) -> Entry | None:
    """An event as an entry of a case or of an item; None when it is none, such as a download."""
    stat, action = event["stat"], event["action"]
    if ("item" in stat and not of_item) or action not in (*kind.rules, CORRECTED, ANNULLED):
        return None
    facts = {k: v for k, v in stat.items() if not (of_item and k in ABOUT_ITEM)}
    estimated = frozenset(facts.pop("estimated", ()))
    on = event["effective_on"]
    if on is None and action in (CORRECTED, ANNULLED):
        on = event["at"][:10]
    for day in (on, facts.get("effective_on", on)):
        if date.fromisoformat(day).isoformat() != day:
            raise ValueError("not a day")
    target = event["target"]
    return Entry(event["seq"], action, on, facts, event["actor"], event["id"], target, estimated)


def annulled_by(log: Sequence[Entry]) -> set[int]:
    """Positions of the entries that never happened: from the newest back, as annulments fall too."""
    gone: set[int] = set()
    for entry in reversed(log):
        if entry.action == ANNULLED and entry.seq not in gone and entry.target is not None:
            gone.add(entry.target)
    return gone


def still_standing(log: Sequence[Entry]) -> list[Entry]:
    """The entries as they now stand: annulled ones gone, corrected ones as corrected, by their days."""
    gone = annulled_by(log)
    kept = {e.seq: e for e in log if e.action not in (CORRECTED, ANNULLED) and e.seq not in gone}
    for entry in log:
        if entry.action == CORRECTED and entry.seq not in gone and entry.target in kept:
            kept[entry.target] = corrected(kept[entry.target], entry)
    return sorted(kept.values(), key=lambda entry: (entry.on, entry.seq))


def corrected(entry: Entry, by: Entry) -> Entry:
    """An entry as a correction leaves it; a day that was corrected is no longer a guess."""
    values = {**entry.facts, **by.facts}
    on = values.pop("effective_on", entry.on)
    facts = {code: value for code, value in values.items() if value is not None}
    return entry._replace(on=on, facts=facts, estimated=entry.estimated - set(by.facts))


def after(kind: Kind, before: Standing, entry: Entry) -> Standing:
    """The standing after one entry. ValueError when it could not have happened then."""
    dest = kind.rules[entry.action].moves.get(before.state)
    if dest is None:
        raise ValueError("not from this state")
    state = _led_to(dest, before, entry)
    was_closed, is_closed = before.state in kind.closed, state in kind.closed
    if was_closed and not is_closed and before.closure and entry.target != before.closure.seq:
        raise ValueError("another closure")
    closes = is_closed and not was_closed
    return Standing(
        state,
        (*before.entries, entry),
        {**before.values, **entry.facts},
        entry if closes else before.closure if is_closed else None,
        before.state if closes else before.came_from if is_closed else None,
    )


def _led_to(dest: str, before: Standing, entry: Entry) -> str:
    """`=` stays; `<` goes where it was before it was closed; `?code:…` to what was chosen, if known."""
    if dest == "<":
        return before.came_from or before.state
    if dest.startswith("?"):
        code, _, known = dest[1:].partition(":")
        said = entry.facts.get(code)
        return said if said in known.split(",") else before.state
    return before.state if dest == "=" else dest


def standing_of(kind: Kind, log: Sequence[Entry]) -> Standing:
    """How something stands by its log."""
    standing = Standing(kind.initial)
    for entry in still_standing(log):
        standing = after(kind, standing, entry)
    return standing


# --- Milestones: what was true, from which day to which (counting.md) ---------------------------


class Row(NamedTuple):
    """Something true of a case from a day until before another, None while it still is."""

    item: str
    kind: str
    code: str
    from_on: str
    to_on: str | None
    is_estimated: bool
    received_on: str | None

    def stands_on(self, day: str) -> bool:
        """Whether it is so at the end of a day."""
        return self.from_on <= day and (self.to_on is None or self.to_on > day)


def milestones(kind: Kind, log: Sequence[Entry], item: str = "") -> frozenset[Row]:
    """What the entries of a case, or of an item, make true; what ends on the day it began never was."""
    entries = still_standing(log)
    began = (e.on for e in entries if ("received", "") in kind.rules[e.action].begins)
    received_on = None if item else next(began, None)
    standing: list[Row] = []
    ended: list[Row] = []
    for entry in entries:
        rule = kind.rules[entry.action]
        given = [code for code in rule.counts if entry.facts.get(code) is not None]
        ends = {*rule.ends, *given}
        ended += [row._replace(to_on=entry.on) for row in standing if row.kind in ends]
        standing = [row for row in standing if row.kind not in ends]
        since = (entry.on, None, "effective_on" in entry.estimated, received_on)
        place = item or entry.token
        standing += [Row(place, begun, code, *since) for begun, code in rule.begins]
        for code in given:
            standing += [Row(at, code, v, *since) for at, v in _places(place, entry.facts[code])]
    return frozenset(row for row in (*standing, *ended) if row.from_on != row.to_on)


def _places(item: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, list):
        return [(f"{item}.{place}", code) for place, code in enumerate(value)]
    return [(item, "yes" if value is True else str(value))]


# --- What is kept on a case ---------------------------------------------------------------------

Histories = dict[str, tuple[Kind, list[Entry]]]
"""Of the token of each item, its kind and its entries in log order."""


def own_histories(
    events: Sequence[dict[str, Any]],
) -> tuple[dict[str, list[dict[str, Any]]], Histories]:
    """The events of each item of a case, by token, and its own entries."""
    of_each: dict[str, list[dict[str, Any]]] = {}
    for event in events:
        if event["stat"].get("item") is not None:
            of_each.setdefault(event["stat"]["item"], []).append(event)
    own: Histories = {}
    for token, found in of_each.items():
        kind = KINDS[found[0]["stat"]["workflow"]]
        entries = (entry_of(kind, event, of_item=True) for event in found)
        own[token] = (kind, [entry for entry in entries if entry is not None])
    return of_each, own


def arisen(case: Sequence[Entry], own: Histories) -> Histories:
    """The history of every item that stands: recommendations with what decisions begin and end."""
    kind = KINDS["recommendation"]
    found = {token: kept for token, kept in own.items() if kept[0] is not kind}
    decisions = list(_decisions(case))
    for decision, end in decisions:
        for token, made in _made_by(decision):
            entries = own[token][1] if token in own and own[token][0] is kind else []
            found[token] = (kind, _with_end([made, *entries], end))
    for token, (of_kind, entries) in own.items():
        first = next(iter(still_standing(entries)), None) if of_kind is kind else None
        if token not in found and first is not None and first.action == "recommendation_made":
            for decision, end in decisions:
                if _place(decision) <= _place(first) and (
                    end is None or _place(first) < _place(end)
                ):
                    found[token] = (kind, _with_end(entries, end))
                    break
    return found


def _decisions(case: Sequence[Entry]) -> Iterator[tuple[Entry, Entry | None]]:
    """The decisions of a case as corrected, each with the reopening that set it aside."""
    entries = still_standing(case)
    ended_by = {entry.target: entry for entry in entries if entry.action == "reopened"}
    for entry in entries:
        if entry.action in ("upheld", "not_upheld"):
            yield entry, ended_by.get(entry.seq)


def _made_by(decision: Entry) -> Iterator[tuple[str, Entry]]:
    """What a decision recommends, each with its token; an old register's response comes with it."""
    responses = decision.facts.get("responses", [])
    for place, code in enumerate(decision.facts.get("recommendations", [])):
        answered = {"responses": responses[place]} if place < len(responses) else {}
        yield (
            f"{decision.token}.{place}",
            decision._replace(
                action="recommendation_taken_over" if answered else "recommendation_made",
                facts={"recommendations": code, **answered},
                target=None,
                estimated=decision.estimated & {"effective_on"},
            ),
        )


def _with_end(entries: Sequence[Entry], end: Entry | None) -> list[Entry]:
    if end is None:
        return list(entries)
    ending = Entry(
        end.seq, "recommendation_set_aside", end.on, {}, "", end.token, None, frozenset()
    )
    return sorted((*entries, ending), key=lambda entry: entry.seq)


def _place(entry: Entry) -> tuple[str, int]:
    return (entry.on, entry.seq)


class Item(NamedTuple):
    """Something kept on a case, as the log leaves it."""

    token: str
    kind: Kind
    events: list[dict[str, Any]]
    history: list[Entry]
    standing: Standing
    pinned: dict[str, Any]


def items_in(events: Sequence[dict[str, Any]]) -> dict[str, Item]:
    """What is kept on a case by all its events, by token, in the order it was begun."""
    of_each, own = own_histories(events)
    standing = arisen(entries_of_case(events), own)
    found = []
    for token, (kind, history) in {**own, **standing}.items():
        by = of_each.get(token, [events[0]])[0]["stat"]
        pinned = {**{name: by[name] for name in PINNED}, "workflow": kind.name}
        stands = standing_of(kind, history if token in standing else [])
        found.append(Item(token, kind, of_each.get(token, []), history, stands, pinned))
    return {item.token: item for item in sorted(found, key=lambda item: item.history[0].seq)}


def entries_of_case(events: Sequence[dict[str, Any]]) -> list[Entry]:
    """The entries that move a case, in log order."""
    if not events or events[0]["stat"].get("workflow") != CASE.name:
        return []
    return [entry for entry in (entry_of(CASE, event) for event in events) if entry is not None]


# --- Erasures: which of those on the log count (audit-log.md, “Words that were erased”) ----------

ERASED, AGAIN, SHARED = "retention_erased", "retention_erased_again", "shared_words_erased"
RESTORED, REGRESSED = "log_restored", "clock_regressed"
DISPOSAL = KINDS["disposal"]
WORK = (
    *("recommendation", "correspondence", "information_request", "letter"),
    *("passed_part", "instruction", "safeguarding"),
)
"""Kinds of which nothing may wait for anybody when a case is erased."""
Schedule = dict[str, tuple[str, int, bool]]
"""Of each outcome, from what its years are counted, how many, and whether from the year’s end."""
USUAL: Schedule = dict.fromkeys(sorted(CASE.closed), ("closed", 6, True))


class Uncounted(Exception):
    """An erasure that nothing before it bears out; the message says what is missing."""


class Erasures:
    """Judges the erasures of a log in order: of cases, and of words beside entries of no case."""

    def __init__(self, log: Log, later: Any = None) -> None:
        self.log, self.check = log, Check("erasures")
        told = later if isinstance(later, dict) else {}
        self.later = {name: frozenset(told.get(name) or ()) for name in ("cases", "entries")}
        self.of_cases: dict[str, tuple[int, str, str]] = {}
        self.shared: dict[int, int] = {}
        self.schedules = list(self._schedules())
        self.after_restore = self.after_erasure = -1
        self.last: tuple[str, str] = ("", "")
        for seq, action, body in log.stored(ERASED, AGAIN, SHARED, RESTORED, REGRESSED):
            self._take(seq, action, body)

    def covers(self, body: bytes) -> bool:
        """Whether the words beside an entry were erased."""
        event = loosely(body) if self.of_cases or self.shared else None
        if event is None:
            return False
        if event["case"] is not None:
            erased_at = self.of_cases.get(event["case"], (None,))[0]
        else:
            is_settled = event["action"] == "list_finding_settled"
            erased_at = self.shared.get(event["seq"]) if is_settled else None
        return erased_at is not None and event["seq"] < erased_at

    def covers_later(self, seq: int, body: bytes) -> bool:
        """Whether the words beside an entry were erased after the export's entries, as it says itself."""
        if seq in self.later["entries"]:
            return True
        event = loosely(body) if self.later["cases"] else None
        return event is not None and event["case"] in self.later["cases"]

    def on(self, case: Any) -> str | None:
        """The London day on which a case was erased, None where it was not."""
        return london_day(self.of_cases[case][2]) if case in self.of_cases else None

    def findings(self) -> list[Finding]:
        """What was found of the erasures, and of the table of them."""
        table = Check("erasure table")
        rows = {as_column(row.get("case_token")): row for row in self.log.listed("erasures")}
        for case in sorted({*rows, *self.of_cases}, key=str):
            row, logged = rows.get(case, {}), self.of_cases.get(case)
            if logged != (row.get("seq"), row.get("due_on"), row.get("erased_at")):
                what = f"The erasure of case {case} is not in its table as the log has it"
                table.fault(what, logged[0] if logged else None)
        return [
            *self.check.findings("Every erasure was due, and agreed to by two."),
            *table.findings("The table of erasures holds what the log gives, and nothing else."),
        ]

    def _schedules(self) -> Iterator[tuple[int, Schedule]]:
        for event in self.log.called("setting_changed"):
            if event["stat"].get("setting") == "retention_schedule":
                try:
                    own = {rule[0]: terms_of(rule) for rule in event["stat"]["value"][::-1]}
                    yield event["seq"], own or USUAL
                except FAULTS:
                    continue

    def _take(self, seq: int, action: str, body: Any) -> None:
        is_restored, may_share = seq == self.after_restore, seq == self.after_erasure
        if action == RESTORED or (is_restored and action != ERASED):
            self.after_restore = seq + 1
        if action == REGRESSED and may_share:
            self.after_erasure = seq + 1
        if action in (RESTORED, REGRESSED):
            return
        try:
            event = loosely(body)
            if event is None or event["seq"] != seq:
                raise ValueError("no entry")
            if action == SHARED:
                self._take_shared(event, may_share=may_share)
            else:
                self._take_case(event, is_restored=is_restored)
        except Uncounted as why:
            self.check.fault(f"The erasure does not count, as {why}", seq)
        except FAULTS:
            self.check.fault("The entry is no erasure that can be used", seq)

    def _take_case(self, event: dict[str, Any], *, is_restored: bool) -> None:
        seq, case, due_on = event["seq"], event["case"], plain_day(event["stat"]["due_on"])
        if not isinstance(case, str):
            raise Uncounted("it is of no case")
        query = "SELECT body FROM entry WHERE of_case = ? AND seq < ? ORDER BY seq"
        before: Any = [loosely(body) for (body,) in self.log.scratch.execute(query, (case, seq))]
        if not before:
            raise Uncounted("it is of no case")
        if case in self.of_cases:
            raise Uncounted("the case was erased before")
        today = london_day(event["at"])
        schedules = [found for since, found in self.schedules if since < seq]
        ending = Ending(before, schedules[-1] if schedules else USUAL)
        if event["action"] == ERASED:
            ending.require_agreed(event)
            today = min(today, plain_day(event["effective_on"]))
        elif not is_restored:
            raise Uncounted("nothing was restored just before it")
        ending.require_due(due_on, today)
        self.of_cases[case] = (seq, due_on, event["at"])
        self.after_erasure, self.last = seq + 1, (event["req"], due_on)

    def _take_shared(self, event: dict[str, Any], *, may_share: bool) -> None:
        due_on, positions = plain_day(event["stat"]["due_on"]), event["stat"]["positions"]
        if not may_share or self.last != (event["req"], due_on):
            raise Uncounted("no case was erased just before it, by the same run")
        if not all(type(each) is int and 0 <= each < event["seq"] for each in positions):
            raise TypeError("no positions")
        if not isinstance(positions, list):
            raise TypeError("no list")
        self.shared.update(dict.fromkeys(positions, event["seq"]))


def plain_day(written: Any) -> str:
    """A day as the log writes it. ValueError or TypeError when it is none."""
    if date.fromisoformat(written).isoformat() != written:
        raise ValueError("not a day")
    return str(written)


def terms_of(rule: Sequence[Any]) -> tuple[str, int, bool]:
    """A rule of a schedule, of which an office may leave the usual out."""
    terms: list[Any] = [*rule, *("", "closed", 6, True)[len(rule) :]]
    _, trigger, years, from_year_end = terms
    if type(years) is not int or not isinstance(trigger, str):
        raise ValueError("no rule")
    return trigger, years, from_year_end is True


class Ending:
    """A case as it stood before its erasure, and what the schedule of then says of it."""

    def __init__(self, before: Sequence[dict[str, Any]], schedule: Schedule) -> None:
        self.before, self.items = before, items_in(before)
        self.case = standing_of(CASE, entries_of_case(before))
        self.rule = schedule.get(self.case.state)

    def of_kind(self, kind: str) -> list[Item]:
        """What is kept of a kind, but for what was entered in error."""
        found = (item for item in self.items.values() if item.kind.name == kind)
        return [item for item in found if item.standing.state != item.kind.initial]

    def require_due(self, said: str, today: str) -> None:
        """Uncounted unless the case was due from the day that is said, that had come, and not held."""
        if self.case.closure is None:
            raise Uncounted("the case was open")
        if self.rule is None or self._due_on(*self.rule) != said:
            raise Uncounted("the day on which it was due is not as the schedule then said")
        if said > today:
            raise Uncounted("it is dated before the day on which it was due")
        claims = [item for item in self.of_kind("pre_action") if item.standing.state != "over"]
        if claims or any(item.standing.state == "held" for item in self.of_kind("hold")):
            raise Uncounted("the case was held")

    def require_agreed(self, event: dict[str, Any]) -> None:
        """Uncounted unless it is the last step of a disposal that two agreed to, and nothing came since."""
        disposal, stat = self.items.get(event["stat"].get("item")), event["stat"]
        if (
            disposal is None
            or disposal.kind is not DISPOSAL
            or disposal.standing.state != "approved"
        ):
            raise Uncounted("it is the last step of no disposal of the case that was approved")
        proposed, approved = map(disposal.standing.last, ("erasure_proposed", "erasure_approved"))
        if proposed is None or approved is None or proposed.actor == approved.actor:
            raise Uncounted("no two people agreed to it")
        since = (
            e for e in self.before if e["seq"] > approved.seq and self._moved(e, disposal.token)
        )
        if any(since):
            raise Uncounted("something was recorded on the case since it was approved")
        said = (stat.get("rule"), stat.get("trigger"), stat.get("years"), stat.get("from_year_end"))
        trigger, years, from_year_end = self.rule or (None, None, None)
        if said != (self.case.state, trigger, years, from_year_end or None):
            raise Uncounted("its rule is not as the schedule then said")
        if any(self._waits(item) for kind in WORK for item in self.of_kind(kind)):
            raise Uncounted("something on the case waited for somebody")

    @staticmethod
    def _moved(event: dict[str, Any], disposal: str) -> bool:
        is_step = event["ver"] is not None or "item_ver" in event["stat"]
        return is_step and event["stat"].get("item") != disposal

    @staticmethod
    def _waits(item: Item) -> bool:
        if item.standing.state not in item.kind.closed:
            return True
        entries = item.standing.entries
        queued = sum(entry.action == "letter_queued" for entry in entries)
        by_mail = (e for e in entries if e.action == "letter_sent" and e.facts.get("way") == "mail")
        return queued > sum(1 for _ in by_mail) + sum(e.action == "mail_failed" for e in entries)

    def _due_on(self, trigger: str, years: int, from_year_end: bool) -> str:
        """The first day on which the case may be erased."""
        start = date.fromisoformat(self._begins(trigger))
        if from_year_end:
            start = date(start.year + (start.month > 3), 3, 31)
        year = start.year + years
        is_missing = (start.month, start.day) == (2, 29) and not isleap(year)
        last = start.replace(year=year, day=28 if is_missing else start.day)
        return (last + timedelta(days=1)).isoformat()

    def _begins(self, trigger: str) -> str:
        entries, closure = self.case.entries, self.case.closure
        if closure is None:
            raise ValueError("open")
        told = [e.on for e in entries[entries.index(closure) :] if e.action == "decision_notified"]
        if trigger == "letter_sent" and told:
            return told[-1]
        if trigger != "last_activity":
            return closure.on
        items = (i for i in self.items.values() if i.kind.name not in ("hold", "disposal"))
        kept = [item.standing for item in items if item.standing.state != item.kind.initial]
        return max(each.entries[-1].on for each in (self.case, *kept) if each.entries)


# --- The tables, compared with the entries that they follow from --------------------------------

TYPED = (
    *("force_reference", "complainant_name", "complainant_email"),
    *("complainant_telephone", "complainant_address", "grounds"),
)
"""Columns of a case that hold words, which an entry keeps beside it under the same name."""
KNOWN = ("item", "kind", "code", "from_on", "to_on", "is_estimated", "received_on", "lasted")


TELLING = ("logged", "application_completed")
"""The actions whose words these are."""

Kept = dict[str, list[dict[str, Any]]]
"""The rows of one case, by the table that they are in."""


class Cases:
    """Every case replayed from its entries, and held against its row, its items and milestones."""

    def __init__(self, log: Log, counting: Counting, erasures: Erasures) -> None:
        self.log, self.counting, self.erasures = log, counting, erasures
        self.checks = {name: Check(name) for name in ("cases", "items", "milestones")}
        self.later = 0

    def read(self) -> list[Finding]:
        """Judge all cases, one after another."""
        scratch = self.log.scratch
        for name, case, token in (
            ("cases", "token", "token"),
            ("items", "case_token", "token"),
            ("milestones", "case_token", "kind"),
        ):
            rows = (
                (as_column(row.get(case)), name, as_column(row.get(token)), json.dumps(row))
                for row in self.log.listed(name)
            )
            scratch.executemany("INSERT INTO kept VALUES (?, ?, ?, ?)", rows)
        scratch.execute("CREATE INDEX kept_case ON kept (of_case, name)")
        tokens = (
            "SELECT of_case FROM entry WHERE of_case IS NOT NULL UNION SELECT of_case FROM kept"
        )
        for number, (token,) in enumerate(scratch.execute(tokens)):
            if number % 500 == 0:
                progress(f"{number:,} cases replayed")
            self._judge(token)
        said = {
            "cases": "Every case’s row is what its entries give when they are replayed.",
            "items": "Everything kept on a case is what its entries give when replayed.",
            "milestones": "Every milestone is as the log gives it.",
        }
        return [each for name, says in said.items() for each in self.checks[name].findings(says)]

    def _judge(self, token: Any) -> None:
        query = "SELECT seq, body, has_words, words FROM entry WHERE of_case IS ? ORDER BY seq"
        stored = self.log.scratch.execute(query, (token,)).fetchall()
        query = "SELECT name, token, row FROM kept WHERE of_case IS ?"
        kept: Kept = {"cases": [], "items": [], "milestones": []}
        for name, _, row in self.log.scratch.execute(query, (token,)):
            kept[name].append(json.loads(row))
        span = (stored[0][0], stored[-1][0]) if stored else (None, None)
        events: Any = [loosely(body) for _, body, _, _ in stored]
        words = Words(events, stored, self.log.has_words)
        parts = (
            ("cases", self._judge_row, "Case {} cannot be replayed from its entries"),
            ("items", self._judge_items, "What is kept on case {} cannot be replayed"),
            ("milestones", self._judge_milestones, "The milestones of case {} cannot be made"),
        )
        for name, judge, otherwise in parts:
            try:
                words.require_readable(is_needed=name != "milestones")
                judge(token, events, kept, words, span)
            except FAULTS:
                self.checks[name].fault(otherwise.format(token), *span)
        try:
            self.counting.take(events)
        except FAULTS:
            self.counting.leave_out(token, span)

    def _judge_row(self, token: Any, events: Any, kept: Kept, words: Words, span: Any) -> None:
        check, name, rows = self.checks["cases"], f"Case {token}", kept["cases"]
        is_later = any(row.get("is_later") is True for row in rows)
        self.later += is_later
        if not rows:
            if events:
                check.fault(f"{name} is in the log but not in the table", *span)
            return
        if not events:
            if not is_later:
                check.fault(f"{name} is in the table but not in the log")
            return
        if events[0]["stat"]["workflow"] != CASE.name:
            raise ValueError("another kind of case")
        for seq, stated, replayed in misstated(events):
            check.fault(f"{name} is “{stated}” by its entry and “{replayed}” when replayed", seq)
        expected = case_columns(events, words, self.erasures.on(token))
        wrong = [column for column in expected if not says(rows[0].get(column), expected[column])]
        if (wrong or len(rows) > 1) and not is_later:
            check.fault(f"{name} is not in its table as in the log ({', '.join(wrong)})", *span)

    def _judge_items(self, token: Any, events: Any, kept: Kept, words: Words, span: Any) -> None:
        check, rows = self.checks["items"], kept["items"]
        if any(row.get("is_later") is True for row in rows):
            return
        if rows and not kept["cases"]:
            check.fault(f"Things are kept on case {token}, which is not in the table")
        now = items_in(events) if events else {}
        stored = {row.get("token"): row for row in rows}
        for each in stored.keys() - now.keys():
            check.fault(f"Item {each} is in the table but not in the log")
        for each, item in now.items():
            first, last = item.history[0].seq, item.history[-1].seq
            name = f"Item {each} ({item.kind.name})"
            if each not in stored:
                check.fault(f"{name} is in the log but not in the table", first, last)
                continue
            for seq, what in misstated_item(item, events):
                check.fault(f"{name} {what}", seq)
            expected = item_columns(item, token, words, self.erasures.on(token))
            wrong = [c for c in expected if not says(stored[each].get(c), expected[c])]
            if wrong:
                check.fault(
                    f"{name} is not in its table as in the log ({', '.join(wrong)})", first, last
                )

    def _judge_milestones(
        self, token: Any, events: Any, kept: Kept, words: Words, span: Any
    ) -> None:
        columns = (*KNOWN, "since_seq", "until_seq")
        # An entry whose column names another case than its bytes is of neither.
        own = [event for event in events if event["case"] == token]
        if own and own[0]["stat"]["workflow"] != CASE.name:
            raise ValueError("another kind of case")
        rows = kept["milestones"]
        stored = {tuple(as_column(row.get(name)) for name in columns) for row in rows}
        if stored != set(projected(own)) or len(stored) < len(rows):
            self.checks["milestones"].fault(
                f"The milestones of case {token} are not its entries’", *span
            )


def says(stored: Any, expected: Any) -> bool:
    """Whether a column says what it should; lists and objects by what they hold."""
    if isinstance(expected, (dict, list)) or expected is None:
        return bool(stored == expected)
    return not isinstance(stored, (dict, list)) and str(stored) == str(expected)


def misstated(events: Sequence[dict[str, Any]]) -> Iterator[tuple[int, Any, str]]:
    """Entries whose stated state is not the one that replaying up to them gives."""
    log: list[Entry] = []
    standing = Standing(CASE.initial)
    for event in events:
        entry = entry_of(CASE, event)
        if entry is None:
            continue
        log.append(entry)
        is_amendment = entry.action in (CORRECTED, ANNULLED)
        is_last = not standing.entries or entry.on >= standing.entries[-1].on
        standing = (
            after(CASE, standing, entry) if is_last and not is_amendment else standing_of(CASE, log)
        )
        if event["state"] != standing.state:
            yield event["seq"], event["state"], standing.state


def misstated_item(item: Item, events: Sequence[dict[str, Any]]) -> Iterator[tuple[int, str]]:
    """Entries of an item whose stated version or state is not what replaying gives."""
    log: list[Entry] = []
    for number, event in enumerate(item.events, start=1):
        stat = event["stat"]
        if stat.get("item_ver") != number:
            yield event["seq"], f"has entries that are not counted from 1 ({number} expected)"
        entry = entry_of(item.kind, event, of_item=True)
        if entry is None:
            yield event["seq"], f"has an entry that is no step of it: {event['action']}"
            continue
        log.append(entry)
        if item.kind.name == "recommendation":
            then = items_in([each for each in events if each["seq"] <= event["seq"]])
            replayed = then[item.token].standing.state
        else:
            replayed = standing_of(item.kind, log).state
        if stat.get("item_state") != replayed:
            yield event["seq"], f"is “{stat.get('item_state')}” by its entry, “{replayed}” replayed"


def case_columns(
    events: Sequence[dict[str, Any]], words: Words, erased_on: str | None
) -> dict[str, Any]:
    """The columns of a case's row that its entries give, and the day on which it was erased."""
    log = entries_of_case(events)
    standing = standing_of(CASE, log)
    entries, values, closure = standing.entries, standing.values, standing.closure
    wait = standing.last("waiting_began", "waiting_ended", "reopened")
    is_waiting = closure is None and wait is not None and wait.action == "waiting_began"
    valid = standing.last("found_valid")
    since = entries[entries.index(closure) :] if closure else ()
    told = [entry.on for entry in since if entry.action == "decision_notified"]
    versions = [event["ver"] for event in events if event["ver"] is not None]
    is_counted = versions == list(range(1, len(versions) + 1))
    return {
        **{name: events[0]["stat"][name] for name in PINNED},
        "version": versions[-1] if is_counted else "not counted from 1 by its entries",
        "state": standing.state,
        "received_on": standing.first_on("logged"),
        "acknowledged_on": standing.first_on("acknowledged"),
        "validated_on": valid.on if valid else None,
        "closed_on": closure.on if closure else None,
        "force": values.get("force"),
        "route": values.get("route"),
        "waiting_for": values.get("waiting_for") if is_waiting else None,
        "assignee": values.get("assignee"),
        "told_on": told[-1] if told else None,
        "active_on": entries[-1].on if entries else None,
        "erased_on": erased_on,
        **words_of_case(events, log, words, is_erased=erased_on is not None),
    }


def words_of_case(
    events: Sequence[dict[str, Any]], log: Sequence[Entry], words: Words, *, is_erased: bool
) -> dict[str, Any]:
    """The columns of words of a case's row, as far as they can be told; all empty once it is erased."""
    if not words.has_words:
        return {}
    if is_erased:
        return dict.fromkeys(TYPED)
    unknown = words.unknown(events)
    return {n: v for n, v in words.of_case(events[0]["seq"], log).items() if n not in unknown}


def item_columns(item: Item, case: Any, words: Words, erased_on: str | None) -> dict[str, Any]:
    """The columns of an item's row that the entries give; by when it is due the office's rules say."""
    left: dict[str, Any] = {}
    if words.has_words and erased_on is not None:
        left = {"words": {}}
    elif words.are_of(item.events):
        left = {"words": words.left(item.history, {event["seq"] for event in item.events})}
    standing = item.standing
    return {
        "case_token": case,
        **item.pinned,
        "state": standing.state,
        "version": len(item.events),
        "began_on": standing.entries[0].on if standing.entries else None,
        "active_on": standing.entries[-1].on if standing.entries else None,
        "person": standing.values.get("person"),
        "kind": standing.values.get("kind"),
        "codes": standing.values,
        **left,
    }


class Words:
    """The words beside the entries of one case, where an export has them."""

    def __init__(
        self, events: list[Any], stored: list[tuple[int, Any, Any, Any]], has_words: bool
    ) -> None:
        self.has_words, self.is_broken = has_words, False
        # By the position that each entry gives itself, wherever it was put.
        self.by_seq: dict[int, dict[str, str]] = {}
        for event, (_, _, is_there, salted) in zip(events, stored):
            try:
                if has_words and is_there:
                    self.by_seq[event["seq"]] = dict(parsed(salted[32:].decode()))
            except FAULTS:
                self.is_broken = True

    def unknown(self, events: Sequence[dict[str, Any]]) -> set[str]:
        """The columns of words of a case that an entry last set whose words are missing."""
        unknown: set[str] = set()
        for event in events:
            if event.get("detail_commit") is None or event["seq"] in self.by_seq:
                unknown -= self.by_seq.get(event["seq"], {}).keys()
            elif "item" not in event["stat"] and event["action"] in (*TELLING, CORRECTED, ANNULLED):
                unknown |= {*TYPED, "reference"}
        return unknown

    def require_readable(self, *, is_needed: bool) -> None:
        """ValueError where something else stands where words belong, if they are needed."""
        if self.is_broken and is_needed:
            raise ValueError("no words")

    def are_of(self, events: Sequence[dict[str, Any]]) -> bool:
        """Whether all the words of some entries are here."""
        there = (e["seq"] in self.by_seq or e.get("detail_commit") is None for e in events)
        return self.has_words and all(there)

    def left(self, log: Sequence[Entry], own: set[int]) -> dict[str, str]:
        """The texts that entries of its own leave, corrections applied; a blank one is gone."""
        still = {entry.seq for entry in still_standing(log) if entry.seq in own}
        annulled = annulled_by(log)
        now = {seq: dict(self.by_seq.get(seq, {})) for seq in sorted(still)}
        for entry in log:
            if entry.action == CORRECTED and entry.seq not in annulled and entry.target in now:
                given = self.by_seq.get(entry.seq, {})
                now[entry.target].update((n, t) for n, t in given.items() if n != "reason")
        found: dict[str, str] = {}
        for texts in now.values():
            found.update(texts)
        return {name: text for name, text in found.items() if text}

    def of_case(self, first: int, log: Sequence[Entry]) -> dict[str, Any]:
        """The columns of words of a case's row."""
        left = self.left(log, {entry.seq for entry in log})
        reference = self.by_seq.get(first, {}).get("reference")
        return {"reference": reference, **{name: left.get(name) for name in TYPED}}


def projected(events: Sequence[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    """Every milestone of a case as a row of the table: what is true, and from when to when known."""
    since: dict[str, dict[Row, int]] = {}
    case: list[Entry] = []
    own: Histories = {}
    for event in events:
        for token, rows in _moved_by(event, case, own, since).items():
            known = since.setdefault(token, {})
            for row in known.keys() - rows:
                yield (*_columns(row), known.pop(row), event["seq"])
            known.update(dict.fromkeys(rows - known.keys(), event["seq"]))
    for known in since.values():
        yield from ((*_columns(row), seq, None) for row, seq in known.items())


def _moved_by(
    event: dict[str, Any], case: list[Entry], own: Histories, since: dict[str, Any]
) -> dict[str, frozenset[Row]]:
    """What is true of whatever an event moved: an item, or the case and what arises from it."""
    about = event["stat"].get("item")
    if about is None:
        entry = entry_of(CASE, event)
        if entry is None:
            return {}
        case.append(entry)
        return {"": milestones(CASE, case), **_arisen_rows(case, own, since)}
    if about not in own:
        own[about] = (KINDS[event["stat"]["workflow"]], [])
    kind, log = own[about]
    entry = entry_of(kind, event, of_item=True)
    log += [entry] if entry is not None else []
    if kind.name == "recommendation":
        return _arisen_rows(case, own, since)
    return {about: milestones(kind, log, about)}


def _arisen_rows(
    case: list[Entry], own: Histories, since: dict[str, Any]
) -> dict[str, frozenset[Row]]:
    arising = {token: kept for token, kept in own.items() if kept[0].name == "recommendation"}
    rows: dict[str, frozenset[Row]] = {
        token: frozenset() for token in since if token and (token in arising or token not in own)
    }
    found = arisen(case, arising).items()
    return {**rows, **{token: milestones(kind, log, token) for token, (kind, log) in found}}


def _columns(row: Row) -> tuple[Any, ...]:
    """A milestone as the table has it; `lasted` is the bit length of the days that it stood."""
    days = date.fromisoformat(row.to_on) - date.fromisoformat(row.from_on) if row.to_on else None
    return (*row, days.days.bit_length() if days is not None else None)


# --- Settings, templates of letters, people -----------------------------------------------------


def check_others(log: Log) -> list[Finding]:
    """Whether settings, templates of letters and roles are those that the log gives."""
    settings = {
        event["seq"]: (str(event["stat"].get("setting")), json.dumps(event["stat"].get("value")))
        for event in log.called("setting_changed")
    }
    templates = {
        event["seq"]: (event["stat"].get("letter"), event["stat"].get("template"))
        for event in log.called("letter_template_added", "letter_template_chosen")
    }
    return [
        *_dated(log, "settings", ("name", "value"), settings),
        *_dated(log, "letter templates", ("letter", "sha256"), templates),
        *_people(log),
    ]


def _dated(
    log: Log, name: str, columns: tuple[str, str], logged: dict[int, tuple[Any, Any]]
) -> list[Finding]:
    check = Check(name)
    rows = log.listed(name.replace(" ", "_"))
    stored = {as_column(r.get("since_seq")): tuple(map(r.get, columns)) for r in rows}
    for seq in sorted({*stored, *logged}, key=lambda seq: (str(type(seq)), seq)):
        if stored.get(seq) != logged.get(seq):
            said = stored.get(seq) or logged[seq]
            place = seq if isinstance(seq, int) else None
            check.fault(f"What the table of {name} has of {said[0]} is not what the log has", place)
    return check.findings(f"The table of {name} holds what the log gives, and nothing else.")


ONE_DOES = ("person_renamed", "person_disabled", "person_enabled")
ABOUT_PEOPLE = (
    *("person_added", *ONE_DOES),
    *("roles_proposed", "roles_changed", "roles_refused"),
    *("email_proposed", "email_changed", "email_refused"),
    *("person_linked", "person_unlinked"),
)
KEEPERS, AGREERS = {"administrator"}, {"administrator", "chief_executive"}
"""The roles that let somebody keep accounts, and agree to what gives access."""
JOINED_WITHIN = 2  # entries, one of which may tell of the clock
UNAGREED = "Person {} was given access that no two people agreed on"
UNALLOWED = "Person {} was changed by somebody who could not do that"
NOBODY: dict[str, Any] = {"roles": [], "is_active": True, "name": None, "email": None}


def _people(log: Log) -> list[Finding]:
    check = Check("people")
    held = {as_column(row.get("token")): row for row in log.listed("people")}
    people = People(check)
    for seq, _, body in log.stored(*ABOUT_PEOPLE):
        event = loosely(body)
        if event is not None:
            people.take({**event, "words": words_at(log, seq)})
    for token, seq in people.unjoined.items():
        if seq + JOINED_WITHIN < log.size:
            check.fault(UNAGREED.format(token), seq)
    for token in held.keys() - people.given.keys():
        if held[token].get("is_later") is not True:
            check.fault(f"Person {token} may sign in but was never added in the log")
    for token, account in sorted(people.given.items(), key=lambda each: each[1]["seq"]):
        wrong = other_account(held.get(token, {}), account)
        if wrong:
            check.fault(f"Person {token} {wrong}", account["seq"])
    return check.findings(
        "Everybody holds the roles that the log gives them by its rules, and nobody else is there."
    )


class People:
    """Who may sign in, as the entries about them give it one after the other."""

    def __init__(self, check: Check) -> None:
        self.check = check
        self.given: dict[str, dict[str, Any]] = {}
        self.proposed: dict[int, dict[str, Any]] = {}
        self.vouched: set[str] = set()  # by the directory
        self.unjoined: dict[str, int] = {}  # added by it, and by which entry

    def take(self, event: dict[str, Any]) -> None:
        """Take the next entry, which has the words beside it as `words`."""
        person, action, seq = str(event["stat"].get("person")), event["action"], event["seq"]
        if action.endswith("_proposed"):
            if self.may(event.get("actor"), KEEPERS):
                self.proposed[seq] = event
        elif action == "person_unlinked":
            self.vouched.discard(person)
        elif action == "person_linked":
            self.vouched.add(person)
            if seq <= self.unjoined.get(person, seq) + JOINED_WITHIN:
                self.unjoined.pop(person, None)
        else:
            self._change(person, event)

    def _change(self, person: str, event: dict[str, Any]) -> None:
        action, settles = event["action"], event["stat"].get("proposed_in")
        settled = self.proposed.pop(settles, None) if isinstance(settles, int) else None
        if person not in self.given and action != "person_added":
            self.check.fault(f"Person {person} was changed but never added", event["seq"])
            return
        before = self.given.get(person, NOBODY)
        after = self.given[person] = account_after(before, event)
        gained = codes(after["roles"]) - codes(before["roles"])
        by_system = event.get("via") if event.get("actor") == "system" else None
        by_web = by_system == "web"
        is_allowed = by_system == "command" or self.may(event.get("actor"), KEEPERS)
        if action in ONE_DOES and not is_allowed:
            self.check.fault(UNALLOWED.format(person), event["seq"])
        if not gained and action != "email_changed":
            return
        if by_web and action == "person_added" and person not in self.vouched:
            self.unjoined[person] = event["seq"]
        elif not ((by_web and person in self.vouched) or self._is_agreed(event, settled, gained)):
            self.check.fault(UNAGREED.format(person), event["seq"])

    def _is_agreed(
        self, event: dict[str, Any], settled: dict[str, Any] | None, gained: set[str]
    ) -> bool:
        """Whether a command gave it, or two who may, of whom none is whom it is for."""
        actor, stat = event.get("actor"), event["stat"]
        if actor == "system":
            return event.get("via") == "command"
        return (
            settled is not None
            and settled["action"] == event["action"].replace("changed", "proposed")
            and settled["stat"].get("person") == stat.get("person")
            and actor not in (settled.get("actor"), stat.get("person"))
            and gained <= codes(settled["stat"].get("roles"))
            and (event["action"] != "email_changed" or same_address(settled, event))
            and self.may(settled.get("actor"), KEEPERS)
            and self.may(actor, AGREERS)
        )

    def may(self, person: Any, by: set[str]) -> bool:
        """Whether somebody is let in, and holds one of these roles, as things stand."""
        account = self.given.get(person) if isinstance(person, str) else None
        return account is not None and account["is_active"] and bool(by & codes(account["roles"]))


def same_address(proposed: dict[str, Any], changed: dict[str, Any]) -> bool:
    """Whether two entries tell of one address, as far as there is still a word beside each."""
    for event in (proposed, changed):
        if event.get("detail_commit") is not None and not event["words"]:
            return True  # erased, or left out of the export
    address = changed["words"].get("email")
    return address is not None and address == proposed["words"].get("email")


def account_after(before: dict[str, Any], event: dict[str, Any]) -> dict[str, Any]:
    """What an entry about a person leaves of them; a name or address is None where none is known."""
    action, words, after = event["action"], event["words"], {**before, "seq": event["seq"]}
    if action in ("person_added", "roles_changed"):
        after["roles"] = event["stat"].get("roles")
    if action in ("person_added", "person_renamed"):
        after["name"] = words.get("name")
    if action in ("person_added", "email_changed"):
        after["email"] = words.get("email")
    if action in ("person_disabled", "person_enabled"):
        after["is_active"] = action == "person_enabled"
    return after


def other_account(row: dict[str, Any], account: dict[str, Any]) -> str:
    """What of a row of people is not as the log has it; empty where all is, or it moved since."""
    if row.get("is_later") is True:
        return ""
    if not same_set(row.get("roles"), account["roles"]):
        return "does not hold the roles that the log gives"
    if row.get("is_active") is not account["is_active"]:
        return "is let in or kept out, which the log does not say"
    known = [name for name in ("name", "email") if account[name] is not None]
    is_named = all(row.get(name) == account[name] for name in known)
    return "" if is_named else "has not the name and address of the log"


def codes(told: Any) -> set[str]:
    """A list of codes as a set; an empty one for what is no list."""
    return set(map(str, told)) if isinstance(told, list) else set()


def words_at(log: Log, seq: int) -> dict[str, Any]:
    """The words beside an entry, where an export has any that can be read."""
    query = "SELECT words FROM entry WHERE seq = ? AND words IS NOT NULL"
    row = log.scratch.execute(query, (seq,)).fetchone()
    try:
        return dict(parsed(row[0][32:].decode())) if row else {}
    except FAULTS:
        return {}


def same_set(stored: Any, given: Any) -> bool:
    """Whether two lists of codes are the same but for their order."""
    are_lists = isinstance(stored, list) and isinstance(given, list)
    return are_lists and sorted(map(str, stored)) == sorted(map(str, given))


# --- Published reports: their core figures counted again from the entries alone (counting.md) ----

CLOSED = ("invalid", "forwarded", "withdrawn", "upheld", "not_upheld")
COHORT = (
    *("received", "valid", "invalid", "forwarded", "undetermined", "withdrawn_undetermined"),
    *("withdrawn", "upheld", "not_upheld", "ongoing"),
)
ACTIVITY = (
    *("brought_forward", "received", "reopened", "found_valid", "found_invalid", "forwarded"),
    *("withdrawn", "completed", "upheld", "not_upheld", "carried_forward"),
)


class Seen(NamedTuple):
    """How a case stood at the end of a day."""

    is_received: bool
    validity: Row | None
    closure: Row | None

    def is_open(self) -> bool:
        """Received by then, and no closure stands."""
        return self.is_received and self.closure is None


def seen_on(rows: dict[str, list[Row]], day: str) -> Seen:
    """How a case stood at the end of a day, by what is true of it."""
    if rows["received"][0].from_on > day:
        return Seen(False, None, None)
    validity = next((row for row in rows.get("validity", []) if row.stands_on(day)), None)
    return Seen(
        True, validity, next((row for row in rows.get("closure", []) if row.stands_on(day)), None)
    )


class Part:
    """Cohort and activity of some days, as they stood on a status day."""

    def __init__(self, from_on: str, to_on: str, status_on: str) -> None:
        self.from_on, self.status_on = from_on, status_on
        self.last_on = min(to_on, status_on)
        before = (date.fromisoformat(from_on) - timedelta(days=1)).isoformat()
        self.before_on = min(self.last_on, before)
        self.cohort, self.reasons = dict.fromkeys(COHORT, 0), {}  # type: ignore[var-annotated]
        self.activity = dict.fromkeys(ACTIVITY, 0)

    def take(self, rows: dict[str, list[Row]]) -> None:
        """Count one case."""
        received_on = rows["received"][0].from_on
        if self.from_on <= received_on <= self.last_on:
            self._count_cohort(rows, seen_on(rows, self.status_on))
        before, then = seen_on(rows, self.before_on), seen_on(rows, self.last_on)
        if then.is_received:
            self._count_activity(received_on, before, then)

    def _count_cohort(self, rows: dict[str, list[Row]], case: Seen) -> None:
        closed = case.closure.code if case.closure else None
        is_valid = case.validity is not None
        counts = {
            "received": True,
            "valid": is_valid,
            "undetermined": case.is_open() and not is_valid,
            "withdrawn_undetermined": closed == "withdrawn" and not is_valid,
            "ongoing": case.is_open() and is_valid,
            **{code: closed == code for code in CLOSED},
        }
        for name in COHORT:
            self.cohort[name] += counts[name]
        if closed == "invalid":
            reasons = (r for r in rows.get("invalid_reason", []) if r.stands_on(self.status_on))
            reason = next((row.code for row in reasons), "unknown")
            self.reasons[reason] = self.reasons.get(reason, 0) + 1

    def _count_activity(self, received_on: str, before: Seen, then: Seen) -> None:
        closure = then.closure
        is_new = closure is not None and closure.from_on >= self.from_on
        closed = closure.code if closure is not None and is_new else None
        is_decided = closed in ("upheld", "not_upheld")
        counts = {
            "brought_forward": before.is_open(),
            "received": received_on >= self.from_on,
            "reopened": before.closure is not None and then.closure != before.closure,
            "found_valid": then.validity is not None and then.validity.from_on >= self.from_on,
            "found_invalid": closed == "invalid",
            "completed": is_decided,
            "carried_forward": then.is_open(),
            **{code: closed == code for code in CLOSED[1:]},
        }
        for name in ACTIVITY:
            self.activity[name] += counts[name]

    def blocks(self) -> dict[str, Any]:
        """The blocks of a report that this is, with the percentage upheld of those decided."""
        return {
            "cohort": {**self.cohort, **_upheld(self.cohort), "invalid_by_reason": self.reasons},
            "activity": {**self.activity, **_upheld(self.activity)},
        }


def _upheld(counted: dict[str, int]) -> dict[str, float | None]:
    """To one decimal, half up; nothing of nothing."""
    upheld, decided = counted["upheld"], counted["upheld"] + counted["not_upheld"]
    percent = (2000 * upheld + decided) // (2 * decided) / 10 if decided else None
    return {"percent_upheld": percent}


def year_earlier(day: str, *, is_end: bool = False) -> str:
    """The same day a year before; the last of a February for the last of a February, of an end."""
    found = date.fromisoformat(day)
    if found.month == 2 and (is_end or found.day == 29) and (found + timedelta(days=1)).month == 3:
        return (date(found.year - 1, 3, 1) - timedelta(days=1)).isoformat()
    return found.replace(year=found.year - 1).isoformat()


class Report:
    """A published report: what its event says, its figures, and the parts that are counted again."""

    def __init__(self, event: dict[str, Any], figures: str | None) -> None:
        self.event, self.stat, self.figures = event, event["stat"], figures
        self.size: int = self.stat["log_size"]
        days = (self.stat["from_on"], self.stat["to_on"], self.stat["status_on"])
        from_on, to_on, status_on = days
        self.parts = {"": Part(*days)}
        if int(from_on[:4]) > 2 and int(status_on[:4]) > 2:
            before = (year_earlier(from_on), year_earlier(to_on, is_end=True))
            self.parts["previous"] = Part(*before, year_earlier(status_on, is_end=True))
        if self.stat["kind"] in ("annual", "self_assessment"):
            year = int(from_on[:4])
            first_days = [f"{year}-04-01", f"{year}-07-01", f"{year}-10-01", f"{year + 1}-01-01"]
            last_days = [f"{year}-06-30", f"{year}-09-30", f"{year}-12-31", f"{year + 1}-03-31"]
            for place, (first, last) in enumerate(zip(first_days, last_days)):
                self.parts[f"quarters {place}"] = Part(first, last, status_on)
                self.parts[f"year_to_date {place}"] = Part(first_days[0], last, status_on)

    def faults(self, log: Log) -> Iterator[str]:
        """What of it does not hold."""
        if self.figures is None:
            yield "Its figures are not beside its entry"
            return
        if hashlib.sha256(self.figures.encode()).hexdigest() != self.stat["figures"]:
            yield "The figures kept beside its entry are not those that were published"
        said = parsed(self.figures, with_decimals=True)
        root = log.root(self.size)
        fixed = {
            "period": {"from": self.stat["from_on"], "to": self.stat["to_on"]},
            **{name: self.stat[name] for name in ("status_on", "log_size", "edition", "log_root")},
        }
        yield from (
            f"Its figures say another {n} than its entry" for n in fixed if said[n] != fixed[n]
        )
        if root is not None and root.hex() != self.stat["log_root"]:
            yield f"The root over the first {self.size:,} entries is another than it was printed with"
        if self.size > self.event["seq"]:
            yield "It was counted from entries that came after it"
        wrong = [name for name, part in self.parts.items() if not self._is_same(said, name, part)]
        if wrong:
            named = ", ".join(name or "whole" for name in wrong)
            yield f"The entries give other figures of cohort or activity than were published ({named})"

    @staticmethod
    def _is_same(said: dict[str, Any], name: str, part: Part) -> bool:
        """Whether the published figures of a part are those counted; columns to date have activity."""
        column, _, place = name.partition(" ")
        held = said[column][int(place)] if place else said[column] if column else said
        counted = part.blocks()
        names = ("activity",) if column == "year_to_date" else ("cohort", "activity")
        return all(held[each] == counted[each] for each in names)


class Counting:
    """Every published report of an export, with its core figures as the cases come by."""

    def __init__(self, log: Log) -> None:
        self.log, self.check = log, Check("published reports")
        self.reports: list[Report] = []
        kept = {row.get("seq"): row for row in log.listed("reports")}
        for event in log.called("report_published"):
            figures = kept.get(event["seq"], {}).get("figures")
            try:
                self.reports.append(Report(event, figures if isinstance(figures, str) else None))
            except FAULTS:
                self.check.fault("A published report cannot be counted again", event["seq"])
        self.sizes = sorted({report.size for report in self.reports})

    def take(self, events: Sequence[dict[str, Any]]) -> None:
        """Count one case in every report, as it was known at the size that the report was counted at."""
        found: dict[int, dict[str, list[Row]]] = {}
        seqs = [event["seq"] for event in events] if self.sizes else []
        for size in self.sizes:
            known = bisect_right(seqs, size - 1)
            if known not in found:
                found[known] = spans(entries_of_case(events[:known]))
            if "received" in found[known]:
                for report in self.reports:
                    if report.size == size:
                        for part in report.parts.values():
                            part.take(found[known])

    def leave_out(self, token: Any, span: Any) -> None:
        """A case whose entries cannot be counted: no report with it holds."""
        if self.reports:
            self.check.fault(f"The entries of case {token} cannot be counted", *span)

    def findings(self) -> list[Finding]:
        """What became of counting them, and of the table of reports."""
        for report in self.reports:
            name = f"The report {report.stat.get('number')} of {report.event.get('effective_on')}"
            try:
                for fault in report.faults(self.log):
                    self.check.fault(f"{name}: {fault}", report.event["seq"])
            except FAULTS:
                self.check.fault(f"{name} cannot be counted again", report.event["seq"])
        check_table_of_reports(self.log, self.check)
        return self.check.findings(
            f"The entries give cohort and activity of {len(self.reports):,} published reports as "
            "they were published; their other figures are those that the log commits to."
        )


def spans(log: Sequence[Entry]) -> dict[str, list[Row]]:
    """What is true of a case by kind, in the order it began."""
    found: dict[str, list[Row]] = {}
    for row in sorted(milestones(CASE, log), key=lambda row: (row.from_on, row.item)):
        found.setdefault(row.kind, []).append(row)
    return found


def check_table_of_reports(log: Log, check: Check) -> None:
    """Whether the table of reports is what the log has of them, and each was published as approved."""
    of_each: dict[str, list[dict[str, Any]]] = {}
    for event in log.called(*REPORT.rules):
        of_each.setdefault(str(event["stat"].get("publication")), []).append(event)
    rows = {as_column(row.get("token")): row for row in log.listed("publications")}
    for token in sorted({*map(str, rows), *of_each}):
        row, events = rows.get(token), of_each.get(token)
        is_later = row is not None and row.get("is_later") is True
        if row is None or events is None:
            if not is_later:
                place = "log" if row else "table of reports"
                check.fault(
                    f"Report {token} is not in the {place}", events[0]["seq"] if events else None
                )
            continue
        try:
            wrong = [] if is_later else list(_other_columns(row, events))
        except FAULTS:
            wrong = ["it cannot be replayed"]
        if wrong:
            said = f"Report {token} is not in its table as in the log: {', '.join(wrong)}"
            check.fault(said, events[0]["seq"], events[-1]["seq"])


def _other_columns(row: dict[str, Any], events: Sequence[dict[str, Any]]) -> Iterator[str]:
    log = [entry for entry in (entry_of(REPORT, event) for event in events) if entry is not None]
    standing = standing_of(REPORT, log)
    drafted, approved = standing.last("report_drafted"), standing.last("report_approved")
    published = standing.last("report_published")
    if drafted is None:
        raise ValueError("never drafted")
    names = ("kind", "from_on", "to_on", "status_on", "log_size", "edition", "figures")
    expected: dict[str, Any] = {"state": standing.state, **{n: drafted.facts[n] for n in names}}
    cited = dict.fromkeys(("year", "number", "published_on", "since_seq"))
    if published is not None:
        begins = int(published.on[:4]) - (published.on[5:] < "04-01")
        year = f"{begins}-{(begins + 1) % 100:02}"
        cited = dict(zip(cited, (year, published.facts["number"], published.on, published.seq)))
        if approved is None or approved.facts.get("content") != published.facts.get("content"):
            yield "what was published is not what was approved"
    if standing.state != "draft":
        expected["changed_by"] = standing.entries[-1].actor
    for name, value in {**expected, **cited}.items():
        if not says(row.get(name), value):
            yield name
    is_bound = approved is not None and standing.state in ("approved", "published")
    if approved is not None and is_bound and row.get("written_by") != approved.facts["written_by"]:
        yield "written_by"


# --- Checkpoints: what is kept outside the office -----------------------------------------------


class Held(NamedTuple):
    """A checkpoint to be held against the log: what it is called, and whether it is kept outside."""

    name: str
    checkpoint: Checkpoint
    is_outside: bool
    stored: tuple[Any, Any] | None = None  # the size and root beside it in its table


class Checkpoints:
    """The checkpoints of an export and those given beside it, held against the tree and the keys."""

    def __init__(self, log: Log, given: Sequence[str], keys: Sequence[Key]) -> None:
        self.log, self.check = log, Check("checkpoints")
        self.named = named_keys(log, self.check)
        self.given = found_among(self.named, keys)
        self.are_given, self.covered = bool(given), 0
        outside = [Held(printable(path), checkpoint_in(path), is_outside=True) for path in given]
        rows = [self._in_row(row) for row in log.listed("checkpoints")]
        self.held = [*outside, *(held for held in rows if held is not None)]

    def _in_row(self, row: dict[str, Any]) -> Held | None:
        name = f"The checkpoint over {row.get('size')} entries"
        try:
            checkpoint = read_checkpoint(row["note"].encode())
        except FAULTS:
            self.check.fault(f"{name} is none that can be read")
            return None
        is_outside = bool(row.get("copies")) and not self.are_given
        return Held(name, checkpoint, is_outside, (row.get("size"), row.get("root")))

    def findings(self) -> list[Finding]:
        """Which of them the log is true to, and which entries an altered log differs in."""
        faults = [(held, self._fault(held)) for held in self.held]
        good = [held for held, fault in faults if fault is None]
        trusted = self._trusted(good)
        for held, fault in faults:
            if fault is not None:
                self.check.fault(f"{held.name} {fault}", *self._range(held, good))
            elif not signed_by(held.checkpoint, trusted):
                self.check.fault(f"{held.name} is signed by a key that yours does not lead to")
            elif held.is_outside:
                self.covered = max(self.covered, held.checkpoint.size)
        self._judge_changes()
        said = (
            f"{len(self.held):,} checkpoints are signed, and the log begins as each of them says."
        )
        return self.check.findings(said if self.held else "There is no checkpoint.")

    def _fault(self, held: Held) -> str | None:
        """What is wrong with a checkpoint, or with the log; None when nothing is."""
        checkpoint, keys = held.checkpoint, [*self.named, *self.given]
        if held.stored not in (None, (checkpoint.size, checkpoint.root.hex())):
            return "is kept beside a size or root that its note does not have"
        if not keys:
            return "cannot be checked, as the log names no key: it was cut off or rewritten"
        if checkpoint.origin not in {key.name for key in keys}:
            return f"is of another log, “{checkpoint.origin}”"
        if not self._is_signed(held):
            return "is forged, or the log was rewritten under another key"
        if checkpoint.size > self.log.size:
            return f"covers {checkpoint.size:,} entries, and the log’s end was cut off before them"
        root = self.log.root(checkpoint.size)
        if root is None:
            return "cannot be compared: the tree over the entries that it covers cannot be built"
        return None if root == checkpoint.root else "is signed, and the log does not begin so"

    def _is_signed(self, held: Held) -> bool:
        """Whether it is signed by the key that the log has for its size."""
        checkpoint = held.checkpoint
        due = [key for key in self.named if key.covers(checkpoint.size)] or self.given
        return signed_by(checkpoint, [*self.named, *self.given]) and signed_by(checkpoint, due)

    def _range(self, held: Held, good: Sequence[Held]) -> tuple[int | None, int | None]:
        """The entries that were altered: from the newest good checkpoint before it. None of a forged one."""
        size = held.checkpoint.size
        is_of_log = held.checkpoint.origin in {key.name for key in (*self.named, *self.given)}
        if not is_of_log or self.log.root(size) == held.checkpoint.root:
            return None, None
        if size > self.log.size:
            return (self.log.size, size - 1) if self._is_signed(held) else (None, None)
        sizes = (each.checkpoint.size for each in good)
        return max((each for each in sizes if each < size), default=0), size - 1

    def _trusted(self, good: Sequence[Held]) -> list[Key]:
        """The keys given, and those that the log named before a checkpoint which one of them signed."""
        trusted = list(self.given or self.named)
        while True:
            reach = max(
                (h.checkpoint.size for h in good if signed_by(h.checkpoint, trusted)), default=0
            )
            more = [key for key in self.named if key.from_seq < reach and key not in trusted]
            if not more:
                return trusted
            trusted += more

    def _judge_changes(self) -> None:
        """Whether each key vouched for the one after it, in the first checkpoint stored since."""
        for before, key in zip(self.named, self.named[1:]):
            since = [h for h in self.held if h.stored and key.covers(h.checkpoint.size)]
            since = [h for h in since if h.checkpoint.size <= self.log.size]
            first = min(since, key=lambda held: held.checkpoint.size, default=None)
            if first is not None and not key.is_lost and not signed_by(first.checkpoint, [before]):
                what = "The signing key was changed, and the key before did not vouch for it"
                self.check.fault(what, key.from_seq)

    def cover(self, now: datetime) -> tuple[int, str]:
        """The exit code of a log that is intact, and a sentence on what nothing outside covers."""
        kept = "given" if self.are_given else "kept outside, by the office’s own account"
        newer = self.log.size - self.covered
        if newer <= 0:
            return HOLDS, f"No entry is newer than the newest checkpoint {kept}."
        query = "SELECT body FROM entry WHERE seq >= ? ORDER BY seq LIMIT 1"
        row = self.log.scratch.execute(query, (self.covered,)).fetchone()
        oldest = printable((loosely(row[0]) or {}).get("at")) if row else ""
        many = "entry is" if newer == 1 else "entries are"
        said = f"{newer:,} {many} newer than the newest checkpoint {kept}"
        if not self.covered:
            said = (
                f"No checkpoint is {kept}: nothing shows that these {newer:,} entries are the first"
            )
        said = f"{said}; the oldest is of {oldest}."
        since = (now - timedelta(days=self._days())).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        if oldest >= since:
            return HOLDS, said
        return UNCOVERED, f"WARNING  {said} Whoever can write to the database could rewrite them."

    def _days(self) -> int:
        """For how long the office lets an entry be without a checkpoint outside."""
        days = UNCOVERED_FOR
        for event in self.log.called("setting_changed"):
            value = event["stat"].get("value")
            if event["stat"].get("setting") == "checkpoint_days" and isinstance(value, int):
                days = min(value, MOST_DAYS)
        return days


def signed_by(checkpoint: Checkpoint, keys: Sequence[Key]) -> bool:
    """Whether a checkpoint is signed by one of these keys, and bears no false signature of theirs."""
    try:
        return bool(signers(checkpoint, keys))
    except ValueError:
        return False


def checkpoint_in(path: str) -> Checkpoint:
    """A checkpoint from a file that was given."""
    try:
        if not file_kinds.S_ISREG(os.stat(path).st_mode) or os.path.getsize(path) > LARGEST_FILE:
            raise ValueError("no small file")
        with open(path, "rb") as file:
            return read_checkpoint(taken_from(file.read()))
    except (OSError, ValueError) as fault:
        said = f"{printable(path)} is no checkpoint that can be read ({type(fault).__name__})."
        raise Refused(f"{said} Give the whole file, as it was sent.") from None


def named_keys(log: Log, check: Check) -> list[Key]:
    """The keys by which checkpoints are signed, as the log itself names them, each until the next."""
    found: list[Key] = []
    for event in log.called("signing_key_changed"):
        try:
            key, is_lost = read_key(event["stat"]["after"]), event["stat"]["is_lost"] is True
            before = [read_key(told) for told in [event["stat"]["before"]] if told]
        except FAULTS:
            check.fault("An entry names no key that can be read", event["seq"])
            continue
        if [each[:2] for each in before] != [last[:2] for last in found[-1:]]:
            what = "The signing key was changed from one that was not the log’s key before"
            check.fault(what, event["seq"])
        found = [*found[:-1], *(last._replace(until_seq=event["seq"]) for last in found[-1:])]
        found.append(Key(key.name, key.public, event["seq"], None, is_lost))
    return found


# --- The pack of a published report -------------------------------------------------------------

NOTES = ("checkpoint.txt", "earlier-checkpoint.txt", "countersigned-checkpoint.txt")
REST = ("proof.json", "keys.json", "event.json", "report.json", "countersigned.json")
ONLY_ITSELF = (
    "Whether that key is the office’s. Without --key a pack shows only that it agrees with itself."
)
UNKNOWN_BEFORE = (
    "Whether a report was published before this one: its entry does not say, and no checkpoint of "
    "one is in this pack."
)


class Pack:
    """A report pack: the figures, the entry that published them, checkpoints and the proofs between."""

    def __init__(self, source: Source, given: Sequence[str], keys: Sequence[Key]) -> None:
        self.source, self.uncompared, self.compared = source, list[str](), False
        self.given = [(printable(path), checkpoint_in(path)) for path in given]
        self.proof = self._json("proof.json", dict)
        if self.proof.get("format") != PACK:
            raise Refused(
                f"proof.json is not of the format {PACK}. Use the verifier that came with it."
            )
        try:
            self.named = [
                Key(key.name, key.public, row["from_seq"], row["until_seq"])
                for row in self._json("keys.json", list)
                for key in [read_key(row["key"])]
            ]
        except FAULTS:
            raise Refused("keys.json holds something that is no key.") from None
        self.keys = found_among(self.named, keys)
        self.event_body = source.read("event.json")
        self.event = read_event(self.event_body) or {}
        self.stat = self.event.get("stat", {})
        self.seq = self.event.get("seq", -1)
        self.notes = {name: self._checkpoint(name) for name in NOTES[:1]}
        self.notes.update((n, self._checkpoint(n)) for n in NOTES[1:] if source.has(n))
        self.now = self.notes[NOTES[0]]
        self.longest = max(note.size for note in self.notes.values())

    def _json(self, name: str, kind: type) -> Any:
        try:
            read = parsed(self.source.read(name).decode("utf-8-sig"))
        except ValueError:
            read = None
        if not isinstance(read, kind):
            raise Refused(f"{name} is not the JSON that a pack has there.")
        return read

    def _checkpoint(self, name: str) -> Checkpoint:
        try:
            return read_checkpoint(as_signed(self.source.read(name)))
        except ValueError:
            raise Refused(f"{name} is no checkpoint that can be read.") from None

    def findings(self) -> list[Finding]:
        """What holds of the pack, one finding for each check."""
        found = [self._checkpoints(), self._event(), self._figures(), self._counted()]
        return [
            each
            for findings in [*found, self._earlier(), self._countersigned()]
            for each in findings
        ]

    def _path(self, name: str) -> list[bytes]:
        """A proof’s hashes. ValueError when they are none."""
        hashes = [stored_hash(each) for each in self.proof.get(name) or []]
        if any(hash_ is None or len(hash_) != 32 for hash_ in hashes):
            raise ValueError("not a hash")
        return [hash_ for hash_ in hashes if hash_ is not None]

    def _proves(self, judge: Any, name: str, *about: Any) -> bool:
        try:
            return bool(judge(*about[:3], self._path(name), *about[3:]))
        except FAULTS:
            return False

    def _checkpoints(self) -> list[Finding]:
        check = Check("checkpoints")
        for name, note in self.notes.items():
            last = max(note.size - 1, 0)
            if note.origin != self.now.origin:
                check.fault(f"{name} is of another log than checkpoint.txt", 0, last)
            if not signed_by(note, self._keys_at(note.size)):
                check.fault(f"{name} is not signed by a key of keys.json for its size", 0, last)
        if self.keys and not signed_by(self.now, self.keys):
            check.fault(
                "checkpoint.txt is not signed by the key that you gave", 0, self.now.size - 1
            )
        for name, given in self.given:
            self._compare(check, name, given)
        many = "1 checkpoint is" if len(self.notes) == 1 else f"{len(self.notes)} checkpoints are"
        return check.findings(
            f"{many} signed by the keys of keys.json."
            f"{self.compared * ' What you kept is the same.'}"
        )

    def _keys_at(self, size: int) -> list[Key]:
        return [key for key in self.named if key.covers(size)]

    def _compare(self, check: Check, name: str, given: Checkpoint) -> None:
        """Hold a checkpoint that was given against all that the pack says of as many entries."""
        last = max(given.size - 1, 0)
        known: dict[str, bytes | None] = {
            each: note.root for each, note in self.notes.items() if note.size == given.size
        }
        if given.size == self.stat.get("log_size"):
            known["event.json"] = stored_hash(self.stat.get("log_root"))
        if given.origin != self.now.origin:
            check.fault(f"{name} is of another log, “{printable(given.origin)}”")
        elif given.size <= self.longest and not signed_by(given, self._keys_at(given.size)):
            check.fault(f"{name}, which you gave, is not signed by a key of keys.json for its size")
        elif not known:
            self.uncompared.append(
                f"{name}, over {given.size:,} entries, was not compared: nothing in this pack is of as "
                "many. Ask the office for an export of its log, and compare it with that."
            )
        self.compared = self.compared or bool(known)
        for each, root in known.items():
            if given.origin == self.now.origin and root != given.root:
                check.fault(f"{each} has another root than the checkpoint that you gave", 0, last)

    def unvouched(self) -> list[Key]:
        """The keys of the pack that signed in it, and that nobody gave from elsewhere."""
        alone = [n for n in self.notes.values() if not signed_by(n, self.keys)]
        used = [key for note in alone for key in self._keys_at(note.size)]
        return [key for key in self.named if key in used]

    def _event(self) -> list[Finding]:
        check, size = Check("event"), self.now.size
        if self.event.get("action") != "report_published":
            check.fault("event.json is no entry report_published in canonical form")
        leaf = leaf_hash(self.event_body)
        if not self._proves(_includes, "inclusion", leaf, self.seq, size, self.now.root):
            check.fault("The proof does not lead from event.json to checkpoint.txt", self.seq)
        return check.findings(
            f"Entry {self.seq}, which published the report, is among the {size:,} signed."
        )

    def _figures(self) -> list[Finding]:
        check = Check("published reports")
        figures = self.source.read("report.json", LONGEST_LINE)
        digest = hashlib.sha256(figures).hexdigest()
        if digest != self.stat.get("figures") or digest != self.stat.get("json"):
            check.fault("report.json is not what the entry says was published", self.seq)
        try:
            said = parsed(figures.decode(), with_decimals=True)
            names = [n for n in ("log_size", "log_root", "edition") if said[n] != self.stat.get(n)]
        except FAULTS:
            names = ["nothing that can be read"]
        if names:
            check.fault(
                f"report.json has other values than its entry ({', '.join(names)})", self.seq
            )
        return check.findings("report.json is the report that was published, byte for byte.")

    def _counted(self) -> list[Finding]:
        check, size = Check("counted"), self.stat.get("log_size")
        root = stored_hash(self.stat.get("log_root"))
        if not isinstance(size, int) or root is None or not 0 <= size <= self.seq:
            check.fault("The entry does not say of how many earlier entries the report was counted")
            return check.findings("")
        if size == 0:
            if self.proof.get("counted") is not None or root != joined([]):
                check.fault("The report says that it was counted from nothing, with another root")
        elif not self._proves(_begins, "counted", size, self.now.size, root, self.now.root):
            check.fault("The log that was counted is not how the signed log begins", 0, size - 1)
        return check.findings(f"The signed log begins with the {size:,} entries that were counted.")

    def _earlier(self) -> list[Finding]:
        check, now = Check("consistency"), self.now
        before, then = self.stat.get("report_before"), self.notes.get("earlier-checkpoint.txt")
        if then is None:
            if self.proof.get("consistency") is not None:
                check.fault("There is a proof from an earlier checkpoint, and no such checkpoint")
            elif before is not None or self.stat.get("number") != 1:
                check.fault("A report was published before, and its checkpoint is not in the pack")
            elif "report_before" not in self.stat:
                self.uncompared.append(UNKNOWN_BEFORE)
                return check.findings("No checkpoint of a report before is in this pack.")
            return check.findings("By its entry this is the first report, with none before it.")
        if isinstance(before, int) and then.size <= before:
            check.fault(f"earlier-checkpoint.txt does not cover entry {before}, the report before")
        if not self._proves(_begins, "consistency", then.size, now.size, then.root, now.root):
            check.fault(
                "The log no longer begins as earlier-checkpoint.txt says", 0, max(then.size - 1, 0)
            )
        return check.findings(
            f"The log begins with the {then.size:,} entries signed for the report before."
        )

    def _countersigned(self) -> list[Finding]:
        check = Check("countersigned")
        if not self.source.has("countersigned.json"):
            return [Finding("countersigned", True, "The report is not countersigned in this pack.")]
        body = self.source.read("countersigned.json")
        event, signed = read_event(body) or {}, self.notes.get("countersigned-checkpoint.txt")
        if signed is None:
            raise Refused("There is countersigned.json, and no countersigned-checkpoint.txt.")
        stat, seq = event.get("stat", {}), event.get("seq", -1)
        if event.get("action") != "report_countersigned" or any(
            stat.get(name) != self.stat.get(name) for name in ("publication", "figures")
        ):
            check.fault("countersigned.json is no entry that countersigned this report")
        if not self._proves(
            _includes, "countersigned", leaf_hash(body), seq, signed.size, signed.root
        ):
            check.fault("The proof does not lead from countersigned.json to its checkpoint", seq)
        return check.findings(
            f"Entry {seq} says that the report was counted again, and countersigned."
        )


def _includes(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    return is_included(leaf, index, size, path, root)


def _begins(old: int, new: int, old_root: bytes, path: Sequence[bytes], new_root: bytes) -> bool:
    return is_consistent(old, new, old_root, new_root, path)


# --- What is asked, and what is said ------------------------------------------------------------


class Outcome(NamedTuple):
    """What came of verifying: findings, what was not judged, and what else there is to say."""

    kind: str
    size: int
    findings: list[Finding]
    not_judged: list[str]
    code: int
    cover: str = ""
    signed_by: str = ""


def verify_export(
    source: Source, given: Sequence[str], keys: Sequence[Key], now: datetime
) -> Outcome:
    """Every check of an export."""
    try:
        manifest = parsed(source.read("export.json").decode())
        size, has_words = manifest["log_size"], manifest["has_words"] is True
        files = {name: (row["rows"], row["sha256"]) for name, row in manifest["files"].items()}
        is_known = manifest["format"] == EXPORT and isinstance(size, int) and size >= 0
        later = manifest.get("erased_later")
    except FAULTS:
        raise Refused("export.json is not that of an export.") from None
    if not is_known:
        raise Refused(
            f"The export is not of the format {EXPORT}. Use the verifier that came with it."
        )
    log = Log(source, size, has_words=has_words)
    log.read()
    erasures = Erasures(log, later)
    found = log.findings(erasures)
    counting = Counting(log)
    cases = Cases(log, counting, erasures)
    found += [*cases.read(), *check_others(log), *erasures.findings(), *counting.findings()]
    checkpoints = Checkpoints(log, given, keys)
    found += checkpoints.findings()
    found = [*check_files(log, files), *found]
    code, cover = checkpoints.cover(now)
    code = code if all(each.holds for each in found) else ALTERED
    unvouched = [] if keys else checkpoints.named
    said = not_judged(has_words, cases.later, unvouched)
    if erasures.later["cases"]:
        said.append(
            "The words of cases that were erased after the entries of this export, as it says itself."
        )
    said += source.besides(["export.json", *(file.name for file in log.files)])
    return Outcome("export", size, found, said, code, cover)


def check_files(log: Log, listed: dict[str, tuple[Any, Any]]) -> list[Finding]:
    """Whether each file is whole, as the export lists it: a copy may be cut off or damaged."""
    check = Check("files")
    for file in log.files:
        if listed.get(file.name) != (file.count, file.digest.hexdigest()):
            check.fault(
                f"{file.name} is not the file that export.json lists: copied badly, or altered"
            )
    return check.findings("Every file is the one that the export lists.")


def not_judged(has_words: bool, later: int, unvouched: Sequence[Key]) -> list[str]:
    """What this verifier cannot tell of an export, in sentences."""
    said = [
        "Words, names and addresses, which are not in this export."
        if not has_words
        else "The forms of words by which cases are compared and found.",
        "Whether the office’s rules allowed each step but an erasure, and by when something is due.",
        "Figures of reports other than cohort and activity: they are compared by their hash alone.",
        "The files of papers, letters and reports; records of who read what; checks of forces’ lists.",
    ]
    if later:
        said.append(
            f"The rows of {later:,} cases, which moved on after the entries of this export."
        )
    return [*said, *unknown_keys(unvouched)]


def unknown_keys(keys: Sequence[Key]) -> list[str]:
    """That nobody has said whether keys are the office’s."""
    named = ", ".join(f"{printable(key.name)}, {key.fingerprint}" for key in keys)
    said = "compare with the fingerprint on paper, and give that after --key"
    return [f"Whether the keys are the office’s ({named}): {said}."] * bool(keys)


def verify_pack(source: Source, given: Sequence[str], keys: Sequence[Key]) -> Outcome:
    """Every check of a report pack."""
    pack = Pack(source, given, keys)
    found, unvouched = pack.findings(), pack.unvouched()
    said = [*pack.uncompared, *[ONLY_ITSELF] * bool(unvouched)]
    code = UNCOVERED if said else HOLDS
    code = code if all(each.holds for each in found) else ALTERED
    said.append("Whether the entries give these figures: an export of the log is needed for that.")
    said += source.besides([*NOTES, *REST])
    signed = [
        f"SIGNED BY {key.fingerprint} of {printable(key.name)}: compare this fingerprint with one that "
        "you have from the office on paper or from its website, and give that after --key."
        for key in unvouched
    ]
    return Outcome("pack", pack.now.size, found, said, code, signed_by="\n".join(signed))


def told(outcome: Outcome, *, as_json: bool) -> str:
    """The outcome for people, a line for each finding, or for machines."""
    if as_json:
        said = {
            "kind": outcome.kind,
            "log_size": outcome.size,
            "is_intact": outcome.code in (HOLDS, UNCOVERED),
            "exit": outcome.code,
            "checks": [finding._asdict() for finding in outcome.findings],
            "not_judged": outcome.not_judged,
            "cover": outcome.cover,
            "signed_by": outcome.signed_by,
        }
        return json.dumps(said, indent=1, ensure_ascii=False)
    lines = [outcome.signed_by] * bool(outcome.signed_by)
    lines += [
        f"{'holds' if f.holds else 'WRONG'}  {f.check}: {f.sentence}" for f in outcome.findings
    ]
    lines += ["Not judged:", *(f"  - {said}" for said in outcome.not_judged)]
    return "\n".join([*lines, *filter(None, [outcome.cover])])


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify what is named on the command line; the exit code."""
    parser = argparse.ArgumentParser(
        description="Verify an export of Casework’s log, or the pack of a published report.",
        epilog="Exit codes: 0 all holds, 1 altered, 2 cannot be read, 3 something is open. "
        "Example: python3 -I verify_casework.py export --checkpoint checkpoint-000000000571.txt",
    )
    parser.add_argument(
        "path", help="the folder of an export, or a report pack (ZIP file or folder)"
    )
    parser.add_argument(
        "--checkpoint", action="append", default=[], metavar="FILE", help="one that you kept"
    )
    parser.add_argument(
        "--key", action="append", default=[], help="the office’s key or its fingerprint, from paper"
    )
    parser.add_argument("--json", action="store_true", help="print JSON only")
    asked = parser.parse_args(arguments)
    try:
        outcome = _verified(asked)
    except Refused as refused:
        return _unread(str(refused))
    except BROKEN as fault:
        return _unread(f"What was given cannot be read ({type(fault).__name__}).")
    except FAULTS as fault:
        return _unread(
            f"What was given is not foreseen ({type(fault).__name__}), so it is not judged."
        )
    progress("")
    print(told(outcome, as_json=asked.json))
    return outcome.code


def _unread(why: str) -> int:
    print(f"verify_casework: {why}", file=sys.stderr)
    return UNREADABLE


def _verified(asked: argparse.Namespace) -> Outcome:
    try:
        keys = [asked_key(written) for written in asked.key]
    except ValueError:
        raise Refused(
            "--key is no key: a fingerprint, such as 7F3A-91C2-5E60-0B1D, or a name, eight digits "
            "and a key, with + between."
        ) from None
    source = Source(asked.path)
    if source.has("export.json"):
        return verify_export(source, asked.checkpoint, keys, datetime.now(timezone.utc))
    if source.has("proof.json"):
        return verify_pack(source, asked.checkpoint, keys)
    raise Refused(
        f"{printable(asked.path)} has neither export.json nor proof.json. Give the folder of an export, "
        "or a report pack."
    )


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    sys.exit(main())
