"""The only place that holds checkpoints against the log: signature, key, and how the log begins.

The roots that they are compared with are built from the entries' own bytes by the reading of the
whole log (`casework.audit.verify`), as whoever altered the log can have altered stored hashes too.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
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
from casework.checkpoints.folder import content_of
from casework.checkpoints.queries import FOLDER
from casework.models import Checkpoint, CheckpointCopy

CHECK = "checkpoints"


@dataclass(frozen=True)
class Held:
    """A checkpoint to be held against the log: where it is from, and its exact bytes.

    `is_outside` when it was found outside the database, or a copy of it left the machine; `stored`
    is the size and root that the database keeps beside it, None for a file. `is_in_folder` when the
    database says that a copy lies in the folder for them. Unless it `is_bound`, it may be anything
    that somebody put into the folder; `left_at` is when a file was put there.
    """

    place: str
    content: bytes
    is_outside: bool
    stored: tuple[int, bytes] | None = None
    is_in_folder: bool = False
    is_bound: bool = True
    left_at: datetime | None = None

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
class Restoring:
    """The entry `seq` says that the log was restored, at `at` (UTC), from a backup of `size` entries."""

    seq: int
    at: datetime
    size: int


@dataclass(frozen=True)
class Log:
    """What checkpoints are held against: the log's size, its keys, and its roots at their sizes.

    A root is missing where entries that it is over cannot be read. `restorings` are what explains a
    checkpoint over more than a backup had.
    """

    size: int
    changes: Sequence[KeyChange]
    roots: Mapping[int, bytes]
    restorings: Sequence[Restoring] = ()


@dataclass(frozen=True)
class Judged:
    """What came out of it. `covered` is how many entries the newest good one outside covers.

    `odd` has a sentence for each file in the folder that is no checkpoint of this log.
    """

    findings: tuple[Finding, ...]
    covered: int
    odd: tuple[str, ...]


def stored(session: Session, folder: Path | None = None) -> tuple[Held, ...]:
    """Every checkpoint that the database keeps, the smallest first.

    Where there is a folder for them, that a copy was left in one is not believed: it has to be there.
    """
    copies = select(CheckpointCopy.size, CheckpointCopy.kind, CheckpointCopy.place)
    left = session.execute(copies).all()
    outside = {size for size, kind, _ in left if kind != FOLDER or folder is None}
    in_folder = {size for size, kind, place in left if (kind, place) == (FOLDER, str(folder))}
    root = type_coerce(Checkpoint.root, NullType())  # tampering may have left something else
    rows = session.execute(select(Checkpoint.size, root, Checkpoint.note).order_by(Checkpoint.size))
    return tuple(
        Held(
            f"The stored checkpoint over {entries_counted(size)}",
            str(note).encode("utf-8", "surrogateescape"),
            size in outside,
            (size, as_bytes(root) or b""),
            size in in_folder,
        )
        for size, root, note in rows
    )


def in_file(path: Path) -> Held:
    """A checkpoint in a file, whatever a mail or an editor put around it. Raises OSError."""
    content = notes.taken_from(content_of(path))
    return Held(f"The checkpoint in {path}", content, is_outside=True)


def each_once(held: Iterable[Held]) -> tuple[Held, ...]:
    """The same checkpoint from several places as one, named by the file where there is one."""
    found: dict[bytes, Held] = {}
    for each in held:
        known = found.setdefault(each.content, each)
        if each.stored is None:
            is_bound = each.is_bound or known.is_bound
            found[each.content] = replace(each, stored=known.stored, is_bound=is_bound)
    return tuple(found.values())


def judge(held: Sequence[Held], log: Log) -> Judged:
    """Hold checkpoints against the log, each by itself and each change of the key by those stored."""
    check = Check(CHECK)
    faults = [(each, _fault(each, log)) for each in held]
    odd = [each for each, fault in faults if fault and not (each.is_bound or _is_ours(each, log))]
    wrong = [(each, fault) for each, fault in faults if each not in odd]
    good = sorted(each.head.size for each, fault in wrong if fault is None)
    for each, fault in wrong:
        if fault is not None:
            check.fault(f"{each.place} {fault}", *_range(each, log, good))
    for change, unvouched in _unvouched(held, log):
        check.fault(unvouched, change.seq)
    many = "checkpoint is" if len(wrong) == 1 else "checkpoints are"
    findings = check.findings(
        f"{len(wrong):,} {many} signed by the log’s own key, and the log begins as signed."
        if wrong
        else "There is no checkpoint yet."
    )
    outside = [e.head.size for e, fault in wrong if fault is None and e.is_outside]
    passed_over = tuple(f"{each.place} is none of this log, and was passed over." for each in odd)
    return Judged(findings, max(outside, default=0), passed_over)


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


def _is_ours(held: Held, log: Log) -> bool:
    """Whether a key that the log names signed it."""
    try:
        return bool(notes.signers(held.note, _keys(log)))
    except NoteRefused:
        return False


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
            f"end was cut off{_explained(head, log)}"
        )
    root = log.roots.get(head.size)
    if root is None:
        return "cannot be compared: entries that it covers cannot be read"
    if root != head.root:
        said = "is signed, and the log does not begin so: entries were altered, or the log forked"
        return f"{said}{_explained(head, log)}"
    return None


def _explained(head: TreeHead, log: Log) -> str:
    """What the log itself says of entries that it no longer has."""
    before = [each for each in log.restorings if each.size < head.size]
    if not before:
        return ""
    return (
        f"; by its entry {before[-1].seq:,} it was restored from a backup of its first "
        f"{entries_counted(before[-1].size)}"
    )


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
    """Changes of the key that name another key before it than the log does, and those that are not
    lost and whose first stored checkpoint the key before did not sign as well.
    """
    notes_by_size = {e.size: e for e in held if e.stored is not None and e.size is not None}
    ends = [*(change.seq for change in log.changes[1:]), log.size]
    keys = [None, *(change.key for change in log.changes)]
    for change, before, end in zip(log.changes, keys, ends, strict=False):
        if change.before != before:
            yield change, "The signing key was changed from one that was not the log’s key before"
        sizes = [size for size in notes_by_size if change.seq < size <= end]
        if before is None or change.is_lost or not sizes:
            continue
        text, signatures = (first := notes_by_size[min(sizes)].note).text, first.signatures
        if not any(before.has_signed(text, each.signature) for each in signatures):
            yield (
                change,
                "The signing key was changed, and the key before did not vouch for it, although by "
                "the log it is not lost",
            )
