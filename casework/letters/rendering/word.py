"""The only place that makes Word files of letters: one look for all, nothing of who made them."""

from datetime import UTC, datetime
from io import BytesIO
from typing import cast

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph as WordParagraph

from casework.letters.rendering.body import Block, Body, Heading, Items

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LETTERHEAD, SIGN_OFF = "Letterhead", "Sign-off"
_MADE_AT = datetime(
    2020, 2, 1, tzinfo=UTC
)  # a day for all: when a letter was made is the log's to say
_STYLES = (  # name, points, space before and after
    ("Normal", 12, 0, 10),
    ("List Bullet", 12, 0, 10),  # the space is under the list, not between its items
    ("Heading 1", 16, 14, 8),
    ("Heading 2", 13, 12, 4),
    ("Footer", 9, 0, 0),
    (LETTERHEAD, 14, 0, 30),
    (SIGN_OFF, 12, 36, 0),
)


_KEPT = frozenset(
    ["Default Paragraph Font", "Header", "Footer", "No List", "Normal Table"]
    + [name for name, *_ in _STYLES]
)
"""The styles of a letter; a document begins with a hundred and fifty more."""


def as_docx(body: Body, *, office_name: str, foot: str = "") -> bytes:
    """A letter as a Word file that people may go on editing; the same letter, the same words.

    `foot` stands at the foot of each page, before its number.
    """
    document = Document()
    _prepare(document, body.title)
    document.add_paragraph(office_name, LETTERHEAD)
    for block in body.blocks:
        _add(document, block, is_sign_off=block is body.sign_off)
    for paragraph in document.paragraphs[-1 - len(body.closing) : -1]:
        paragraph.paragraph_format.keep_with_next = True
    _number_pages(document, foot)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _add(document: DocumentType, block: Block, *, is_sign_off: bool) -> None:
    if isinstance(block, Heading):
        document.add_paragraph(block.text, f"Heading {block.level}")
    elif isinstance(block, Items):
        for line in block.lines:
            document.add_paragraph(line, "List Bullet")
    else:
        text = "\n".join(block.lines)
        document.add_paragraph(text, SIGN_OFF if is_sign_off else "Normal")


def _number_pages(document: DocumentType, foot: str) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.add_run(f"{foot} · Page " if foot else "Page ")
    _field(paragraph, "PAGE")
    paragraph.add_run(" of ")
    _field(paragraph, "NUMPAGES")


def _field(paragraph: WordParagraph, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    field.append(paragraph.add_run("1")._r)  # noqa: SLF001
    paragraph._p.append(field)  # noqa: SLF001


def _prepare(document: DocumentType, title: str) -> None:
    """A4, plain black Arial, English."""
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2.5)
    for style in list(document.styles):
        for link in style.element.findall(qn("w:link")):
            style.element.remove(link)
        if style.name not in _KEPT:
            style.delete()
    for name in (LETTERHEAD, SIGN_OFF):
        document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    for name, size, before, after in _STYLES:
        _set_style(cast("ParagraphStyle", document.styles[name]), size, before, after)
    _speak_english(cast("ParagraphStyle", document.styles["Normal"]))
    about = document.core_properties
    about.author = about.last_modified_by = about.comments = about.keywords = ""
    about.title, about.language = title[:255], "en-GB"
    about.created = about.modified = _MADE_AT


def _set_style(style: ParagraphStyle, size: int, before: int, after: int) -> None:
    font, shape = style.font, style.paragraph_format
    font.name, font.size, font.color.rgb = "Arial", Pt(size), RGBColor(0, 0, 0)
    font.bold = style.name in ("Heading 1", "Heading 2", LETTERHEAD)
    # Headings take their typeface from the theme unless every script's own is named.
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), "Arial")
    shape.space_before, shape.space_after, shape.line_spacing = Pt(before), Pt(after), 1.15
    shape.keep_together = style.name == SIGN_OFF
    shape.keep_with_next = style.name in ("Heading 1", "Heading 2")
    for border in style.element.get_or_add_pPr().findall(qn("w:pBdr")):
        style.element.pPr.remove(border)


def _speak_english(style: ParagraphStyle) -> None:
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    style.element.get_or_add_rPr().append(language)
