"""The only place that writes a document as a page of HTML, which stands alone or is printed."""

from base64 import b64encode
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from casework.documents.charts.chart import Chart
from casework.documents.model import Block, Document, in_numbers, letter
from casework.letters.rendering.body import printable
from casework.web import templates_folder

MEDIA_TYPE = "text/html; charset=utf-8"


def as_html(document: Document) -> str:
    """The document as a page without style sheet, script or picture from elsewhere.

    Needs no application; the same document gives the same page.
    """
    return printable(_template().render(document=document))


@cache
def _template() -> Template:
    """The page, from which the PDF is printed too; whatever people typed is escaped."""
    pages = Environment(
        loader=FileSystemLoader(templates_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.globals.update(kind=_kind, letter=letter, picture=_picture, in_numbers=in_numbers)
    return pages.get_template("documents/page.html")


def _kind(block: Block) -> str:
    return type(block).__name__.lower()


def _picture(chart: Chart) -> str:
    """A chart as the address of a picture that is in the page itself."""
    return f"data:image/svg+xml;base64,{b64encode(chart.svg.encode()).decode()}"
