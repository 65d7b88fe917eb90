"""The verifier’s own proofs: those of small trees hold, and no other hash or size in their place."""

from itertools import pairwise

from casework.audit import proofs
from casework.audit.tree import leaf_hash as office_leaf
from casework.verifier.verify_casework import (
    is_consistent,
    is_included,
    joined,
    leaf_hash,
    node_hash,
    peaks,
)

MOST = 17
LEAVES = [leaf_hash(bytes([number])) for number in range(MOST)]


def root(start: int, stop: int) -> bytes:
    """The root by the definition of RFC 6962, section 2.1."""
    if stop - start == 1:
        return LEAVES[start]
    split = start + (1 << (stop - start - 1).bit_length() - 1)
    return node_hash(root(start, split), root(split, stop))


def subtree(level: int, index: int) -> bytes:
    return root(index << level, (index + 1) << level)


def test_leaves_and_roots_are_those_of_the_log() -> None:
    assert leaf_hash(b"{}") == office_leaf(b"casework-event/v1\n{}")
    for size in range(1, MOST + 1):
        assert joined([subtree(*peak) for peak in peaks(size)]) == root(0, size)


def test_every_inclusion_is_proved_and_nothing_else() -> None:
    for size in range(1, MOST + 1):
        for index in range(size):
            path, whole = list(proofs.inclusion(index, size, subtree)), root(0, size)
            assert is_included(LEAVES[index], index, size, path, whole)
            for other in range(-1, MOST + 1):
                assert is_included(LEAVES[index], other, size, path, whole) == (other == index)
            assert not is_included(LEAVES[index], index, size, [*path, whole], whole)
            assert not path or not is_included(LEAVES[index], index, size, path[:-1], whole)
            for one, two in pairwise(range(len(path))):
                swapped = [*path]
                swapped[one], swapped[two] = path[two], path[one]
                assert not is_included(LEAVES[index], index, size, swapped, whole)


def test_every_beginning_is_proved_and_nothing_else() -> None:
    for new in range(1, MOST + 1):
        for old in range(1, new + 1):
            path = list(proofs.consistency(old, new, subtree))
            known = root(0, old), root(0, new)
            assert is_consistent(old, new, *known, path)
            assert not is_consistent(old, new, *known, [*path, known[1]])
            assert not is_consistent(old, new, known[0][::-1], known[1], path)
            assert not is_consistent(old, new, known[0], known[1][::-1], path)
            assert not is_consistent(0, new, *known, path)
            assert not is_consistent(new + 1, new, *known, path)
            assert not path or not is_consistent(old, new, *known, path[1:])
