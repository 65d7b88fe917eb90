"""The only place that packs an office document so that the same content has the same bytes."""

from io import BytesIO
from zipfile import ZipFile, ZipInfo

_NO_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX = 3


def repacked(package: bytes) -> bytes:
    """A package, such as a Word file or an OpenDocument one, of which no part bears a time.

    The libraries that make them write down when, and on what kind of system; the parts and their
    order stay.
    """
    written = BytesIO()
    with ZipFile(BytesIO(package)) as given, ZipFile(written, "w") as packed:
        for part in given.infolist():
            bare = ZipInfo(part.filename, _NO_TIME)
            bare.compress_type, bare.create_system = part.compress_type, _UNIX
            packed.writestr(bare, given.read(part))
    return written.getvalue()
