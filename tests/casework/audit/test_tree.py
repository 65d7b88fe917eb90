"""The tree is RFC 6962's: by its recursive definition, and by the published vectors."""

from collections.abc import Sequence
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.audit.tree import (
    EMPTY_ROOT,
    Node,
    completed_by,
    leaf_hash,
    node_hash,
    peaks,
    root,
    root_of,
)

# The reference leaves and tree heads of Certificate Transparency, sizes 0 to 8.
REFERENCE_LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
REFERENCE_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def defined_root(leaves: Sequence[bytes]) -> bytes:
    """MTH(D[n]) of RFC 6962 section 2.1, word for word, over the leaves' own bytes."""
    n = len(leaves)
    if n == 0:
        return sha256().digest()
    if n == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < n:
        k *= 2
    return sha256(b"\x01" + defined_root(leaves[:k]) + defined_root(leaves[k:])).digest()


class Log:
    """Leaves appended one by one, storing what `completed_by` says, as a database would."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.hashes: dict[tuple[int, int], bytes] = {}
        self.completed: list[list[Node]] = []
        for index, data in enumerate(leaves):
            leaf = leaf_hash(data)
            nodes = completed_by(index, leaf, self.hash_of)
            for level, position, hash_ in [(0, index, leaf)] + [
                (node.level, node.index, node.hash) for node in nodes
            ]:
                assert (level, position) not in self.hashes, "a subtree was stored twice"
                self.hashes[level, position] = hash_
            self.completed.append(nodes)

    def hash_of(self, level: int, index: int) -> bytes:
        return self.hashes[level, index]


def numbered(size: int) -> list[bytes]:
    return [b"event %d" % index for index in range(size)]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_the_published_ones(size: int) -> None:
    leaves = REFERENCE_LEAVES[:size]
    assert root(size, Log(REFERENCE_LEAVES).hash_of).hex() == REFERENCE_ROOTS[size]
    assert root_of([leaf_hash(leaf) for leaf in leaves]).hex() == REFERENCE_ROOTS[size]
    assert defined_root(leaves).hex() == REFERENCE_ROOTS[size]


def test_every_earlier_root_follows_from_what_is_stored() -> None:
    leaves = numbered(130)
    log = Log(leaves)
    for size in range(131):
        expected = defined_root(leaves[:size])
        assert root(size, log.hash_of) == expected, size
        assert root_of(map(leaf_hash, leaves[:size])) == expected, size


@given(st.lists(st.binary(max_size=40), max_size=700))
def test_roots_are_as_defined_for_any_leaves(leaves: list[bytes]) -> None:
    expected = defined_root(leaves)
    assert root(len(leaves), Log(leaves).hash_of) == expected
    assert root_of(leaf_hash(leaf) for leaf in leaves) == expected


@given(st.integers(1, 600))
def test_a_stored_node_is_the_root_of_its_own_leaves_and_none_is_missing(size: int) -> None:
    leaves = numbered(size)
    log = Log(leaves)
    for (level, index), hash_ in log.hashes.items():
        assert hash_ == defined_root(leaves[index << level : (index + 1) << level])
    complete = {(level, index) for level in range(11) for index in range(size >> level)}
    assert set(log.hashes) == complete


def test_an_append_completes_the_subtrees_that_end_with_its_leaf() -> None:
    log = Log(numbered(8))
    shapes = [[(node.level, node.index) for node in nodes] for nodes in log.completed]
    assert shapes == [
        [],
        [(1, 0)],
        [],
        [(1, 1), (2, 0)],
        [],
        [(1, 2)],
        [],
        [(1, 3), (2, 1), (3, 0)],
    ]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (0, []),
        (1, [(0, 0)]),
        (2, [(1, 0)]),
        (7, [(2, 0), (1, 2), (0, 6)]),
        (8, [(3, 0)]),
        (2**40 + 1, [(40, 0), (0, 2**40)]),
    ],
)
def test_peaks_are_the_largest_complete_subtrees(
    size: int, expected: list[tuple[int, int]]
) -> None:
    assert peaks(size) == expected


@given(st.integers(0, 2**53))
def test_peaks_cover_every_leaf_once_from_the_left(size: int) -> None:
    covered = 0
    levels = [level for level, _ in peaks(size)]
    for level, index in peaks(size):
        assert index << level == covered
        covered += 1 << level
    assert covered == size
    assert levels == sorted(set(levels), reverse=True)


def test_a_root_needs_few_stored_hashes_however_long_the_log() -> None:
    fetched: list[tuple[int, int]] = []

    def fetch(level: int, index: int) -> bytes:
        fetched.append((level, index))
        return leaf_hash(b"%d.%d" % (level, index))

    root(2**40 - 1, fetch)
    assert len(fetched) == 40


def test_any_changed_leaf_changes_the_root() -> None:
    leaves = numbered(21)
    unchanged = root_of(map(leaf_hash, leaves))
    for index in range(21):
        altered = [*leaves[:index], b"altered", *leaves[index + 1 :]]
        assert root_of(map(leaf_hash, altered)) != unchanged
    assert root_of(map(leaf_hash, [*leaves, leaves[-1]])) != unchanged
    assert root_of(map(leaf_hash, leaves[::-1])) != unchanged


def test_a_leaf_cannot_pass_for_a_node() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)
    assert root(0, Log([]).hash_of) == EMPTY_ROOT != leaf_hash(b"")


def test_the_bytes_of_a_leaf_are_refused_where_its_hash_belongs() -> None:
    with pytest.raises(ValueError, match=r"give leaf_hash\(bytes\)"):
        root_of([b"an event", b"another"])
    with pytest.raises(ValueError, match=r"give leaf_hash\(bytes\)"):
        completed_by(1, b"another", lambda _level, _index: leaf_hash(b"an event"))
