"""The only place that lists what a report can be taken away as."""

import codecs
import json
from collections.abc import Callable
from dataclasses import dataclass

from casework.counts.plain import as_plain, canonical
from casework.counts.report import Report
from casework.documents import docx, html, ods, pdf
from casework.documents.annual import unpublished
from casework.documents.flat import as_csv
from casework.documents.model import Document
from casework.documents.text import as_text
from casework.web.downloads import CSV

JSON, TEXT = "application/json", "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Format:
    """A file that a report can be: its name and what people call it, its media type and ending.

    `write` gives its bytes, of which a PDF alone may be refused (PdfRefused). `mark` is what a
    spreadsheet program wants before them to see that they are UTF-8, and another program does not.
    """

    name: str
    label: str
    media_type: str
    suffix: str
    write: Callable[[Report], bytes]
    is_text: bool = True
    mark: bytes = b""


def as_json(report: Report) -> str:
    """The report under its published names; the same report gives the same bytes."""
    return json.dumps(as_plain(report), ensure_ascii=False, indent=1) + "\n"


def _document(write: Callable[[Document], bytes]) -> Callable[[Report], bytes]:
    return lambda report: write(unpublished(report))


FORMATS = {
    form.name: form
    for form in (
        Format("text", "Plain text", TEXT, "txt", lambda report: as_text(report).encode()),
        Format("pdf", "PDF", pdf.MEDIA_TYPE, "pdf", _document(pdf.as_pdf), is_text=False),
        Format("docx", "Word", docx.MEDIA_TYPE, "docx", _document(docx.as_docx), is_text=False),
        Format("ods", "Spreadsheet (ODS)", ods.MEDIA_TYPE, "ods", ods.as_ods, is_text=False),
        Format(
            "html",
            "Web page",
            html.MEDIA_TYPE,
            "html",
            _document(lambda document: html.as_html(document).encode()),
        ),
        Format(
            "csv", "CSV", CSV, "csv", lambda report: as_csv(report).encode(), mark=codecs.BOM_UTF8
        ),
        Format("json", "JSON", JSON, "json", lambda report: as_json(report).encode()),
        Format("canonical", "Canonical JSON", JSON, "json", canonical),
    )
}
"""Every format by its name, in the order they are offered. Of the canonical JSON a published report
carries the hash."""
