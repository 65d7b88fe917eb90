"""The only place that asks for a PDF: tagged for screen readers, printed by a bounded program."""

import base64
import json
import subprocess  # nosec B404
import sys
from datetime import date
from pathlib import Path

from casework.letters.rendering.body import Body
from casework.letters.rendering.page import framed, page_of
from casework.letters.rendering.printer import CONTENT, MOST_SECONDS, NO_PANGO

MEDIA_TYPE = "application/pdf"
LONGEST_PAGE = 500_000
"""Characters of HTML, some hundred sheets of paper; more is neither a letter nor a report."""
OUR_OWN_SECONDS = 60
"""Of processor time, for a page that we wrote: a year's report takes some 6 on a machine at rest."""
WAITING = 3
"""How many times as long it may take on a machine with other work to do."""
_PRINTER = Path(__file__).with_name("printer.py")
NOT_HERE = (
    "This installation cannot make PDF files: it lacks the Pango library. The Word file is there. "
    "Ask whoever runs the server to install libpango-1.0-0, libpangoft2-1.0-0, "
    "libharfbuzz-subset0 and fonts-liberation."
)
NOT_PRINTABLE = (
    "No PDF could be made of this document: it is too long, or damaged. Nothing was "
    "changed. Shorten it, or open it in Word, save it again as a .docx file, and try with that one."
)


class PdfRefused(Exception):
    """There is no PDF; the message is a sentence for people. Everything else is as it was."""


class NoPdfHere(PdfRefused):
    """This installation makes no PDF of anything."""


def as_pdf(
    body: Body, *, office_name: str, foot: str = "", written_on: date | None = None
) -> bytes:
    """A letter as a tagged PDF (PDF/UA-1). The same letter makes the same bytes.

    Raises PdfRefused where PDF cannot be made.
    """
    return printed(page_of(body, office_name=office_name, foot=foot, written_on=written_on))


def docx_to_pdf(
    document: bytes, *, title: str, office_name: str, foot: str = "", written_on: date | None = None
) -> bytes:
    """A Word file that somebody finished, as a tagged PDF: its words, lists, tables and pictures.

    Scripts, pictures from elsewhere and links that are neither web nor mail are left out.
    Raises PdfRefused where PDF cannot be made, also of a file that is not what it says.
    """
    page = framed(CONTENT, title=title, office_name=office_name, foot=foot, written_on=written_on)
    return printed(page, document)


def printed(page: str, document: bytes | None = None) -> bytes:
    """A page of HTML as a tagged PDF, with what a Word file says where the page has `CONTENT`.

    The same page makes the same bytes. Raises PdfRefused where PDF cannot be made.
    """
    if len(page) > LONGEST_PAGE:
        raise PdfRefused(NOT_PRINTABLE)
    encoded = None if document is None else base64.b64encode(document).decode()
    seconds = OUR_OWN_SECONDS if document is None else MOST_SECONDS
    try:
        done = subprocess.run(  # nosec B603
            [sys.executable, "-I", _PRINTER, str(seconds)],
            input=json.dumps({"page": page, "document": encoded}).encode(),
            capture_output=True,
            timeout=WAITING * seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PdfRefused(NOT_PRINTABLE) from None
    if done.returncode == NO_PANGO:
        raise NoPdfHere(NOT_HERE)
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        raise PdfRefused(NOT_PRINTABLE)
    return done.stdout
