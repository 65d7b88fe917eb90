"""The only place for signed notes and checkpoints as text: C2SP `signed-note` and `tlog-checkpoint`.

A note is a text, an empty line, and one line for each signature; a checkpoint is a note whose text
is the head of a log's tree. Both formats are at https://c2sp.org. Only Ed25519 signatures (type
0x01) are made and checked; those of keys that are not known, such as a witness's, are passed over,
as the format asks.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from casework.audit.check_codes import check_code

LARGEST = 1_000_000
"""Bytes of a note; one with many witnesses has some thousands."""
_ED25519 = b"\x01"
_HASH, _KEY, _KEY_ID = 32, 32, 4
_PRIVATE = "PRIVATE+KEY+"
_SIGNATURE = re.compile("\N{EM DASH} ([^ ]+) ([^ ]+)")
_SIZE = re.compile("0|[1-9][0-9]{0,17}")
_CHECKPOINT = re.compile(
    rb"^[^\n]+\n[0-9]+\n[A-Za-z0-9+/]+=\n\n(?:\xe2\x80\x94 [^\n]+\n)+", re.MULTILINE
)


class NoteRefused(ValueError):
    """A note or key that is not as the format asks, or not signed; the message is a sentence."""


class SignatureWrong(NoteRefused):
    """A note bears a known key's signature, which that key never made of its text."""


@dataclass(frozen=True)
class VerifierKey:
    """An Ed25519 public key (32 bytes, RFC 8032) and the name that it signs under."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        check_name(self.name)
        if len(self.public) != _KEY:
            raise NoteRefused(f"A key has {_KEY} bytes, and this one has {len(self.public)}.")

    @classmethod
    def read(cls, written: str) -> "VerifierKey":
        """The key that `encoded` wrote. NoteRefused for anything else."""
        name, public = _read_key(written, "a public key")
        key = cls(name, public)
        if key.encoded != written:
            raise NoteRefused("The digits in the middle of a public key are not those of that key.")
        return key

    @cached_property
    def key_id(self) -> bytes:
        """The four bytes by which signatures name the key, beside its name."""
        named = self.name.encode() + b"\n" + _ED25519 + self.public
        return sha256(named).digest()[:_KEY_ID]

    @property
    def encoded(self) -> str:
        """The key in one line, as Go's `sumdb/note` writes it: name, key ID and key, with + between."""
        return f"{self.name}+{self.key_id.hex()}+{_base64(_ED25519 + self.public)}"

    @property
    def fingerprint(self) -> str:
        """The check code of the encoded key, by which people compare keys."""
        return check_code(sha256(self.encoded.encode()).hexdigest())

    def has_signed(self, text: str, signature: bytes) -> bool:
        """Whether an Ed25519 signature (RFC 8032) is this key's, of this text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class SigningKey:
    """An Ed25519 private key: the name that it signs under, and its 32 secret bytes (RFC 8032)."""

    name: str
    seed: bytes = field(repr=False)

    @classmethod
    def new(cls, name: str) -> "SigningKey":
        """A key that nobody has."""
        check_name(name)
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def read(cls, written: str) -> "SigningKey":
        """The key that `encoded` wrote. NoteRefused, without a word of the key, for anything else."""
        if not written.startswith(_PRIVATE):
            raise NoteRefused(f"A private key begins with {_PRIVATE}, and this does not.")
        key = cls(*_read_key(written.removeprefix(_PRIVATE), "a private key"))
        if key.encoded != written:
            raise NoteRefused(
                "The digits in the middle of a private key are not those of that key."
            )
        return key

    @cached_property
    def verifier(self) -> VerifierKey:
        """The public key that checks what this one signs."""
        return VerifierKey(self.name, self._private.public_key().public_bytes_raw())

    @property
    def encoded(self) -> str:
        """The key in one line, as Go's `sumdb/note` writes it."""
        secret = _base64(_ED25519 + self.seed)
        return f"{_PRIVATE}{self.name}+{self.verifier.key_id.hex()}+{secret}"

    def sign(self, text: str) -> "Signature":
        """This key's signature of a text; the same each time."""
        return Signature(self.name, self.verifier.key_id, self._private.sign(text.encode()))

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


