"""Signed notes and checkpoints, held against the formats' own examples and against every mutation."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.audit import notes
from casework.audit.notes import (
    Note,
    NoteRefused,
    SignatureWrong,
    SigningKey,
    TreeHead,
    VerifierKey,
)
from casework.audit.tree import EMPTY_ROOT

# From the documentation and tests of Go's golang.org/x/mod/sumdb/note; Ed25519 gives the same bytes.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETERS = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
WORDS = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
BY_PETER = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6"
    "KE6RyyBwJnAM=\n"
)
BY_ENOCH = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WW"
    "d1RvMc+QQ=\n"
)
# From https://c2sp.org/tlog-checkpoint.
SPECIFIED = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
"""
KEY, OTHER = (SigningKey(name, bytes([n]) * 32) for n, name in enumerate(("office/log", "witness")))
HEAD = TreeHead("office/log", 571, bytes(range(32)))


def test_the_examples_of_the_formats_are_written_and_read_byte_for_byte() -> None:
    peter, enoch = VerifierKey.read(PETER), VerifierKey.read(ENOCH)
    signing = SigningKey.read(PETERS)
    assert (signing.verifier, signing.encoded, peter.encoded) == (peter, PETERS, PETER)
    assert notes.sign(WORDS, [signing]).written == f"{WORDS}\n{BY_PETER}"
    both = notes.read(f"{WORDS}\n{BY_PETER}{BY_ENOCH}".encode())
    assert notes.signers(both, [enoch, peter]) == (peter, enoch)
    assert notes.signers(both, [enoch]) == (enoch,)
    checkpoint = notes.read(SPECIFIED.encode())
    head = TreeHead.read(checkpoint.text)
    assert (head.origin, head.size) == ("example.com/behind-the-sofa", 20852163)
    assert (head.text, checkpoint.written) == (checkpoint.text, SPECIFIED)


@given(
    st.text(
        st.characters(min_codepoint=33, exclude_characters="+", exclude_categories=["Z", "C"]),
        min_size=1,
    ),
    st.integers(0, 2**59),
    st.binary(min_size=32, max_size=32),
    st.binary(min_size=32, max_size=32),
)
def test_what_is_signed_reads_as_it_was_and_names_its_signers(
    name: str, size: int, root: bytes, seed: bytes
) -> None:
    head, key = TreeHead(name, size, root), SigningKey(name, seed)
    assert SigningKey.read(key.encoded) == key
    assert VerifierKey.read(key.verifier.encoded) == key.verifier
    note = notes.read(notes.sign(head.text, [key, OTHER]).written.encode())
    assert TreeHead.read(note.text) == head
    assert notes.signers(note, [OTHER.verifier, key.verifier]) == (key.verifier, OTHER.verifier)


def test_no_byte_of_a_checkpoint_can_be_other_than_it_was_signed() -> None:
    written = notes.sign(HEAD.text, [KEY]).written.encode()
    for mutated in set(mutations(written)) - {written}:
        with pytest.raises(NoteRefused):
            checked(mutated)


def checked(written: bytes) -> TreeHead:
    """What a checkpoint that the office's key signed says."""
    note = notes.read(written)
    notes.signers(note, [KEY.verifier])
    return TreeHead.read(note.text)


def mutations(written: bytes) -> Iterator[bytes]:
    """Each bit turned, each byte lost, doubled or swapped with the next, and everything cut short."""
    for place, byte in enumerate(written):
        before, after = written[:place], written[place + 1 :]
        yield from (before + bytes([byte ^ 1 << bit]) + after for bit in range(8))
        yield from (before, before + after, before + bytes([byte, byte]) + after)
        yield before + after[:1] + bytes([byte]) + after[1:]
    yield from (written + b"\n", b"\xef\xbb\xbf" + written, written.replace(b"\n", b"\r\n"))
    yield from (b" " * notes.LARGEST + written, written + written.rpartition(b"\n\n")[2] + b"x\n")


def test_a_witness_may_sign_too_and_a_false_signature_of_a_known_key_spoils_all() -> None:
    note = notes.sign(HEAD.text, [KEY, OTHER])
    assert notes.signers(note, [KEY.verifier]) == (KEY.verifier,)
    with pytest.raises(NoteRefused, match="No key that is known"):
        notes.signers(note, [SigningKey("office/log", b"x" * 32).verifier])
    false = Note(HEAD.text, (note.signatures[0], OTHER.sign("other words\n")))
    assert notes.signers(false, [KEY.verifier]) == (KEY.verifier,)
    with pytest.raises(SignatureWrong):
        notes.signers(false, [KEY.verifier, OTHER.verifier])


def test_no_part_or_mangling_of_a_key_is_one() -> None:
    for read, written in ((VerifierKey.read, PETER), (SigningKey.read, PETERS)):
        parts = {written[i:j] for i in range(len(written)) for j in range(i, len(written) + 1)}
        turned = {
            w[:i] + chr(ord(w[i]) + 1) + w[i + 1 :] for w in (written,) for i in range(len(w))
        }
        for mangled in (parts | turned) - {written}:
            with pytest.raises(NoteRefused):
                read(mangled)
    with pytest.raises(NoteRefused):
        VerifierKey("short", b"x" * 31)


@pytest.mark.parametrize(
    "text",
    [
        "log\n1\n",
        "log\n01\nAAAA\n",
        "log\n-1\n" + HEAD.text.splitlines()[2] + "\n",
        "log\n1\n" + HEAD.text.splitlines()[2] + "\nextension\n",
        "\n1\n" + HEAD.text.splitlines()[2] + "\n",
        "log\n1\nAAAA\n",
        "log\n" + "9" * 30 + "\n" + HEAD.text.splitlines()[2] + "\n",
    ],
)
def test_what_is_no_head_of_a_log_is_refused_even_if_it_is_signed(text: str) -> None:
    note = notes.sign(text, [KEY])
    assert notes.signers(note, [KEY.verifier])
    with pytest.raises(NoteRefused):
        TreeHead.read(note.text)


def test_the_empty_log_has_a_head() -> None:
    assert TreeHead.read(TreeHead("log", 0, EMPTY_ROOT).text).root == EMPTY_ROOT


@pytest.mark.parametrize("name", ["", "two words", "a+b", "a\u2003b", "line\nbreak"])
def test_what_is_no_name_of_a_key_is_refused(name: str) -> None:
    with pytest.raises(NoteRefused):
        SigningKey.new(name)
