"""The only place that makes templates/letters/*.docx, from the words beside them.

The words are in templates/letters/words/, one text file per letter, so that a change can be
read and reviewed; this gives them the frame every letter has. In the words a line that begins
with "# " is a heading, with "- " a list item, with "{%p" a condition; any other is a paragraph.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

LETTERS = Path(__file__).resolve().parent.parent / "templates" / "letters"
MADE_AT = datetime(2026, 11, 22, tzinfo=UTC)  # one day for all: the same words make the same file
TO_COMPLAINANT = """\
{{ name|known("the complainant’s name") }}
{%p for line in address %}
{{ line }}
{%p endfor %}
{%p if not address %}
{{ none|known("the complainant’s address") }}
{%p endif %}"""
TO_AUTHORITY = """\
Professional Standards Department
{{ force|known("the police force") }}"""
RECIPIENTS = {"file_request": TO_AUTHORITY, "chaser": TO_AUTHORITY}
GREETINGS = {TO_COMPLAINANT: 'Dear {{ name|known("the complainant’s name") }}'}
REFERENCES = """\
{{ written_on|known("the date") }}
Our reference: {{ reference }}
The force’s reference: {{ force_reference|known("the force’s reference") }}"""
CLOSING = """\
If you have a question, or need this letter in another form, please get in touch: \
{{ contact_details|known("telephone, email and address of this office") }}.
Yours sincerely"""
SIGNATURE = """\
{{ signed_by }}
{{ office_name }}"""


def main() -> None:
    for words in sorted((LETTERS / "words").glob("*.txt")):
        made = made_letter(words.stem, words.read_text(encoding="utf-8"))
        made.save(str(LETTERS / f"{words.stem}.docx"))


def made_letter(name: str, words: str) -> DocumentType:
    """The template of one letter: its frame, and its words in the middle. Headings are styles."""
    document = Document()
    _prepare(document, title=words.splitlines()[0].removeprefix("# "))
    recipient = RECIPIENTS.get(name, TO_COMPLAINANT)
    _add(document, "{{ office_name }}", "Title")
    _add(document, recipient, "Close")
    _add(document, REFERENCES, "Close", first_after=18)
    _add(document, GREETINGS.get(recipient, "Dear colleague"), "Normal", first_after=18)
    for line in words.splitlines():
        _add(document, line, None)
    _add(document, CLOSING, "Normal")
    _add(document, SIGNATURE, "Close", first_after=36)
    return document


def _add(document: DocumentType, lines: str, style: str | None, first_after: int = 0) -> None:
    """Add lines as paragraphs: in one style, or None for the notation of the words."""
    for number, line in enumerate(line for line in lines.splitlines() if line.strip()):
        if style is not None:
            text, chosen = line, style
        elif line.startswith("# "):
            text, chosen = line.removeprefix("# "), "Heading 1"
        elif line.startswith("- "):
            text, chosen = line.removeprefix("- "), "List Bullet"
        else:
            text, chosen = line, "Normal"
        paragraph = document.add_paragraph(text, chosen)
        if number == 0 and first_after:
            paragraph.paragraph_format.space_before = Pt(first_after)


def _prepare(document: DocumentType, title: str) -> None:
    """A4, plain black Arial 12, English; nothing of the machine or the person that made it."""
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2.5)
    close = document.styles.add_style("Close", WD_STYLE_TYPE.PARAGRAPH)
    close.base_style = document.styles["Normal"]
    for name, size, before, after in (
        ("Normal", 12, 0, 9),
        ("Close", 12, 0, 0),
        ("List Bullet", 12, 0, 4),
        ("Heading 1", 14, 12, 6),
        ("Title", 18, 0, 24),
    ):
        _set_style(document, name, size, before, after)
    about = document.core_properties
    about.author = about.last_modified_by = about.comments = about.keywords = ""
    about.title, about.language = title, "en-GB"
    about.created = about.modified = MADE_AT


def _set_style(document: DocumentType, name: str, size: int, before: int, after: int) -> None:
    style = cast("ParagraphStyle", document.styles[name])
    style.font.name, style.font.size, style.font.color.rgb = "Arial", Pt(size), RGBColor(0, 0, 0)
    # Headings take their typeface from the theme unless every script's own is named.
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), "Arial")
    format_of = style.paragraph_format
    format_of.space_before, format_of.space_after = Pt(before), Pt(after)
    format_of.line_spacing = 1.15
    if name == "Title":
        for border in style.element.pPr.findall(qn("w:pBdr")):
            style.element.pPr.remove(border)
    if name == "Normal":
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), "en-GB")
        style.element.get_or_add_rPr().append(language)


if __name__ == "__main__":
    main()
