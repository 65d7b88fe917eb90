"""Proofs are RFC 6962's: by its recursive definitions, by published ones, and by what is refused."""

from collections.abc import Sequence
from functools import cache, partial
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.audit.proofs import consistency, inclusion, verify_consistency, verify_inclusion
from casework.audit.tree import leaf_hash, root
from tests.casework.audit.test_tree import REFERENCE_LEAVES, Log, numbered

pytestmark = pytest.mark.one_database

LARGEST = 40
LEAVES = tuple(numbered(LARGEST))
LOG, OTHER = Log(LEAVES), Log([b"another"] * LARGEST)

# The reference proofs of Certificate Transparency over its reference leaves: kSHA256Paths (whose
# leaves count from 1) and kSHA256Proofs of google/certificate-transparency, merkle_tree_test.cc.
PATHS = {
    (0, 1): (),
    (0, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (5, 8): (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 3): ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",),
    (1, 5): (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}
PROOFS = {
    (1, 1): (),
    (1, 8): PATHS[0, 8],
    (6, 8): (
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 5): (
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}

# RFC 6962 section 2.1 word for word, over leaves' own bytes and sharing nothing with the code.
D = tuple[bytes, ...]


def k_of(n: int) -> int:
    """The largest power of two smaller than n."""
    return max(1 << power for power in range(n.bit_length()) if 1 << power < n)


@cache
def mth(d: D) -> bytes:
    if len(d) == 1:
        return sha256(b"\x00" + d[0]).digest()
    k = k_of(len(d))
    return sha256(b"\x01" + mth(d[:k]) + mth(d[k:])).digest()


def path(m: int, d: D) -> D:
    if len(d) == 1:
        return ()
    k = k_of(len(d))
    if m < k:
        return (*path(m, d[:k]), mth(d[k:]))
    return (*path(m - k, d[k:]), mth(d[:k]))


def subproof(m: int, d: D, b: bool) -> D:
    n = len(d)
    if m == n:
        return () if b else (mth(d),)
    k = k_of(n)
    if m <= k:
        return (*subproof(m, d[:k], b), mth(d[k:]))
    return (*subproof(m - k, d[k:], False), mth(d[:k]))


@cache
def root_at(size: int, log: Log = LOG) -> bytes:
    return root(size, log.hash_of)


def test_proofs_are_the_published_ones() -> None:
    log = Log(REFERENCE_LEAVES)
    for (index, size), expected in PATHS.items():
        found = inclusion(index, size, log.hash_of)
        assert tuple(each.hex() for each in found) == expected
        leaf = leaf_hash(REFERENCE_LEAVES[index])
        assert verify_inclusion(leaf, index, size, found, root_at(size, log))
    for (old, new), expected in PROOFS.items():
        found = consistency(old, new, log.hash_of)
        assert tuple(each.hex() for each in found) == expected
        assert verify_consistency(old, new, root_at(old, log), root_at(new, log), found)


def test_every_leaf_of_every_small_tree_is_proved_as_defined_and_proves_no_other() -> None:
    for size in range(1, LARGEST + 1):
        for index in range(size):
            found = inclusion(index, size, LOG.hash_of)
            assert found == path(index, LEAVES[:size]), (index, size)
            holds = partial(verify_inclusion, leaf_hash(LEAVES[index]), root=root_at(size))
            assert holds(index, size, found)
            assert not any(
                holds(other, size, found) for other in range(-1, size + 2) if other != index
            )


def test_every_pair_of_small_trees_is_proved_as_defined_and_proves_no_other() -> None:
    for new in range(1, LARGEST + 1):
        for old in range(1, new + 1):
            found = consistency(old, new, LOG.hash_of)
            assert found == subproof(old, LEAVES[:new], True), (old, new)
            assert verify_consistency(old, new, root_at(old), root_at(new), found)
            for wrong in set(range(-1, new + 2)) - {old}:
                assert not verify_consistency(wrong, new, root_at(old), root_at(new), found)
            for wrong in set(range(1, new + 1)) - {old}:
                assert not verify_consistency(old, new, root_at(wrong), root_at(new), found)


def test_what_is_not_in_the_log_is_not_proved() -> None:
    for index, size in ((0, 0), (-1, 3), (3, 3), (7, 3)):
        with pytest.raises(ValueError, match="has no entry"):
            inclusion(index, size, LOG.hash_of)
    for old, new in ((0, 0), (0, 3), (4, 3), (-1, 3)):
        with pytest.raises(ValueError, match="begins with one of"):
            consistency(old, new, LOG.hash_of)


def test_a_proof_needs_few_stored_hashes_however_long_the_log() -> None:
    asked: list[tuple[int, int]] = []

    def fetch(level: int, index: int) -> bytes:
        asked.append((level, index))
        return leaf_hash(b"%d.%d" % (level, index))

    size = 2**40 - 1
    for made in (partial(inclusion, 2**39), partial(consistency, 2**39 + 12345)):
        asked.clear()
        assert len(made(size, fetch)) <= 41
        assert len(asked) <= 80  # a path of 40, the last of it a root of up to 40 peaks


@st.composite
def mutations(draw: st.DrawFn, proof: Sequence[bytes], strangers: Sequence[bytes]) -> D:
    """A proof that is not this one: truncated, extended, swapped, of another tree, a bit flipped."""
    ways = ["extended"]
    if proof:
        ways += ["truncated", "replaced", "flipped", "short"]
    swaps = [at for at, (one, other) in enumerate(pairwise(proof)) if one != other]
    ways += ["swapped"] if swaps else []
    way, mutated = draw(st.sampled_from(ways)), [*proof]
    at = draw(st.integers(0, max(len(proof) - 1, 0)))
    if way == "extended":
        mutated.insert(draw(st.integers(0, len(proof))), draw(st.sampled_from(strangers)))
    elif way == "truncated":
        del mutated[at]
    elif way == "replaced":
        mutated[at] = draw(st.sampled_from([each for each in strangers if each != mutated[at]]))
    elif way == "flipped":
        place, bit = draw(st.tuples(st.integers(0, 31), st.integers(0, 7)))
        hash_ = bytearray(mutated[at])
        hash_[place] ^= 1 << bit
        mutated[at] = bytes(hash_)
    elif way == "short":
        mutated[at] = mutated[at][: draw(st.integers(0, 31))]
    else:
        at = draw(st.sampled_from(swaps))
        mutated[at], mutated[at + 1] = mutated[at + 1], mutated[at]
    return tuple(mutated)


@settings(max_examples=120)
@given(st.data())
def test_no_mutated_proof_of_an_event_is_believed(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, LARGEST))
    index = data.draw(st.integers(0, size - 1))
    leaf, proof = leaf_hash(LEAVES[index]), inclusion(index, size, LOG.hash_of)
    assert verify_inclusion(leaf, index, size, proof, root_at(size))
    mutated = data.draw(mutations(proof, [leaf, root_at(size), *OTHER.hashes.values()]))
    assert not verify_inclusion(leaf, index, size, mutated, root_at(size))
    other = inclusion(index, size, OTHER.hash_of)
    assert not verify_inclusion(leaf, index, size, other, root_at(size, OTHER))
    assert not verify_inclusion(leaf, index, 0, proof, root_at(size))
    assert not verify_inclusion(leaf[:31], index, size, proof, root_at(size))


@settings(max_examples=120)
@given(st.data())
def test_no_mutated_proof_between_two_logs_is_believed(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, LARGEST))
    old = data.draw(st.integers(1, new))
    proof, before, after = consistency(old, new, LOG.hash_of), root_at(old), root_at(new)
    assert verify_consistency(old, new, before, after, proof)
    mutated = data.draw(mutations(proof, [before, after, *OTHER.hashes.values()]))
    assert not verify_consistency(old, new, before, after, mutated)
    forked = consistency(old, new, OTHER.hash_of)
    assert not verify_consistency(old, new, before, root_at(new, OTHER), forked)
    if old != new:
        assert not verify_consistency(new, old, after, before, proof)
        assert not verify_consistency(old, new, after, before, proof)
