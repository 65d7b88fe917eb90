"""The only place where tests read a PDF: its words, and what screen readers find in it."""

from collections import Counter
from io import BytesIO
from typing import Any

import pikepdf
import pypdf


def assert_tagged(content: bytes, title: str) -> str:
    """It is a tagged PDF in English under its title that does nothing; its words."""
    with pikepdf.open(BytesIO(content)) as document:
        root = document.Root
        assert bool(root.MarkInfo.Marked)
        assert str(root.Lang) == "en-GB"
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        assert str(document.docinfo["/Title"]) == title
        assert tags(root.StructTreeRoot).keys() >= {"/Document", "/H1", "/P"}
        assert not {"/OpenAction", "/AA", "/AcroForm", "/Names"} & set(root.keys())
        for page in document.pages:
            for note in page.get("/Annots", []):
                assert str(note.A.URI).startswith(("https://", "mailto:"))
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages)


def tags(element: Any) -> Counter[str]:
    """The names of the structure elements below one, and how many there are of each."""
    return Counter(str(each.S) for each in elements(element))


def elements(element: Any) -> list[Any]:
    """The structure elements below one, in reading order, itself among them."""
    if isinstance(element, pikepdf.Array):
        return [found for each in element for found in elements(each)]
    if not isinstance(element, pikepdf.Dictionary):
        return []
    own = [element] if "/S" in element else []
    return own + elements(element.get("/K"))
