"""The only place for how a Word file of ours looks: A4, plain black Arial, English, numbered pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MARGIN_CM = 2.5
_MADE_AT = datetime(
    2020, 2, 1, tzinfo=UTC
)  # a day for all: when a document was made is the log's to say
_KEPT = ("Default Paragraph Font", "Header", "Footer", "No List", "Normal Table")


@dataclass(frozen=True)
class Style:
    """A style of paragraphs: its size and the space before and after, in points.

    What `keeps_next` is never the last on its page; what `keeps_together` is never parted.
    """

    name: str
    size: float
    before: float
    after: float
    is_bold: bool = False
    keeps_next: bool = False
    keeps_together: bool = False


def blank(title: str, styles: Sequence[Style], kept: Sequence[str] = ()) -> DocumentType:
    """An empty document with these styles of paragraphs, and those `kept` of Word's own.

    A document begins with a hundred and fifty more.
    """
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(MARGIN_CM)
    named = {style.name for style in styles}
    for found in list(document.styles):
        for link in found.element.findall(qn("w:link")):
            found.element.remove(link)
        if found.name not in {*_KEPT, *kept, *named}:
            found.delete()
    there = {found.name for found in document.styles}
    for style in styles:
        if style.name not in there:
            document.styles.add_style(style.name, WD_STYLE_TYPE.PARAGRAPH)
        _set_style(cast("ParagraphStyle", document.styles[style.name]), style)
    _speak_english(cast("ParagraphStyle", document.styles["Normal"]))
    about = document.core_properties
    about.author = about.last_modified_by = about.comments = about.keywords = ""
    about.title, about.language = title[:255], "en-GB"
    about.created = about.modified = _MADE_AT
    return document


def number_pages(document: DocumentType, foot: str) -> None:
    """Put `foot` and "Page 1 of 2" at the foot of every page."""
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.add_run(f"{foot} · Page " if foot else "Page ")
    _field(paragraph, "PAGE")
    paragraph.add_run(" of ")
    _field(paragraph, "NUMPAGES")


def _field(paragraph: Paragraph, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    field.append(paragraph.add_run("1")._r)  # noqa: SLF001
    paragraph._p.append(field)  # noqa: SLF001


def _set_style(found: ParagraphStyle, style: Style) -> None:
    font, shape = found.font, found.paragraph_format
    font.name, font.size, font.color.rgb = "Arial", Pt(style.size), RGBColor(0, 0, 0)
    font.bold, font.italic = style.is_bold, False
    # Headings take their typeface from the theme unless every script's own is named.
    fonts = found.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), "Arial")
    shape.space_before, shape.space_after = Pt(style.before), Pt(style.after)
    shape.line_spacing = 1.15
    shape.keep_together, shape.keep_with_next = style.keeps_together, style.keeps_next
    for border in found.element.get_or_add_pPr().findall(qn("w:pBdr")):
        found.element.pPr.remove(border)


def _speak_english(style: ParagraphStyle) -> None:
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    style.element.get_or_add_rPr().append(language)
