"""The only place for the shape and the hashes of the audit log's Merkle tree (RFC 6962, section 2).

A node (level, index) is the complete subtree over leaves index * 2**level up to, not including,
(index + 1) * 2**level; level 0 is a leaf's hash. A complete subtree never changes again, so each
is stored once, when the append of its last leaf completes it. The root at any size, past ones
too, then follows from the few largest stored subtrees that make that size up.
Every hash is 32 bytes of SHA-256.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()

HASH_SIZE = 32
Fetch = Callable[[int, int], bytes]
"""Gives the stored hash of the complete subtree (level, index)."""


@dataclass(frozen=True)
class Node:
    """A complete subtree of 2**level leaves (level >= 1) and its hash, ready to be stored."""

    level: int
    index: int
    hash: bytes


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf from its exact bytes: SHA-256(0x00 || data)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node from its children's hashes: SHA-256(0x01 || left || right).

    Raises ValueError unless both are 32 bytes long: a leaf's bytes in the place of its hash would
    give a plausible root that nobody else can arrive at.
    """
    if len(left) != HASH_SIZE or len(right) != HASH_SIZE:
        raise ValueError(
            f"The tree is made of hashes of {HASH_SIZE} bytes, and was given {len(left)} and "
            f"{len(right)} bytes. Nothing was added; give leaf_hash(bytes), not the leaf's bytes."
        )
    return sha256(b"\x01" + left + right).digest()


def leaf_hashes(prefix: bytes, leaves: Iterable[bytes | None]) -> list[bytes | None]:
    """`leaf_hash(prefix + leaf)` of each leaf, None where there is none: for many at once."""
    head = b"\x00" + prefix
    return [sha256(head + leaf).digest() if leaf is not None else None for leaf in leaves]


def nodes_above(hashes: Iterable[bytes]) -> list[bytes]:
    """`node_hash` of each pair of hashes, 32 bytes each; a last one without another is left out."""
    below = iter(hashes)
    return [
        sha256(b"\x01" + left + right).digest() for left, right in zip(below, below, strict=False)
    ]


def completed_by(index: int, leaf: bytes, sibling: Fetch) -> list[Node]:
    """The subtrees, smallest first, that appending leaf `index` (0-based) completes.

    `leaf` is the new leaf's hash; `sibling(level, index)` gives the hash of a node completed
    earlier and is asked at most log2(index) + 1 times. A leaf of even index completes nothing;
    over a whole log each leaf completes one subtree on average.
    """
    completed: list[Node] = []
    level, hash_ = 0, leaf
    while index & 1:
        hash_ = node_hash(sibling(level, index - 1), hash_)
        level, index = level + 1, index >> 1
        completed.append(Node(level, index, hash_))
    return completed


def peaks(size: int) -> list[tuple[int, int]]:
    """The (level, index) of the largest complete subtrees that make up `size` leaves, from the left.

    One for each binary digit 1 of `size`; none for 0.
    """
    found: list[tuple[int, int]] = []
    covered = 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            found.append((level, covered >> level))
            covered += 1 << level
    return found


def root(size: int, fetch: Fetch) -> bytes:
    """The root over the first `size` leaves, from the stored hashes that `fetch(level, index)` gives.

    Level 0 is asked for the leaf's hash when `size` is odd. At most log2(size) + 1 hashes are
    fetched. The root of an empty log is SHA-256 of nothing.
    """
    hashes = [fetch(level, index) for level, index in peaks(size)]
    if not hashes:
        return EMPTY_ROOT
    joined = hashes.pop()
    while hashes:
        joined = node_hash(hashes.pop(), joined)
    return joined


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """The root over `leaf_hashes`, read once and in order, keeping one hash for each level.

    For the verifier: it trusts no stored subtree, and a log of any length takes no more memory.
    """
    latest: dict[int, bytes] = {}

    def latest_at(level: int, _index: int) -> bytes:
        # A left sibling and a peak are always the last subtree finished at their level.
        return latest[level]

    size = 0
    for index, leaf in enumerate(leaf_hashes):
        latest[0] = leaf if index % 2 == 0 else latest[0]
        for node in completed_by(index, leaf, latest_at)[-1:]:
            latest[node.level] = node.hash
        size = index + 1
    return root(size, latest_at)