@dataclass(frozen=True)
class Signature:
    """A line under a note: who is said to have signed it, by name and key ID, and the signature."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def line(self) -> str:
        """The line as it stands in a note."""
        return f"\N{EM DASH} {self.name} {_base64(self.key_id + self.signature)}\n"


@dataclass(frozen=True)
class Note:
    """A text, which ends in a newline, and its signatures, of which none is checked yet."""

    text: str
    signatures: tuple[Signature, ...]

    @property
    def written(self) -> str:
        """The note as it is kept and sent: `read` takes its UTF-8."""
        return f"{self.text}\n{''.join(each.line for each in self.signatures)}"


@dataclass(frozen=True)
class TreeHead:
    """What a checkpoint says: of the log named `origin`, the root (32 bytes) over `size` entries."""

    origin: str
    size: int
    root: bytes

    @classmethod
    def read(cls, text: str) -> "TreeHead":
        """The head that `text` wrote. NoteRefused for anything else, extension lines too."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3] or not lines[0]:
            raise NoteRefused(
                "A checkpoint of the log has three lines above its signatures: the log’s name, its "
                "size and its root. This note has others."
            )
        if not _SIZE.fullmatch(lines[1]):
            raise NoteRefused("The second line of the checkpoint is not the size of a log.")
        root = _from_base64(lines[2])
        if root is None or len(root) != _HASH:
            raise NoteRefused(f"The third line of the checkpoint is not a root of {_HASH} bytes.")
        return cls(lines[0], int(lines[1]), root)

    @property
    def text(self) -> str:
        """The lines that are signed."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"


def taken_from(content: bytes) -> bytes:
    """The checkpoint in the text of a mail or a file, whose lines may end in any way.

    All of it where there is none to be seen in it.
    """
    lines = content.removeprefix(BOM_UTF8).replace(b"\r\n", b"\n")
    found = _CHECKPOINT.search(lines)
    return found[0] if found else lines


def read(content: bytes) -> Note:
    """A note from its exact bytes. NoteRefused for anything that the format does not allow."""
    if len(content) > LARGEST:
        raise NoteRefused(f"A note of more than {LARGEST:,} bytes is not read.")
    try:
        written = content.decode()
    except UnicodeDecodeError:
        raise NoteRefused("The note is not text in UTF-8.") from None
    if any(sign < " " and sign != "\n" for sign in written):
        raise NoteRefused("The note holds control characters, such as a tab or a carriage return.")
    above, between, below = written.rpartition("\n\n")
    if not between or not below.endswith("\n"):
        raise NoteRefused(
            "The note does not end in an empty line and lines of signatures below it. Take the whole "
            "file, as it was sent."
        )
    return Note(f"{above}\n", tuple(_signature(line) for line in below[:-1].split("\n")))


def sign(text: str, keys: Sequence[SigningKey]) -> Note:
    """A text signed by each of the keys. NoteRefused where the format has no place for it."""
    return read(Note(text, tuple(key.sign(text) for key in keys)).written.encode())


def signers(note: Note, keys: Iterable[VerifierKey]) -> tuple[VerifierKey, ...]:
    """Which of the known keys signed a note, in the order of its lines, each once.

    NoteRefused when none did; SignatureWrong when a line that names one is not its signature.
    """
    known = tuple(keys)
    found: dict[VerifierKey, None] = {}
    for each in note.signatures:
        named = [key for key in known if (key.name, key.key_id) == (each.name, each.key_id)]
        signed = [key for key in named if key.has_signed(note.text, each.signature)]
        if named and not signed:
            raise SignatureWrong("A signature on it is not one of its words.")
        found |= dict.fromkeys(signed)
    if not found:
        raise NoteRefused("No key that is known signed it.")
    return tuple(found)


def code_of(written: str) -> str:
    """The check code of a note, by which people compare two."""
    return check_code(sha256(written.encode()).hexdigest())


def check_name(name: str) -> None:
    """NoteRefused unless the format allows this as the name of a key."""
    if not name or "+" in name or any(sign.isspace() or sign < " " for sign in name):
        raise NoteRefused("The name of a key has at least one character, and no spaces and no +.")


def _signature(line: str) -> Signature:
    found = _SIGNATURE.fullmatch(line)
    signed = _from_base64(found[2]) if found else None
    if found is None or signed is None or len(signed) <= _KEY_ID:
        raise NoteRefused("A line below the note’s empty line is not that of a signature.")
    check_name(found[1])
    return Signature(found[1], signed[:_KEY_ID], signed[_KEY_ID:])


def _read_key(written: str, what: str) -> tuple[str, bytes]:
    """The name and the 32 bytes of an encoded key."""
    name, _, rest = written.partition("+")
    key = _from_base64(rest.partition("+")[2])
    if key is None or len(key) != 1 + _KEY or key[:1] != _ED25519:
        raise NoteRefused(f"This is not {what}: a name, eight digits and a key, with + between.")
    check_name(name)
    return name, key[1:]


def _base64(content: bytes) -> str:
    return b64encode(content).decode()


def _from_base64(written: str) -> bytes | None:
    """The bytes, None where they are written in any way but the one of RFC 4648, section 4."""
    try:
        content = b64decode(written, validate=True)
    except (NotBase64, ValueError):
        return None
    return content if _base64(content) == written else None
