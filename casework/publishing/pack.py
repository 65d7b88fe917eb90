"""The only place that makes the files of a report: all it is published as, and drafts with their mark.

Slow, so outside any write transaction; within an application context, for the templates.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from casework.audit.canonical import canonical
from casework.documents.formats import FORMATS
from casework.files.kinds import DOCX, PDF, Kind
from casework.files.store import Kept, Store
from casework.letters.rendering import as_docx, as_pdf, parse
from casework.publishing.counting import Counted, content_hash
from casework.publishing.paper import MARK, Paper
from casework.web.ods import Sheet, ods_file
from workflows.publication import FORMATS as PUBLISHED_AS


@dataclass(frozen=True)
class Pack:
    """All the files of a report, in the store and ready to be published under a number."""

    counted: Counted
    content: str
    number: int
    on: date
    files: Mapping[str, Kept]


def kind_of(form: str) -> Kind:
    """What kind of file a format is, for the store and for handing it over."""
    if form not in FORMATS:
        return {"pdf": PDF, "docx": DOCX}.get(form) or Kind(
            "ods", "ods", "application/vnd.oasis.opendocument.spreadsheet", (".ods",)
        )
    found = FORMATS[form]
    return Kind(found.name, found.label, found.media_type, (f".{found.suffix}",))


def written(paper: Paper, form: str) -> bytes:
    """A report as a file. Raises PdfRefused."""
    if form == "json" and not paper.mark:
        return paper.counted.figures
    if form in FORMATS:
        return FORMATS[form].write(paper.counted.report)
    body = parse("\n\n".join((f"# {paper.cited_as or MARK}", *paper.words.values())))
    if form == "ods":
        return ods_file(
            "Report", [Sheet("Words", (), ("part", "words"), list(paper.words.items()))]
        )
    name, foot = paper.office.office_name, paper.cited_as or MARK
    if form == "docx":
        return as_docx(body, office_name=name, foot=foot)
    return as_pdf(body, office_name=name, foot=foot, written_on=paper.on)


def make(store: Store, paper: Paper, number: int) -> Pack:
    """Every file of a report as it would be published, kept in the store. Raises PdfRefused."""
    files = {form: store.keep_made(written(paper, form), kind_of(form)) for form in PUBLISHED_AS}
    counted = paper.counted
    content = content_hash(counted.kind, counted.digest, paper.words)
    return Pack(counted, content, number, paper.on, files)


def words_as_text(words: Mapping[str, str]) -> str:
    """Words by part as one text, to be kept beside the event of a published report."""
    return canonical(dict(words)).decode()
