"""The only place for proofs that an event is in the log, and that an earlier log is how this one begins.

They are made as RFC 6962 (sections 2.1.1 and 2.1.2) defines them, from the complete subtrees that
`tree` has stored, with O(log size) reads. They are judged by the algorithms of RFC 9162 (sections
2.1.3.2 and 2.1.4.2), which know nothing of how a proof was made.
Every hash is 32 bytes of SHA-256; positions count from 0.
"""

from collections.abc import Sequence

from casework.audit import tree
from casework.audit.tree import HASH_SIZE, Fetch, node_hash


def inclusion(index: int, size: int, fetch: Fetch) -> tuple[bytes, ...]:
    """PATH(index, D[size]): the hashes by which leaf `index` leads to the root over `size` leaves.

    From the leaf upwards; empty for a log of one. Raises ValueError unless the leaf is in the log.
    """
    if not 0 <= index < size:
        raise ValueError(f"A log of {size:,} entries has no entry {index:,}, so nothing proves it.")
    return _path(index, 0, size, fetch)


def _path(index: int, start: int, stop: int, fetch: Fetch) -> tuple[bytes, ...]:
    """The path of leaf `index` within the leaves from `start` to before `stop`."""
    if stop - start == 1:
        return ()
    split = _split(start, stop)
    if index < split:
        return (*_path(index, start, split, fetch), _root(split, stop, fetch))
    return (*_path(index, split, stop, fetch), _root(start, split, fetch))


def consistency(old: int, new: int, fetch: Fetch) -> tuple[bytes, ...]:
    """PROOF(old, D[new]): the hashes that show both roots to be over the same first `old` leaves.

    Empty when the sizes are the same. Raises ValueError unless 0 < old <= new: everything begins
    with nothing, so of an empty log there is nothing to prove.
    """
    if not 0 < old <= new:
        raise ValueError(
            f"Nothing proves that a log of {new:,} entries begins with one of {old:,}. Give the "
            "sizes of two logs with entries, the earlier one first."
        )
    return _subproof(old, 0, new, fetch, is_known=True)


def _subproof(
    old: int, start: int, stop: int, fetch: Fetch, *, is_known: bool
) -> tuple[bytes, ...]:
    """SUBPROOF of the leaves before `old` among those from `start` to before `stop`.

    `is_known` says that these have been all there was, so that who verifies has their root.
    """
    if old == stop:
        return () if is_known else (_root(start, stop, fetch),)
    split = _split(start, stop)
    if old <= split:
        rest = _root(split, stop, fetch)
        return (*_subproof(old, start, split, fetch, is_known=is_known), rest)
    rest = _root(start, split, fetch)
    return (*_subproof(old, split, stop, fetch, is_known=False), rest)


def _split(start: int, stop: int) -> int:
    """Where RFC 6962 parts these leaves: after the largest power of two that leaves some over."""
    return start + (1 << (stop - start - 1).bit_length() - 1)


def _root(start: int, stop: int, fetch: Fetch) -> bytes:
    """The root over the leaves from `start`, where a subtree begins, to before `stop`."""
    return tree.root(stop - start, lambda level, index: fetch(level, (start >> level) + index))


def verify_inclusion(
    leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes
) -> bool:
    """Whether `path` leads from a leaf's hash at `index` to the root over `size` leaves."""
    if not 0 <= index < size or not _are_hashes(leaf, *path):
        return False
    at, last, joined = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            joined = node_hash(sibling, joined)
            at, last = _to_right_child(at, last)
        else:
            joined = node_hash(joined, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and joined == root


def verify_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]
) -> bool:
    """Whether `path` shows that the log of `new` leaves begins with the log of `old` leaves.

    Of an empty log nothing is shown: False, as for any size below it.
    """
    if not 0 < old <= new or not _are_hashes(old_root, *path):
        return False
    if old == new:
        return not path and old_root == new_root
    is_whole = old & (old - 1) == 0  # then the old log is one subtree, whose root is known
    hashes = [old_root, *path] if is_whole else [*path]
    return bool(path) and _joined(old, new, hashes) == (old_root, new_root)


def _joined(old: int, new: int, hashes: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """The roots of both logs as these hashes give them; None when they are too few or too many."""
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    earlier = later = hashes[0]
    for other in hashes[1:]:
        if last == 0:
            return None
        if at & 1 or at == last:
            earlier, later = node_hash(other, earlier), node_hash(other, later)
            at, last = _to_right_child(at, last)
        else:
            later = node_hash(later, other)
        at, last = at >> 1, last >> 1
    return (earlier, later) if last == 0 else None


def _to_right_child(at: int, last: int) -> tuple[int, int]:
    """Up through levels at which the last node stands alone, to where it is a right child."""
    while at and not at & 1:
        at, last = at >> 1, last >> 1
    return at, last


def _are_hashes(*hashes: bytes) -> bool:
    return all(len(each) == HASH_SIZE for each in hashes)
