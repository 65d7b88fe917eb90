"""The verifier’s own Ed25519 is that of RFC 8032, and no looser than OpenSSL’s."""

from base64 import b64encode

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.audit.notes import SigningKey, TreeHead, sign
from casework.verifier import verify_casework as verifier
from casework.verifier.verify_casework import ORDER, P, has_signed

# RFC 8032, section 7.1: secret key, public key, message, signature.
KNOWN = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
        "b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
        "1d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984d"
        "c6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3fe"
        "ebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431"
        "e0303dca179c138ac17ad9bef1177331a704",
    ),
]
SMALL = [  # every encoding of a point of small order that is canonical, and some that are not
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0100000000000000000000000000000000000000000000000000000000000080",
]


def by_openssl(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@pytest.mark.parametrize(("secret", "public", "message", "signature"), KNOWN)
def test_the_known_answers_of_the_rfc(
    secret: str, public: str, message: str, signature: str
) -> None:
    known = [bytes.fromhex(part) for part in (public, message, signature)]
    assert Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)).sign(known[1]) == known[2]
    assert has_signed(*known)
    for place, part in enumerate(known):
        altered = [*known]
        altered[place] = bytes([*part[:-1], part[-1] ^ 1]) if part else b"\0"
        assert not has_signed(*altered)


@settings(max_examples=25)
@given(
    seed=st.binary(min_size=32, max_size=32),
    message=st.binary(max_size=40),
    at=st.integers(0, 95),
    flip=st.integers(0, 255),
)
def test_what_openssl_takes_is_taken_and_nothing_that_it_refuses(
    seed: bytes, message: bytes, at: int, flip: int
) -> None:
    """A bit of the key or of the signature is changed, or none."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    whole = bytearray(key.public_key().public_bytes_raw() + key.sign(message))
    whole[at] ^= flip
    public, signature = bytes(whole[:32]), bytes(whole[32:])
    assert has_signed(public, message, signature) == by_openssl(public, message, signature)
    assert has_signed(public, message, signature) == (flip == 0)


def test_a_signature_that_somebody_wrote_otherwise_is_refused() -> None:
    """With s + L in the place of s the equation holds as well (RFC 8032, section 8.4)."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    public, signed = key.public_key().public_bytes_raw(), key.sign(b"root")
    s = int.from_bytes(signed[32:], "little")
    other = signed[:32] + (s + ORDER).to_bytes(32, "little")
    assert has_signed(public, b"root", signed)
    assert not has_signed(public, b"root", other)


@pytest.mark.parametrize("encoded", SMALL)
def test_a_key_that_signs_anything_signs_nothing(encoded: str) -> None:
    """With a key of small order, R = sB - hA may come out right for many messages."""
    public = bytes.fromhex(encoded)
    neutral = (1).to_bytes(32, "little")
    forged = [neutral + bytes(32), public + bytes(32)]
    assert not any(
        has_signed(public, bytes([number]), signature)
        for number in range(8)
        for signature in forged
    )


def test_a_point_has_one_encoding() -> None:
    for number in (P, P + 1, 2**255 - 1):
        assert verifier._decoded(number.to_bytes(32, "little")) is None
    assert verifier._decoded((1 | 1 << 255).to_bytes(32, "little")) is None
    assert verifier._encoded(verifier.BASE).hex() == "58" + "66" * 31


def test_notes_and_keys_are_read_as_the_office_writes_them() -> None:
    key, other = SigningKey.new("office.example/log"), SigningKey.new("office.example/log")
    head = TreeHead("office.example/log", 571, bytes(range(32)))
    note = sign(head.text, [key, other]).written.encode()
    read = verifier.read_checkpoint(note)
    assert (read.origin, read.size, read.root) == (head.origin, head.size, head.root)
    known = verifier.read_key(key.verifier.encoded)
    assert (known.name, known.public) == (key.name, key.verifier.public)
    assert verifier.signers(read, [known]) == [known]
    forged = read._replace(text=read.text.replace(b"571", b"572"))
    with pytest.raises(ValueError, match="never made"):
        verifier.signers(forged, [known])


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"\xff",
        b"log\n1\n\n",
        b"log\n01\n" + b64encode(bytes(32)) + b"\n\n\xe2\x80\x94 a AAAAAAA=\n",
        b"log\n1\n" + b64encode(bytes(31)) + b"\n\n\xe2\x80\x94 a AAAAAAA=\n",
        b"log\n" + b"9" * 400 + b"\n" + b64encode(bytes(32)) + b"\n\n\xe2\x80\x94 a AAAAAAA=\n",
        b"log\n1\n" + b64encode(bytes(32)) + b"\nmore\n\n\xe2\x80\x94 a AAAAAAA=\n",
        b"log\n1\n" + b64encode(bytes(32)) + b"\n\n- a AAAAAAA=\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(written: bytes) -> None:
    with pytest.raises(ValueError):
        verifier.read_checkpoint(written)
