"""The only place that looks into JPEG and PNG: that they are whole, and pictures only."""

import re
from collections.abc import Iterator
from typing import BinaryIO
from zipfile import is_zipfile

from casework.files.inside.refusal import DAMAGED, HIDES_ANOTHER, Refused

MOST_PIXELS = 200_000_000
"""More than a browser can be asked to show."""
_PNG = b"\x89PNG\r\n\x1a\n"
_OTHERS = re.compile(rb"%PDF-|<script|<html|<svg|<\?php|<!doctype|PK\x03\x04", re.IGNORECASE)
_START_OF_SCAN = 0xDA
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_END = b"\xff\xd9"


def check(file: BinaryIO) -> str:
    """Its kind's code; Refused when it is not whole or something else stands beside the picture.

    Only what is not the picture itself is searched: in packed pixels any bytes may occur.
    """
    if is_zipfile(file):
        raise HIDES_ANOTHER
    file.seek(0)
    content = file.read()
    is_png = content.startswith(_PNG)
    pixels, beside = _png(content) if is_png else _jpeg(content)
    if pixels > MOST_PIXELS:
        raise Refused("It is larger than a screen can show. Save it smaller and choose it again.")
    if not pixels:
        raise DAMAGED
    if _OTHERS.search(beside):
        raise HIDES_ANOTHER
    return "png" if is_png else "jpeg"


def _png(content: bytes) -> tuple[int, bytes]:
    """How many pixels, and all that is no pixel; DAMAGED without an end."""
    place, beside, pixels, name = len(_PNG), bytearray(), 0, b""
    while name != b"IEND":
        length = int.from_bytes(content[place : place + 4], "big")
        name = content[place + 4 : place + 8]
        held = content[place + 8 : place + 8 + length]
        place += 12 + length
        if place > len(content):
            raise DAMAGED
        if name == b"IHDR":
            pixels = int.from_bytes(held[:4], "big") * int.from_bytes(held[4:8], "big")
        elif name not in (b"IDAT", b"fdAT"):
            beside += held
    return pixels, bytes(beside) + content[place:]


def _jpeg(content: bytes) -> tuple[int, bytes]:
    """How many pixels, and all that is no pixel; DAMAGED without an end."""
    place, marker, pixels = 2, 0, 0
    while marker != _START_OF_SCAN:
        if content[place : place + 1] != b"\xff" or place + 4 > len(content):
            raise DAMAGED
        marker = content[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        if marker in _FRAMES:
            height, width = content[place + 5 : place + 7], content[place + 7 : place + 9]
            pixels = int.from_bytes(height, "big") * int.from_bytes(width, "big")
        place += 2 + max(2, int.from_bytes(content[place + 2 : place + 4], "big"))
    end = content.rfind(_END, place)
    if end < 0:
        raise DAMAGED
    return pixels, content[:place] + content[end:]


def words(_file: BinaryIO, _kind: str) -> Iterator[str]:
    """A picture has none."""
    return iter(())
