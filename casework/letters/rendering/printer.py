"""The only place that runs WeasyPrint and reads Word files: a program of its own, within bounds.

Run as a file by `pdf.py`, it imports nothing of Casework. It reads JSON from its input: `page`, a
whole HTML page, and `document`, a Word file in base64 or null; what the Word file says is cleaned
and put where the page has `CONTENT`. It writes the tagged PDF to its output. Nothing is fetched
from anywhere. Whatever a hostile file makes it do ends with this process.
"""

import base64
import contextlib
import json
import re
import sys
from html import escape
from html.parser import HTMLParser
from io import BytesIO

NO_PANGO = 3
"""The exit status where the libraries that WeasyPrint needs are not installed."""
CONTENT = "<!--content-->"
MOST_SECONDS = 15
"""Of processor time, for what somebody uploaded; `main` is told otherwise for what we wrote."""
MOST_BYTES = 1 << 30
_KEPT = frozenset(
    [
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "strong",
        "em",
        "sup",
        "sub",
        "table",
        "thead",
        "tbody",
        "tr",
        "td",
        "th",
        "br",
        "a",
        "img",
    ]
)
_DROPPED_WHOLE = frozenset({"script", "style", "svg", "math", "iframe", "object"})
_EMPTY = frozenset({"br", "img"})
_CLASSES = frozenset({"letterhead", "sign-off"})
_LINK = re.compile(r"(?:https?://|mailto:)[^\s\"<>]+", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(?:png|jpeg);base64,[A-Za-z0-9+/=\s]+")
_SPAN = re.compile(r"[1-9][0-9]?")
_STYLES = """\
p[style-name='Letterhead'] => p.letterhead:fresh
p[style-name='Sign-off'] => p.sign-off:fresh
p[style-name='Title'] => h1:fresh
"""


def main() -> int:
    """Print what the input asks for, within so many seconds of processor time; the exit status."""
    _stay_within_bounds(int(sys.argv[1]))
    try:
        import weasyprint
    except OSError as error:
        sys.stderr.write(str(error))
        return NO_PANGO
    asked = json.load(sys.stdin)
    page = asked["page"]
    if asked["document"] is not None:
        page = page.replace(CONTENT, content_of(base64.b64decode(asked["document"])))
    fetcher = weasyprint.URLFetcher(allowed_protocols={"data"})
    printed = weasyprint.HTML(string=page, url_fetcher=fetcher)
    sys.stdout.buffer.write(printed.write_pdf(pdf_variant="pdf/ua-1"))
    return 0


def _stay_within_bounds(seconds: int) -> None:
    with contextlib.suppress(ImportError):  # a system without such limits still has the time limit
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))


def content_of(document: bytes) -> str:
    """What a Word file says, as clean HTML: words, headings, lists, tables, links, pictures.

    The words at the head of its first page come first; what is drawn there does not come.
    """
    import mammoth

    read = mammoth.convert_to_html(
        BytesIO(document), style_map=_STYLES, include_embedded_style_map=False
    )
    return _head_of(document) + cleaned(read.value)


def _head_of(document: bytes) -> str:
    from docx import Document

    section = Document(BytesIO(document)).sections[0]
    is_special = section.different_first_page_header_footer
    head = section.first_page_header if is_special else section.header
    cells = (cell for table in head.tables for row in table.rows for cell in row.cells)
    paragraphs = (*head.paragraphs, *(each for cell in cells for each in cell.paragraphs))
    lines = [escape(each.text) for each in paragraphs if each.text.strip()]
    return f'<p class="letterhead">{"<br>".join(lines)}</p>' if lines else ""


def cleaned(html: str) -> str:
    """HTML with nothing but what a letter needs; of what is dropped the words stay."""
    cleaner = _Cleaner()
    cleaner.feed(html)
    cleaner.close()
    return "".join(cleaner.kept)


class _Cleaner(HTMLParser):
    """Writes down again what is allowed, from nothing."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.kept: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED_WHOLE:
            self._silent += 1
        elif tag in _KEPT and not self._silent:
            given = _kept_attributes(tag, {name: value or "" for name, value in attrs})
            if tag != "img" or "src" in given:
                said = "".join(f' {name}="{escape(value)}"' for name, value in given.items())
                self.kept.append(f"<{tag}{said}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in _DROPPED_WHOLE:
            self._silent = max(0, self._silent - 1)
        elif tag in _KEPT - _EMPTY and not self._silent:
            self.kept.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.kept.append(escape(data))


def _kept_attributes(tag: str, attributes: dict[str, str]) -> dict[str, str]:
    kept: dict[str, str] = {}
    if tag == "a" and _LINK.fullmatch(attributes.get("href", "").strip()):
        kept["href"] = attributes["href"].strip()
    if tag == "img" and _PICTURE.fullmatch(attributes.get("src", "")):
        # A picture that says nothing of itself is decoration to a screen reader.
        kept = {"src": attributes["src"], "alt": attributes.get("alt", "")}
    if tag == "p" and attributes.get("class") in _CLASSES:
        kept["class"] = attributes["class"]
    if tag in ("td", "th"):
        spans = {name: attributes.get(name, "") for name in ("colspan", "rowspan")}
        kept = {name: span for name, span in spans.items() if _SPAN.fullmatch(span)}
    return kept


if __name__ == "__main__":
    sys.exit(main())
