"""Checkpoints held against logs: good ones, and each way in which one of the two can be false."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.audit import notes
from casework.audit.findings import Finding
from casework.audit.notes import SigningKey, TreeHead, VerifierKey
from casework.audit.tree import root_of
from casework.checkpoints.changes import KeyChange
from casework.checkpoints.checks import Held, Judged, Log, judge

NAME = "office.example/log"
FIRST, SECOND, THIRD, STRANGER = (SigningKey(NAME, bytes([n]) * 32) for n in range(4))
LEAVES = [sha256(bytes([n])).digest() for n in range(20)]
AT = datetime(2026, 11, 22, tzinfo=UTC)
CHANGES = (
    KeyChange(0, AT, FIRST.verifier, None, is_lost=False),
    KeyChange(7, AT, SECOND.verifier, FIRST.verifier, is_lost=False),
    KeyChange(14, AT, THIRD.verifier, SECOND.verifier, is_lost=True),
)


def log(leaves: Sequence[bytes] = LEAVES, changes: Sequence[KeyChange] = CHANGES) -> Log:
    """The log that these leaves make, with its root at every size."""
    sizes = range(len(leaves) + 1)
    named = tuple(change for change in changes if change.seq < len(leaves))
    return Log(len(leaves), named, {size: root_of(leaves[:size]) for size in sizes})


def held(
    size: int,
    *keys: SigningKey,
    leaves: Sequence[bytes] = LEAVES,
    name: str = NAME,
    outside: bool = False,
) -> Held:
    """A stored checkpoint over so many of these leaves."""
    head = TreeHead(name, size, root_of(leaves[:size]))
    note = notes.sign(head.text, keys).written.encode()
    return Held(f"The checkpoint {size}", note, outside, (size, head.root))


def honest(*sizes: int) -> list[Held]:
    """Checkpoints of these sizes as the office signs them; at 8 the key has just been changed."""
    by_size = {8: (SECOND, FIRST)}
    return [
        held(n, *by_size.get(n, (FIRST if n <= 7 else SECOND if n <= 14 else THIRD,)))
        for n in sizes
    ]


def wrong(judged: Judged) -> list[Finding]:
    return [finding for finding in judged.findings if not finding.holds]


def wrong_at(judged: Judged) -> list[tuple[str, int | None, int | None]]:
    """Each thing that is wrong, and the entries it names."""
    return [(found.sentence, found.first_seq, found.last_seq) for found in wrong(judged)]


def only(judged: Judged) -> tuple[str, int | None, int | None]:
    """The one thing that is wrong, and the entries it names."""
    (found,) = wrong_at(judged)
    return found


@settings(max_examples=20)
@given(st.sets(st.integers(1, 20)), st.sets(st.integers(1, 20)))
def test_what_the_office_signed_is_never_found_wrong(sizes: set[int], left: set[int]) -> None:
    """Whatever was signed, and at any size of the log that has it all."""
    sizes |= {8} if any(7 < size <= 14 for size in sizes) else set()
    every = [replace(each, is_outside=each.size in left) for each in honest(*sorted(sizes))]
    judged = judge(every, log())
    assert wrong(judged) == []
    assert judged.covered == max(sizes & left, default=0)


@settings(max_examples=20)
@given(st.integers(1, 20), st.integers(0, 19), st.sets(st.integers(1, 20)))
def test_s46_an_altered_entry_is_located_between_two_checkpoints(
    size: int, altered: int, sizes: set[int]
) -> None:
    """Though every hash was worked out anew, as the roots are; what is newer cannot be found."""
    leaves = [*LEAVES[:altered], b"\0" * 32, *LEAVES[altered + 1 :]]
    every = honest(*sorted(sizes | {size, 8}))
    found = wrong(judge(every, log(leaves)))
    after = sorted(each for each in sizes | {size, 8} if each > altered)
    before = max((each for each in sizes | {size, 8} if each <= altered), default=0)
    assert len(found) == len(after)
    if after:
        assert all("the log does not begin so" in each.sentence for each in found)
        assert (found[0].first_seq, found[0].last_seq) == (before, after[0] - 1)


def test_s48_a_log_that_was_cut_off_is_shorter_than_what_was_signed() -> None:
    sentence, first, last = only(judge(honest(5, 12), log(LEAVES[:9])))
    assert "covers 12 entries, and the log has only 9: its end was cut off" in sentence
    assert (first, last) == (9, 11)


def test_s49_a_log_that_was_written_anew_is_not_the_one_that_was_signed() -> None:
    """By somebody who has no key of the office's, and so had to put one of their own on it."""
    leaves = [sha256(leaf).digest() for leaf in LEAVES]
    forged = KeyChange(0, AT, STRANGER.verifier, None, is_lost=False)
    theirs = held(20, STRANGER, leaves=leaves)
    sentence, first, last = only(judge([*honest(5), theirs], log(leaves, [forged])))
    assert "signed by no key that the log names" in sentence
    assert (first, last) == (0, 4)
    unsigned = judge(honest(5), replace(log(leaves), changes=()))
    assert "the log names no signing key" in only(unsigned)[0]


