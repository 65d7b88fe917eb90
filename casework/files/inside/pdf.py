"""The only place that looks into PDFs: that they open without a password and do nothing by themselves."""

from collections.abc import Iterator
from typing import Any, BinaryIO
from zipfile import is_zipfile

from pypdf import PdfReader
from pypdf.errors import DependencyError

from casework.files.inside.refusal import DAMAGED, HIDES_ANOTHER, Refused, refuse_program

_LOCKED = Refused(
    "It is encrypted or locked with a password, so it cannot be looked into. Print it to a new "
    "PDF and choose that."
)
_ACTS = Refused(
    "It runs a script or starts a program when it is opened. Print it to a new PDF and choose that."
)
_ACTIONS = frozenset({"/JavaScript", "/Launch", "/ImportData"})


def check(file: BinaryIO) -> str:
    """Its kind's code; Refused when it does not parse, is locked, acts by itself or hides a file."""
    if is_zipfile(file):
        raise HIDES_ANOTHER
    reader = PdfReader(file)
    if reader.is_encrypted:
        _unlock(reader)
    if not len(reader.pages):
        raise DAMAGED
    _refuse_acting(reader)
    for attached in reader.attachment_list:
        refuse_program(attached.name, attached.content[:4])
    return "pdf"


def _unlock(reader: PdfReader) -> None:
    """Some are encrypted so that they can be read but not changed, with an empty password."""
    try:
        if reader.decrypt(""):
            return
    except DependencyError:
        pass
    raise _LOCKED


def _refuse_acting(reader: PdfReader) -> None:
    root: Any = reader.root_object
    names = _held(root.get("/Names"))
    if "/JavaScript" in names or "/AA" in root:
        raise _ACTS
    _refuse_action(root.get("/OpenAction"))


def _refuse_action(action: Any) -> None:
    if _held(action).get("/S") in _ACTIONS:
        raise _ACTS


def _held(entry: Any) -> Any:
    """A dictionary behind a reference, an empty one for anything else."""
    found = entry.get_object() if entry is not None else None
    return found if isinstance(found, dict) else {}


def words(file: BinaryIO, _kind: str) -> Iterator[str]:
    """The text of each page; a scanned page has none."""
    reader = PdfReader(file)
    if reader.is_encrypted:
        _unlock(reader)
    for page in reader.pages:
        yield f"{page.extract_text()}\n"
