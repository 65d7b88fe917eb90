"""The only place that tells from a file's first bytes which kinds it may be."""

import re
from collections.abc import Mapping

import filetype  # type: ignore[import-untyped]

from casework.files.kinds import DOCX, EML, JPEG, MSG, ODT, PDF, PNG, Kind

HEAD = 8192
"""How many bytes are looked at."""
_MAY_BE: Mapping[str, tuple[Kind, ...]] = {
    PDF.media_type: (PDF,),
    JPEG.media_type: (JPEG,),
    PNG.media_type: (PNG,),
    "image/apng": (PNG,),
}
_ZIP, _OLE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-"
_HEADER = re.compile(rb"[!-9;-~]+:[ \t\r\n]")


def sniff(head: bytes) -> tuple[Kind, ...]:
    """The kinds that a file beginning like this may be; what it is, only a look inside tells."""
    if head.startswith(_ZIP):
        return (DOCX, ODT)
    if head.startswith(_OLE):
        return (MSG,)
    guessed = filetype.guess_mime(head)
    if guessed is None:
        return (EML,) if _HEADER.match(head) and b"\0" not in head else ()
    kinds = _MAY_BE.get(guessed, ())
    # A PDF header further in is how pages and pictures pass for PDFs.
    return () if PDF in kinds and not head.startswith(_PDF) else kinds