def test_a_fork_shows_whichever_of_the_two_pasts_the_log_has() -> None:
    """Two checkpoints over as many entries, both truly signed."""
    other = [*LEAVES[:10], *reversed(LEAVES[10:])]
    pasts = [*honest(8, 9), held(13, SECOND), replace(held(13, SECOND, leaves=other), stored=None)]
    for leaves in (LEAVES, other):
        sentence, first, last = only(judge(pasts, log(leaves)))
        assert "or the log forked" in sentence
        assert (first, last) == (9, 12)


def test_a_forged_checkpoint_is_named_and_covers_nothing() -> None:
    genuine = honest(12)[0]
    words = genuine.content.replace(b"\n12\n", b"\n13\n")
    cases = {
        "its words are not those that were signed": replace(genuine, content=words, stored=None),
        "signed by no key that the log names": held(12, STRANGER),
        "of another log, “elsewhere”": held(
            12, SigningKey("elsewhere", b"x" * 32), name="elsewhere"
        ),
        "was not the log’s key over 12 entries": held(12, FIRST),
        "was not the log’s key over 5 entries": held(5, SECOND),
        "cannot be read": replace(genuine, content=genuine.content[:-3]),
        "a size or root that its note does not have": replace(genuine, stored=(11, b"")),
    }
    for said, false in cases.items():
        judged = judge([*honest(8), replace(false, is_outside=True)], log())
        assert said in only(judged)[0]
        assert judged.covered == 0


def test_entries_that_cannot_be_read_vouch_for_nothing() -> None:
    unread = replace(log(), roots={size: root for size, root in log().roots.items() if size < 10})
    assert "cannot be compared" in only(judge(honest(8, 9, 12), unread))[0]


def test_what_somebody_put_into_the_folder_is_passed_over_unless_the_log_s_key_signed_it() -> None:
    other = SigningKey("elsewhere", b"x" * 32)
    lying_about = [
        replace(each, stored=None, is_bound=False)
        for each in (
            replace(held(3, FIRST), content=b"hello"),
            held(12, STRANGER),
            held(12, other, name="elsewhere"),
            held(5, FIRST),
        )
    ]
    judged = judge([*honest(8), *lying_about], log())
    assert wrong(judged) == []
    assert [told.split(" is ")[0] for told in judged.odd] == [
        "The checkpoint 3",
        "The checkpoint 12",
        "The checkpoint 12",
    ]
    sentence, *_ = only(judge(lying_about, log(LEAVES[:4])))
    assert "covers 5 entries, and the log has only 4" in sentence


@pytest.mark.parametrize("before", [None, STRANGER.verifier])
def test_a_key_is_changed_from_the_one_that_the_log_had(before: VerifierKey | None) -> None:
    forged = [CHANGES[0], replace(CHANGES[1], before=before), CHANGES[2]]
    theirs = [held(8, SECOND, STRANGER)]
    for checkpoints in ([], honest(8), theirs):
        sentence, first, last = wrong_at(judge(checkpoints, log(changes=forged)))[0]
        assert "from one that was not the log’s key before" in sentence
        assert (first, last) == (7, 7)
    assert len(wrong_at(judge(theirs, log(changes=forged)))) == 2
    begun = replace(CHANGES[0], before=STRANGER.verifier)
    assert "was not the log’s key before" in only(judge([], log(changes=[begun])))[0]


def test_a_key_that_is_not_lost_vouches_for_the_next() -> None:
    unvouched = [*honest(7), held(9, SECOND), held(16, THIRD)]
    sentence, first, last = only(judge(unvouched, log()))
    assert "the key before did not vouch for it" in sentence
    assert (first, last) == (7, 7)
