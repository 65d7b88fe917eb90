"""The only place that looks into zip archives of XML, with pictures: DOCX, ODT and workbooks.

Counted before anything is unpacked, and unpacked piece by piece, so that a bomb is refused by
what it declares and cannot unpack to more. No part may declare an entity, which neither format
needs; whoever wants a parser to expand or fetch something must.
"""

from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any, BinaryIO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

from casework.files.inside.refusal import DAMAGED, HIDES_ANOTHER, Refused, refuse_program

MOST_PARTS = 5_000
MOST_UNPACKED = 300_000_000
MOST_XML = 60_000_000
MOST_RATIO = 200
SMALL = 5_000_000
"""Bytes up to which a part may be packed as tightly as it likes: an empty table packs well."""
CHUNK = 65_536
HEAD = 1024
_ENCRYPTED = 0x1
_ODT_TYPE = b"application/vnd.oasis.opendocument.text"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TYPES = "[Content_Types].xml"
_TEXTS = {
    "docx": ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml", "word/comments.xml"),
    "odt": ("content.xml",),
}
_BOMB = Refused(
    "It unpacks to far more than a document does, which is how harmful files stop a computer. "
    "Print it to a PDF and choose that."
)
_LOCKED = Refused("It is locked with a password. Save it without one and choose it again.")
_MACROS = Refused(
    "It holds macros. Save it as a document without macros, or print it to a PDF, and choose that."
)
_FETCHES = Refused(
    "It holds an object of another program, or fetches a part of itself from elsewhere when it is "
    "opened. Print it to a PDF and choose that."
)
_FETCHING = ("oleObject", "frame", "subDocument", "aFChunk", "attachedTemplate", "package")
_WEB = ("http:", "https:", "ftp:")


def check(file: BinaryIO) -> str:
    """The code of the kind, "docx" or "odt"; Refused when it is neither or not fit to be kept."""
    archive = opened(file)
    kind = _kind_of(archive, set(archive.namelist()))
    check_xml(archive)
    return kind


def opened(file: BinaryIO) -> ZipFile:
    """The archive, of whatever kind, once its frame and parts are found harmless; else Refused."""
    try:
        archive = ZipFile(file)
    except (BadZipFile, NotImplementedError):
        raise DAMAGED from None
    parts = archive.infolist()
    _check_frame(file, archive, parts)
    for part in parts:
        _check_part(archive, part)
    return archive


def _check_frame(file: BinaryIO, archive: ZipFile, parts: list[ZipInfo]) -> None:
    """Nothing before, between or behind the parts, no more of them than a document has."""
    names = [part.filename for part in parts]
    file.seek(0)
    head = file.read(HEAD).lower()
    if archive.comment or b"%pdf-" in head or b"<html" in head or b"<script" in head:
        raise HIDES_ANOTHER
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise _BOMB
    if not parts or len(set(names)) < len(names) or min(p.header_offset for p in parts) != 0:
        raise DAMAGED
    # Parts that share bytes are how a few kilobytes become terabytes.
    placed = sorted(parts, key=lambda part: part.header_offset)
    ends = (part.header_offset + part.compress_size for part in placed)
    if any(end > after.header_offset for end, after in zip(ends, placed[1:], strict=False)):
        raise _BOMB


def _check_part(archive: ZipFile, part: ZipInfo) -> None:
    path = PurePosixPath(part.filename)
    if path.is_absolute() or ".." in path.parts or "\\" in part.filename or _is_link(part):
        raise DAMAGED
    if part.flag_bits & _ENCRYPTED:
        raise _LOCKED
    if part.file_size > max(SMALL, MOST_RATIO * part.compress_size):
        raise _BOMB
    name = part.filename.lower()
    if "vbaproject" in name or "vbadata" in name or name.startswith(("basic/", "scripts/")):
        raise _MACROS
    if name.startswith("word/activex/") or (path.suffix == ".bin" and "/embeddings/" in name):
        raise _FETCHES
    with archive.open(part) as unpacked:
        refuse_program(name, unpacked.read(4))


def _is_link(part: ZipInfo) -> bool:
    return (part.external_attr >> 28) == 0xA


