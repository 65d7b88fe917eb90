"""The only place that prints a document: its page of HTML as a tagged PDF."""

from casework.documents.html import as_html
from casework.documents.model import Document
from casework.letters.rendering import printed
from casework.letters.rendering.pdf import MEDIA_TYPE as MEDIA_TYPE


def as_pdf(document: Document) -> bytes:
    """The document as PDF/UA-1; the same document, the same bytes. It takes some seconds.

    Raises PdfRefused, with a sentence, where PDF cannot be made.
    """
    return printed(as_html(document))
