"""The only place where tests make files of every kind that is taken, and harmful ones of each."""

import struct
from collections.abc import Iterable, Mapping
from email.message import EmailMessage
from io import BytesIO
from itertools import cycle, islice
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pikepdf
from docx import Document as WordDocument
from odfdo import Document as TextDocument
from odfdo import Paragraph

from tests.factories import PICTURE as PNG

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
JPEG = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000"  # what it is
    "ffc0000b080010001001011100"  # sixteen by sixteen points
    "ffda0008010100003f00d2cf20ffd9"  # the points, and the end
)


def docx(
    text: str = "The gate was open.", changed: Mapping[str, bytes | None] | None = None
) -> bytes:
    """A Word document with one paragraph; `changed` parts are put in, or left out (None)."""
    document = WordDocument()
    document.add_paragraph(text)
    return _repacked(_saved(document), changed or {})


def odt(
    text: str = "The gate was open.", changed: Mapping[str, bytes | None] | None = None
) -> bytes:
    """An OpenDocument text with one paragraph, changed likewise."""
    document = TextDocument("text")
    document.body.append(Paragraph(text))
    return _repacked(_saved(document), changed or {})


def _saved(document: object) -> bytes:
    file = BytesIO()
    document.save(file)  # type: ignore[attr-defined]
    return file.getvalue()


def _repacked(package: bytes, changed: Mapping[str, bytes | None]) -> bytes:
    with ZipFile(BytesIO(package)) as archive:
        parts: dict[str, bytes | None] = {each: archive.read(each) for each in archive.namelist()}
    parts.update(changed)
    return zipped((name, part) for name, part in parts.items() if part is not None)


def zipped(parts: Iterable[tuple[str | ZipInfo, bytes]]) -> bytes:
    """An archive of these parts, in this order."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, part in parts:
            archive.writestr(name, part, ZIP_STORED if name == "mimetype" else ZIP_DEFLATED)
    return file.getvalue()


def rels(kind: str, target: str) -> dict[str, bytes | None]:
    """The links of a Word document, with one to something outside it."""
    return {
        "word/_rels/document.xml.rels": (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/x/{kind}" '
            f'Target="{target}" TargetMode="External"/></Relationships>'
        ).encode()
    }


def pdf(
    text: str = "The gate was open.",
    *,
    pages: int = 1,
    extra: str = "",
    password: str | None = None,
) -> bytes:
    """A PDF with a line of text on each page, encrypted under a password if one is given.

    `extra` goes into its catalogue.
    """
    made = pikepdf.new()
    for _ in range(pages):
        page = made.add_blank_page()
        font = made.make_indirect(
            pikepdf.Object.parse(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
        )
        page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.obj.Contents = made.make_stream(f"BT /F1 12 Tf 50 700 Td ({text}) Tj ET".encode())
    if extra:
        for key, value in pikepdf.Object.parse(f"<< {extra} >>".encode()).items():
            made.Root[key] = value
    file = BytesIO()
    if password is None:
        made.save(file)
    else:
        locked = pikepdf.Encryption(owner="o", user=password, R=4, aes=False, metadata=False)
        made.save(file, encryption=locked)
    return file.getvalue()


def pdf_with(name: str, content: bytes) -> bytes:
    """A PDF with a file attached to it."""
    made = pikepdf.open(BytesIO(pdf()))
    made.attachments[name] = content
    file = BytesIO()
    made.save(file)
    return file.getvalue()


def eml(
    body: str = "We attach the file.", attached: tuple[str, bytes] | None = None, html: bool = False
) -> bytes:
    """An email as sent."""
    message = EmailMessage()
    message["From"], message["To"] = "psd@force.example", "reviews@office.example"
    message["Subject"], message["Date"] = "Your réquest", "Mon, 2 Nov 2026 10:00:00 +0000"
    message.set_content(body, subtype="html" if html else "plain")
    if attached:
        name, content = attached
        message.add_attachment(
            content, maintype="application", subtype="octet-stream", filename=name
        )
    return message.as_bytes()


def msg(subject: str = "Your request", body: str = "We attach the file.", **more: bytes) -> bytes:
    """A message as Outlook saves it; `more` are further streams by name."""
    texts = {"001A": "IPM.Note", "0037": subject, "1000": body, "0C1A": "Professional Standards"}
    # Streams of 4,096 bytes and more need no allocation table of their own.
    streams = {
        f"__substg1.0_{pid}001F": t.ljust(2048).encode("utf-16-le") for pid, t in texts.items()
    }
    told = [struct.pack("<HHIQ", 0x1F, int(pid, 16), 6, 4096) for pid in texts]
    told.append(struct.pack("<HHIQ", 0x03, 0x340D, 6, 0x40000))
    properties = bytes(32) + b"".join(islice(cycle(told), 254))
    held = {name: content.ljust(4096, b"\0") for name, content in more.items()}
    return compound({"__properties_version1.0": properties, **streams, **held})


def compound(streams: Mapping[str, bytes]) -> bytes:
    """An OLE compound file of these streams, each of 4,096 bytes or more (MS-CFB, version 3)."""
    none, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    names = sorted(streams, key=lambda name: (len(name), name.upper()))
    directory_sectors = -(-(len(names) + 1) // 4)
    fat = [table, *range(2, directory_sectors + 1), end]
    entries, content = [_entry("Root Entry", 5, child=1, start=end, size=0)], b""
    for place, name in enumerate(names, start=1):
        data = streams[name].ljust(-(-len(streams[name]) // 512) * 512, b"\0")
        start, sectors = len(fat), len(data) // 512
        fat += [*range(start + 1, start + sectors), end]
        following = place + 1 if place < len(names) else none
        entries.append(_entry(name, 2, right=following, start=start, size=len(streams[name])))
        content += data
    assert len(fat) <= 128, "more than one sector of the allocation table"
    directory = b"".join(entries).ljust(directory_sectors * 512, b"\0")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack(
        "<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0, 0
    )
    header += struct.pack("<108I", *[none] * 108)
    return header + struct.pack("<128I", *fat, *[none] * (128 - len(fat))) + directory + content


def _entry(
    name: str, kind: int, *, right: int = 0xFFFFFFFF, child: int = 0xFFFFFFFF, start: int, size: int
) -> bytes:
    written = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16sIQQIQ",
        written, len(written) + 2, kind, 1, 0xFFFFFFFF, right, child, bytes(16), 0, 0, 0, start, size,
    )  # fmt: skip


__all__ = ["JPEG", "PNG", "docx", "eml", "msg", "odt", "pdf"]
