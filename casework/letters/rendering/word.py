"""The only place that makes Word files of letters: one look for all, nothing of who made them."""

from io import BytesIO

from docx.document import Document as DocumentType

from casework.letters.rendering.body import Block, Body, Heading, Items
from casework.letters.rendering.paper import MEDIA_TYPE as MEDIA_TYPE
from casework.letters.rendering.paper import Style, blank, number_pages

LETTERHEAD, SIGN_OFF = "Letterhead", "Sign-off"
_STYLES = (
    Style("Normal", 12, 0, 10),
    Style("List Bullet", 12, 0, 10),  # the space is under the list, not between its items
    Style("Heading 1", 16, 14, 8, is_bold=True, keeps_next=True),
    Style("Heading 2", 13, 12, 4, is_bold=True, keeps_next=True),
    Style("Footer", 9, 0, 0),
    Style(LETTERHEAD, 14, 0, 30, is_bold=True),
    Style(SIGN_OFF, 12, 36, 0, keeps_together=True),
)


def as_docx(body: Body, *, office_name: str, foot: str = "") -> bytes:
    """A letter as a Word file that people may go on editing; the same letter, the same words.

    `foot` stands at the foot of each page, before its number.
    """
    document = blank(body.title, _STYLES)
    document.add_paragraph(office_name, LETTERHEAD)
    for block in body.blocks:
        _add(document, block, is_sign_off=block is body.sign_off)
    for paragraph in document.paragraphs[-1 - len(body.closing) : -1]:
        paragraph.paragraph_format.keep_with_next = True
    number_pages(document, foot)
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
