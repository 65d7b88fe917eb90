"""The only place that makes the files of a report: all it is published as, and drafts with their mark.

Slow, so outside any write transaction.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from casework.audit.canonical import canonical
from casework.counts.plain import as_plain
from casework.documents.docx import as_docx
from casework.documents.flat import as_csv
from casework.documents.html import as_html
from casework.documents.ods import as_ods
from casework.documents.pdf import as_pdf
from casework.documents.text import as_text
from casework.documents.trust import Recounted
from casework.files.kinds import DOCX, PDF, Kind
from casework.files.store import Kept, Store
from casework.letters.rendering import NoPdfHere
from casework.publishing.counting import Counted, content_hash
from casework.publishing.paper import Paper
from casework.web import ods
from casework.web.downloads import CSV


@dataclass(frozen=True)
class Pack:
    """All the files of a report, in the store and ready to be published under a number."""

    counted: Counted
    content: str
    number: int
    on: date
    files: Mapping[str, Kept]
    recounted: Recounted


def _json(paper: Paper) -> bytes:
    """The very bytes that are frozen; of a draft other ones, which say what they are."""
    if not paper.standing.mark:
        return paper.counted.figures
    marked = {"draft": paper.standing.mark, **as_plain(paper.counted.report)}
    return json.dumps(marked, ensure_ascii=False, indent=1).encode()


def _text(paper: Paper) -> bytes:
    said = filter(None, (paper.standing.mark, paper.standing.cited_as))
    return "\n\n".join((*said, as_text(paper.counted.report))).encode()


def _csv(paper: Paper) -> bytes:
    mark = f"report,draft,,{paper.standing.mark},\r\n" if paper.standing.mark else ""
    head, end, rows = as_csv(paper.counted.report).partition("\r\n")
    return f"{head}{end}{mark}{rows}".encode("utf-8-sig")


WRITERS: dict[str, tuple[Kind, Callable[[Paper], bytes]]] = {
    "pdf": (PDF, lambda paper: as_pdf(paper.document)),
    "docx": (DOCX, lambda paper: as_docx(paper.document)),
    "ods": (
        Kind("ods", "Spreadsheet (ODS)", ods.MEDIA_TYPE, (".ods",)),
        lambda paper: as_ods(paper.counted.report, paper.standing),
    ),
    "html": (
        Kind("html", "Web page", "text/html; charset=utf-8", (".html",)),
        lambda paper: as_html(paper.document).encode(),
    ),
    "csv": (Kind("csv", "CSV", CSV, (".csv",)), _csv),
    "text": (Kind("text", "Plain text", "text/plain; charset=utf-8", (".txt",)), _text),
    "json": (Kind("json", "JSON, for computers", "application/json", (".json",)), _json),
}
"""What kind of file each format is and how it is written, in the order they are offered."""


def kind_of(form: str) -> Kind:
    """What kind of file a format is, for the store and for handing it over."""
    return WRITERS[form][0]


def written(paper: Paper, form: str) -> bytes:
    """A report as a file. Raises PdfRefused."""
    return WRITERS[form][1](paper)


def make(store: Store, paper: Paper, number: int) -> Pack:
    """Every file of a report as it would be published, kept in the store.

    All but the PDF on an installation that can make none. Raises PdfRefused where this report's
    cannot be made.
    """
    files: dict[str, Kept] = {}
    for form in WRITERS:
        with suppress(NoPdfHere):
            files[form] = store.keep_made(written(paper, form), kind_of(form))
    counted = paper.counted
    content = content_hash(counted.kind, counted.digest, paper.words)
    return Pack(counted, content, number, paper.on, files, paper.recounted)


def words_as_text(words: Mapping[str, str]) -> str:
    """Words by field as one text, to be kept beside the event of a published report."""
    return canonical(dict(words)).decode()
