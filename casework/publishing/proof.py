"""The only place that gathers what proves a published report to whoever does not trust the office.

It needs O(log size) reads and counts nothing; `proof_pack` writes it down, and anybody checks it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial

from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from casework.audit import notes
from casework.audit.events import exact
from casework.audit.notes import NoteRefused, TreeHead, VerifierKey
from casework.audit.proofs import consistency, inclusion, verify_consistency, verify_inclusion
from casework.audit.record import LEAF_PREFIX, stored_hash
from casework.audit.tree import Fetch, leaf_hash
from casework.checkpoints.changes import KeyChange, change_at, key_changes
from casework.checkpoints.queries import covering
from casework.models import Checkpoint
from casework.publishing.history import UNREADABLE, Published, countersigned, published_last_before

_BROKEN = (
    "What is stored of the report no longer leads to the checkpoint that was signed for it: the record "
    "was altered or damaged since. No proof pack was made."
)


class ProofBroken(Exception):
    """What is stored no longer leads to the checkpoint that covers the report; the message says so."""


@dataclass(frozen=True)
class Covered:
    """An entry of the log in its exact bytes, and how it leads to the checkpoint that covers it.

    `path` is its inclusion proof.
    """

    seq: int
    body: bytes
    checkpoint: Checkpoint
    path: tuple[bytes, ...]

    @property
    def holds(self) -> bool:
        """Whether it is in the log whose root was signed."""
        leaf = leaf_hash(LEAF_PREFIX + self.body)
        signed = self.checkpoint
        return verify_inclusion(leaf, self.seq, signed.size, self.path, signed.root)


@dataclass(frozen=True)
class Proof:
    """What proves a published report.

    `counted` is a consistency proof from the log that it was counted from, None where that was
    empty; `since_earlier` one from the checkpoint of the report before, None where there was no such
    report. `countersigned` is None while it was not, or no checkpoint covers that. `keys` are those
    that the log had named when its longest checkpoint here was signed.
    """

    published: Published
    event: Covered
    counted: tuple[bytes, ...] | None
    earlier: Checkpoint | None
    since_earlier: tuple[bytes, ...] | None
    countersigned: Covered | None
    keys: tuple[KeyChange, ...]

    @property
    def checkpoints(self) -> tuple[Checkpoint, ...]:
        """Every checkpoint that it names."""
        more = self.countersigned.checkpoint if self.countersigned else None
        return tuple(each for each in (self.earlier, self.event.checkpoint, more) if each)

    @property
    def holds(self) -> bool:
        """Whether everything is as whoever gets it will find it."""
        return (
            all(_is_signed(each, self.keys) for each in self.checkpoints)
            and self.published.has_its_figures
            and self.event.holds
            and (self.countersigned is None or self.countersigned.holds)
            and self._begins_with_counted()
            and self._begins_with_earlier()
        )

    def _begins_with_counted(self) -> bool:
        if self.counted is None:
            return True
        root = bytes.fromhex(self.published.log_root)
        return self._begins_with(self.published.log_size, root, self.counted)

    def _begins_with_earlier(self) -> bool:
        if self.earlier is None or self.since_earlier is None:
            return True
        return self._begins_with(self.earlier.size, self.earlier.root, self.since_earlier)

    def _begins_with(self, size: int, root: bytes, path: Sequence[bytes]) -> bool:
        signed = self.event.checkpoint
        return verify_consistency(size, signed.size, root, signed.root, path)


def _is_signed(checkpoint: Checkpoint, keys: Sequence[KeyChange]) -> bool:
    """Whether its note says what it is kept under, signed by the key that it had to be signed by."""
    change = change_at(keys, checkpoint.size)
    if change is None:
        return False
    try:
        note = notes.read(checkpoint.note.encode())
        known: tuple[VerifierKey, ...] = (change.key,)
        head = TreeHead.read(note.text)
        return bool(notes.signers(note, known)) and (head.size, head.root) == (
            checkpoint.size,
            checkpoint.root,
        )
    except NoteRefused:
        return False


def proof_of(session: Session, published: Published) -> Proof | None:
    """What proves a published report; None as long as no checkpoint covers its entry.

    Always the same one, but for the countersigning, which may come later. Raises ProofBroken.
    """
    if covering(session, published.event.seq) is None:
        return None
    try:
        found = _gathered(session, published)
    except (NoResultFound, *UNREADABLE) as fault:
        raise ProofBroken(_BROKEN) from fault
    if not found.holds:
        raise ProofBroken(_BROKEN)
    return found


def _gathered(session: Session, published: Published) -> Proof:
    fetch: Fetch = cache(partial(stored_hash, session))
    event = _covered(session, published.event.seq, fetch)
    if event is None:
        raise LookupError("No checkpoint covers the report.")
    size = event.checkpoint.size
    before = published_last_before(session, published.event.seq)
    earlier = covering(session, before) if before is not None else None
    signing = countersigned(session, published)
    also = _covered(session, signing.seq, fetch) if signing else None
    longest = also.checkpoint.size if also else size
    return Proof(
        published,
        event,
        consistency(published.log_size, size, fetch) if published.log_size else None,
        earlier,
        consistency(earlier.size, size, fetch) if earlier else None,
        also,
        tuple(change for change in key_changes(session) if change.seq < longest),
    )


def _covered(session: Session, seq: int, fetch: Fetch) -> Covered | None:
    checkpoint = covering(session, seq)
    if checkpoint is None:
        return None
    return Covered(seq, exact(session, seq), checkpoint, inclusion(seq, checkpoint.size, fetch))
