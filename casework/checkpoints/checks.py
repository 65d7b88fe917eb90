"""The only place that holds checkpoints against the log: signature, key, and how the log begins.

The roots that they are compared with are built from the entries' own bytes by the reading of the
whole log (`casework.audit.verify`), as whoever altered the log can have altered stored hashes too.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from sqlalchemy import select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from casework.audit import notes
from casework.audit.findings import Check, Finding
from casework.audit.notes import Note, NoteRefused, SignatureWrong, TreeHead, VerifierKey
from casework.audit.stored import as_bytes
from casework.audit.words import entries_counted
from casework.checkpoints.changes import KeyChange, change_at
from casework.models import Checkpoint, CheckpointCopy

CHECK = "checkpoints"


@dataclass(frozen=True)
class Held:
    """A checkpoint to be held against the log: where it is from, and its exact bytes.

    `is_outside` when it was found outside the database, or a copy of it left the machine; `stored`
    is the size and root that the database keeps beside it, None for a file.
    """

    place: str
    content: bytes
    is_outside: bool
    stored: tuple[int, bytes] | None = None

    @cached_property
    def note(self) -> Note:
        """The note. Raises NoteRefused."""
        return notes.read(self.content)

    @cached_property
    def head(self) -> TreeHead:
        """What the note says. Raises NoteRefused."""
        return TreeHead.read(self.note.text)

    @property
    def size(self) -> int | None:
        """How many entries it covers; None where it cannot be read."""
        try:
            return self.head.size
        except NoteRefused:
            return None


@dataclass(frozen=True)
class Log:
    """What checkpoints are held against: the log's size, its keys, and its roots at their sizes.

    A root is missing where entries that it is over cannot be read.
    """

    size: int
    changes: Sequence[KeyChange]
    roots: Mapping[int, bytes]


@dataclass(frozen=True)
class Judged:
    """What came out of it. `covered` is how many entries the newest good one outside covers."""

    findings: tuple[Finding, ...]
    covered: int


def stored(session: Session) -> tuple[Held, ...]:
    """Every checkpoint that the database keeps, the smallest first."""
    left = set(session.scalars(select(CheckpointCopy.size).distinct()))
    root = type_coerce(Checkpoint.root, NullType())  # tampering may have left something else
    rows = session.execute(select(Checkpoint.size, root, Checkpoint.note).order_by(Checkpoint.size))
    return tuple(
        Held(
            f"The stored checkpoint over {entries_counted(size)}",
            str(note).encode("utf-8", "surrogateescape"),
            size in left,
            (size, as_bytes(root) or b""),
        )
        for size, root, note in rows
    )


def in_file(path: Path) -> Held:
    """A checkpoint in a file, whose lines a mail or an editor may have ended its own way.

    Raises OSError.
    """
    content = path.read_bytes().replace(b"\r\n", b"\n")
    return Held(f"The checkpoint in {path}", content, is_outside=True)


def each_once(held: Iterable[Held]) -> tuple[Held, ...]:
    """The same checkpoint from several places as one, named by the file where there is one."""
    found: dict[bytes, Held] = {}
    for each in held:
        known = found.setdefault(each.content, each)
        if each.stored is None:
            found[each.content] = replace(each, stored=known.stored)
    return tuple(found.values())


def judge(held: Sequence[Held], log: Log) -> Judged:
    """Hold checkpoints against the log, each by itself and each change of the key by those stored."""
    check = Check(CHECK)
    wrong = [(each, _fault(each, log)) for each in held]
    good = sorted(each.head.size for each, fault in wrong if fault is None)
    for each, fault in wrong:
        if fault is not None:
            check.fault(f"{each.place} {fault}", *_range(each, log, good))
    for change, unvouched in _unvouched(held, log):
        check.fault(f"{unvouched}, although by the log it is not lost", change.seq)
    many = "checkpoint is" if len(held) == 1 else "checkpoints are"
    findings = check.findings(
        f"{len(held):,} {many} signed by the log’s own key, and the log begins as signed."
        if held
        else "There is no checkpoint yet."
    )
    outside = [e.head.size for e, fault in wrong if fault is None and e.is_outside]
    return Judged(findings, max(outside, default=0))


def _fault(held: Held, log: Log) -> str | None:
    """What is wrong with a checkpoint or with the log that it is held against, as a predicate."""
    try:
        head = held.head
    except NoteRefused as refused:
        return f"cannot be read: {str(refused).removesuffix('.')}"
    if held.stored not in (None, (head.size, head.root)):
        return "is kept beside a size or root that its note does not have"
    if not log.changes:
        return "cannot be checked: the log names no signing key, so it was cut off or rewritten"
    if head.origin not in {change.key.name for change in log.changes}:
        return f"is of another log, “{head.origin}”"
    return _forged(held, log) or _other_past(head, log)


def _forged(held: Held, log: Log) -> str | None:
    size = held.head.size
    try:
        signed = notes.signers(held.note, _keys(log))
    except SignatureWrong:
        return "is forged: its words are not those that were signed"
    except NoteRefused:
        return (
            "is signed by no key that the log names: it is forged, or the log was rewritten under "
            "another key"
        )
    change = change_at(log.changes, size)
    if change is None or change.key not in signed:
        return (
            f"is forged: the key that signed it was not the log’s key over {entries_counted(size)}"
        )
    return None


def _other_past(head: TreeHead, log: Log) -> str | None:
    if head.size > log.size:
        return (
            f"is signed and covers {entries_counted(head.size)}, and the log has only {log.size:,}: its "
            "end was cut off"
        )
    root = log.roots.get(head.size)
    if root is None:
        return "cannot be compared: entries that it covers cannot be read"
    if root != head.root:
        return "is signed, and the log does not begin so: entries were altered, or the log forked"
    return None


def _keys(log: Log) -> Iterator[VerifierKey]:
    return (change.key for change in log.changes)


def _range(held: Held, log: Log, good: Sequence[int]) -> tuple[int | None, int | None]:
    """The entries among which something was altered: after the newest good checkpoint before it.

    None where there are none to name: another log's checkpoint, or one that only its signature is
    wrong of.
    """
    size = held.size
    if size is None or held.head.origin not in {key.name for key in _keys(log)}:
        return None, None
    if size > log.size:
        return (None, None) if _forged(held, log) else (log.size, size - 1)
    if log.roots.get(size) == held.head.root:
        return None, None
    return max((each for each in good if each < size), default=0), size - 1


def _unvouched(held: Sequence[Held], log: Log) -> Iterator[tuple[KeyChange, str]]:
    """Changes of the key whose first stored checkpoint the key before did not sign as well."""
    notes_by_size = {e.size: e for e in held if e.stored is not None and e.size is not None}
    for place, change in enumerate(log.changes, start=1):
        end = log.changes[place].seq if place < len(log.changes) else log.size
        sizes = [size for size in notes_by_size if change.seq < size <= end]
        if change.before is None or change.is_lost or not sizes:
            continue
        first = notes_by_size[min(sizes)]
        if not any(
            change.before.has_signed(first.note.text, each.signature)
            for each in first.note.signatures
        ):
            yield change, "The signing key was changed, and the key before did not vouch for it"