def _kind_of(archive: ZipFile, names: set[str]) -> str:
    if "mimetype" in names:
        if archive.read("mimetype") != _ODT_TYPE:
            raise Refused(
                "It is an OpenDocument file, but not a text, or a template. Save it as an .odt "
                "text or print it to a PDF, and choose that."
            )
        if b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise _LOCKED
        return "odt"
    if _TYPES not in names:
        raise Refused("It is an archive of files. Unpack it and choose the files that are in it.")
    if _WORD not in archive.read(_TYPES).decode("utf-8", "replace"):
        raise Refused(
            "It is an Office file, but not a plain Word document. Save it as a .docx without "
            "macros or print it to a PDF, and choose that."
        )
    return "docx"


def check_xml(archive: ZipFile) -> None:
    """Refused unless all of its XML is well-formed, declares no entity and fetches nothing."""
    suffixes = (".xml", ".rels", ".rdf")
    written = [
        part
        for part in archive.infolist()
        if part.file_size and part.filename.lower().endswith(suffixes)
    ]
    if sum(part.file_size for part in written) > MOST_XML:
        raise _BOMB
    for part in written:
        parser = _parser()
        if part.filename.lower().endswith(".rels"):
            parser.StartElementHandler = _refuse_fetching
        for _ in _parsed(archive, part.filename, parser):
            pass


def _parser() -> Any:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.EntityDeclHandler = _refuse_entity
    return parser


def _refuse_entity(*_declared: object) -> None:
    raise _BOMB


def _refuse_fetching(_name: str, given: dict[str, str]) -> None:
    """Links are the reader's to follow; these a word processor follows by itself.

    A template on a drive of the force's is told of in every letter it writes and is not fetched.
    """
    kind = given.get("Type", "").rpartition("/")[2]
    target = given.get("Target", "").strip().lower()
    is_outside = given.get("TargetMode") == "External" and kind in _FETCHING
    if is_outside and (kind != "attachedTemplate" or target.startswith(_WEB)):
        raise _FETCHES


def read_part(
    archive: ZipFile,
    name: str,
    begin: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
) -> None:
    """Hand each element of a part, namespace and name with a blank between, to who asks."""
    parser = _parser()
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    for _ in _parsed(archive, name, parser):
        pass


def _parsed(archive: ZipFile, name: str, parser: Any) -> Iterator[None]:
    """Parse one part, pausing after each chunk; DAMAGED when it is not well-formed."""
    try:
        with archive.open(name) as unpacked:
            while chunk := unpacked.read(CHUNK):
                parser.Parse(chunk, False)
                yield
        parser.Parse(b"", True)
    except (expat.ExpatError, BadZipFile):
        raise DAMAGED from None
    yield


def words(file: BinaryIO, kind: str) -> Iterator[str]:
    """The text of the document, its notes and comments, a line for each paragraph."""
    with ZipFile(file) as archive:
        for name in _TEXTS[kind]:
            if name in archive.namelist():
                yield from _text_of(archive, name)


_SPACING = {"tab": "\t", "br": "\n", "cr": "\n", "line-break": "\n", "s": " "}
_UNREAD = ("instrText", "delText", "tracked-changes")


class _Collector:
    """Collects the text of paragraphs: what stands in `p` or `h`, less what was struck out."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._paragraphs = 0
        self._unread = 0

    def begin(self, name: str, _given: dict[str, str]) -> None:
        """Take an element's beginning."""
        local = name.rpartition(" ")[2]
        self._paragraphs += local in ("p", "h")
        self._unread += local in _UNREAD
        self.pieces.append(_SPACING.get(local, ""))

    def end(self, name: str) -> None:
        """Take an element's end."""
        local = name.rpartition(" ")[2]
        self._unread -= local in _UNREAD
        if local in ("p", "h"):
            self._paragraphs -= 1
            self.pieces.append("\n")

    def read(self, text: str) -> None:
        """Take text."""
        if self._paragraphs and not self._unread:
            self.pieces.append(text)


def _text_of(archive: ZipFile, name: str) -> Iterator[str]:
    parser, collector = _parser(), _Collector()
    parser.StartElementHandler, parser.EndElementHandler = collector.begin, collector.end
    parser.CharacterDataHandler = collector.read
    for _ in _parsed(archive, name, parser):
        if text := "".join(collector.pieces):
            yield text
        collector.pieces.clear()
